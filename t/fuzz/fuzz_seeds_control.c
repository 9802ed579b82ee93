
/* Seeds of fuzz_control.c: what goes on among zygotes, cells and workers. */


#include <string.h>

#include "fuzz_seeds.h"
#include "fuzz_steps.h"


#define str(s)  { (const unsigned char *) (s), sizeof(s) - 1 }


static cr_put_t       *out;
static fuzz_save_pt    save;

static unsigned char   payload[CR_CLAIM_MAX];
static cr_put_t        packed;

static const cr_claim_t  claim = {
    1, str("ZeroDivisionError"), str("division by zero"), 1,
    { { 2, 5, str("eval is not allowed") } }, 0
};

static const cr_claim_t  claim_fine = { .exit_code = 0 };


static void
raw(const void *data, size_t len)
{
    if (len > (size_t) (out->end - out->pos)) {
        out->bad = 1;
        return;
    }

    memcpy(out->pos, data, len);
    out->pos += len;
}


/* As fuzz_bytes() reads it. */

static void
piece(const void *data, size_t len)
{
    cr_put_u16(out, (uint16_t) len);
    raw(data, len);
}


/* A cell's frame with what was packed last, as a piece. */

static void
frame(uint8_t type, uint32_t job, uint8_t flags)
{
    cr_frame_t     header;
    unsigned char  buf[CR_FRAME_HEADER];

    header.length = cr_put_len(&packed);
    header.job = job;
    header.type = type;
    header.flags = flags;
    cr_frame_encode(buf, &header);

    cr_put_u16(out, CR_FRAME_HEADER + header.length);
    raw(buf, sizeof(buf));
    raw(payload, header.length);

    cr_put_init(&packed, payload, sizeof(payload));
}


static void
step(unsigned kind, unsigned who)
{
    cr_put_u8(out, kind);

    if (kind != HONEST) {
        cr_put_u8(out, who);
    }
}


/* A worker with job 1 in the first slot that was parked. */

static void
control_running(void)
{
    unsigned  i;

    for (i = 0; i < 6; i++) {
        step(HONEST, 0);
    }

    step(WORKER_RUNS, 0);
    step(WORKER_RUNS, 1 << 1);
}


/* Cells made when a job comes, tools, programs of their own, in parts. */

static void
control_kinds(void)
{
    unsigned  i, slot;

    step(RUNTIME_IS, 0);
    control_running();
    for (i = 0; i < 5; i++) {
        step(HONEST, 0);
    }
    step(TIME_GOES, 24);
    step(WORKER_RUNS, 2 << 1);
    step(HONEST, 0);
    step(HONEST, 0);
    step(ZYGOTE_ENDS, 0);
    step(TIME_GOES, 20);
    step(HONEST, 0);
    step(HONEST, 0);
    step(HONEST, 0);
    save("control", "cold");

    step(HONEST, 0);
    step(ZYGOTE_SAYS, 0);
    raw("\4\0\2\0", 4);                         /* FAILED: ENOENT */
    piece("not installed", 13);
    step(ZYGOTE_ENDS, 0);
    step(WORKER_RUNS, 0);
    step(WORKER_RUNS, 1 << 1);
    step(TIME_GOES, 26);
    step(HONEST, 0);
    step(HONEST, 0);
    step(HONEST, 0);
    step(WORKER_RUNS, 2 << 1);
    save("control", "absent");

    for (slot = 0; slot < 2; slot++) {
        step(RUNTIME_IS, 2 | 4);
        control_running();
        step(CELL_RESULT, slot);
        cr_claim_pack(&packed, &claim_fine);
        frame(CR_MSG_CLAIM, 0, 9);                  /* by SIGKILL */
        step(WORKER_STOPS, 1 << 1);
        step(TIME_GOES, 16);
        save("control", slot ? "signal_second" : "signal_first");

        control_running();
        step(WORKER_RUNS, 6 << 1);
        for (i = 0; i < 4; i++) {
            step(WORKER_GOES_ON, 6 << 1);
        }
        step(CELL_WRITES, slot | 4);
        piece("artifact", 8);
        step(TIME_GOES, 12);
        step(WORKER_RUNS, 7 << 1);
        step(WORKER_GOES_ON, 7 << 1);
        save("control", slot ? "in_parts_second" : "in_parts_first");
    }
}


