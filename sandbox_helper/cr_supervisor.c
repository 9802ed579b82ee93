
/*
 * The supervisor: reads its configuration, takes a block of uids and its
 * cgroups, starts the zygotes, serves the workers, and leaves nothing behind.
 */

#define _GNU_SOURCE

#include "cr_supervisor.h"
#include "cr_check.h"
#include "cr_layers.h"
#include "cr_main.h"
#include "cr_paths.h"
#include "cr_supervisor_ids.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>


#define CR_FIRST_CLIENT  10000000    /* us to wait for the first worker */
#define CR_LINGER        500000      /* us to stay after the last has gone */
#define CR_LEAVE         3000000     /* us that the end may take */
#define CR_LARGE         131072      /* bytes that are mapped by themselves */


cr_supervisor_t  cr_super;

static cr_event_t  cr_signals;
static cr_timer_t  cr_alone;
static unsigned    cr_had_client;


int
cr_reap(int pidfd, int *status, struct rusage *usage)
{
    int        rc;
    siginfo_t  si;

    si.si_pid = 0;

    /* Without a place for the status it is only asked whose child it is. */

    rc = (int) syscall(SYS_waitid, P_PIDFD, pidfd, &si,
                       WEXITED|WNOHANG|__WALL|(status ? 0 : WNOWAIT), usage);

    if (rc == -1) {
        return -1;
    }

    if (si.si_pid == 0 || status == NULL) {
        return 0;
    }

    *status = si.si_code == CLD_EXITED ? (si.si_status & 0xff) << 8
                                       : si.si_status & 0x7f;

    return 1;
}


void
cr_signal(int pidfd, int signo)
{
    if (pidfd != -1) {
        (void) syscall(SYS_pidfd_send_signal, pidfd, signo, NULL, 0);
    }
}


/* Linux's own rule (include/linux/posix-timers.h): CPUCLOCK_SCHED is 2. */

clockid_t
cr_cpu_clock(pid_t pid)
{
    return (clockid_t) ((~(unsigned) pid << 3) | 2);
}


pid_t
cr_pidfd_pid(int pidfd)
{
    int       fd;
    char      path[64], text[512], *p;
    ssize_t   n;

    snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);

    fd = open(path, O_RDONLY|O_CLOEXEC);

    if (fd == -1) {
        return 0;
    }

    n = read(fd, text, sizeof(text) - 1);
    close(fd);

    text[n > 0 ? n : 0] = '\0';
    p = strstr(text, "\nPid:");

    return p ? (pid_t) strtol(p + 5, NULL, 10) : 0;
}


/* The text of a profile goes to its zygote, which parses it once more. */

static int
cr_runner_read(cr_runner_t *runner, int privileged)
{
    char     path[512], error[CR_REASON_MAX];
    ssize_t  n;

    snprintf(path, sizeof(path), "%s/%s.conf", cr_profiles_path,
             runner->profile.name);

    runner->text = malloc(CR_CONF_SIZE);

    if (runner->text == NULL) {
        return -1;
    }

    n = cr_conf_read(path, runner->text, privileged, error, sizeof(error));

    if (n == -1) {
        cr_log("%s", error);
        return -1;
    }

    runner->text_len = n;

    return 0;
}


static int
cr_supervisor_profiles(int privileged)
{
    int                  i, n;
    char                 error[512];
    static cr_profile_t  profiles[CR_PROFILES_MAX];

    n = cr_profiles_load(cr_profiles_path, profiles, CR_PROFILES_MAX,
                         privileged, error, sizeof(error));

    if (n <= 0) {
        cr_log("%s", n == 0 ? "there is no profile in runtimes.d" : error);
        return -1;
    }

    for (i = 0; i < n; i++) {
        cr_super.runners[i].profile = profiles[i];

        if (cr_runner_read(&cr_super.runners[i], privileged) != 0) {
            return -1;
        }

        cr_runner_size(&cr_super.runners[i]);
    }

    cr_super.nrunners = n;

    return 0;
}


