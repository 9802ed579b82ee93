
/*
 * Plays the zygote kit for the Python runtime, without any confinement: the
 * runtime's own behaviour is tried with it, fast and alone.
 *
 *     python_driver [options] PROFILE PROGRAM [argument ...]
 *
 *     -o FILE   the claim, as lines of text, goes there
 *     -k        check the program only
 *     -a        analyze it only
 *     -m BYTES  address space beyond the zygote's own, as the kit limits it
 *     -s MS     after so many milliseconds the stop signal, then SIGKILL
 *     -b N      no program: run print(1) N times and say what it costs
 *
 * It exits with 0 when the program ended by itself with a claim, 128 and the
 * signal's number when a signal ended it, 3 when it ended without a claim.
 */

#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "../../sandbox_helper/runtimes/python/py_runtime.h"


#define DRIVER_FILE_MAX  (512 * 1024)


typedef struct {
    const char      *claim;     /* file of -o */
    int              check;
    int              analyze;
    rlim_t           memory;
    int              stop_ms;
    int              bench;
} driver_t;

typedef struct {
    double           us;
    long             faults;
} driver_point_t;


static driver_t  driver;


const char *
cr_option(const cr_options_t *options, const char *key)
{
    const char  *p, *end, *value;

    end = options->data + options->size;

    for (p = options->data; p < end; p = value + strlen(value) + 1) {
        value = p + strlen(p) + 1;

        if (strcmp(p, key) == 0) {
            return value;
        }
    }

    return NULL;
}


/* Nobody collects anything here. */

void
cr_zygote_collect(const char *pattern)
{
    (void) pattern;
}


static void
driver_die(const char *what)
{
    (void) fprintf(stderr, "python_driver: %s: %s\n", what, strerror(errno));
    exit(2);
}


static size_t
driver_read(const char *path, char *buf, size_t size)
{
    int      fd;
    size_t   len;
    ssize_t  n;

    fd = open(path, O_RDONLY);
    if (fd == -1) {
        driver_die(path);
    }

    for (len = 0; len < size; len += n) {
        n = read(fd, buf + len, size - len);

        if (n <= 0) {
            break;
        }
    }

    (void) close(fd);

    return len;
}


/* Reads the option.KEY = VALUE lines alone. */

static void
driver_options(const char *path, cr_options_t *options)
{
    char        *line, *save, *key, *value, *end, *p;
    static char  text[DRIVER_FILE_MAX], data[DRIVER_FILE_MAX];

    text[driver_read(path, text, sizeof(text) - 1)] = '\0';
    p = data;

    for (line = strtok_r(text, "\n", &save);
         line;
         line = strtok_r(NULL, "\n", &save))
    {
        key = line + strspn(line, " \t");

        if (strncmp(key, "option.", 7) != 0) {
            continue;
        }

        key += 7;
        value = strchr(key, '=');

        if (value == NULL) {
            continue;
        }

        for (end = value; end > key && strchr(" \t", end[-1]); end--) {
            /* void */
        }

        value += 1 + strspn(value + 1, " \t");

        *end = '\0';
        p = stpcpy(p, key) + 1;
        p = stpcpy(p, value) + 1;
    }

    options->data = data;
    options->size = p - data;
}


static double
driver_now(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return ts.tv_sec * 1e6 + ts.tv_nsec / 1e3;
}


static driver_point_t
driver_point(void)
{
    driver_point_t  point;
    struct rusage   usage;

    (void) getrusage(RUSAGE_SELF, &usage);

    point.us = driver_now();
    point.faults = usage.ru_minflt;

    return point;
}


/* As the kit forks: without the C library's knowledge. */

static pid_t
driver_fork(void)
{
    return (pid_t) syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
}


static void
driver_stop(int signo)
{
    (void) signo;

    cr_py_runtime.flush();
    _exit(3);
}


/* The zygote's own size and so much more, as the supervisor asks for. */

static void
driver_limit(void)
{
    FILE           *f;
    long            pages;
    struct rlimit   rl;

    if (driver.memory == 0) {
        return;
    }

    f = fopen("/proc/self/statm", "r");

    if (f == NULL || fscanf(f, "%ld", &pages) != 1) {
        driver_die("/proc/self/statm");
    }

    (void) fclose(f);

    rl.rlim_cur = pages * sysconf(_SC_PAGESIZE) + driver.memory;
    rl.rlim_max = rl.rlim_cur;

    if (setrlimit(RLIMIT_AS, &rl) != 0) {
        driver_die("setrlimit");
    }
}


static void
driver_text(FILE *f, const char *name, const cr_bytes_t *bytes)
{
    size_t  i;

    (void) fprintf(f, "%s ", name);

    for (i = 0; i < bytes->len; i++) {
        (void) fprintf(f, "%02x", bytes->data[i]);
    }

    (void) fputc('\n', f);
}


static void
driver_claim(const cr_claim_t *claim)
{
    FILE      *f;
    uint16_t   i;

    f = fopen(driver.claim, "w");
    if (f == NULL) {
        driver_die(driver.claim);
    }

    (void) fprintf(f, "exit_code %d\n", (int) claim->exit_code);
    driver_text(f, "error_type", &claim->error_type);
    driver_text(f, "error", &claim->error);

    for (i = 0; i < claim->nviolations; i++) {
        (void) fprintf(f, "violation %u %u", claim->violations[i].line,
                       claim->violations[i].column);
        driver_text(f, "", &claim->violations[i].message);
    }

    (void) fclose(f);
}


