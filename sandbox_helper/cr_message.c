
#include "cr_message.h"


static void
cr_put_field(cr_put_t *put, const cr_bytes_t *bytes)
{
    cr_put_bytes(put, bytes->data, bytes->len);
}


static void
cr_get_field(cr_get_t *get, size_t max, cr_bytes_t *bytes)
{
    bytes->data = cr_get_bytes(get, max, &bytes->len);
}


/* A message must end where its payload ends. */

static int
cr_get_done(const cr_get_t *get)
{
    return (get->bad || get->pos != get->end) ? -1 : 0;
}


void
cr_run_pack(cr_put_t *put, const cr_run_t *run)
{
    cr_put_u64(put, run->user);
    cr_put_u64(put, run->memory);
    cr_put_u32(put, run->timeout_ms);
    cr_put_u32(put, run->output_limit);
    cr_put_u32(put, run->artifact_limit);
    cr_put_u32(put, run->credit);
    cr_put_u32(put, run->program_size);
    cr_put_field(put, &run->runtime);
    cr_put_field(put, &run->program);
}


int
cr_run_unpack(const void *buf, size_t len, cr_run_t *run)
{
    cr_get_t  get;

    cr_get_init(&get, buf, len);

    run->user = cr_get_u64(&get);
    run->memory = cr_get_u64(&get);
    run->timeout_ms = cr_get_u32(&get);
    run->output_limit = cr_get_u32(&get);
    run->artifact_limit = cr_get_u32(&get);
    run->credit = cr_get_u32(&get);
    run->program_size = cr_get_u32(&get);
    cr_get_field(&get, CR_RUNTIME_NAME_MAX, &run->runtime);
    cr_get_field(&get, CR_PROGRAM_PART, &run->program);

    if (run->program_size > CR_PROGRAM_MAX
        || run->program.len > run->program_size)
    {
        return -1;
    }

    return cr_get_done(&get);
}


void
cr_handover_pack(cr_put_t *put, const cr_handover_t *handover)
{
    cr_put_u64(put, handover->address_space);
    cr_put_u32(put, handover->timeout_ms);
    cr_put_u32(put, handover->program_size);
}


int
cr_handover_unpack(const void *buf, size_t len, cr_handover_t *handover)
{
    cr_get_t  get;

    cr_get_init(&get, buf, len);

    handover->address_space = cr_get_u64(&get);
    handover->timeout_ms = cr_get_u32(&get);
    handover->program_size = cr_get_u32(&get);

    if (handover->program_size > CR_PROGRAM_MAX) {
        return -1;
    }

    return cr_get_done(&get);
}


void
cr_program_pack(cr_put_t *put, const cr_program_t *program)
{
    uint16_t  i;

    cr_put_u8(put, program->kind);
    cr_put_u16(put, program->nargs);

    for (i = 0; i < program->nargs; i++) {
        cr_put_field(put, &program->args[i]);
    }

    cr_put_field(put, &program->code);
    cr_put_u16(put, program->nfiles);

    for (i = 0; i < program->nfiles; i++) {
        cr_put_u8(put, program->files[i].flags);
        cr_put_field(put, &program->files[i].name);
        cr_put_field(put, &program->files[i].content);
    }

    cr_put_u32(put, program->artifact_max);
    cr_put_u16(put, program->npatterns);

    for (i = 0; i < program->npatterns; i++) {
        cr_put_field(put, &program->patterns[i]);
    }
}


int
cr_file_name(const cr_bytes_t *name)
{
    size_t                i, start;
    unsigned              depth;
    const unsigned char  *p;

    if (name->len == 0 || name->len > CR_FILE_NAME_MAX) {
        return 0;
    }

    p = name->data;
    depth = 0;
    start = 0;

    for (i = 0; i <= name->len; i++) {

        if (i < name->len && p[i] != '/') {

            if (p[i] < 0x20 || p[i] == 0x7f) {
                return 0;
            }

            continue;
        }

        if (i == start || ++depth > CR_FILE_DEPTH_MAX
            || (i - start == 1 && p[start] == '.')
            || (i - start == 2 && p[start] == '.' && p[start + 1] == '.'))
        {
            return 0;
        }

        start = i + 1;
    }

    return 1;
}


