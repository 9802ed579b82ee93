
/*
 * One sample of every message, and how to unpack one and walk through what
 * it holds: what the tests of the messages share.
 */


#ifndef _CR_MESSAGE_SAMPLES_H_INCLUDED_
#define _CR_MESSAGE_SAMPLES_H_INCLUDED_


#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cr_message.h"


#define BUF_SIZE  (512 * 1024)

#define str(s)    { (const unsigned char *) (s), sizeof(s) - 1 }


/* A message's sample, and how to unpack one and walk through what it holds. */

typedef struct {
    const char  *name;
    void       (*pack)(cr_put_t *put);
    int        (*unpack)(const void *buf, size_t len);
} codec_t;


static unsigned char  *out;    /* BUF_SIZE bytes to pack into */


/* Reads every byte of a field and tells whether it lies in the payload. */

static void
inside(const void *buf, size_t len, const cr_bytes_t *bytes)
{
    size_t                  i;
    const unsigned char    *start;
    volatile unsigned char  c;

    start = buf;

    if (bytes->len == 0) {
        return;
    }

    assert_true(bytes->data >= start);
    assert_true(bytes->len <= len);
    assert_true((size_t) (bytes->data - start) <= len - bytes->len);

    for (i = 0; i < bytes->len; i++) {
        c = bytes->data[i];
    }

    (void) c;
}


static cr_run_t  run_sample = {
    0x1122334455667788ULL, 256ULL << 20, 30000, 1 << 20, 1 << 16, 65536, 99,
    str("python-open"), str("opaque\0program")
};


static void
run_pack(cr_put_t *put)
{
    cr_run_pack(put, &run_sample);
}


static int
run_unpack(const void *buf, size_t len)
{
    cr_run_t  run;

    if (cr_run_unpack(buf, len, &run) != 0) {
        return -1;
    }

    assert_true(run.runtime.len <= CR_RUNTIME_NAME_MAX);
    assert_true(run.program.len <= CR_PROGRAM_PART);
    assert_true(run.program.len <= run.program_size);
    assert_true(run.program_size <= CR_PROGRAM_MAX);
    inside(buf, len, &run.runtime);
    inside(buf, len, &run.program);

    return 0;
}


static cr_handover_t  handover_sample = {
    0xfedcba9876543210ULL, 0xfffffffe, CR_PROGRAM_MAX
};


static void
handover_pack(cr_put_t *put)
{
    cr_handover_pack(put, &handover_sample);
}


static int
handover_unpack(const void *buf, size_t len)
{
    cr_handover_t  handover;

    if (cr_handover_unpack(buf, len, &handover) != 0) {
        return -1;
    }

    assert_true(handover.program_size <= CR_PROGRAM_MAX);

    return 0;
}


static cr_program_t  program_sample = {
    CR_PROGRAM_CHECK, 3, { str("--flag"), str(""), str("a\0b") },
    str("print('\xc3\xa9')\n"), 2,
    { { CR_FILE_EXECUTE, str("bin/run"), str("\x7f" "ELF\0") },
      { 0, str("data.csv"), str("") } },
    1 << 20, 2, { str("out/*.png"), str("log") }
};


static void
program_pack(cr_put_t *put)
{
    cr_program_pack(put, &program_sample);
}


static int
program_unpack(const void *buf, size_t len)
{
    size_t        size;
    uint16_t      i;
    cr_program_t  program;

    if (cr_program_unpack(buf, len, &program) != 0) {
        return -1;
    }

    assert_true(program.kind <= CR_PROGRAM_COMPILE);
    assert_true(program.nargs <= CR_ARGS_MAX);
    assert_true(program.code.len <= CR_CODE_MAX);

    size = 0;

    for (i = 0; i < program.nargs; i++) {
        inside(buf, len, &program.args[i]);
        size += program.args[i].len;
    }

    assert_true(size <= CR_ARGS_SIZE_MAX);
    inside(buf, len, &program.code);

    assert_true(program.nfiles <= CR_FILES_MAX);

    for (i = 0; i < program.nfiles; i++) {
        assert_true(cr_file_name(&program.files[i].name));
        inside(buf, len, &program.files[i].name);
        inside(buf, len, &program.files[i].content);
    }

    assert_true(program.npatterns <= CR_PATTERNS_MAX);

    for (i = 0; i < program.npatterns; i++) {
        inside(buf, len, &program.patterns[i]);
    }

    return 0;
}


