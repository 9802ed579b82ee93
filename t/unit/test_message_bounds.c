
/*
 * The bounds of the messages: each field at its longest and one byte longer,
 * each count likewise, and the largest of every message in its frame.
 */


#include "message_samples.h"


static unsigned char  *big;    /* BUF_SIZE bytes of 'x' */


/* Packs with a field changed and tells whether it is taken. */

static int
taken(const codec_t *codec)
{
    size_t  len;

    len = pack(codec);

    return unpack(codec, out, len) == 0;
}


static void
range(const codec_t *codec, cr_bytes_t *field, size_t min, size_t max)
{
    cr_bytes_t  saved;

    saved = *field;

    field->data = big;
    field->len = min;
    assert_true(taken(codec));

    if (min > 0) {
        field->len = min - 1;
        assert_false(taken(codec));
    }

    field->len = max;
    assert_true(taken(codec));

    field->len = max + 1;
    assert_false(taken(codec));

    *field = saved;
}


static void
edge(const codec_t *codec, cr_bytes_t *field, size_t max)
{
    range(codec, field, 0, max);
}


static void
test_edges(void **state)
{
    cr_profile_status_t  *profile;

    (void) state;

    edge(&codecs[0], &run_sample.runtime, CR_RUNTIME_NAME_MAX);
    run_sample.program_size = CR_PROGRAM_MAX;
    edge(&codecs[0], &run_sample.program, CR_PROGRAM_PART);

    edge(&codecs[2], &program_sample.code, CR_CODE_MAX);
    range(&codecs[2], &program_sample.files[1].name, 1, CR_FILE_NAME_MAX);
    range(&codecs[2], &program_sample.patterns[1], 1, CR_FILE_NAME_MAX);

    edge(&codecs[3], &claim_sample.error_type, CR_ERROR_TYPE_MAX);
    edge(&codecs[3], &claim_sample.error, CR_ERROR_MAX);
    edge(&codecs[3], &claim_sample.violations[1].message,
         CR_VIOLATION_TEXT_MAX);

    edge(&codecs[4], &result_sample.reason, CR_REASON_MAX);
    edge(&codecs[4], &result_sample.claim, CR_CLAIM_MAX);

    profile = &status_sample.profiles[1];

    edge(&codecs[5], &status_sample.layers_on, CR_REASON_MAX);
    edge(&codecs[5], &status_sample.layers_off, CR_REASON_MAX);
    edge(&codecs[5], &profile->name, CR_RUNTIME_NAME_MAX);
    edge(&codecs[5], &profile->language, CR_REASON_MAX);
    edge(&codecs[5], &profile->version, CR_REASON_MAX);
    edge(&codecs[5], &profile->reason, CR_REASON_MAX);
}


static void
test_args(void **state)
{
    size_t        i, len;
    cr_put_t      put;
    cr_program_t  program;

    (void) state;

    memset(&program, 0, sizeof(program));
    program.nargs = CR_ARGS_MAX;

    for (i = 0; i < CR_ARGS_MAX; i++) {
        program.args[i].data = big;
        program.args[i].len = CR_ARGS_SIZE_MAX / CR_ARGS_MAX;
    }

    cr_put_init(&put, out, BUF_SIZE);
    cr_program_pack(&put, &program);
    len = cr_put_len(&put);
    assert_int_equal(unpack(&codecs[2], out, len), 0);

    /* the count one too high, its argument present */

    cr_put_init(&put, out + len, BUF_SIZE - len);
    cr_put_u32(&put, 0);
    out[1] = CR_ARGS_MAX + 1;
    assert_int_equal(unpack(&codecs[2], out, len + 4), -1);

    /* all of them together a byte too long, none of them alone */

    program.args[CR_ARGS_MAX - 1].len++;
    cr_put_init(&put, out, BUF_SIZE);
    cr_program_pack(&put, &program);
    assert_int_equal(unpack(&codecs[2], out, cr_put_len(&put)), -1);

    /* a kind that there is not */

    memset(&program, 0, sizeof(program));
    program.kind = CR_PROGRAM_COMPILE + 1;
    cr_put_init(&put, out, BUF_SIZE);
    cr_program_pack(&put, &program);
    assert_int_equal(unpack(&codecs[2], out, cr_put_len(&put)), -1);
}


