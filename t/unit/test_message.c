
/*
 * The messages, each through the same trials: a round trip, every
 * truncation, every buffer too small, a byte too many, every bit flipped,
 * and garbage.  What is unpacked must lie inside the payload, which is
 * allocated to its exact size, so that valgrind and ASan see a read past it.
 */


#include "message_samples.h"


static uint64_t
rnd(void)
{
    static uint64_t  x = 0x2545f4914f6cdd1dULL;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;

    return x;
}


static void
assert_bytes(const cr_bytes_t *got, const cr_bytes_t *expected)
{
    assert_int_equal(got->len, expected->len);

    if (expected->len != 0) {
        assert_memory_equal(got->data, expected->data, expected->len);
    }
}


static void
test_run(void **state)
{
    size_t    len;
    cr_run_t  run;

    (void) state;

    len = pack(&codecs[0]);
    assert_int_equal(cr_run_unpack(out, len, &run), 0);

    assert_true(run.user == run_sample.user);
    assert_true(run.memory == run_sample.memory);
    assert_int_equal(run.timeout_ms, run_sample.timeout_ms);
    assert_int_equal(run.output_limit, run_sample.output_limit);
    assert_int_equal(run.artifact_limit, run_sample.artifact_limit);
    assert_int_equal(run.program_size, run_sample.program_size);
    assert_int_equal(run.credit, run_sample.credit);
    assert_bytes(&run.runtime, &run_sample.runtime);
    assert_bytes(&run.program, &run_sample.program);
}


static void
test_handover(void **state)
{
    size_t         len;
    cr_handover_t  handover;

    (void) state;

    len = pack(&codecs[1]);
    assert_int_equal(cr_handover_unpack(out, len, &handover), 0);

    assert_true(handover.address_space == handover_sample.address_space);
    assert_int_equal(handover.timeout_ms, handover_sample.timeout_ms);
    assert_int_equal(handover.program_size, handover_sample.program_size);
    assert_int_equal(len, CR_HANDOVER_SIZE);
}


static void
test_program(void **state)
{
    size_t        i, len;
    cr_program_t  program;

    (void) state;

    len = pack(&codecs[2]);
    assert_int_equal(cr_program_unpack(out, len, &program), 0);

    assert_int_equal(program.kind, program_sample.kind);
    assert_int_equal(program.nargs, 3);

    for (i = 0; i < 3; i++) {
        assert_bytes(&program.args[i], &program_sample.args[i]);
    }

    assert_bytes(&program.code, &program_sample.code);

    assert_int_equal(program.nfiles, 2);
    assert_int_equal(program.artifact_max, program_sample.artifact_max);
    assert_int_equal(program.npatterns, 2);

    for (i = 0; i < 2; i++) {
        assert_int_equal(program.files[i].flags,
                         program_sample.files[i].flags);
        assert_bytes(&program.files[i].name, &program_sample.files[i].name);
        assert_bytes(&program.files[i].content,
                     &program_sample.files[i].content);
        assert_bytes(&program.patterns[i], &program_sample.patterns[i]);
    }
}


static void
test_file_names(void **state)
{
    size_t      i;
    cr_bytes_t  name;

    static const struct {
        const char  *name;
        int          fine;
    } names[] = {
        { "a", 1 }, { "a/b", 1 }, { ".hidden", 1 }, { "...", 1 },
        { "h\xc3\xa9 llo.txt", 1 }, { "a/b/c/d/e/f/g/h", 1 },
        { "", 0 }, { "/", 0 }, { "/a", 0 }, { "a/", 0 }, { "a//b", 0 },
        { ".", 0 }, { "..", 0 }, { "./a", 0 }, { "a/..", 0 },
        { "a/../b", 0 }, { "a/./b", 0 }, { "a\nb", 0 }, { "a\x7f", 0 },
        { "a/b/c/d/e/f/g/h/i", 0 }
    };

    (void) state;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        name.data = (const unsigned char *) names[i].name;
        name.len = strlen(names[i].name);
        assert_int_equal(cr_file_name(&name), names[i].fine);
    }

    name.data = (const unsigned char *) "a\0b";
    name.len = 3;
    assert_false(cr_file_name(&name));
}


