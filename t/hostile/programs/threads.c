# expect: {"status": "completed", "stdout": "EAGAIN at most 64\n", "exit_code": 0}
# stopped_by: cgroup-pids rlimits
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void *
stay(void *data)
{
    for (;;) {
        pause();
    }

    return data;
}

int
main(void)
{
    int        n, rc = 0;
    pthread_t  thread;

    for (n = 0; n < 500; n++) {
        rc = pthread_create(&thread, NULL, stay, NULL);

        if (rc) {
            break;
        }
    }

    printf("%s %s\n", strerrorname_np(rc),
           n <= 64 ? "at most 64" : "ESCAPED");
    return 0;
}
