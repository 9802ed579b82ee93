
/*
 * A supervisor among enemies: zygotes, slot-zygotes and cells that say what
 * they like, with any descriptors, in any order, and die at any moment, while
 * two workers ask for jobs.
 *
 * An input is a chain of steps: what is done, by whom, and what goes with it.
 */


#include <string.h>

#include "fuzz_steps.h"
#include "fuzz_supervisor.h"


#define STEPS  400      /* of one input */


/* Frames that an input has for two bytes. */

static void
worker_frame(unsigned worker, unsigned number, uint8_t type, cr_put_t *put)
{
    cr_frame_t  frame;

    frame.length = cr_put_len(put) - CR_FRAME_HEADER;
    frame.job = number;
    frame.type = type;
    frame.flags = number & CR_FLAG_EOF;

    cr_frame_encode(put->start, &frame);
    fuzz_worker_write(worker, put->start, cr_put_len(put));
}


/* Odd numbers have much to be read; bits: artifacts, a program in parts. */

static void
worker_does(unsigned worker, unsigned number, unsigned kind)
{
    cr_run_t              run;
    cr_put_t              put;
    static unsigned char  buf[CR_FRAME_HEADER + 12000], text[10000];

    cr_put_init(&put, buf, sizeof(buf));
    put.pos += CR_FRAME_HEADER;

    switch (kind) {

    case WORKER_FEEDS:
        put.pos += number & 1 ? sizeof(text) : 1;
        worker_frame(worker, number, CR_MSG_STDIN, &put);
        return;

    case WORKER_GOES_ON:
        put.pos += number & 1 ? 6000 : 1;
        worker_frame(worker, number, CR_MSG_PROGRAM, &put);
        return;

    case WORKER_GRANTS:
        cr_put_u32(&put, number & 1 ? UINT32_MAX : 10);
        worker_frame(worker, number, CR_MSG_CREDIT, &put);
        return;

    case WORKER_STOPS:
        worker_frame(worker, number, CR_MSG_STOP, &put);
        return;
    }

    /* Said once too often it ends the connection, which is worth a try. */

    if (number == 0) {
        cr_put_u32(&put, CR_PROTOCOL_VERSION);
        worker_frame(worker, number, CR_MSG_HELLO, &put);
        return;
    }

    memset(&run, 0, sizeof(run));
    run.user = number & 3;
    run.output_limit = 10000;
    run.artifact_limit = number & 2 ? 5000 : 0;
    run.credit = 1000;
    run.runtime.data = (const unsigned char *) "python";
    run.runtime.len = 6;
    run.program.data = text;
    run.program.len = number & 1 ? sizeof(text) : 7;
    run.program_size = run.program.len;

    /* Part of it comes later. */

    if (number & 4) {
        run.program.len /= 2;
    }

    cr_run_pack(&put, &run);
    worker_frame(worker, number, CR_MSG_RUN, &put);
}


/* A header as cr_control.c has it, and what follows; or the latter alone. */

static void
zygote_says(fuzz_in_t *in, int of_zygote, unsigned slot)
{
    size_t          len;
    unsigned        how;
    uint32_t        header[3];
    const uint8_t  *text;
    static char     message[sizeof(header) + 2 * CR_CTL_TEXT];

    header[0] = fuzz_u8(in);
    header[1] = fuzz_u8(in);
    header[2] = (int8_t) fuzz_u8(in);
    how = fuzz_u8(in);
    text = fuzz_bytes(in, &len);

    memcpy(message, header, sizeof(header));
    memcpy(message + sizeof(header), text, len);

    /* Bits: two for a kind, four for how many more, headless, too long. */

    if (how & 0x40) {
        fuzz_control(of_zygote, slot, text, len, how & 3, 1 + (how >> 2 & 15));
        return;
    }

    len = how & 0x80 ? sizeof(message) : sizeof(header) + len;

    fuzz_control(of_zygote, of_zygote ? header[1] : slot, message, len,
                 how & 3, how ? 1 + (how >> 2 & 15) : 0);
}


static void
step(fuzz_in_t *in)
{
    size_t          len;
    unsigned        kind, who, slot;
    const uint8_t  *p;

    kind = fuzz_u8(in) % CONTROL_KINDS;

    /* Waiting for the honest needs nothing more. */

    if (kind == HONEST) {
        fuzz_honest();
        return;
    }

    who = fuzz_u8(in);
    slot = who % FUZZ_SLOTS;

    switch (kind) {

    case WORKER_SAYS:
        p = fuzz_bytes(in, &len);
        fuzz_worker_write(who, p, len);
        break;

    case WORKER_RUNS:
    case WORKER_FEEDS:
    case WORKER_GRANTS:
    case WORKER_STOPS:
    case WORKER_GOES_ON:
        worker_does(who & 1, who >> 1, kind);
        break;

    case WORKER_HEARS:
        fuzz_worker_reads(who, who & 2);
        break;

    case WORKER_GOES:
        fuzz_worker_close(who);
        break;

    case ZYGOTE_SAYS:
        zygote_says(in, 1, slot);
        break;

    case KEEPER_SAYS:
        zygote_says(in, 0, slot);
        break;

    case CELL_RESULT:
        p = fuzz_bytes(in, &len);
        fuzz_cell_write(slot, CR_CELL_RESULT, p, len);
        break;

    case CELL_WRITES:
        p = fuzz_bytes(in, &len);
        fuzz_cell_write(slot, who & 4 ? CR_CELL_ARTIFACTS
                              : who & 2 ? CR_CELL_STDOUT : CR_CELL_STDERR,
                        p, len);
        break;

    case CELL_READS:
        (void) fuzz_cell_reads(slot);
        break;

    case CELL_ENDS:
        fuzz_cell_ends(slot, who & 2 ? who >> 2 : who << 6 & 0xff00);
        break;

    case KEEPER_ENDS:
        fuzz_keeper_ends(slot);
        break;

    case ZYGOTE_ENDS:
        fuzz_zygote_ends(who & 1);
        break;

    case RUNTIME_IS:
        fuzz_runtime(who & 3, who & 4);
        break;

    case TIME_GOES:
        fuzz_sleep(1ull << who % 28);
        break;
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned   i;
    fuzz_in_t  in;

    in.pos = data;
    in.end = data + size;

    fuzz_begin();

    for (i = 0; in.pos < in.end && i < STEPS; i++) {
        step(&in);
        fuzz_round();
    }

    fuzz_end();

    return 0;
}
