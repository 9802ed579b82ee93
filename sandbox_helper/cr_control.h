
/*
 * The control sockets between the supervisor and its zygotes: SOCK_SEQPACKET
 * pairs that carry slot numbers and descriptors, never a job's bytes.  A
 * zygote has one, and hands one to every slot-zygote it forks.
 */


#ifndef _CR_CONTROL_H_INCLUDED_
#define _CR_CONTROL_H_INCLUDED_


#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>


/* Message types.  S: supervisor, Z: zygote, L: slot-zygote. */

#define CR_CTL_STARTED  1   /* Z > S  the zygote's process runs; a pidfd */
#define CR_CTL_SETUP    2   /* S > Z  text: profile name NUL profile file */
#define CR_CTL_WARM     3   /* Z > S  text: version NUL */
#define CR_CTL_FAILED   4   /* Z > S  text: why it cannot be warm NUL; value:
                               ENOENT when the machine has no such language */
#define CR_CTL_SLOT     5   /* S > Z  fork slot-zygote; its socket, procs */
#define CR_CTL_SLOT_PID 6   /* Z > S  a pidfd; value: errno when it failed */
#define CR_CTL_JOINED   7   /* L > S  it lives in the slot's cgroup */
#define CR_CTL_CELL     8   /* S > L  fork a cell; CR_CELL_FDS descriptors */
#define CR_CTL_CELL_PID 9   /* L > S  a pidfd; value: errno when it failed */


#define CR_CTL_TEXT    66000
#define CR_CTL_FDS     8

/* Descriptors of CR_CTL_CELL, in this order, and their numbers in a cell. */

#define CR_CELL_STDIN      0
#define CR_CELL_STDOUT     1
#define CR_CELL_STDERR     2
#define CR_CELL_JOB        3
#define CR_CELL_RESULT     4
#define CR_CELL_ARTIFACTS  5
#define CR_CELL_FDS        6


typedef struct {
    uint32_t    type;
    uint32_t    slot;        /* slot number within the profile */
    int32_t     value;       /* an errno, or 0 */
    const char *text;        /* sent after the header; NULL: none */
    size_t      len;         /* bytes of text */
    int         fds[CR_CTL_FDS];
    unsigned    nfds;        /* descriptors sent, or received: then ours */
} cr_ctl_t;


/*
 * Sends one message; 0, or -1 with errno (EAGAIN on a non-blocking socket
 * that is full).
 */
int cr_ctl_send(int fd, const cr_ctl_t *ctl);

/*
 * Receives one into *ctl; text points into buf (CR_CTL_TEXT + 16 bytes, the
 * caller's) and is followed by a NUL.  1; 0 at the end of file; -1 with errno,
 * EPROTO for what is no message.  Descriptors are close-on-exec.
 */
int cr_ctl_recv(int fd, cr_ctl_t *ctl, char *buf);

/* Closes the descriptors that came with a message. */
void cr_ctl_close_fds(cr_ctl_t *ctl);


/*
 * clone3(2) as fork: answers 0 in the child, the pid in the parent, -1 with
 * errno.  With CLONE_PIDFD in flags, *pidfd is set in the parent.  No atfork
 * handler runs: the caller must be single-threaded.
 */
pid_t cr_clone(uint64_t flags, int *pidfd);


#endif /* _CR_CONTROL_H_INCLUDED_ */