static int
cr_program_files(cr_get_t *get, cr_program_t *program)
{
    uint16_t    i;
    cr_file_t  *file;

    program->nfiles = cr_get_u16(get);

    if (program->nfiles > CR_FILES_MAX) {
        return -1;
    }

    for (i = 0; i < program->nfiles; i++) {
        file = &program->files[i];

        file->flags = cr_get_u8(get);
        cr_get_field(get, CR_FILE_NAME_MAX, &file->name);
        cr_get_field(get, CR_PROGRAM_MAX, &file->content);

        if (file->flags > CR_FILE_EXECUTE || !cr_file_name(&file->name)) {
            return -1;
        }
    }

    return 0;
}


static int
cr_program_patterns(cr_get_t *get, cr_program_t *program)
{
    uint16_t  i;

    program->artifact_max = cr_get_u32(get);
    program->npatterns = cr_get_u16(get);

    if (program->npatterns > CR_PATTERNS_MAX) {
        return -1;
    }

    for (i = 0; i < program->npatterns; i++) {
        cr_get_field(get, CR_FILE_NAME_MAX, &program->patterns[i]);

        if (!cr_file_name(&program->patterns[i])) {
            return -1;
        }
    }

    return 0;
}


int
cr_program_unpack(const void *buf, size_t len, cr_program_t *program)
{
    size_t    left;
    uint16_t  i;
    cr_get_t  get;

    cr_get_init(&get, buf, len);

    program->kind = cr_get_u8(&get);
    program->nargs = cr_get_u16(&get);

    if (program->kind > CR_PROGRAM_COMPILE || program->nargs > CR_ARGS_MAX) {
        return -1;
    }

    left = CR_ARGS_SIZE_MAX;

    for (i = 0; i < program->nargs; i++) {
        cr_get_field(&get, left, &program->args[i]);
        left -= program->args[i].len;
    }

    cr_get_field(&get, CR_CODE_MAX, &program->code);

    if (cr_program_files(&get, program) != 0
        || cr_program_patterns(&get, program) != 0)
    {
        return -1;
    }

    return cr_get_done(&get);
}


void
cr_artifact_pack(cr_put_t *put, const cr_artifact_t *artifact)
{
    cr_put_u8(put, artifact->flags);
    cr_put_u64(put, artifact->size);
    cr_put_field(put, &artifact->name);
    cr_put_u32(put, (uint32_t) artifact->content.len);
}


int
cr_artifact_next(cr_get_t *get, cr_artifact_t *artifact)
{
    if (!get->bad && get->pos == get->end) {
        return 0;
    }

    artifact->flags = cr_get_u8(get);
    artifact->size = cr_get_u64(get);
    cr_get_field(get, CR_FILE_NAME_MAX, &artifact->name);
    cr_get_field(get, CR_PROGRAM_MAX, &artifact->content);

    if (get->bad || artifact->flags > CR_ARTIFACT_LEFT_OUT
        || !cr_file_name(&artifact->name)
        || artifact->content.len
           != (artifact->flags ? 0 : artifact->size))
    {
        return -1;
    }

    return 1;
}


void
cr_claim_pack(cr_put_t *put, const cr_claim_t *claim)
{
    uint16_t  i;

    cr_put_u32(put, (uint32_t) claim->exit_code);
    cr_put_field(put, &claim->error_type);
    cr_put_field(put, &claim->error);
    cr_put_u16(put, claim->nviolations);

    for (i = 0; i < claim->nviolations; i++) {
        cr_put_u32(put, claim->violations[i].line);
        cr_put_u32(put, claim->violations[i].column);
        cr_put_field(put, &claim->violations[i].message);
    }
}


int
cr_claim_unpack(const void *buf, size_t len, cr_claim_t *claim)
{
    uint16_t  i;
    cr_get_t  get;

    cr_get_init(&get, buf, len);

    claim->exit_code = (int32_t) cr_get_u32(&get);
    cr_get_field(&get, CR_ERROR_TYPE_MAX, &claim->error_type);
    cr_get_field(&get, CR_ERROR_MAX, &claim->error);
    claim->nviolations = cr_get_u16(&get);

    if (claim->nviolations > CR_VIOLATIONS_MAX) {
        return -1;
    }

    for (i = 0; i < claim->nviolations; i++) {
        claim->violations[i].line = cr_get_u32(&get);
        claim->violations[i].column = cr_get_u32(&get);
        cr_get_field(&get, CR_VIOLATION_TEXT_MAX,
                     &claim->violations[i].message);
    }

    return cr_get_done(&get);
}


