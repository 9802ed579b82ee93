
/*
 * Writes the seeds that real encoders make, DIR/TARGET/NAME, so that a fuzzer
 * begins with inputs that reach far.  An argument names DIR; it is run from
 * the top of the tree.
 */


#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "cr_message.h"
#include "fuzz.h"
#include "fuzz_seeds.h"
#include "fuzz_steps.h"


#define str(s)  { (const unsigned char *) (s), sizeof(s) - 1 }


static const char     *dir;

static unsigned char   seed[CR_FRAME_MAX];
static cr_put_t        put;

static unsigned char   payload[CR_FRAME_MAX];
static cr_put_t        packed;


static const cr_run_t  run = {
    7, 64 << 20, 1000, 100, 0, 4096, 7, str("python"), str("program")
};

static const cr_handover_t  handover = {
    1ull << 33, 30000, 7
};

static const cr_program_t  program = {
    CR_PROGRAM_RUN, 2, { str("one"), str("") }, str("print('h\xc3\xa9')\n"),
    1, { { CR_FILE_EXECUTE, str("bin/a"), str("file") } },
    100, 1, { str("out/*.png") }
};

static const cr_claim_t  claim = {
    1, str("ZeroDivisionError"), str("division by zero"), 1,
    { { 2, 5, str("eval is not allowed") } }, 0
};

static const cr_artifact_t  artifact = { 0, 0, str("a"), str("") };

static const cr_claim_t  claim_fine = { .exit_code = 0 };

static const cr_status_t  status = {
    CR_STATUS_ROOTLESS, str("pid mount"), str("cgroup"), 1,
    { { str("python"), str("Python"), str("3.11.2"), str(""),
        CR_PROFILE_POLICY, 16, 4, 1, 0, 2, 300000, 1 << 30,
        0 } }
};


static void
save(const char *target, const char *name)
{
    char   path[512];
    FILE  *f;

    snprintf(path, sizeof(path), "%s/%s", dir, target);
    (void) mkdir(path, 0777);

    snprintf(path, sizeof(path), "%s/%s/%s", dir, target, name);
    f = fopen(path, "we");

    if (put.bad || f == NULL
        || fwrite(seed, 1, cr_put_len(&put), f) != cr_put_len(&put)
        || fclose(f) != 0)
    {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(1);
    }

    cr_put_init(&put, seed, sizeof(seed));
}


static void
raw(const void *data, size_t len)
{
    if (len > (size_t) (put.end - put.pos)) {
        put.bad = 1;
        return;
    }

    memcpy(put.pos, data, len);
    put.pos += len;
}


/* As fuzz_bytes() reads it. */

static void
piece(const void *data, size_t len)
{
    cr_put_u16(&put, (uint16_t) len);
    raw(data, len);
}


/* A frame with what was packed last, as a piece. */

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

    cr_put_u16(&put, CR_FRAME_HEADER + header.length);
    raw(buf, sizeof(buf));
    raw(payload, header.length);

    cr_put_init(&packed, payload, sizeof(payload));
}


static void
frame_u32(uint8_t type, uint32_t job, uint32_t value)
{
    cr_put_u32(&packed, value);
    frame(type, job, 0);
}


static void
frame_run(uint32_t job)
{
    cr_run_pack(&packed, &run);
    frame(CR_MSG_RUN, job, 0);
}


/* The first three bytes of its program. */

static void
frame_run_part(uint32_t job)
{
    cr_run_t  part;

    part = run;
    part.program.len = 3;

    cr_run_pack(&packed, &part);
    frame(CR_MSG_RUN, job, 0);
}


static void
frame_text(uint8_t type, uint32_t job, uint8_t flags, const char *text)
{
    memcpy(packed.pos, text, strlen(text));
    packed.pos += strlen(text);
    frame(type, job, flags);
}


static void
frame_result(uint32_t job, uint8_t end)
{
    cr_put_t       inner;
    cr_result_t    result;
    unsigned char  buf[CR_CLAIM_MAX];

    memset(&result, 0, sizeof(result));
    result.end = end;
    result.run_us = 1500;
    result.cpu_us = 1200;
    result.peak = 4 << 20;

    if (end == CR_END_CLAIM) {
        cr_put_init(&inner, buf, sizeof(buf));
        cr_claim_pack(&inner, &claim);
        result.claim.data = buf;
        result.claim.len = cr_put_len(&inner);
    }

    if (end == CR_END_LOST) {
        result.reason.data = (const unsigned char *) "it was lost";
        result.reason.len = 11;
    }

    cr_result_pack(&packed, &result);
    frame(CR_MSG_RESULT, job, 0);
}


