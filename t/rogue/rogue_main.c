
/*
 * A zygote that was taken over: it speaks the control protocol and does with
 * it what its profile names in `option.rogue`.  For tests alone: nothing here
 * confines anything.
 */

#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "cr_control.h"
#include "cr_message.h"
#include "cr_zygote.h"


#define CONTROL          3
#define SO_PEERPIDFD_NR  77
#define LONG             60000


typedef struct {
    const char  *name;
    void       (*handler)(void);
} rogue_t;


static char      buf[CR_CTL_TEXT + 16];
static char      text[LONG];
static unsigned  cells;              /* of this slot-zygote, so far */
static cr_ctl_t  ctl;


static void
say(uint32_t type, unsigned slot, int value, const char *words, size_t len,
    int fd, unsigned nfds)
{
    unsigned  i;
    cr_ctl_t  out;

    memset(&out, 0, sizeof(out));
    out.type = type;
    out.slot = slot;
    out.value = value;
    out.text = words;
    out.len = len;
    out.nfds = nfds;

    for (i = 0; i < nfds; i++) {
        out.fds[i] = fd;
    }

    (void) cr_ctl_send(CONTROL, &out);
}


static void
warm(void)
{
    say(CR_CTL_WARM, 0, 0, "1", 1, -1, 0);
}


/* The next message of the supervisor. */

static void
hear(void)
{
    if (cr_ctl_recv(CONTROL, &ctl, buf) != 1) {
        _exit(0);
    }
}


static void
hang(void)
{
    for ( ;; ) {
        pause();
    }
}


static int
pidfd_of(pid_t pid)
{
    return (int) syscall(SYS_pidfd_open, pid, 0);
}


/* len bytes that are no message, with descriptors. */

static void
raw(size_t len, unsigned nfds)
{
    int              fds[64];
    unsigned         i;
    struct iovec     iov;
    struct msghdr    msg;
    struct cmsghdr  *cmsg;

    union {
        char            buf[CMSG_SPACE(sizeof(int) * 64)];
        struct cmsghdr  align;
    } control;

    for (i = 0; i < nfds; i++) {
        fds[i] = STDIN_FILENO;
    }

    iov.iov_base = text;
    iov.iov_len = len;

    memset(&msg, 0, sizeof(msg));
    memset(&control, 0, sizeof(control));
    msg.msg_iov = &iov;
    msg.msg_iovlen = 1;
    msg.msg_control = control.buf;
    msg.msg_controllen = CMSG_SPACE(sizeof(int) * nfds);
    cmsg = CMSG_FIRSTHDR(&msg);
    cmsg->cmsg_level = SOL_SOCKET;
    cmsg->cmsg_type = SCM_RIGHTS;
    cmsg->cmsg_len = CMSG_LEN(sizeof(int) * nfds);
    memcpy(CMSG_DATA(cmsg), fds, sizeof(int) * nfds);

    (void) sendmsg(CONTROL, &msg, MSG_NOSIGNAL);
}


static void
rogue_exits(void)
{
    _exit(1);
}


static void
rogue_flood(void)
{
    warm();

    for ( ;; ) {
        say(CR_CTL_FAILED, 0, 0, text, LONG, STDIN_FILENO, CR_CTL_FDS);
    }
}


static void
rogue_failing(void)
{
    for ( ;; ) {
        say(CR_CTL_FAILED, 0, 0, "one\nline\n", 9, -1, 0);
    }
}


static void
rogue_empty(void)
{
    for ( ;; ) {
        raw(0, CR_CTL_FDS);
    }
}


static void
rogue_cut(void)
{
    warm();

    for ( ;; ) {
        raw(11, 64);
    }
}


static void
rogue_text(void)
{
    memset(text, 0xfe, LONG);
    text[3] = '\n';
    say(CR_CTL_WARM, 0, 0, text, LONG, -1, 0);
    hang();
}


/* Never takes what it is sent, nor answers. */

static void
rogue_deaf(void)
{
    warm();
    hang();
}


static void
rogue_again(void)
{
    warm();

    for ( ;; ) {
        say(CR_CTL_STARTED, 0, 0, NULL, 0, pidfd_of(getpid()), 1);
        warm();
    }
}


/* Answers for slots that are none, or nobody asked for. */

static void
rogue_slots(void)
{
    unsigned  i;

    warm();
    hear();

    for (i = 0; ; i++) {
        say(CR_CTL_SLOT_PID, i * 7919, 0, NULL, 0, pidfd_of(getpid()), 1);
    }
}


/* The supervisor itself, the init of these namespaces, itself, no process. */

static void
rogue_foreign(void)
{
    int        fds[4], fd;
    unsigned   i;
    socklen_t  len;

    len = sizeof(fd);

    if (getsockopt(CONTROL, SOL_SOCKET, SO_PEERPIDFD_NR, &fd, &len) == -1) {
        fd = STDIN_FILENO;
    }

    fds[0] = fd;
    fds[1] = pidfd_of(1);
    fds[2] = pidfd_of(getpid());
    fds[3] = STDIN_FILENO;

    warm();

    for (i = 0; ; i++) {
        hear();
        say(CR_CTL_SLOT_PID, ctl.slot, 0, NULL, 0, fds[i % 4], 1);
        cr_ctl_close_fds(&ctl);
    }
}


/* From here on with slot-zygotes and cells, which do as the name says. */

static int
is_unfit(const char *how)
{
    return strcmp(how, "unfit") == 0
           || (strcmp(how, "moody") == 0 && cells == 1);
}


