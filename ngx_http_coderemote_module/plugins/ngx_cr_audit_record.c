
#include "ngx_cr_audit_record.h"
#include "ngx_cr_store.h"
#include "ngx_cr_utf8.h"

#include <openssl/sha.h>


size_t
ngx_cr_audit_zone_size(ngx_uint_t n)
{
    size_t  size;

    size = sizeof(ngx_cr_audit_zone_t) + n * sizeof(ngx_cr_audit_record_t);

    /* nginx keeps some of it for itself, a little for each page */

    return ngx_align(size + size / 64, ngx_pagesize) + 8 * ngx_pagesize;
}


ngx_cr_audit_zone_t *
ngx_cr_audit_zone_create(ngx_slab_pool_t *shpool)
{
    size_t                size;
    ngx_cr_audit_zone_t  *zone;

    size = shpool->pfree * ngx_pagesize;

    zone = ngx_slab_calloc(shpool, size);

    if (zone) {
        zone->n = (size - sizeof(ngx_cr_audit_zone_t))
                  / sizeof(ngx_cr_audit_record_t);
    }

    return zone;
}


ngx_cr_audit_record_t *
ngx_cr_audit_take(ngx_cr_audit_zone_t *zone)
{
    ngx_uint_t              i;
    ngx_cr_audit_record_t  *record;

    static ngx_uint_t  last;

    for (i = 0; i < zone->n; i++) {
        last = (last + 1) % zone->n;
        record = &zone->records[last];

        if (record->pid == 0 && ngx_atomic_cmp_set(&record->pid, 0, ngx_pid)) {
            return record;
        }
    }

    return NULL;
}


void
ngx_cr_audit_give(ngx_cr_audit_record_t *record)
{
    record->whole = 0;

    ngx_memory_barrier();

    record->pid = 0;
}


/* A pid that is another process by now keeps a record until that ends. */

static ngx_uint_t
ngx_cr_audit_dead(ngx_pid_t pid, ngx_uint_t starting)
{
    return pid == ngx_pid ? starting
                          : (kill(pid, 0) == -1 && ngx_errno == ESRCH);
}


ngx_cr_audit_record_t *
ngx_cr_audit_orphan(ngx_cr_audit_zone_t *zone, ngx_uint_t *i,
    ngx_uint_t starting)
{
    ngx_pid_t               pid;
    ngx_cr_audit_record_t  *record;

    while (*i < zone->n) {
        record = &zone->records[(*i)++];
        pid = (ngx_pid_t) record->pid;

        if (pid == 0 || !ngx_cr_audit_dead(pid, starting)
            || !ngx_atomic_cmp_set(&record->pid, pid, ngx_pid))
        {
            continue;
        }

        if (record->whole) {
            return record;
        }

        /* it had not gone so far that anybody was told of the job */

        ngx_cr_audit_give(record);
    }

    return NULL;
}


uint64_t
ngx_cr_audit_now(void)
{
    ngx_time_t  *tp;

    tp = ngx_timeofday();

    return (uint64_t) tp->sec * 1000 + tp->msec;
}


static size_t
ngx_cr_audit_copy(u_char *dst, const ngx_str_t *text, size_t max)
{
    size_t  len;

    len = ngx_min(text->len, max);

    if (len) {
        ngx_memcpy(dst, text->data, len);
    }

    return len;
}


void
ngx_cr_audit_fill(ngx_cr_audit_record_t *record,
    const ngx_cr_policy_job_t *job)
{
    record->created = ngx_cr_audit_now();
    record->started = 0;
    record->kind = job->kind;
    record->id = job->id;
    record->size = job->code.len;

    SHA256(job->code.data, job->code.len, record->digest);

    record->user_len = ngx_cr_audit_copy(record->user, &job->user,
                                         NGX_CR_AUDIT_USER);
    record->address_len = ngx_cr_audit_copy(record->address,
                                     &job->request->connection->addr_text,
                                     NGX_CR_AUDIT_ADDRESS);
    record->runtime_len = ngx_cr_audit_copy(record->runtime, &job->language,
                                            NGX_CR_LANGUAGE_MAX);
    ngx_memory_barrier();

    record->whole = 1;
}


