
/* Control messages: what is none is refused, and no descriptor stays. */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <cmocka.h>

#include "cr_control.h"


static int   ends[2];
static char  buf[CR_CTL_TEXT + 16];


static int
setup(void **state)
{
    (void) state;

    return socketpair(AF_UNIX, SOCK_SEQPACKET|SOCK_CLOEXEC, 0, ends);
}


static int
teardown(void **state)
{
    (void) state;

    close(ends[0]);
    close(ends[1]);

    return 0;
}


static unsigned
descriptors(void)
{
    DIR       *dir;
    unsigned   n;

    dir = opendir("/proc/self/fd");
    assert_non_null(dir);

    for (n = 0; readdir(dir); n++) {
        /* void */
    }

    closedir(dir);

    return n;
}


/* len bytes, with nfds descriptors. */

static void
send_raw(size_t len, unsigned nfds)
{
    unsigned         i;
    struct iovec     iov;
    struct msghdr    msg;
    struct cmsghdr  *cmsg;

    static char  data[2 * CR_CTL_TEXT];

    union {
        char            buf[CMSG_SPACE(sizeof(int) * 64)];
        struct cmsghdr  align;
    } control;

    iov.iov_base = data;
    iov.iov_len = len;

    memset(&msg, 0, sizeof(msg));
    msg.msg_iov = &iov;
    msg.msg_iovlen = 1;

    if (nfds) {
        memset(&control, 0, sizeof(control));
        msg.msg_control = control.buf;
        msg.msg_controllen = CMSG_SPACE(sizeof(int) * nfds);
        cmsg = CMSG_FIRSTHDR(&msg);
        cmsg->cmsg_level = SOL_SOCKET;
        cmsg->cmsg_type = SCM_RIGHTS;
        cmsg->cmsg_len = CMSG_LEN(sizeof(int) * nfds);

        for (i = 0; i < nfds; i++) {
            memcpy(CMSG_DATA(cmsg) + i * sizeof(int), &ends[0], sizeof(int));
        }
    }

    assert_int_equal(sendmsg(ends[0], &msg, 0), (ssize_t) len);
}


static void
test_control_no_message(void **state)
{
    int       rc;
    size_t    i;
    unsigned  before;
    cr_ctl_t  ctl;

    static const struct {
        size_t    len;
        unsigned  nfds;
        int       rc;
    } messages[] = {
        { 0, 1, 0 },
        { 0, CR_CTL_FDS, 0 },
        { 0, 64, 0 },
        { 1, 0, -1 },
        { 11, 3, -1 },
        { 12, CR_CTL_FDS, 1 },
        { 12, CR_CTL_FDS + 1, -1 },
        { 12, 64, -1 },
        { 12 + CR_CTL_TEXT, 2, 1 },
        { 13 + CR_CTL_TEXT, 2, -1 },
        { 100000, 64, -1 }
    };

    (void) state;

    before = descriptors();

    for (i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
        send_raw(messages[i].len, messages[i].nfds);

        rc = cr_ctl_recv(ends[1], &ctl, buf);
        assert_int_equal(rc, messages[i].rc);

        if (rc == 1) {
            assert_int_equal(ctl.nfds, messages[i].nfds);
            cr_ctl_close_fds(&ctl);
        }

        if (rc == -1) {
            assert_int_equal(errno, EPROTO);
        }

        assert_int_equal(descriptors(), before);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_control_no_message, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