static void
message_seeds(void)
{
    cr_frame_t   header = { 5, 1, CR_MSG_STDIN, CR_FLAG_EOF };
    cr_result_t  result = {
        CR_END_SIGNAL, CR_RESULT_STDOUT_CUT, 11, 0, 1, 2, 3, str("why"),
        str("claim")
    };

    cr_put_u8(&put, 0);
    cr_frame_encode(put.pos, &header);
    put.pos += CR_FRAME_HEADER;
    save("message", "header");

    cr_put_u8(&put, 1);
    cr_run_pack(&put, &run);
    save("message", "run");

    cr_put_u8(&put, 2);
    cr_handover_pack(&put, &handover);
    save("message", "handover");

    cr_put_u8(&put, 3);
    cr_program_pack(&put, &program);
    save("message", "program");

    cr_put_u8(&put, 4);
    cr_claim_pack(&put, &claim);
    save("message", "claim");

    cr_put_u8(&put, 5);
    cr_result_pack(&put, &result);
    save("message", "result");

    cr_put_u8(&put, 6);
    cr_status_pack(&put, &status);
    save("message", "status");
}


/* The supervisor's others take so many steps. */

static void
others(unsigned n)
{
    while (n--) {
        cr_put_u16(&put, 0x8000);
    }
}


static void
frame_seeds(void)
{
    unsigned  i;

    frame_u32(CR_MSG_HELLO, 0, CR_PROTOCOL_VERSION);
    frame_run(1);
    frame_text(CR_MSG_STDIN, 1, CR_FLAG_EOF, "input\n");
    frame_u32(CR_MSG_CREDIT, 1, 65536);
    others(1);
    frame(CR_MSG_STATUS, 0, 0);
    others(2);
    frame(CR_MSG_STOP, 1, 0);
    save("frame", "one_job");

    frame_u32(CR_MSG_HELLO, 0, CR_PROTOCOL_VERSION);
    for (i = 1; i < 12; i++) {
        frame_run(i);
    }
    frame(CR_MSG_STOP, 11, 0);
    frame(CR_MSG_STOP, 1, 0);
    frame(CR_MSG_STOP, 99, 0);
    others(8);
    save("frame", "queue_full_and_stops");

    frame_u32(CR_MSG_HELLO, 0, CR_PROTOCOL_VERSION);
    frame_run(5);
    frame_run(5);
    save("frame", "number_taken");

    frame_u32(CR_MSG_HELLO, 0, CR_PROTOCOL_VERSION + 1);
    save("frame", "other_version");

    frame_run(1);
    save("frame", "no_hello");

    frame_u32(CR_MSG_HELLO, 0, CR_PROTOCOL_VERSION);
    piece("\xff\xff\xff\xff\1\0\0\0\3\0\0\0", CR_FRAME_HEADER);
    save("frame", "too_long");

    frame_u32(CR_MSG_HELLO, 0, CR_PROTOCOL_VERSION);
    frame_run(1);
    for (i = 0; i < 40; i++) {
        frame_text(CR_MSG_STDIN, 1, 0, "more than the program reads at once");
    }
    others(2);
    save("frame", "much_input");

    frame_u32(CR_MSG_HELLO, 0, CR_PROTOCOL_VERSION);
    frame_run_part(1);
    frame_text(CR_MSG_PROGRAM, 1, 0, "gr");
    others(1);
    frame_text(CR_MSG_PROGRAM, 1, 0, "am");
    others(3);
    frame_run_part(2);
    frame(CR_MSG_STOP, 2, 0);
    frame_run_part(3);
    frame_text(CR_MSG_PROGRAM, 3, 0, "too much");
    save("frame", "in_parts");
}

static void
stream_made(uint8_t how)
{
    cr_put_u8(&put, WELCOMED);
    cr_put_u8(&put, JOB_MADE);
    cr_put_u8(&put, how);
}


/* A run that ends well, after it brought an artifact twice, or wrote. */