/* A client's or a program's text, or null where there is none. */

static u_char *
ngx_cr_audit_text(u_char *p, const char *name, const u_char *text, size_t len)
{
    u_char  valid[NGX_CR_UTF8_REPLACEMENT * NGX_CR_AUDIT_TEXT], *end;

    if (len == 0) {
        return ngx_sprintf(p, ",\"%s\":null", name);
    }

    p = ngx_sprintf(p, ",\"%s\":\"", name);

    end = ngx_cr_utf8_replace(valid, text,
                              text + ngx_min(len, NGX_CR_AUDIT_TEXT), 1);

    p = (u_char *) ngx_escape_json(p, valid, end - valid);

    *p++ = '"';

    return p;
}


static u_char *
ngx_cr_audit_time(u_char *p, const char *name, uint64_t ms)
{
    ngx_tm_t  tm;

    if (ms == 0) {
        return ngx_sprintf(p, "\"%s\":null", name);
    }

    ngx_gmtime((time_t) (ms / 1000), &tm);

    return ngx_sprintf(p, "\"%s\":\"%4d-%02d-%02dT%02d:%02d:%02d.%03uLZ\"",
                       name, tm.ngx_tm_year, tm.ngx_tm_mon, tm.ngx_tm_mday,
                       tm.ngx_tm_hour, tm.ngx_tm_min, tm.ngx_tm_sec,
                       ms % 1000);
}


static u_char *
ngx_cr_audit_cost(u_char *p, const ngx_cr_outcome_t *outcome)
{
    return ngx_sprintf(p, ",\"run_time\":%uL.%06uL,\"cpu_time\":%uL.%06uL,"
                       "\"memory_peak_bytes\":%uL",
                       outcome->run_us / 1000000, outcome->run_us % 1000000,
                       outcome->cpu_us / 1000000, outcome->cpu_us % 1000000,
                       outcome->peak);
}


u_char *
ngx_cr_audit_line(u_char *buf, const ngx_cr_audit_record_t *record,
    ngx_cr_job_status_e status, const ngx_cr_outcome_t *outcome,
    const ngx_str_t *error_type)
{
    u_char           *p;
    const ngx_str_t  *name;

    static const ngx_str_t  refused = ngx_string("refused");

    name = (outcome->end == NGX_CR_END_REFUSED)
           ? &refused : ngx_cr_job_status_name(status);

    *buf = '{';

    p = ngx_cr_audit_time(buf + 1, "completed_at", ngx_cr_audit_now());

    p = ngx_cpymem(p, ",\"job_id\":\"", sizeof(",\"job_id\":\"") - 1);
    p = ngx_cr_job_id_format(p, &record->id);
    *p++ = '"';

    p = ngx_cr_audit_text(p, "user", record->user, record->user_len);
    p = ngx_cr_audit_text(p, "address", record->address, record->address_len);
    p = ngx_cr_audit_text(p, "runtime", record->runtime, record->runtime_len);

    p = ngx_sprintf(p, ",\"kind\":\"%s\",\"code_bytes\":%uz,"
                    "\"code_sha256\":\"",
                    record->kind == NGX_CR_KIND_ANALYZE ? "analyze" : "run",
                    record->size);
    p = ngx_hex_dump(p, (u_char *) record->digest, NGX_CR_AUDIT_DIGEST);

    p = ngx_sprintf(p, "\",\"status\":\"%V\"", name);
    p = ngx_cr_audit_text(p, "error_type", error_type->data, error_type->len);
    p = ngx_cr_audit_text(p, "reason", outcome->reason.data,
                          outcome->reason.len);
    *p++ = ',';
    p = ngx_cr_audit_time(p, "created_at", record->created);
    *p++ = ',';
    p = ngx_cr_audit_time(p, "started_at", record->started);

    p = record->started && outcome->end != NGX_CR_END_LOST
        ? ngx_cr_audit_cost(p, outcome)
        : ngx_sprintf(p, ",\"run_time\":null,\"cpu_time\":null,"
                      "\"memory_peak_bytes\":null");

    *p++ = '}';
    *p++ = '\n';

    return p;
}
