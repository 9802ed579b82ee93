
/*
 * The frame codec, compiled into both sides of the helper's socket.
 *
 * It knows lengths and byte order and nothing of what a frame means, so that
 * it can be tested and fuzzed alone.  docs/PROTOCOL.md has the layout.
 */


#ifndef _CR_FRAME_H_INCLUDED_
#define _CR_FRAME_H_INCLUDED_


#include <stddef.h>
#include <stdint.h>


/* Bytes of the header that precedes every payload. */
#define CR_FRAME_HEADER   12

/*
 * The longest payload a peer may send, in bytes.  It holds the largest part
 * of a program (CR_PROGRAM_PART) and the fields of RUN; a longer one ends the
 * connection.
 */
#define CR_FRAME_MAX      (320 * 1024)

/* The longest payload of one STDIN or OUTPUT frame, in bytes. */
#define CR_FRAME_DATA_MAX (16 * 1024)


typedef struct {
    uint32_t  length;   /* bytes of payload that follow the header */
    uint32_t  job;      /* the connection's own number of a job; 0: none */
    uint8_t   type;     /* CR_MSG_* of cr_message.h */
    uint8_t   flags;    /* meaning depends on the type */
} cr_frame_t;


/*
 * Writes the CR_FRAME_HEADER bytes of *frame at buf (little-endian, whatever
 * the machine).  The caller owns both.
 */
void cr_frame_encode(unsigned char *buf, const cr_frame_t *frame);

/*
 * Reads a header from the len bytes at buf.  Returns 1 when *frame is set,
 * 0 when len is less than CR_FRAME_HEADER, -1 when the bytes can be no frame
 * (payload over CR_FRAME_MAX, reserved bytes not zero): the peer must be
 * dropped, for the stream cannot be read on.
 */
int cr_frame_decode(const unsigned char *buf, size_t len, cr_frame_t *frame);


/*
 * A bounded writer and a bounded reader of fields.  Both remember the first
 * failure in `bad`, so a caller packs or unpacks all the fields and asks once.
 * The memory is the caller's; cr_get_bytes() answers pointers into it.
 */

typedef struct {
    unsigned char        *start;
    unsigned char        *pos;
    unsigned char        *end;
    int                   bad;    /* 1 once something did not fit */
} cr_put_t;

typedef struct {
    const unsigned char  *pos;
    const unsigned char  *end;
    int                   bad;    /* 1 once something was missing */
} cr_get_t;


void cr_put_init(cr_put_t *put, void *buf, size_t size);
void cr_put_u8(cr_put_t *put, uint8_t v);
void cr_put_u16(cr_put_t *put, uint16_t v);
void cr_put_u32(cr_put_t *put, uint32_t v);
void cr_put_u64(cr_put_t *put, uint64_t v);
/* A 32-bit length, then the bytes. */
void cr_put_bytes(cr_put_t *put, const void *data, size_t len);
/* Bytes written so far. */
size_t cr_put_len(const cr_put_t *put);

void cr_get_init(cr_get_t *get, const void *buf, size_t len);
uint8_t cr_get_u8(cr_get_t *get);
uint16_t cr_get_u16(cr_get_t *get);
uint32_t cr_get_u32(cr_get_t *get);
uint64_t cr_get_u64(cr_get_t *get);
/*
 * Answers a pointer to a field of at most max bytes and sets *len; NULL with
 * *len 0, and get->bad, when it is longer or cut short.
 */
const unsigned char *cr_get_bytes(cr_get_t *get, size_t max, size_t *len);


#endif /* _CR_FRAME_H_INCLUDED_ */
