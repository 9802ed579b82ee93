
/*
 * refuse CALL PROGRAM ...: runs the program with a kernel that does not know
 * the call, as far as it can tell.
 */

#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <unistd.h>


int
main(int argc, char **argv)
{
    int              call;
    scmp_filter_ctx  ctx;

    if (argc < 3) {
        return 2;
    }

    call = seccomp_syscall_resolve_name(argv[1]);
    ctx = seccomp_init(SCMP_ACT_ALLOW);

    /* A setuid program is to be one still. */

    if (ctx == NULL || call == __NR_SCMP_ERROR
        || seccomp_attr_set(ctx, SCMP_FLTATR_CTL_NNP, 0) != 0
        || seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), call, 0) != 0
        || seccomp_load(ctx) != 0)
    {
        fprintf(stderr, "refuse: %s cannot be refused\n", argv[1]);
        return 2;
    }

    execv(argv[2], argv + 2);
    perror(argv[2]);

    return 2;
}