static void
driver_cell(const cr_program_t *program)
{
    cr_claim_t        claim;
    struct sigaction  sa;

    memset(&sa, 0, sizeof(sa));
    sa.sa_handler = driver_stop;
    sigfillset(&sa.sa_mask);
    (void) sigaction(SIGUSR1, &sa, NULL);

    cr_py_runtime.park();
    driver_limit();

    memset(&claim, 0, sizeof(claim));

    if (driver.check) {
        cr_py_runtime.check(program, &claim);

    } else if (driver.analyze) {
        cr_py_runtime.analyze(program, &claim);

    } else {
        cr_py_runtime.run(program, &claim);
    }

    if (driver.claim) {
        driver_claim(&claim);
    }

    _exit(0);
}


static int
driver_run(const cr_program_t *program)
{
    int              status;
    pid_t            pid;
    struct timespec  ts;

    pid = driver_fork();

    if (pid == -1) {
        driver_die("fork");
    }

    if (pid == 0) {
        driver_cell(program);
    }

    if (driver.stop_ms) {
        ts.tv_sec = driver.stop_ms / 1000;
        ts.tv_nsec = driver.stop_ms % 1000 * 1000000L;
        (void) nanosleep(&ts, NULL);
        (void) kill(pid, SIGUSR1);

        ts.tv_sec = 0;
        ts.tv_nsec = 20000000;
        (void) nanosleep(&ts, NULL);
        (void) kill(pid, SIGKILL);
    }

    if (waitpid(pid, &status, 0) != pid) {
        driver_die("waitpid");
    }

    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}


static int
driver_compare(const void *one, const void *two)
{
    double  a, b;

    a = *(const double *) one;
    b = *(const double *) two;

    return a < b ? -1 : a > b;
}


/* One cell of the bench: what it measured goes through the pipe. */

static void
driver_bench_cell(const cr_program_t *program, int out, double start)
{
    int             null;
    double          values[5];
    cr_claim_t      claim;
    driver_point_t  a, b, c;

    null = open("/dev/null", O_WRONLY);
    (void) dup2(null, 1);

    a = driver_point();
    cr_py_runtime.park();
    b = driver_point();
    memset(&claim, 0, sizeof(claim));
    cr_py_runtime.run(program, &claim);
    c = driver_point();

    values[0] = a.us - start;
    values[1] = b.us - a.us;
    values[2] = c.us - b.us;
    values[3] = b.faults - a.faults;
    values[4] = c.faults - b.faults;

    _exit(write(out, values, sizeof(values)) != sizeof(values));
}


static int
driver_bench(cr_program_t *program)
{
    int                 fds[2], i, j, n, status;
    pid_t               pid;
    double              start, values[5], *columns[7];
    static const char  *names[] = { "fork, us", "park, us", "run, us",
                                    "park, faults", "run, faults",
                                    "clone in the parent, us",
                                    "exit and reaping, us" };

    n = driver.bench;

    for (j = 0; j < 7; j++) {
        columns[j] = calloc(n, sizeof(double));
    }

    if (pipe(fds) != 0) {
        driver_die("pipe");
    }

    program->code.data = (const unsigned char *) "print(1)";
    program->code.len = sizeof("print(1)") - 1;

    for (i = 0; i < n; i++) {
        start = driver_now();
        pid = driver_fork();

        if (pid == 0) {
            driver_bench_cell(program, fds[1], start);
        }

        columns[5][i] = driver_now() - start;

        if (read(fds[0], values, sizeof(values)) != sizeof(values)) {
            driver_die("a cell failed");
        }

        start = driver_now();
        (void) waitpid(pid, &status, 0);
        columns[6][i] = driver_now() - start;

        for (j = 0; j < 5; j++) {
            columns[j][i] = values[j];
        }
    }

    /* The lowest tenth is what it costs, the median what it cost here. */

    (void) printf("%-26s %8s %8s\n", "", "p10", "p50");

    for (j = 0; j < 7; j++) {
        qsort(columns[j], n, sizeof(double), driver_compare);
        (void) printf("%-26s %8.1f %8.1f\n", names[j], columns[j][n / 10],
                      columns[j][n / 2]);
        free(columns[j]);
    }

    return 0;
}


int
main(int argc, char **argv)
{
    int                  c;
    char                 version[64], error[256];
    cr_options_t         options;
    static char          code[DRIVER_FILE_MAX];
    static cr_program_t  program;

    while ((c = getopt(argc, argv, "+o:kam:s:b:")) != -1) {

        switch (c) {
        case 'o':
            driver.claim = optarg;
            break;
        case 'k':
            driver.check = 1;
            break;
        case 'a':
            driver.analyze = 1;
            break;
        case 'm':
            driver.memory = strtoull(optarg, NULL, 10);
            break;
        case 's':
            driver.stop_ms = atoi(optarg);
            break;
        case 'b':
            driver.bench = atoi(optarg);
            break;
        default:
            return 2;
        }
    }

    if (argc - optind < (driver.bench ? 1 : 2)) {
        (void) fprintf(stderr, "usage: python_driver [-k|-a] [-o FILE] "
                       "[-m BYTES] [-s MS] [-b N] PROFILE PROGRAM [ARG]...\n");
        return 2;
    }

    driver_options(argv[optind++], &options);

    if (cr_py_runtime.warm(&options, version, sizeof(version), error,
                           sizeof(error))
        != 0)
    {
        (void) fprintf(stderr, "python_driver: %s\n", error);
        return 2;
    }

    if (driver.bench) {
        return driver_bench(&program);
    }

    program.code.data = (unsigned char *) code;
    program.code.len = driver_read(argv[optind++], code, sizeof(code));

    for ( /* void */ ; optind < argc && program.nargs < CR_ARGS_MAX; optind++)
    {
        program.args[program.nargs].data = (unsigned char *) argv[optind];
        program.args[program.nargs++].len = strlen(argv[optind]);
    }

    return driver_run(&program);
}