static void __attribute__((noreturn))
cell(const char *how)
{
    ssize_t         n;
    cr_put_t        put;
    cr_frame_t      frame;
    cr_claim_t      claim;
    unsigned char   out[256];

    static const char  excuse[] = "no\nday \376 for it";

    memset(&frame, 0, sizeof(frame));

    if (is_unfit(how)) {
        frame.type = CR_MSG_UNFIT;
        frame.length = sizeof(excuse) - 1;
        memcpy(out + CR_FRAME_HEADER, excuse, frame.length);
        cr_frame_encode(out, &frame);
        (void) !write(ctl.fds[CR_CELL_RESULT], out,
                      CR_FRAME_HEADER + frame.length);
        hang();
    }

    frame.type = strcmp(how, "forged") == 0 ? CR_MSG_CLAIM : CR_MSG_PARKED;
    cr_frame_encode(out, &frame);
    (void) !write(ctl.fds[CR_CELL_RESULT], out, CR_FRAME_HEADER);

    if (strcmp(how, "talks") == 0) {
        for ( ;; ) {
            (void) !write(ctl.fds[CR_CELL_RESULT], text, 1000);
        }
    }

    if (strcmp(how, "dies") == 0) {
        _exit(3);
    }

    n = read(ctl.fds[CR_CELL_JOB], text, sizeof(text));

    if (n <= 0) {
        _exit(0);
    }

    memset(&claim, 0, sizeof(claim));
    cr_put_init(&put, out + CR_FRAME_HEADER, sizeof(out) - CR_FRAME_HEADER);
    cr_claim_pack(&put, &claim);

    frame.type = CR_MSG_CLAIM;
    frame.length = cr_put_len(&put);
    cr_frame_encode(out, &frame);
    (void) !write(ctl.fds[CR_CELL_RESULT], out,
                  CR_FRAME_HEADER + frame.length);
    hang();
    _exit(0);
}


static void __attribute__((noreturn))
slot(const char *how)
{
    int    pidfd;
    pid_t  pid;

    say(CR_CTL_JOINED, 0, strcmp(how, "outside") == 0 ? ENODEV : 0, NULL, 0,
        -1, 0);

    for ( ;; ) {
        hear();

        if (ctl.type != CR_CTL_CELL) {
            continue;
        }

        if (strcmp(how, "noisy") == 0) {
            for ( ;; ) {
                say(CR_CTL_JOINED, 0, 0, text, LONG, STDIN_FILENO, 8);
            }
        }

        if (strcmp(how, "childless") == 0
            || (strcmp(how, "moody") == 0 && cells == 2))
        {
            say(CR_CTL_CELL_PID, 0, EAGAIN, NULL, 0, -1, 0);
            cr_ctl_close_fds(&ctl);
            continue;
        }

        cells++;
        pid = cr_clone(CLONE_PARENT|CLONE_NEWPID|CLONE_PIDFD, &pidfd);

        if (pid == 0) {
            cell(how);
        }

        say(CR_CTL_CELL_PID, 0, 0, NULL, 0, pidfd, 1);

        /* A hand on the pipe outlives the cell. */

        if (strcmp(how, "writes") == 0 && cr_clone(0, NULL) == 0) {
            for ( ;; ) {
                (void) !write(ctl.fds[CR_CELL_STDOUT], text, sizeof(text));
            }
        }

        close(pidfd);
        cr_ctl_close_fds(&ctl);
    }
}


static void
serve(const char *how)
{
    int    pidfd;
    pid_t  pid;

    warm();

    for ( ;; ) {
        hear();
        pid = cr_clone(CLONE_PARENT|CLONE_PIDFD, &pidfd);

        if (pid == 0) {
            (void) dup3(ctl.fds[0], CONTROL, O_CLOEXEC);
            slot(how);
        }

        say(CR_CTL_SLOT_PID, ctl.slot, 0, NULL, 0, pidfd, 1);
        close(pidfd);
        cr_ctl_close_fds(&ctl);
    }
}


/* Writes without end where its errors go. */

static void
rogue_loud(void)
{
    static const char  line[] = "\033[2Jcoderemote-sandbox: all is well\n";

    signal(SIGPIPE, SIG_IGN);
    warm();

    for ( ;; ) {
        if (write(2, line, sizeof(line) - 1) == -1 && errno == EPIPE) {
            hang();
        }
    }
}


static const rogue_t  rogues[] = {
    { "exits", rogue_exits },
    { "loud", rogue_loud },
    { "flood", rogue_flood },
    { "failing", rogue_failing },
    { "empty", rogue_empty },
    { "cut", rogue_cut },
    { "text", rogue_text },
    { "deaf", rogue_deaf },
    { "again", rogue_again },
    { "slots", rogue_slots },
    { "foreign", rogue_foreign },
    { NULL, NULL }
};


int
main(int argc, char **argv)
{
    char            *how, *end;
    const rogue_t   *rogue;

    if (argc == 2) {
        return cr_zygote_main(argc, argv, NULL);
    }

    (void) signal(SIGPIPE, SIG_IGN);
    hear();

    how = memmem(ctl.text, ctl.len, "option.rogue = ", 15);

    if (how == NULL) {
        return 1;
    }

    how += 15;
    end = strchr(how, '\n');

    if (end) {
        *end = '\0';
    }

    how = strdup(how);

    for (rogue = rogues; rogue->name; rogue++) {
        if (strcmp(how, rogue->name) == 0) {
            rogue->handler();
        }
    }

    serve(how);

    return 0;
}
