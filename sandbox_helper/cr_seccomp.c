
/*
 * Compiling the allow-list of cr_seccomp_calls.c and loading it.  A call of a
 * foreign architecture (i386, x32) kills the cell: no honest program here
 * makes one.
 *
 * The kernel translates a filter and tries it on every number of a system
 * call when it is loaded, which for the whole list takes longer than the fork
 * of a warm interpreter.  So the list can be had in two parts: one that the
 * zygote loads once, which still allows what the kit does to set up a cell,
 * and a short one for the cell, which takes exactly that away.  A call passes
 * only if both parts let it, so that together they are the whole list.
 */


#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <linux/seccomp.h>

#include "cr_seccomp_calls.h"
#include "cr_test.h"


#define CR_SECCOMP_CALLS   512
#define CR_SECCOMP_EXPORT  (sizeof(struct sock_filter) * BPF_MAXINSNS)


typedef enum {
    CR_SECCOMP_WHOLE = 0,
    CR_SECCOMP_ZYGOTE,
    CR_SECCOMP_CELL
} cr_seccomp_part_e;


struct cr_seccomp_s {
    scmp_filter_ctx    ctx;
    cr_seccomp_part_e  part;
    uint32_t           fallback;                 /* of what has no rule */
    uint8_t            named[CR_SECCOMP_CALLS];  /* has a rule already */
};


static int cr_seccomp_make(const cr_profile_t *profile,
    cr_seccomp_part_e part, struct sock_fprog *prog);
static int cr_seccomp_fill(cr_seccomp_t *sec, const cr_profile_t *profile);
static int cr_seccomp_rest(cr_seccomp_t *sec, const cr_profile_t *profile);
static int cr_seccomp_mount(cr_seccomp_t *sec, const cr_profile_t *profile);
static int cr_seccomp_quiet(cr_seccomp_t *sec);
static int cr_seccomp_skips(const cr_seccomp_t *sec, int call);
static int cr_seccomp_in(const int *calls, int call);
static uint32_t cr_seccomp_action(uint32_t action, int call);
static int cr_seccomp_export(scmp_filter_ctx ctx, struct sock_fprog *prog);
static void cr_seccomp_names(void);
static int cr_seccomp_trap(void);
static void cr_seccomp_report(int signo, siginfo_t *si, void *context);


/*
 * In debug mode a refusal is a signal, whose handler names the call.  Not where
 * programs are executed: an exec takes the handler away, and the signal would
 * kill.  There the kernel writes refusals to its log.
 */

static int       cr_seccomp_debug;
static unsigned  cr_seccomp_flags;
static char     *cr_seccomp_name[CR_SECCOMP_CALLS];
static uint16_t  cr_seccomp_errno[CR_SECCOMP_CALLS];


int
cr_seccomp_compile(const cr_profile_t *profile, struct sock_fprog *prog)
{
    return cr_seccomp_make(profile, CR_SECCOMP_WHOLE, prog);
}


int
cr_seccomp_split(const cr_profile_t *profile, struct sock_fprog *zygote,
    struct sock_fprog *cell)
{
    if (cr_seccomp_make(profile, CR_SECCOMP_ZYGOTE, zygote) == -1) {
        return -1;
    }

    return cr_seccomp_make(profile, CR_SECCOMP_CELL, cell);
}


int
cr_seccomp_load(const struct sock_fprog *prog)
{
    if (cr_without("seccomp")) {
        return 0;
    }

    if (cr_seccomp_debug && cr_seccomp_trap() == -1) {
        return -1;
    }

    return (int) syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                         cr_seccomp_flags, prog);
}


static int
cr_seccomp_make(const cr_profile_t *profile, cr_seccomp_part_e part,
    struct sock_fprog *prog)
{
    int           rc;
    cr_seccomp_t  sec;

    memset(&sec, 0, sizeof(sec));

    sec.part = part;

    cr_seccomp_debug = profile->debug && !profile->exec;
    cr_seccomp_flags = profile->debug && profile->exec
                       ? SECCOMP_FILTER_FLAG_LOG : 0;

    if (cr_seccomp_debug) {
        cr_seccomp_names();
    }

    sec.fallback = part == CR_SECCOMP_CELL
                   ? CR_ALLOW
                   : cr_seccomp_action(SCMP_ACT_ERRNO(ENOSYS),
                                       CR_SECCOMP_END);