static void
test_artifacts(void **state)
{
    size_t         i;
    cr_get_t       get;
    cr_put_t       put;
    cr_artifact_t  artifact;

    static const cr_artifact_t  samples[] = {
        { 0, 3, str("out/a.bin"), str("\0\xff\n") },
        { CR_ARTIFACT_LEFT_OUT, 1ull << 40, str("large"), str("") },
        { 0, 0, str("empty"), str("") }
    };

    (void) state;

    cr_put_init(&put, out, BUF_SIZE);

    for (i = 0; i < 3; i++) {
        cr_artifact_pack(&put, &samples[i]);
        memcpy(put.pos, samples[i].content.data, samples[i].content.len);
        put.pos += samples[i].content.len;
    }

    cr_get_init(&get, out, cr_put_len(&put));

    for (i = 0; i < 3; i++) {
        assert_int_equal(cr_artifact_next(&get, &artifact), 1);
        assert_int_equal(artifact.flags, samples[i].flags);
        assert_true(artifact.size == samples[i].size);
        assert_bytes(&artifact.name, &samples[i].name);
        assert_bytes(&artifact.content, &samples[i].content);
    }

    assert_int_equal(cr_artifact_next(&get, &artifact), 0);

    /* cut anywhere within the first, it is none */

    for (i = 1; i < CR_ARTIFACT_HEAD + samples[0].name.len + 3; i++) {
        cr_get_init(&get, out, i);
        assert_int_equal(cr_artifact_next(&get, &artifact), -1);
    }

    /* a size that its content has not */

    out[1]++;
    cr_get_init(&get, out, cr_put_len(&put));
    assert_int_equal(cr_artifact_next(&get, &artifact), -1);
}


static void
test_claim(void **state)
{
    size_t      i, len;
    cr_claim_t  claim;

    (void) state;

    len = pack(&codecs[3]);
    assert_int_equal(cr_claim_unpack(out, len, &claim), 0);

    assert_int_equal(claim.exit_code, -7);
    assert_bytes(&claim.error_type, &claim_sample.error_type);
    assert_bytes(&claim.error, &claim_sample.error);
    assert_int_equal(claim.nviolations, 2);

    for (i = 0; i < 2; i++) {
        assert_int_equal(claim.violations[i].line,
                         claim_sample.violations[i].line);
        assert_int_equal(claim.violations[i].column,
                         claim_sample.violations[i].column);
        assert_bytes(&claim.violations[i].message,
                     &claim_sample.violations[i].message);
    }
}


static void
test_result(void **state)
{
    size_t       len;
    cr_result_t  result;

    (void) state;

    len = pack(&codecs[4]);
    assert_int_equal(cr_result_unpack(out, len, &result), 0);

    assert_int_equal(result.end, result_sample.end);
    assert_int_equal(result.flags, result_sample.flags);
    assert_int_equal(result.signal, result_sample.signal);
    assert_int_equal(result.exit_code, -1);
    assert_true(result.run_us == result_sample.run_us);
    assert_true(result.cpu_us == result_sample.cpu_us);
    assert_true(result.peak == result_sample.peak);
    assert_bytes(&result.reason, &result_sample.reason);
    assert_bytes(&result.claim, &result_sample.claim);
}


static void
test_status(void **state)
{
    size_t                      i, len;
    cr_status_t                 status;
    const cr_profile_status_t  *a, *b;

    (void) state;

    len = pack(&codecs[5]);
    assert_int_equal(cr_status_unpack(out, len, &status), 0);

    assert_int_equal(status.flags, status_sample.flags);
    assert_bytes(&status.layers_on, &status_sample.layers_on);
    assert_bytes(&status.layers_off, &status_sample.layers_off);
    assert_int_equal(status.nprofiles, 2);

    for (i = 0; i < 2; i++) {
        a = &status.profiles[i];
        b = &status_sample.profiles[i];

        assert_bytes(&a->name, &b->name);
        assert_bytes(&a->language, &b->language);
        assert_bytes(&a->version, &b->version);
        assert_bytes(&a->reason, &b->reason);
        assert_int_equal(a->flags, b->flags);
        assert_int_equal(a->slots, b->slots);
        assert_int_equal(a->ready, b->ready);
        assert_int_equal(a->running, b->running);
        assert_int_equal(a->queued, b->queued);
        assert_int_equal(a->restarts, b->restarts);
        assert_int_equal(a->timeout_ms, b->timeout_ms);
        assert_true(a->memory == b->memory);
        assert_true(a->memory_default == b->memory_default);
    }
}


