
/*
 * The seccomp list call by call, in a machine for filters: the two parts
 * together are the whole list, and the zygote's is looser by the set-up alone.
 */


#include "seccomp_machine.h"

#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <linux/futex.h>

#include "cr_layers.h"


/*
 * As the kernel does with several: the one that refuses most wins, and of
 * equals the newest.
 */

static uint32_t
stricter(uint32_t newer, uint32_t older)
{
    int32_t  a, b;

    a = newer & SECCOMP_RET_ACTION_FULL;
    b = older & SECCOMP_RET_ACTION_FULL;

    return a <= b ? newer : older;
}


static void
same(struct sock_fprog *whole, struct sock_fprog *zygote,
    struct sock_fprog *cell, int nr, unsigned index, uint64_t arg,
    unsigned *looser)
{
    uint32_t             a, b, z;
    struct seccomp_data  data;

    memset(&data, 0, sizeof(data));
    data.arch = arch();
    data.nr = nr;
    data.args[index] = arg;

    a = run(whole, &data);
    z = run(zygote, &data);
    b = stricter(run(cell, &data), z);

    if (a != b) {
        fail_msg("call %d, argument %u %#llx: %#x as a whole, %#x in parts",
                 nr, index, (unsigned long long) arg, a, b);
    }

    *looser += z == SECCOMP_RET_ALLOW && a != z;

    data.arch = AUDIT_ARCH_I386;
    assert_int_equal(run(whole, &data), SECCOMP_RET_KILL_PROCESS);
    assert_int_equal(run(zygote, &data), SECCOMP_RET_KILL_PROCESS);
}


static void
test_parts_are_the_whole(void **state)
{
    int                nr;
    unsigned           i, bit, variant, looser, allowed;
    cr_profile_t       profile;
    struct sock_fprog  whole, zygote, cell;

    static const uint64_t  values[] = {
        0, ~0ULL, 0xffffffffULL, TCGETS, FIONREAD, FIOCLEX, FIONCLEX, TIOCSTI,
        F_DUPFD_CLOEXEC, F_SETLKW, F_SETOWN, 0x3d0f00, PR_SET_NAME,
        PR_GET_NAME, PR_SET_DUMPABLE, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG,
        FUTEX_WAKE_BITSET, O_WRONLY|O_CREAT|O_CLOEXEC, O_TMPFILE
    };

    (void) state;

    for (variant = 0; variant < 12; variant++) {

        memset(&profile, 0, sizeof(profile));

        profile.write = variant & 1 ? 1 << 20 : 0;
        profile.threads = variant >> 1 & 1;
        profile.exec = variant >= 4;
        profile.execute = variant >= 8;

        assert_int_equal(cr_seccomp_compile(&profile, &whole), 0);
        assert_int_equal(cr_seccomp_split(&profile, &zygote, &cell), 0);

        print_message("write %u threads %u exec %u: %u instructions, in parts "
                      "%u and %u\n", variant & 1, variant >> 1 & 1,
                      variant >> 2, whole.len, zygote.len, cell.len);

        looser = 0;
        allowed = 0;

        for (nr = 0; nr < 1024; nr++) {

            for (i = 0; i < 6; i++) {

                for (bit = 0; bit < 64; bit++) {
                    same(&whole, &zygote, &cell, nr, i, 1ULL << bit, &looser);
                }

                for (bit = 0; bit < sizeof(values) / sizeof(values[0]);
                     bit++)
                {
                    same(&whole, &zygote, &cell, nr, i, values[bit], &looser);
                }
            }

            same(&whole, &zygote, &cell, nr, 0, 0, &allowed);
        }

        /* With no argument set: the calls of the set-up, one of which is
           setsid. */

        assert_int_equal(allowed, profile.exec ? 16 : 17);
        assert_true(looser > allowed);

        free(whole.filter);
        free(zygote.filter);
        free(cell.filter);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_parts_are_the_whole)
    };

    return cmocka_run_group_tests_name("parts of the seccomp list", tests,
                                       NULL, NULL);
}