static cr_claim_t  claim_sample = {
    -7, str("SecurityError"), str("import of os is not allowed"), 2,
    { { 1, 8, str("os is not allowed") }, { 0, 0, str("") } }, 0
};


static void
claim_pack(cr_put_t *put)
{
    cr_claim_pack(put, &claim_sample);
}


static int
claim_unpack(const void *buf, size_t len)
{
    uint16_t    i;
    cr_claim_t  claim;

    if (cr_claim_unpack(buf, len, &claim) != 0) {
        return -1;
    }

    assert_true(claim.error_type.len <= CR_ERROR_TYPE_MAX);
    assert_true(claim.error.len <= CR_ERROR_MAX);
    assert_true(claim.nviolations <= CR_VIOLATIONS_MAX);
    inside(buf, len, &claim.error_type);
    inside(buf, len, &claim.error);

    for (i = 0; i < claim.nviolations; i++) {
        assert_true(claim.violations[i].message.len
                    <= CR_VIOLATION_TEXT_MAX);
        inside(buf, len, &claim.violations[i].message);
    }

    return 0;
}


static cr_result_t  result_sample = {
    CR_END_SIGNAL, CR_RESULT_STDERR_CUT, 11, -1, 1234567, 89,
    0x123456789abcULL, str("a reason"), str("claim")
};


static void
result_pack(cr_put_t *put)
{
    cr_result_pack(put, &result_sample);
}


static int
result_unpack(const void *buf, size_t len)
{
    cr_result_t  result;

    if (cr_result_unpack(buf, len, &result) != 0) {
        return -1;
    }

    assert_true(result.end <= CR_END_REFUSED);
    assert_true(result.reason.len <= CR_REASON_MAX);
    assert_true(result.claim.len <= CR_CLAIM_MAX);
    inside(buf, len, &result.reason);
    inside(buf, len, &result.claim);

    return 0;
}


static cr_status_t  status_sample = {
    CR_STATUS_ROOTLESS, str("seccomp landlock"), str("cgroup"), 2,
    {
        { str("python"), str("Python"), str("3.11.2"), str(""),
          CR_PROFILE_POLICY, 16, 12, 3, 70000, 2, 300000, 1ULL << 30,
          512ULL << 20 },
        { str("python-open"), str("Python"), str(""), str("never warmed"),
          CR_PROFILE_ARGS|CR_PROFILE_THREADS|CR_PROFILE_WRITE, 8, 0, 0, 0, 1,
          1000, 1ULL << 40, 0 }
    }
};


static void
status_pack(cr_put_t *put)
{
    cr_status_pack(put, &status_sample);
}


static int
status_unpack(const void *buf, size_t len)
{
    uint16_t              i;
    cr_status_t           status;
    cr_profile_status_t  *profile;

    if (cr_status_unpack(buf, len, &status) != 0) {
        return -1;
    }

    assert_true(status.nprofiles <= CR_PROFILES_MAX);
    inside(buf, len, &status.layers_on);
    inside(buf, len, &status.layers_off);

    for (i = 0; i < status.nprofiles; i++) {
        profile = &status.profiles[i];
        assert_true(profile->name.len <= CR_RUNTIME_NAME_MAX);
        inside(buf, len, &profile->name);
        inside(buf, len, &profile->language);
        inside(buf, len, &profile->version);
        inside(buf, len, &profile->reason);
    }

    return 0;
}


static const codec_t  codecs[] = {
    { "run", run_pack, run_unpack },
    { "handover", handover_pack, handover_unpack },
    { "program", program_pack, program_unpack },
    { "claim", claim_pack, claim_unpack },
    { "result", result_pack, result_unpack },
    { "status", status_pack, status_unpack },
};

#define NCODECS  (sizeof(codecs) / sizeof(codecs[0]))


static size_t
pack(const codec_t *codec)
{
    cr_put_t  put;

    cr_put_init(&put, out, BUF_SIZE);
    codec->pack(&put);
    assert_int_equal(put.bad, 0);

    return cr_put_len(&put);
}


/* Unpacks a copy that is exactly len bytes of memory. */

static int
unpack(const codec_t *codec, const unsigned char *buf, size_t len)
{
    int             rc;
    unsigned char  *p;

    p = malloc(len ? len : 1);
    assert_non_null(p);
    memcpy(p, buf, len);

    rc = codec->unpack(p, len);

    free(p);

    return rc;
}


#endif /* _CR_MESSAGE_SAMPLES_H_INCLUDED_ */