static int
cr_supervisor_configure(int privileged)
{
    char         error[512];
    ssize_t      n;
    static char  text[CR_CONF_SIZE];

    n = cr_conf_read(cr_conf_path, text, privileged, error, sizeof(error));

    if (n == -1
        || cr_conf_parse(&cr_super.conf, text, n, error, sizeof(error)) != 0)
    {
        cr_log("%s", error);
        return -1;
    }

    return cr_clients_resolve();
}


/*
 * All cells together get a share of the machine's memory, so that what is not
 * ours lives on whatever the jobs do.
 */

static int
cr_supervisor_cgroups(unsigned block)
{
    char              error[512];
    struct sysinfo    si;
    cr_cgroup_caps_t  caps;

    sysinfo(&si);

    caps.memory = si.totalram * (uint64_t) si.mem_unit / 100
                  * cr_super.conf.memory_percent;
    caps.cpu_weight = cr_super.conf.cpu_weight;

    if (cr_cgroups_open(&cr_super.cgroups, block, &caps, error, sizeof(error))
        == 0)
    {
        cr_cgroups_sweep(&cr_super.cgroups, cr_ids_claim, cr_ids_release);
        return 0;
    }

    cr_log("%s", error);

    if (!cr_super.conf.rootless) {
        cr_log("`rootless = on` in sandbox.conf would run without cgroups");
        return -1;
    }

    return 0;
}


/*
 * A layer that is missing stops the start, unless root's configuration, or
 * with no root at all the user's own, chose to run on without.
 */

static int
cr_supervisor_layers(void)
{
    if (cr_check_layers(&cr_super.cgroups, cr_super.rootless,
                        cr_super.layers_on, cr_super.layers_off,
                        sizeof(cr_super.layers_on))
        != 0)
    {
        cr_log("the layers cannot be tried: %s", strerror(errno));
        return -1;
    }

    cr_super.landlock = strstr(cr_super.layers_on, "landlock") != NULL;

    if (cr_super.layers_off[0] == '\0') {
        return 0;
    }

    cr_log("layers off: %s", cr_super.layers_off);

    if (!cr_super.conf.rootless) {
        cr_log("refusing to start with layers off: `coderemote-sandbox "
               "--check` says how to mend it, `rootless = on` runs without");
        return -1;
    }

    return 0;
}


static int
cr_supervisor_prepare(uid_t caller)
{
    int       privileged;
    unsigned  i, block;

    privileged = geteuid() == 0;
    block = 0;

    cr_super.caller = caller;

    if (cr_supervisor_configure(privileged) != 0) {
        return -1;
    }

    /* As a setuid program it serves those alone whom root named. */

    if (privileged && caller != 0 && !cr_client_is(caller)) {
        cr_log("uid %d may not start it: not one of `clients` in sandbox.conf",
               (int) caller);
        return -1;
    }

    if (cr_supervisor_profiles(privileged) != 0 || cr_files_check() != 0) {
        return -1;
    }

    if (!privileged) {

        if (!cr_super.conf.rootless) {
            cr_log("it is not root: install it setuid root, or choose "
                   "`rootless = on` in sandbox.conf");
            return -1;
        }

        cr_super.rootless = 1;

        if (cr_ids_rootless() != 0) {
            return -1;
        }

    } else if (cr_ids_block(&block) != 0
               || cr_supervisor_cgroups(block) != 0)
    {
        return -1;
    }

    if (cr_supervisor_layers() != 0) {
        return -1;
    }

    for (i = 0; i < cr_super.nrunners; i++) {
        cr_super.runners[i].base = cr_super.rootless
                                   ? 0 : cr_ids_base(block, i);

        if (cr_runner_init(&cr_super.runners[i], cr_libexec_path) != 0) {
            return -1;
        }
    }

    return 0;
}


static void
cr_supervisor_leave(void)
{
    unsigned  i;

    cr_super.leaving = 1;

    for (i = 0; i < cr_super.nrunners; i++) {
        cr_runner_stop(&cr_super.runners[i]);
    }
}