static void
stream_run(uint32_t number, uint8_t stream)
{
    cr_put_t       inner;
    cr_result_t    result;
    unsigned char  buf[64];

    cr_put_u8(&put, SUPERVISOR_SAYS);
    frame(CR_MSG_STARTED, number, 0);

    if (stream == CR_ARTIFACTS) {
        cr_artifact_pack(&packed, &artifact);
        cr_artifact_pack(&packed, &artifact);
    }

    cr_put_u8(&put, SUPERVISOR_SAYS);
    frame_text(CR_MSG_OUTPUT, number, stream,
               stream == CR_ARTIFACTS ? "" : "Traceback");

    memset(&result, 0, sizeof(result));
    cr_put_init(&inner, buf, sizeof(buf));
    cr_claim_pack(&inner, &claim_fine);
    result.claim.data = buf;
    result.claim.len = cr_put_len(&inner);
    cr_result_pack(&packed, &result);

    cr_put_u8(&put, SUPERVISOR_SAYS);
    frame(CR_MSG_RESULT, number, 0);
}


static void
stream_seeds(void)
{
    char      name[32];
    uint8_t   end;
    uint32_t  number;

    for (end = 0; end <= CR_END_REFUSED; end++) {
        cr_put_u8(&put, WELCOMED);
        cr_put_u8(&put, JOB_MADE);
        cr_put_u8(&put, 7);
        cr_put_u8(&put, JOB_WAITED_FOR);
        cr_put_u8(&put, 0);
        cr_put_u8(&put, SUPERVISOR_SAYS);
        frame(CR_MSG_STARTED, 1, 0);
        cr_put_u8(&put, SUPERVISOR_SAYS);
        frame_u32(CR_MSG_CREDIT, 1, 100);
        cr_put_u8(&put, SUPERVISOR_SAYS);
        frame_text(CR_MSG_OUTPUT, 1, CR_STDERR, "Traceback");
        cr_put_u8(&put, SUPERVISOR_SAYS);
        frame_result(1, end);

        snprintf(name, sizeof(name), "end_%u", end);
        save("stream", name);
    }

    cr_put_u8(&put, SUPERVISOR_SAYS);
    frame_u32(CR_MSG_WELCOME, 0, CR_PROTOCOL_VERSION);
    cr_put_u8(&put, SUPERVISOR_SAYS);
    cr_status_pack(&packed, &status);
    frame(CR_MSG_STATUS, 0, 0);
    cr_put_u8(&put, JOB_MADE);
    cr_put_u8(&put, 0);
    cr_put_u8(&put, HANGS_UP);
    cr_put_u8(&put, TIMER);
    cr_put_u8(&put, WELCOMED);
    cr_put_u8(&put, HANGS_UP);
    save("stream", "lost_twice");

    cr_put_u8(&put, WELCOMED);
    cr_put_u8(&put, JOB_MADE);
    cr_put_u8(&put, 8 | 1);
    cr_put_u8(&put, INPUT_ADDED);
    cr_put_u8(&put, 0);
    cr_put_u8(&put, 1);
    cr_put_u8(&put, SUPERVISOR_SAYS);
    frame(CR_MSG_STARTED, 1, 0);
    cr_put_u8(&put, INPUT_ADDED);
    cr_put_u8(&put, 0);
    cr_put_u8(&put, 8 | 4 | 2);
    cr_put_u8(&put, SUPERVISOR_SAYS);
    frame_u32(CR_MSG_CREDIT, 1, 40000);
    cr_put_u8(&put, SUPERVISOR_SAYS);
    frame_result(1, CR_END_EXIT);
    save("stream", "input_added");

    stream_made(1 | 16 | 32 | 64);
    stream_run(1, CR_ARTIFACTS);
    stream_run(2, CR_ARTIFACTS);
    save("stream", "compiled");

    stream_made(64 | 128);
    stream_run(1, CR_ARTIFACTS);

    for (number = 2; number < 23; number++) {
        stream_run(number, CR_STDOUT);
    }

    save("stream", "cases");

    cr_put_u8(&put, WELCOMED);
    cr_put_u8(&put, SOCKET_TAKES);
    cr_put_u8(&put, 1);
    cr_put_u8(&put, JOB_MADE);
    cr_put_u8(&put, 3);
    cr_put_u8(&put, WRITABLE);
    cr_put_u8(&put, SOCKET_TAKES);
    cr_put_u8(&put, 0);
    cr_put_u8(&put, JOB_STOPPED);
    cr_put_u8(&put, 0);
    save("stream", "socket_breaks");
}


