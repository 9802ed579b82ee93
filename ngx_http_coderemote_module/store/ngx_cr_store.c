
#include "ngx_cr_store.h"

#include <sys/random.h>
#include <sys/time.h>


static const ngx_str_t  ngx_cr_job_status_names[] = {
    ngx_string("queued"),
    ngx_string("running"),
    ngx_string("completed"),
    ngx_string("failed"),
    ngx_string("cancelled")
};


/*
 * Without GRND_NONBLOCK it could wait, and only before the kernel's pool was
 * ever filled: nginx is not started then.
 */

ngx_int_t
ngx_cr_job_id_generate(ngx_cr_job_id_t *id, ngx_log_t *log)
{
    ssize_t  n;

    do {
        n = getrandom(id->bytes, NGX_CR_JOB_ID_SIZE, GRND_NONBLOCK);
    } while (n == -1 && ngx_errno == NGX_EINTR);

    if (n != NGX_CR_JOB_ID_SIZE) {
        ngx_log_error(NGX_LOG_ERR, log, n == -1 ? ngx_errno : 0,
                      "coderemote: getrandom() failed");
        return NGX_ERROR;
    }

    id->bytes[6] = (id->bytes[6] & 0x0f) | 0x40;
    id->bytes[8] = (id->bytes[8] & 0x3f) | 0x80;

    return NGX_OK;
}


u_char *
ngx_cr_job_id_format(u_char *buf, const ngx_cr_job_id_t *id)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_CR_JOB_ID_SIZE; i++) {

        if (i == 4 || i == 6 || i == 8 || i == 10) {
            *buf++ = '-';
        }

        buf = ngx_hex_dump(buf, (u_char *) &id->bytes[i], 1);
    }

    return buf;
}


ngx_int_t
ngx_cr_hex_digit(u_char ch)
{
    if (ch >= '0' && ch <= '9') {
        return ch - '0';
    }

    return (ch >= 'a' && ch <= 'f') ? ch - 'a' + 10 : NGX_ERROR;
}


ngx_int_t
ngx_cr_job_id_parse(const u_char *text, size_t len, ngx_cr_job_id_t *id)
{
    u_char      ch;
    ngx_int_t   digit;
    ngx_uint_t  i, n;

    if (len != NGX_CR_JOB_ID_LEN) {
        return NGX_ERROR;
    }

    n = 0;

    for (i = 0; i < NGX_CR_JOB_ID_LEN; i++) {
        ch = text[i];

        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (ch != '-') {
                return NGX_ERROR;
            }

            continue;
        }

        digit = ngx_cr_hex_digit(ch);

        if (digit == NGX_ERROR) {
            return NGX_ERROR;
        }

        if (n % 2 == 0) {
            id->bytes[n / 2] = (u_char) (digit << 4);

        } else {
            id->bytes[n / 2] |= (u_char) digit;
        }

        n++;
    }

    if ((id->bytes[6] & 0xf0) != 0x40 || (id->bytes[8] & 0xc0) != 0x80) {
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_uint_t
ngx_cr_job_id_equal(const ngx_cr_job_id_t *a, const ngx_cr_job_id_t *b)
{
    return ngx_memcmp(a->bytes, b->bytes, NGX_CR_JOB_ID_SIZE) == 0;
}


const ngx_str_t *
ngx_cr_job_status_name(ngx_cr_job_status_e status)
{
    return &ngx_cr_job_status_names[status];
}


uint64_t
ngx_cr_now_us(void)
{
    struct timeval  tv;

    ngx_gettimeofday(&tv);

    return (uint64_t) tv.tv_sec * 1000000 + tv.tv_usec;
}
