
/*
 * Runs programs in the sandbox without nginx: starts the installed helper on
 * a socket of its own, speaks a worker's side of the protocol, and either
 * prints what a program came to or times many runs of it.
 *
 *     cr_direct HELPER run FILE [RUNTIME]
 *     cr_direct HELPER time COUNT AT_ONCE PAUSE_US [FILE [RUNTIME]]
 */

#define _GNU_SOURCE

#include "cr_message.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>


#define CR_JOBS_MAX  256


static int             cr_fd;
static pid_t           cr_helper;
static unsigned char   cr_in[CR_FRAME_HEADER + CR_FRAME_MAX];
static size_t          cr_in_len, cr_in_pos;
static unsigned char   cr_out[CR_FRAME_HEADER * 2 + CR_FRAME_MAX];
static unsigned char   cr_code[CR_CODE_MAX] = "print(1)\n";
static size_t          cr_code_len = 9;
static const char     *cr_runtime = "python";
static int             cr_verbose;


static double
cr_clock(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);

    return ts.tv_sec * 1e6 + ts.tv_nsec / 1e3;
}


static void
cr_die(const char *what)
{
    perror(what);
    exit(1);
}


/* The listening socket becomes the helper's descriptor 3. */

static void
cr_connect(const char *helper)
{
    int                 listener;
    struct sockaddr_un  sun;

    memset(&sun, 0, sizeof(sun));
    sun.sun_family = AF_UNIX;
    snprintf(sun.sun_path + 1, sizeof(sun.sun_path) - 1, "cr-direct-%d",
             (int) getpid());

    listener = socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0);

    if (bind(listener, (struct sockaddr *) &sun, sizeof(sun)) == -1
        || listen(listener, 16) == -1)
    {
        cr_die("listen()");
    }

    cr_helper = fork();

    if (cr_helper == 0) {
        if (listener == 3) {
            (void) fcntl(3, F_SETFD, 0);

        } else {
            dup2(listener, 3);
        }

        execl(helper, "coderemote-sandbox", NULL);
        cr_die(helper);
    }

    cr_fd = socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0);

    if (connect(cr_fd, (struct sockaddr *) &sun, sizeof(sun)) == -1) {
        cr_die("connect()");
    }

    close(listener);
}


static void
cr_send(uint8_t type, uint32_t job, uint8_t flags, size_t len)
{
    cr_frame_t  frame;

    frame.type = type;
    frame.job = job;
    frame.flags = flags;
    frame.length = (uint32_t) len;
    cr_frame_encode(cr_out, &frame);

    len += CR_FRAME_HEADER;

    if (type == CR_MSG_RUN) {
        memset(&frame, 0, sizeof(frame));
        frame.type = CR_MSG_STDIN;
        frame.job = job;
        frame.flags = CR_FLAG_EOF;
        cr_frame_encode(cr_out + len, &frame);
        len += CR_FRAME_HEADER;
    }

    if (write(cr_fd, cr_out, len) != (ssize_t) len) {
        cr_die("write()");
    }
}


static void
cr_send_u32(uint8_t type, uint32_t job, uint32_t value)
{
    cr_put_t  put;

    cr_put_init(&put, cr_out + CR_FRAME_HEADER, 4);
    cr_put_u32(&put, value);
    cr_send(type, job, 0, 4);
}


static void
cr_run(uint32_t job)
{
    cr_put_t              put;
    cr_run_t              run;
    static cr_program_t   program;
    static unsigned char  packed[CR_PROGRAM_PART];

    program.code.data = cr_code;
    program.code.len = cr_code_len;
    cr_put_init(&put, packed, sizeof(packed));
    cr_program_pack(&put, &program);

    memset(&run, 0, sizeof(run));
    run.user = 1;
    run.memory = 256 << 20;
    run.timeout_ms = 10000;
    run.output_limit = 1 << 20;
    run.credit = 1 << 30;
    run.runtime.data = (const unsigned char *) cr_runtime;
    run.runtime.len = strlen(cr_runtime);
    run.program.data = packed;
    run.program.len = run.program_size = cr_put_len(&put);

    cr_put_init(&put, cr_out + CR_FRAME_HEADER, CR_FRAME_MAX);
    cr_run_pack(&put, &run);
    cr_send(CR_MSG_RUN, job, 0, cr_put_len(&put));
}


static const unsigned char *
cr_read_frame(cr_frame_t *frame)
{
    ssize_t               n;
    const unsigned char  *p;

    for ( ;; ) {

        if (cr_frame_decode(cr_in + cr_in_pos, cr_in_len - cr_in_pos, frame)
            == 1
            && cr_in_len - cr_in_pos >= CR_FRAME_HEADER + frame->length)
        {
            p = cr_in + cr_in_pos + CR_FRAME_HEADER;
            cr_in_pos += CR_FRAME_HEADER + frame->length;
            return p;
        }

        memmove(cr_in, cr_in + cr_in_pos, cr_in_len - cr_in_pos);
        cr_in_len -= cr_in_pos;
        cr_in_pos = 0;

        n = read(cr_fd, cr_in + cr_in_len, sizeof(cr_in) - cr_in_len);

        if (n <= 0) {
            cr_die("the helper closed the connection");
        }

        cr_in_len += n;
    }
}


