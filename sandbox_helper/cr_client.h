
/* What the two files of a worker's connection share. */


#ifndef _CR_CLIENT_H_INCLUDED_
#define _CR_CLIENT_H_INCLUDED_


#include "cr_supervisor.h"


/* Connections of one process: a worker has one, and for a moment the last. */
#define CR_CLIENT_PROCESS  8

/*
 * Frames of a worker that are handled before it is others' turn; and bytes it
 * has not read that are so many that it is not heard until it does.
 */
#define CR_CLIENT_FRAMES   256
#define CR_CLIENT_FULL     (1 << 20)


static inline int
cr_client_full(const cr_client_t *client)
{
    return client->out.len - client->out.pos > CR_CLIENT_FULL;
}


/* cr_client.c */
/* The place of the job of this number; it points to NULL: there is none. */
cr_job_t **cr_job_find(cr_client_t *client, uint32_t number);
/* A job that was not handed over takes no turn. */
void cr_job_leave(cr_job_t *job);
/* What is said goes out at the end of the loop's round. */
void cr_client_speak(cr_client_t *client);
/* Room for a frame with len bytes of payload, or NULL; then the frame. */
unsigned char *cr_client_room(cr_client_t *client, size_t len);
void cr_client_commit(cr_client_t *client, uint32_t number, uint8_t type,
    uint8_t flags, size_t len);
void cr_client_send_u32(cr_client_t *client, uint32_t number, uint8_t type,
    uint32_t value);

/* Whether its process has as many connections as it may; and its HELLO. */
int cr_client_crowds(const cr_client_t *client);
void cr_client_welcome(cr_client_t *client);

/* cr_client_frame.c: handles whole frames that have come.  0; 1: some may be
 * left; -1 when the peer broke the protocol. */
int cr_client_frames(cr_client_t *client);


#endif /* _CR_CLIENT_H_INCLUDED_ */
