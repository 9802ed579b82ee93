
#define _GNU_SOURCE

#include "cr_control.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>


#define CR_CTL_HEADER  (3 * sizeof(uint32_t))


int
cr_ctl_send(int fd, const cr_ctl_t *ctl)
{
    ssize_t          n;
    struct iovec     iov[2];
    struct msghdr    msg;
    struct cmsghdr  *cmsg;

    union {
        char            buf[CMSG_SPACE(sizeof(int) * CR_CTL_FDS)];
        struct cmsghdr  align;
    } control;

    iov[0].iov_base = (void *) ctl;
    iov[0].iov_len = CR_CTL_HEADER;
    iov[1].iov_base = (void *) ctl->text;
    iov[1].iov_len = ctl->text ? ctl->len : 0;

    memset(&msg, 0, sizeof(msg));
    msg.msg_iov = iov;
    msg.msg_iovlen = 2;

    if (ctl->nfds) {
        memset(&control, 0, sizeof(control));
        msg.msg_control = control.buf;
        msg.msg_controllen = CMSG_SPACE(sizeof(int) * ctl->nfds);

        cmsg = CMSG_FIRSTHDR(&msg);
        cmsg->cmsg_level = SOL_SOCKET;
        cmsg->cmsg_type = SCM_RIGHTS;
        cmsg->cmsg_len = CMSG_LEN(sizeof(int) * ctl->nfds);
        memcpy(CMSG_DATA(cmsg), ctl->fds, sizeof(int) * ctl->nfds);
    }

    do {
        n = sendmsg(fd, &msg, MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);

    return n < 0 ? -1 : 0;
}


static void
cr_ctl_take_fds(struct msghdr *msg, cr_ctl_t *ctl)
{
    struct cmsghdr  *cmsg;

    for (cmsg = CMSG_FIRSTHDR(msg); cmsg; cmsg = CMSG_NXTHDR(msg, cmsg)) {

        if (cmsg->cmsg_level != SOL_SOCKET || cmsg->cmsg_type != SCM_RIGHTS) {
            continue;
        }

        ctl->nfds = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(ctl->fds, CMSG_DATA(cmsg), sizeof(int) * ctl->nfds);
        return;
    }
}


int
cr_ctl_recv(int fd, cr_ctl_t *ctl, char *buf)
{
    ssize_t        n;
    struct iovec   iov[2];
    struct msghdr  msg;

    union {
        char            buf[CMSG_SPACE(sizeof(int) * CR_CTL_FDS)];
        struct cmsghdr  align;
    } control;

    memset(ctl, 0, sizeof(cr_ctl_t));

    iov[0].iov_base = ctl;
    iov[0].iov_len = CR_CTL_HEADER;
    iov[1].iov_base = buf;
    iov[1].iov_len = CR_CTL_TEXT;

    memset(&msg, 0, sizeof(msg));
    msg.msg_iov = iov;
    msg.msg_iovlen = 2;
    msg.msg_control = control.buf;
    msg.msg_controllen = sizeof(control.buf);

    do {
        n = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC);
    } while (n < 0 && errno == EINTR);

    if (n == -1) {
        return -1;
    }

    /* Before all else: descriptors come even with a message of no bytes. */

    cr_ctl_take_fds(&msg, ctl);

    if (n == 0) {
        cr_ctl_close_fds(ctl);
        return 0;
    }

    if ((size_t) n < CR_CTL_HEADER || (msg.msg_flags & (MSG_TRUNC|MSG_CTRUNC)))
    {
        cr_ctl_close_fds(ctl);
        errno = EPROTO;
        return -1;
    }

    ctl->text = buf;
    ctl->len = n - CR_CTL_HEADER;
    buf[ctl->len] = '\0';

    return 1;
}


void
cr_ctl_close_fds(cr_ctl_t *ctl)
{
    while (ctl->nfds) {
        close(ctl->fds[--ctl->nfds]);
    }
}


pid_t
cr_clone(uint64_t flags, int *pidfd)
{
    pid_t              pid;
    struct clone_args  args;

    memset(&args, 0, sizeof(args));

    args.flags = flags;
    args.pidfd = (uint64_t) (uintptr_t) pidfd;

    /* With CLONE_PARENT the signal is inherited and must not be named. */

    if (!(flags & CLONE_PARENT)) {
        args.exit_signal = SIGCHLD;
    }

    pid = (pid_t) syscall(SYS_clone3, &args, sizeof(args));

    /* The kernel tells a number before it knows whether it will succeed. */

    if (pid == -1 && pidfd) {
        *pidfd = -1;
    }

    return pid;
}