static void
store_step(unsigned kind, unsigned job, unsigned how, unsigned value)
{
    cr_put_u8(&put, kind);
    cr_put_u8(&put, job | how << 4);
    cr_put_u16(&put, value);
}


static void
store_seeds(void)
{
    unsigned  n;

    store_step(STORE_CREATE, 1, 2, 0x7f7f);
    store_step(STORE_INPUT, 1, 0, 9000);
    store_step(STORE_APPEND, 1, 0, 5000);
    store_step(STORE_READ, 1, 0, 700);
    store_step(STORE_INPUT_READ, 1, 0, 8999);
    store_step(STORE_APPEND, 1, 1, 30);
    store_step(STORE_EXTRAS, 1, 0, 7000);
    store_step(STORE_INPUT, 1, 1, 1);
    store_step(STORE_INPUT_READ, 1, 0, 2);
    store_step(STORE_SEEK, 1, 0, 4990);
    store_step(STORE_FINISH, 1, 0, 6000);
    save("store", "input_between_output");

    for (n = 0; n < 16; n++) {
        store_step(STORE_CREATE, n, n % 5, 0x7f7f);
        store_step(STORE_INPUT, n, 0, 6000);
        store_step(STORE_APPEND, n, 0, 6000);

        if (n % 3) {
            store_step(STORE_FINISH, n, 0, 300);
        }
    }

    save("store", "full");
}


static void
result_seed(const char *name, uint8_t end, const cr_claim_t *of,
    const char *out)
{
    static const uint8_t  numbers[] = {
        CR_RESULT_STDOUT_CUT, 11, 1, 0, 220, 5, 3, 0, 1, 20, 0xe8, 3, 0, 1,
        20, 1, 0
    };

    cr_put_u8(&put, end);
    cr_put_u8(&put, 0);
    raw(numbers, sizeof(numbers));

    if (of) {
        cr_claim_pack(&packed, of);
    }

    piece(payload, cr_put_len(&packed));
    cr_put_init(&packed, payload, sizeof(payload));

    piece("a reason", 8);
    piece(out, strlen(out));
    piece("", 0);
    save("result", name);
}


static void
result_seeds(void)
{
    result_seed("claim", CR_END_CLAIM, &claim, "Hello\n");
    result_seed("completed", CR_END_CLAIM, &claim_fine, "cut in \xe2\x82");
    result_seed("unreadable", CR_END_CLAIM, NULL, "\xff\xc0\x80\xed\xa0\x80");
    result_seed("exit", CR_END_EXIT, NULL, "\xf0\x9f\x98\x80");
    result_seed("signal", CR_END_SIGNAL, NULL, "");
    result_seed("timeout", CR_END_TIMEOUT, NULL, "\"\\\b\t");
    result_seed("memory", CR_END_MEMORY, NULL, "\xf4\x90\x80\x80");
    result_seed("lost", CR_END_LOST, NULL, "");
}


/* A file of the tree that is shipped, after what precedes it in an input. */

static void
file_seed(const char *target, const char *name, const char *before,
    const char *path)
{
    FILE  *f;

    raw(before, strlen(before));

    f = fopen(path, "re");

    if (f == NULL) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(1);
    }

    put.pos += fread(put.pos, 1, put.end - put.pos, f);
    fclose(f);

    save(target, name);
}


int
main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: make_seeds DIR\n");
        return 2;
    }

    dir = argv[1];

    cr_put_init(&put, seed, sizeof(seed));
    cr_put_init(&packed, payload, sizeof(payload));

    message_seeds();
    frame_seeds();
    fuzz_seeds_control(&put, save);
    stream_seeds();
    store_seeds();
    fuzz_seeds_websocket(&put, save);
    result_seeds();
    fuzz_seeds_request(&put, save);

    file_seed("profile", "python", "\6python", "conf/runtimes.d/python.conf");
    file_seed("profile", "python_open", "\13python-open",
              "conf/runtimes.d/python-open.conf");
    file_seed("conf", "shipped", "", "conf/sandbox.conf");

    return 0;
}