    sec.ctx = seccomp_init(sec.fallback);

    if (sec.ctx == NULL) {
        errno = ENOMEM;
        return -1;
    }

    rc = cr_seccomp_fill(&sec, profile);

    if (rc == 0) {
        rc = cr_seccomp_export(sec.ctx, prog);
    }

    seccomp_release(sec.ctx);

    if (rc != 0) {
        errno = -rc;
        return -1;
    }

    return 0;
}


static int
cr_seccomp_fill(cr_seccomp_t *sec, const cr_profile_t *profile)
{
    int  rc;

    rc = seccomp_attr_set(sec->ctx, SCMP_FLTATR_ACT_BADARCH,
                          SCMP_ACT_KILL_PROCESS);

    /* A binary tree of numbers instead of a list: shorter ways through. */

    if (rc == 0) {
        rc = seccomp_attr_set(sec->ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    }

    if (rc == 0) {
        rc = cr_seccomp_policy(sec, profile);
    }

    if (rc == 0) {
        rc = cr_seccomp_rest(sec, profile);
    }

    return rc;
}


/* The calls of the set-up themselves: open in one part, closed in the other. */

static int
cr_seccomp_rest(cr_seccomp_t *sec, const cr_profile_t *profile)
{
    int         rc;
    uint32_t    action;
    const int  *call;

    if (sec->part == CR_SECCOMP_WHOLE) {
        return cr_seccomp_quiet(sec);
    }

    for (call = cr_seccomp_setup; *call != CR_SECCOMP_END; call++) {

        if (*call < 0 || sec->named[*call]) {
            continue;
        }

        if (*call == SCMP_SYS(mount) && sec->part == CR_SECCOMP_ZYGOTE) {
            rc = cr_seccomp_mount(sec, profile);

            if (rc != 0) {
                return rc;
            }

            continue;
        }

        action = sec->part == CR_SECCOMP_ZYGOTE
                 ? CR_ALLOW
                 : cr_seccomp_action(SCMP_ACT_ERRNO(ENOSYS), *call);

        rc = seccomp_rule_add(sec->ctx, action, *call, 0);

        if (rc != 0) {
            return rc;
        }
    }

    return 0;
}


/*
 * A cell's /tmp, where the profile has one, and no mount of another kind: none
 * is bound, moved or made writable again.
 */

static int
cr_seccomp_mount(cr_seccomp_t *sec, const cr_profile_t *profile)
{
    if (!profile->write) {
        return 0;
    }

    return seccomp_rule_add(sec->ctx, CR_ALLOW, SCMP_SYS(mount), 1,
                            SCMP_A3(SCMP_CMP_EQ, cr_tree_tmp_flags(profile)));
}


/* Where what has no rule is a signal, clone3 needs one. */

static int
cr_seccomp_quiet(cr_seccomp_t *sec)
{
    if (!cr_seccomp_debug) {
        return 0;
    }

    return seccomp_rule_add(sec->ctx, SCMP_ACT_ERRNO(ENOSYS),
                            SCMP_SYS(clone3), 0);
}


int
cr_seccomp_list(cr_seccomp_t *sec, uint32_t action, const int *calls)
{
    int       rc;
    uint32_t  effective;

    for ( /* void */ ; *calls != CR_SECCOMP_END; calls++) {

        if (cr_seccomp_skips(sec, *calls)) {
            continue;
        }

        effective = cr_seccomp_action(action, *calls);

        if (cr_seccomp_debug && action != CR_ALLOW) {
            cr_seccomp_errno[*calls] = action & SECCOMP_RET_DATA;
        }

        sec->named[*calls] = 1;

        /* libseccomp refuses a rule that says what holds anyway. */

        if (effective == sec->fallback) {
            continue;
        }

        rc = seccomp_rule_add(sec->ctx, effective, *calls, 0);

        if (rc != 0) {
            return rc;
        }
    }

    return 0;
}


int
cr_seccomp_args(cr_seccomp_t *sec, const cr_seccomp_rule_t *rules, size_t n)
{
    int       rc;
    size_t    i;
    uint32_t  effective;

    for (i = 0; i < n; i++) {

        if (cr_seccomp_skips(sec, rules[i].call)) {
            continue;
        }

        if (cr_seccomp_debug && rules[i].action != CR_ALLOW) {
            cr_seccomp_errno[rules[i].call] = EPERM;
        }

        sec->named[rules[i].call] = 1;

        effective = cr_seccomp_action(rules[i].action, rules[i].call);

        if (effective == sec->fallback) {
            continue;
        }

        rc = seccomp_rule_add(sec->ctx, effective, rules[i].call,
                              rules[i].other.op == _SCMP_CMP_MIN ? 1 : 2,
                              rules[i].arg, rules[i].other);
        if (rc != 0) {
            return rc;
        }
    }

    return 0;
}


/* Whether a rule is none of this part's. */

static int
cr_seccomp_skips(const cr_seccomp_t *sec, int call)
{
    /* Below 0: this architecture has no such call. */

    if (call < 0 || call >= CR_SECCOMP_CALLS) {
        return 1;
    }

    if (sec->part == CR_SECCOMP_WHOLE) {
        return 0;
    }

    return cr_seccomp_in(cr_seccomp_setup, call)
           == (sec->part == CR_SECCOMP_ZYGOTE);
}


static int
cr_seccomp_in(const int *calls, int call)
{
    while (*calls != CR_SECCOMP_END) {
        if (*calls++ == call) {
            return 1;
        }
    }

    return 0;
}


static uint32_t
cr_seccomp_action(uint32_t action, int call)
{
    if (cr_seccomp_debug && action != CR_ALLOW
        && !cr_seccomp_in(cr_seccomp_silent, call))
    {
        return SCMP_ACT_TRAP;
    }

    return action;
}


/* libseccomp writes programs to descriptors alone; this one is memory. */

static int
cr_seccomp_export(scmp_filter_ctx ctx, struct sock_fprog *prog)
{
    int      fd, rc;
    off_t    size;
    ssize_t  n;

    fd = memfd_create("seccomp", MFD_CLOEXEC);

    if (fd == -1) {
        return -errno;
    }

    rc = seccomp_export_bpf(ctx, fd);

    if (rc != 0) {
        (void) close(fd);
        return rc;
    }

    rc = -EIO;
    size = lseek(fd, 0, SEEK_END);

    if (size > 0 && (size_t) size <= CR_SECCOMP_EXPORT
        && size % sizeof(struct sock_filter) == 0)
    {
        prog->filter = malloc(size);

        if (prog->filter != NULL) {
            n = pread(fd, prog->filter, size, 0);
            prog->len = size / sizeof(struct sock_filter);
            rc = n == size ? 0 : -EIO;

        } else {
            rc = -ENOMEM;
        }
    }

    (void) close(fd);

    return rc;
}


/* A signal handler may not ask libseccomp for a name, which allocates. */

static void
cr_seccomp_names(void)
{
    int  i;

    if (cr_seccomp_name[0] != NULL) {
        return;
    }

    for (i = 0; i < CR_SECCOMP_CALLS; i++) {
        cr_seccomp_name[i] = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE,
                                                              i);
        cr_seccomp_errno[i] = ENOSYS;
    }
}