static void
cr_print_result(const cr_result_t *result)
{
    cr_claim_t  claim;

    printf("-- end %d flags %d signal %d exit %d run %.3f ms cpu %.3f ms "
           "peak %.1f MB reason \"%.*s\"\n", result->end, result->flags,
           result->signal, result->exit_code, result->run_us / 1e3,
           result->cpu_us / 1e3, result->peak / 1048576.0,
           (int) result->reason.len, result->reason.data);

    if (result->claim.len
        && cr_claim_unpack(result->claim.data, result->claim.len, &claim) == 0)
    {
        printf("-- claim exit %d type \"%.*s\" error \"%.*s\" violations %d\n",
               claim.exit_code, (int) claim.error_type.len,
               claim.error_type.data, (int) claim.error.len, claim.error.data,
               claim.nviolations);
    }
}


/* Waits for one RESULT and answers its job. */

static uint32_t
cr_wait(void)
{
    cr_frame_t            frame;
    cr_result_t           result;
    const unsigned char  *p;

    for ( ;; ) {
        p = cr_read_frame(&frame);

        if (frame.type == CR_MSG_OUTPUT && cr_verbose) {
            fwrite(p, 1, frame.length, frame.flags == CR_STDOUT ? stdout
                                                                : stderr);
        }

        if (frame.type != CR_MSG_RESULT) {
            continue;
        }

        if (cr_result_unpack(p, frame.length, &result) != 0) {
            cr_die("a bad result");
        }

        if (cr_verbose || result.end != CR_END_CLAIM) {
            cr_print_result(&result);
        }

        return frame.job;
    }
}


static int
cr_compare(const void *a, const void *b)
{
    double  x = *(double *) a, y = *(double *) b;

    return x < y ? -1 : x > y;
}


static void
cr_time(int count, int at_once, int pause)
{
    int             sent, done;
    double          start, *times;
    uint32_t        job;
    static double   begun[CR_JOBS_MAX];

    times = calloc(count, sizeof(double));
    start = cr_clock();

    for (sent = done = 0; done < count; done++) {

        while (sent < count && sent - done < at_once) {

            if (pause) {
                usleep(pause);
            }

            begun[sent % CR_JOBS_MAX] = cr_clock();
            cr_run(++sent);
        }

        job = cr_wait();
        times[done] = cr_clock() - begun[(job - 1) % CR_JOBS_MAX];
    }

    start = cr_clock() - start;
    qsort(times, count, sizeof(double), cr_compare);

    printf("%d runs, %d at once, pause %d us: p50 %.0f us, p90 %.0f us, "
           "p99 %.0f us, %.0f runs/s\n", count, at_once, pause,
           times[count / 2], times[count * 9 / 10], times[count * 99 / 100],
           count * 1e6 / start);

    free(times);
}


/*
 * The helper leaves when its only worker has gone, and it reaped all the
 * processes there were: what they used together is now ours to see.
 */

static void
cr_print_cpu(int count)
{
    int            status;
    struct rusage  usage;

    close(cr_fd);
    waitpid(cr_helper, &status, 0);
    getrusage(RUSAGE_CHILDREN, &usage);

    printf("CPU of the helper and all cells, start included: %.0f us user, "
           "%.0f us system, %ld faults a run\n",
           (usage.ru_utime.tv_sec * 1e6 + usage.ru_utime.tv_usec) / count,
           (usage.ru_stime.tv_sec * 1e6 + usage.ru_stime.tv_usec) / count,
           usage.ru_minflt / count);
}


static void
cr_load(const char *path)
{
    FILE  *f;

    f = fopen(path, "re");

    if (f == NULL) {
        cr_die(path);
    }

    cr_code_len = fread(cr_code, 1, sizeof(cr_code), f);
    fclose(f);
}


/* Until a cell is parked a job waits: one run shows that all is up. */

static void
cr_warm(void)
{
    cr_frame_t  frame;

    cr_send_u32(CR_MSG_HELLO, 0, CR_PROTOCOL_VERSION);
    (void) cr_read_frame(&frame);
    cr_run(1000000);
    (void) cr_wait();
    usleep(300000);
}


int
main(int argc, char **argv)
{
    if (argc >= 4 && strcmp(argv[2], "run") == 0) {
        cr_load(argv[3]);
        cr_runtime = argc > 4 ? argv[4] : cr_runtime;
        cr_connect(argv[1]);
        cr_send_u32(CR_MSG_HELLO, 0, CR_PROTOCOL_VERSION);
        cr_verbose = 1;
        cr_run(1);
        (void) cr_wait();
        return 0;
    }

    if (argc >= 6 && strcmp(argv[2], "time") == 0) {

        if (argc > 6) {
            cr_load(argv[6]);
        }

        cr_runtime = argc > 7 ? argv[7] : cr_runtime;
        cr_connect(argv[1]);
        cr_warm();
        cr_time(atoi(argv[3]), atoi(argv[4]), atoi(argv[5]));
        cr_print_cpu(atoi(argv[3]));
        return 0;
    }

    fprintf(stderr, "usage: cr_direct HELPER run FILE [RUNTIME]\n"
            "       cr_direct HELPER time COUNT AT_ONCE PAUSE_US [FILE "
            "[RUNTIME]]\n");
    return 2;
}