void
cr_supervisor_abandon(const char *why)
{
    if (!cr_super.leaving) {
        cr_log("leaving, for another to start anew: %s", why);
        cr_supervisor_leave();
    }
}


static void
cr_supervisor_signal(cr_event_t *ev, uint32_t events)
{
    struct signalfd_siginfo  si;

    (void) events;

    if (read(ev->fd, &si, sizeof(si)) == sizeof(si)) {
        cr_supervisor_leave();
    }
}


static int
cr_supervisor_signals(void)
{
    sigset_t  set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGQUIT);

    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);

    cr_signals.handler = cr_supervisor_signal;
    cr_signals.fd = signalfd(-1, &set, SFD_CLOEXEC|SFD_NONBLOCK);

    if (cr_signals.fd == -1 || sigprocmask(SIG_BLOCK, &set, NULL) == -1) {
        cr_log("signalfd(): %s", strerror(errno));
        return -1;
    }

    cr_event_watch(&cr_signals, EPOLLIN);

    return 0;
}


static void
cr_supervisor_alone(cr_timer_t *timer)
{
    (void) timer;

    if (cr_clients_count() == 0) {
        cr_supervisor_leave();
    }
}


/* It leaves with the last worker, a little later: a new one may be coming. */

static void
cr_supervisor_linger(void)
{
    if (cr_clients_count()) {
        cr_had_client = 1;
        cr_timer_clear(&cr_alone);

    } else if (cr_alone.index == 0) {
        cr_timer_set(&cr_alone, cr_had_client ? CR_LINGER : CR_FIRST_CLIENT);
    }
}


static int
cr_supervisor_busy(void)
{
    unsigned  i, n;

    for (i = 0; i < cr_super.nrunners; i++) {

        if (cr_super.runners[i].zygote) {
            return 1;
        }

        for (n = 0; n < cr_super.runners[i].nslots; n++) {
            if (cr_super.runners[i].slots[n].cell.fd != -1
                || cr_super.runners[i].slots[n].keeper.fd != -1)
            {
                return 1;
            }
        }
    }

    return 0;
}


static void
cr_supervisor_clean(void)
{
    unsigned      i, n;
    cr_runner_t  *runner;

    for (i = 0; i < cr_super.nrunners; i++) {
        runner = &cr_super.runners[i];

        for (n = 0; runner->slots && n < runner->nslots; n++) {
            cr_cgroup_destroy(&cr_super.cgroups, &runner->slots[n].cgroup);
        }

        cr_cgroup_destroy(&cr_super.cgroups, &runner->cgroup);
    }

    /* What a killed one left may not have been empty yet at our start. */

    if (cr_super.cgroups.version) {
        cr_cgroups_sweep(&cr_super.cgroups, cr_ids_claim, cr_ids_release);
    }

    cr_cgroups_close(&cr_super.cgroups);
}


static void
cr_supervisor_loop(void)
{
    uint64_t  until;

    while (!cr_super.leaving) {
        cr_supervisor_linger();
        cr_loop_round();
        cr_clients_flush();
    }

    until = cr_now() + CR_LEAVE;
    cr_timer_set(&cr_alone, CR_LEAVE);

    while (cr_supervisor_busy() && cr_now() < until) {
        cr_loop_round();
        cr_clients_flush();
    }
}


int
cr_supervisor_run(int listener, uid_t caller)
{
    int       rc;
    unsigned  i;

    /* Said, it does not grow: a program's megabytes go back with their job. */

    (void) mallopt(M_MMAP_THRESHOLD, CR_LARGE);

    rc = cr_loop_init() == 0 && cr_supervisor_prepare(caller) == 0
         && cr_caps_keep() == 0 && cr_supervisor_signals() == 0
         && cr_clients_init(listener) == 0;

    if (rc) {
        cr_alone.handler = cr_supervisor_alone;

        for (i = 0; i < cr_super.nrunners; i++) {
            cr_runner_start(&cr_super.runners[i]);
        }

        cr_supervisor_loop();
    }

    cr_supervisor_clean();

    return rc ? 0 : 1;
}