static int
cr_seccomp_trap(void)
{
    struct sigaction  sa;

    memset(&sa, 0, sizeof(sa));

    sa.sa_sigaction = cr_seccomp_report;
    sa.sa_flags = SA_SIGINFO|SA_NODEFER|SA_RESTART;

    return sigaction(SIGSYS, &sa, NULL);
}


static void
cr_seccomp_report(int signo, siginfo_t *si, void *context)
{
    int          err, n, call;
    char         line[96];
    const char  *name;
    ucontext_t  *uc;

    (void) signo;

    err = errno;
    uc = context;
    call = si->si_syscall;
    name = NULL;
    n = ENOSYS;

    if (call >= 0 && call < CR_SECCOMP_CALLS) {
        name = cr_seccomp_name[call];
        n = cr_seccomp_errno[call];
    }

#if defined(__x86_64__)
    uc->uc_mcontext.gregs[REG_RAX] = -n;
#elif defined(__aarch64__)
    uc->uc_mcontext.regs[0] = (unsigned long long) -n;
#else
#error "name the register of a system call's result here"
#endif

    n = snprintf(line, sizeof(line), "coderemote: refused system call %s\n",
                 name != NULL ? name : "unknown");

    if (write(STDERR_FILENO, line, n) == -1) {
        /* Nobody reads it: the refusal stands. */
    }

    errno = err;
}