void
cr_result_pack(cr_put_t *put, const cr_result_t *result)
{
    cr_put_u8(put, result->end);
    cr_put_u8(put, result->flags);
    cr_put_u8(put, result->signal);
    cr_put_u32(put, (uint32_t) result->exit_code);
    cr_put_u64(put, result->run_us);
    cr_put_u64(put, result->cpu_us);
    cr_put_u64(put, result->peak);
    cr_put_field(put, &result->reason);
    cr_put_field(put, &result->claim);
}


int
cr_result_unpack(const void *buf, size_t len, cr_result_t *result)
{
    cr_get_t  get;

    cr_get_init(&get, buf, len);

    result->end = cr_get_u8(&get);
    result->flags = cr_get_u8(&get);
    result->signal = cr_get_u8(&get);
    result->exit_code = (int32_t) cr_get_u32(&get);
    result->run_us = cr_get_u64(&get);
    result->cpu_us = cr_get_u64(&get);
    result->peak = cr_get_u64(&get);
    cr_get_field(&get, CR_REASON_MAX, &result->reason);
    cr_get_field(&get, CR_CLAIM_MAX, &result->claim);

    if (result->end > CR_END_REFUSED) {
        return -1;
    }

    return cr_get_done(&get);
}


static void
cr_profile_status_pack(cr_put_t *put, const cr_profile_status_t *profile)
{
    cr_put_field(put, &profile->name);
    cr_put_field(put, &profile->language);
    cr_put_field(put, &profile->version);
    cr_put_field(put, &profile->reason);
    cr_put_u8(put, profile->flags);
    cr_put_u16(put, profile->slots);
    cr_put_u16(put, profile->ready);
    cr_put_u16(put, profile->running);
    cr_put_u32(put, profile->queued);
    cr_put_u32(put, profile->restarts);
    cr_put_u32(put, profile->timeout_ms);
    cr_put_u64(put, profile->memory);
    cr_put_u64(put, profile->memory_default);
}


static void
cr_profile_status_unpack(cr_get_t *get, cr_profile_status_t *profile)
{
    cr_get_field(get, CR_RUNTIME_NAME_MAX, &profile->name);
    cr_get_field(get, CR_REASON_MAX, &profile->language);
    cr_get_field(get, CR_REASON_MAX, &profile->version);
    cr_get_field(get, CR_REASON_MAX, &profile->reason);
    profile->flags = cr_get_u8(get);
    profile->slots = cr_get_u16(get);
    profile->ready = cr_get_u16(get);
    profile->running = cr_get_u16(get);
    profile->queued = cr_get_u32(get);
    profile->restarts = cr_get_u32(get);
    profile->timeout_ms = cr_get_u32(get);
    profile->memory = cr_get_u64(get);
    profile->memory_default = cr_get_u64(get);
}


void
cr_status_pack(cr_put_t *put, const cr_status_t *status)
{
    uint16_t  i;

    cr_put_u8(put, status->flags);
    cr_put_field(put, &status->layers_on);
    cr_put_field(put, &status->layers_off);
    cr_put_u16(put, status->nprofiles);

    for (i = 0; i < status->nprofiles; i++) {
        cr_profile_status_pack(put, &status->profiles[i]);
    }
}


int
cr_status_unpack(const void *buf, size_t len, cr_status_t *status)
{
    uint16_t  i;
    cr_get_t  get;

    cr_get_init(&get, buf, len);

    status->flags = cr_get_u8(&get);
    cr_get_field(&get, CR_REASON_MAX, &status->layers_on);
    cr_get_field(&get, CR_REASON_MAX, &status->layers_off);
    status->nprofiles = cr_get_u16(&get);

    if (status->nprofiles > CR_PROFILES_MAX) {
        return -1;
    }

    for (i = 0; i < status->nprofiles; i++) {
        cr_profile_status_unpack(&get, &status->profiles[i]);
    }

    return cr_get_done(&get);
}