static void
test_truncated(void **state)
{
    size_t  i, n, len;

    (void) state;

    for (i = 0; i < NCODECS; i++) {
        len = pack(&codecs[i]);
        assert_int_equal(unpack(&codecs[i], out, len), 0);

        for (n = 0; n < len; n++) {
            if (unpack(&codecs[i], out, n) != -1) {
                fail_msg("%s: %zu of %zu bytes were taken", codecs[i].name, n,
                         len);
            }
        }
    }
}


static void
test_trailing(void **state)
{
    size_t  i, n, len;

    (void) state;

    for (i = 0; i < NCODECS; i++) {
        len = pack(&codecs[i]);
        memset(out + len, 0, 64);

        for (n = 1; n <= 64; n++) {
            if (unpack(&codecs[i], out, len + n) != -1) {
                fail_msg("%s: %zu bytes too many were taken", codecs[i].name,
                         n);
            }
        }
    }
}


static void
test_no_room(void **state)
{
    size_t          i, n, len;
    cr_put_t        put;
    unsigned char  *p;

    (void) state;

    for (i = 0; i < NCODECS; i++) {
        len = pack(&codecs[i]);

        for (n = 0; n <= len; n++) {
            p = malloc(n ? n : 1);
            assert_non_null(p);

            cr_put_init(&put, p, n);
            codecs[i].pack(&put);
            assert_int_equal(put.bad, n < len);

            free(p);
        }
    }
}


static void
test_bit_flips(void **state)
{
    size_t          i, bit, len, taken;
    unsigned char  *sample;

    (void) state;

    for (i = 0; i < NCODECS; i++) {
        len = pack(&codecs[i]);
        sample = malloc(len);
        assert_non_null(sample);
        memcpy(sample, out, len);

        taken = 0;

        for (bit = 0; bit < len * 8; bit++) {
            sample[bit / 8] ^= (unsigned char) (1 << (bit % 8));
            taken += unpack(&codecs[i], sample, len) == 0;
            sample[bit / 8] ^= (unsigned char) (1 << (bit % 8));
        }

        /* values may change unseen, but no length and no count may */

        assert_true(taken < len * 8);
        assert_int_equal(unpack(&codecs[i], sample, len), 0);

        free(sample);
    }
}


/* Bytes that begin as a message does and go on as they like. */

static void
test_garbage(void **state)
{
    int             k;
    size_t          i, n, len, keep;
    unsigned char   buf[512];

    (void) state;

    for (i = 0; i < NCODECS; i++) {
        for (k = 0; k < 20000; k++) {
            len = pack(&codecs[i]);
            len = len < sizeof(buf) ? len : sizeof(buf);
            keep = rnd() % (len + 1);
            memcpy(buf, out, keep);

            for (n = keep; n < sizeof(buf); n++) {
                /* small numbers, so that lengths can pass */
                buf[n] = (rnd() & 1) ? 0 : (unsigned char) (rnd() & 0x1f);
            }

            (void) unpack(&codecs[i], buf, rnd() % (sizeof(buf) + 1));
        }
    }
}


static int
setup(void **state)
{
    (void) state;

    out = malloc(BUF_SIZE);

    if (out == NULL) {
        return -1;
    }

    return 0;
}


static int
teardown(void **state)
{
    (void) state;

    free(out);

    return 0;
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_run),
        cmocka_unit_test(test_handover),
        cmocka_unit_test(test_program),
        cmocka_unit_test(test_file_names),
        cmocka_unit_test(test_artifacts),
        cmocka_unit_test(test_claim),
        cmocka_unit_test(test_result),
        cmocka_unit_test(test_status),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_trailing),
        cmocka_unit_test(test_no_room),
        cmocka_unit_test(test_bit_flips),
        cmocka_unit_test(test_garbage),
    };

    return cmocka_run_group_tests_name("message", tests, setup, teardown);
}