static void
test_counts(void **state)
{
    size_t       i;
    cr_put_t     put;
    cr_claim_t   claim;
    cr_status_t  status;
    uint8_t      end;

    (void) state;

    memset(&claim, 0, sizeof(claim));
    claim.nviolations = CR_VIOLATIONS_MAX;

    for (i = 0; i < CR_VIOLATIONS_MAX; i++) {
        claim.violations[i].message.data = big;
        claim.violations[i].message.len = CR_VIOLATION_TEXT_MAX;
    }

    claim.error_type.data = claim.error.data = big;
    claim.error_type.len = CR_ERROR_TYPE_MAX;
    claim.error.len = CR_ERROR_MAX;

    cr_put_init(&put, out, BUF_SIZE);
    cr_claim_pack(&put, &claim);
    assert_int_equal(unpack(&codecs[3], out, cr_put_len(&put)), 0);

    /* the largest claim there can be fits where it travels */

    assert_true(cr_put_len(&put) <= CR_CLAIM_MAX);

    cr_put_init(&put, out, BUF_SIZE);
    cr_put_u32(&put, 0);
    cr_put_bytes(&put, "", 0);
    cr_put_bytes(&put, "", 0);
    cr_put_u16(&put, CR_VIOLATIONS_MAX + 1);

    for (i = 0; i < CR_VIOLATIONS_MAX + 1; i++) {
        cr_put_u32(&put, 1);
        cr_put_u32(&put, 1);
        cr_put_bytes(&put, "", 0);
    }

    assert_int_equal(unpack(&codecs[3], out, cr_put_len(&put)), -1);

    memset(&status, 0, sizeof(status));
    status.nprofiles = CR_PROFILES_MAX;
    cr_put_init(&put, out, BUF_SIZE);
    cr_status_pack(&put, &status);
    assert_int_equal(unpack(&codecs[5], out, cr_put_len(&put)), 0);

    out[9] = CR_PROFILES_MAX + 1;
    memset(put.pos, 0, 64);
    assert_int_equal(unpack(&codecs[5], out, cr_put_len(&put) + 47), -1);

    end = result_sample.end;
    result_sample.end = CR_END_REFUSED;
    assert_true(taken(&codecs[4]));
    result_sample.end = CR_END_REFUSED + 1;
    assert_false(taken(&codecs[4]));
    result_sample.end = end;
}


/* The largest of every message fits a frame. */

static void
test_fits_frame(void **state)
{
    size_t        i;
    cr_put_t      put;
    cr_run_t      run;
    cr_program_t  program;
    cr_status_t   status;

    (void) state;

    memset(&program, 0, sizeof(program));
    program.nargs = CR_ARGS_MAX;

    for (i = 0; i < CR_ARGS_MAX; i++) {
        program.args[i].data = big;
        program.args[i].len = CR_ARGS_SIZE_MAX / CR_ARGS_MAX;
    }

    program.code.data = big;
    program.code.len = CR_CODE_MAX;
    cr_put_init(&put, out, BUF_SIZE);
    cr_program_pack(&put, &program);
    assert_true(cr_put_len(&put) <= CR_PROGRAM_PART);

    memset(&run, 0, sizeof(run));
    run.runtime.data = run.program.data = big;
    run.runtime.len = CR_RUNTIME_NAME_MAX;
    run.program.len = run.program_size = CR_PROGRAM_PART;
    cr_put_init(&put, out, BUF_SIZE);
    cr_run_pack(&put, &run);
    assert_true(cr_put_len(&put) <= CR_FRAME_MAX);

    memset(&status, 0, sizeof(status));
    status.nprofiles = CR_PROFILES_MAX;
    status.layers_on.data = status.layers_off.data = big;
    status.layers_on.len = status.layers_off.len = CR_REASON_MAX;

    for (i = 0; i < CR_PROFILES_MAX; i++) {
        status.profiles[i].name.data = big;
        status.profiles[i].name.len = CR_RUNTIME_NAME_MAX;
        status.profiles[i].language.data = big;
        status.profiles[i].language.len = CR_REASON_MAX;
        status.profiles[i].version = status.profiles[i].language;
        status.profiles[i].reason = status.profiles[i].language;
    }

    cr_put_init(&put, out, BUF_SIZE);
    cr_status_pack(&put, &status);
    assert_true(cr_put_len(&put) <= CR_STATUS_MAX);
}


static int
setup(void **state)
{
    (void) state;

    big = malloc(BUF_SIZE);
    out = malloc(BUF_SIZE);

    if (big == NULL || out == NULL) {
        return -1;
    }

    memset(big, 'x', BUF_SIZE);

    return 0;
}


static int
teardown(void **state)
{
    (void) state;

    free(big);
    free(out);

    return 0;
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_args),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_fits_frame),
    };

    return cmocka_run_group_tests_name("bounds", tests, setup, teardown);
}