void
fuzz_seeds_control(cr_put_t *put, fuzz_save_pt save_seed)
{
    unsigned  slot;

    out = put;
    save = save_seed;
    cr_put_init(&packed, payload, sizeof(payload));

    control_kinds();

    control_running();
    step(HONEST, 0);
    step(TIME_GOES, 12);
    save("control", "honest");

    for (slot = 0; slot < 2; slot++) {
        control_running();
        step(CELL_WRITES, slot | 2);
        piece("out", 3);
        step(CELL_WRITES, slot);
        piece("err", 3);
        step(CELL_RESULT, slot);
        cr_claim_pack(&packed, &claim);
        frame(CR_MSG_CLAIM, 0, 0);
        step(TIME_GOES, 12);
        save("control", slot ? "claim_second" : "claim_first");

        control_running();
        step(CELL_RESULT, slot);
        frame(CR_MSG_PARKED, 0, 0);
        step(CELL_ENDS, slot | 2 | 9 << 2);
        save("control", slot ? "forged_second" : "forged_first");

        control_running();
        step(TIME_GOES, 24);
        step(TIME_GOES, 16);
        save("control", slot ? "timeout_renewal" : "timeout");
    }

    control_running();
    step(WORKER_FEEDS, 1 << 1);
    step(CELL_READS, 0);
    step(CELL_READS, 1);
    step(CELL_READS, 0);
    step(CELL_READS, 1);
    step(WORKER_GRANTS, 1 << 1);
    step(WORKER_HEARS, 0);
    step(WORKER_STOPS, 1 << 1);
    step(TIME_GOES, 16);
    save("control", "fed_and_stopped");

    control_running();
    step(KEEPER_ENDS, 0);
    step(KEEPER_ENDS, 1);
    step(TIME_GOES, 20);
    step(HONEST, 0);
    step(CELL_ENDS, 0);
    step(CELL_ENDS, 1);
    save("control", "keepers_end");

    control_running();
    step(ZYGOTE_ENDS, 1);
    step(TIME_GOES, 20);
    step(HONEST, 0);
    step(HONEST, 0);
    save("control", "init_ends");

    step(HONEST, 0);
    step(ZYGOTE_SAYS, 0);
    raw("\4\0\0\0", 4);                         /* FAILED */
    piece("no module", 9);
    step(ZYGOTE_ENDS, 0);
    step(TIME_GOES, 22);
    save("control", "failed");

    step(HONEST, 0);
    step(ZYGOTE_SAYS, 0);
    raw("\0\0\0\101\3\0" "abc", 9);            /* no header */
    step(HONEST, 0);
    save("control", "headless");

    step(HONEST, 0);
    step(ZYGOTE_SAYS, 0);
    raw("\3\0\0\60\0\0", 6);                   /* 13 descriptors */
    step(HONEST, 0);
    save("control", "many_descriptors");

    step(HONEST, 0);
    step(ZYGOTE_SAYS, 0);
    raw("\4\0\0\201\0\0", 6);                  /* FAILED, for too long */
    step(HONEST, 0);
    save("control", "long_text");

    step(HONEST, 0);
    step(HONEST, 0);
    step(KEEPER_SAYS, 0);
    raw("\7\0\0\0\0\0", 6);                     /* JOINED */
    step(KEEPER_SAYS, 0);
    raw("\11\0\0\1\0\0", 6);                    /* CELL_PID, its child's */
    step(CELL_RESULT, 0);
    cr_put_u32(&packed, 0);
    frame(CR_MSG_UNFIT, 0, 0);
    step(KEEPER_SAYS, 0);
    raw("\11\0\0\2\0\0", 6);                    /* and again */
    step(ZYGOTE_SAYS, 0);
    raw("\6\0\0\2\0\0", 6);                     /* SLOT_PID, that cell's */
    step(CELL_ENDS, 2 | 11 << 2);
    save("control", "pidfds_of_others");

    step(HONEST, 0);
    step(HONEST, 0);
    step(KEEPER_SAYS, 0);
    raw("\7\0\0\0\0\0", 6);
    step(KEEPER_SAYS, 0);
    raw("\11\0\0\1\0\0", 6);
    step(CELL_RESULT, 0);
    frame(CR_MSG_PARKED, 0, 0);
    step(ZYGOTE_SAYS, 0);
    raw("\6\0\0\2\0\0", 6);
    step(WORKER_RUNS, 0);
    step(WORKER_RUNS, 2 << 1);
    step(CELL_ENDS, 2 | 11 << 2);
    save("control", "cell_as_its_slot_zygote");

    step(HONEST, 0);
    step(HONEST, 0);
    step(ZYGOTE_SAYS, 0);
    raw("\6\0\0\1\0\0", 6);                     /* SLOT_PID, its child's */
    step(KEEPER_SAYS, 0);
    raw("\7\0\0\0\0\0", 6);
    step(KEEPER_SAYS, 0);
    raw("\11\0\0\2\0\0", 6);                    /* CELL_PID, its own */
    step(CELL_RESULT, 0);
    frame(CR_MSG_PARKED, 0, 0);
    step(WORKER_RUNS, 0);
    step(WORKER_RUNS, 2 << 1);
    step(KEEPER_ENDS, 0);
    step(TIME_GOES, 12);
    save("control", "slot_zygote_as_its_cell");
}
