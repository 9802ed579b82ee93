
/*
 * Times a command from its start to its end, many times over:
 *
 *     cr_spawn [-j SIDE_BY_SIDE] [-n COUNT] COMMAND [ARGUMENT...]
 *
 * The command is started by posix_spawn(), so that neither a shell nor the
 * size of this program counts.  A command that fails ends the measurement.
 */


#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>
#include <sys/wait.h>

#include "cr_samples.h"


#define CR_SPAWN_SIDES  64


typedef struct {
    pid_t     pid;
    uint64_t  start;
} cr_side_t;


static void cr_spawn_start(cr_side_t *side, char **argv);
static cr_side_t *cr_spawn_wait(cr_side_t *sides, unsigned nsides);

extern char  **environ;


int
main(int argc, char **argv)
{
    int            opt;
    uint64_t       start;
    unsigned long  i, n, nsides, started;
    cr_side_t     *side, sides[CR_SPAWN_SIDES];
    cr_samples_t   samples;

    n = 200;
    nsides = 1;

    while ((opt = getopt(argc, argv, "+j:n:")) != -1) {
        switch (opt) {
        case 'j':
            nsides = cr_number(optarg, CR_SPAWN_SIDES, "-j");
            break;
        case 'n':
            n = cr_number(optarg, CR_SAMPLES_MAX, "-n");
            break;
        default:
            return 2;
        }
    }

    if (optind == argc || n == 0 || nsides == 0) {
        fprintf(stderr, "usage: cr_spawn [-j N] [-n COUNT] COMMAND...\n");
        return 2;
    }

    memset(&samples, 0, sizeof(cr_samples_t));
    memset(sides, 0, sizeof(sides));

    start = cr_now();

    for (started = 0; started < nsides && started < n; started++) {
        cr_spawn_start(&sides[started], argv + optind);
    }

    for (i = 0; i < n; i++) {
        side = cr_spawn_wait(sides, nsides);

        if (cr_samples_add(&samples, cr_now() - side->start) == -1) {
            perror("malloc");
            return 1;
        }

        side->pid = 0;

        if (started < n) {
            cr_spawn_start(side, argv + optind);
            started++;
        }
    }

    printf("rate %.1f\n", n * 1e9 / (cr_now() - start));
    cr_samples_print(&samples, "");

    return 0;
}


static void
cr_spawn_start(cr_side_t *side, char **argv)
{
    int                         rc;
    posix_spawn_file_actions_t  actions;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);

    side->start = cr_now();

    rc = posix_spawnp(&side->pid, argv[0], &actions, NULL, argv, environ);

    posix_spawn_file_actions_destroy(&actions);

    if (rc != 0) {
        fprintf(stderr, "%s: %s\n", argv[0], strerror(rc));
        exit(1);
    }
}


static cr_side_t *
cr_spawn_wait(cr_side_t *sides, unsigned nsides)
{
    int       status;
    pid_t     pid;
    unsigned  i;

    do {
        pid = wait(&status);
    } while (pid == -1 && errno == EINTR);

    if (pid == -1) {
        perror("wait");
        exit(1);
    }

    if (status != 0) {
        fprintf(stderr, "the command failed: wait status 0x%04x\n", status);
        exit(1);
    }

    for (i = 0; i < nsides; i++) {
        if (sides[i].pid == pid) {
            return &sides[i];
        }
    }

    fprintf(stderr, "an unknown child ended\n");
    exit(1);
}
