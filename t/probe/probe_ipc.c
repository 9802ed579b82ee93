
/* What two processes could share: keyrings, SysV and POSIX objects. */

#include "probe.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>


/* linux/keyctl.h, which is not everywhere. */

#define PROBE_KEYRING_PROCESS  (-2L)
#define PROBE_KEYRING_SESSION  (-3L)


static int
probe_opened(long fd)
{
    return fd == -1 ? -1 : 0;
}


static int
probe_add_key(const char *argument)
{
    (void) argument;

    return probe_opened(syscall(SYS_add_key, "user", "probe", "x", 1L,
                                PROBE_KEYRING_PROCESS));
}


static int
probe_request_key(const char *argument)
{
    (void) argument;

    return probe_opened(syscall(SYS_request_key, "user", "probe", 0L,
                                PROBE_KEYRING_PROCESS));
}


static int
probe_keyctl(const char *argument)
{
    (void) argument;

    /* Asks for the number of its session's keyring. */

    return probe_opened(syscall(SYS_keyctl, 0L, PROBE_KEYRING_SESSION, 1L));
}


/* "KEY" finds, "KEY new" makes: a queue, which has no limit to be at. */

static int
probe_msg(const char *argument)
{
    char  *end;
    long   key;

    key = strtol(argument, &end, 0);

    return probe_opened(msgget((key_t) key, *end ? IPC_CREAT|0666 : 0));
}


static int
probe_shm(const char *argument)
{
    (void) argument;

    return probe_opened(shmget(IPC_PRIVATE, 4096, IPC_CREAT|0600));
}


static int
probe_sem(const char *argument)
{
    (void) argument;

    return probe_opened(semget(IPC_PRIVATE, 1, IPC_CREAT|0600));
}


static int
probe_mq(const char *argument)
{
    (void) argument;

    return probe_opened(syscall(SYS_mq_open, "probe", O_RDWR|O_CREAT, 0600L,
                                0L));
}


static int
probe_shm_open(const char *argument)
{
    (void) argument;

    return probe_opened(shm_open("/probe-shm", O_RDWR|O_CREAT, 0600));
}


const probe_t  probe_ipc[] = {
    { "add_key", probe_add_key, 0, { 0 } },
    { "request_key", probe_request_key, 0, { 0 } },
    { "keyctl", probe_keyctl, 0, { 0 } },
    { "msg", probe_msg, 0, { 0 } },
    { "shm", probe_shm, 0, { 0 } },
    { "sem", probe_sem, 0, { 0 } },
    { "mq", probe_mq, 0, { 0 } },
    { "shm_open", probe_shm_open, 0, { 0 } },

    probe_call("shmat", SYS_shmat, PROBE_NONE, 0, 0),
    probe_call("shmctl", SYS_shmctl, PROBE_NONE, 0, PROBE_BAD),
    probe_call("semop", SYS_semop, PROBE_NONE, PROBE_BAD, 1),
    probe_call("semctl", SYS_semctl, PROBE_NONE, 0, 0, 0),
    probe_call("msgsnd", SYS_msgsnd, PROBE_NONE, PROBE_BAD, 1, 0),
    probe_call("msgrcv", SYS_msgrcv, PROBE_NONE, PROBE_BAD, 1, 0, 0),
    probe_call("mq_unlink", SYS_mq_unlink, PROBE_BAD),

    PROBE_END
};
