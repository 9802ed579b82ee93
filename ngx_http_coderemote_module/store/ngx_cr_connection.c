
#include "ngx_cr_connection.h"
#include "ngx_cr_store.h"

#include <sys/random.h>


/* A byte for the doorbell's number, four for the serial; the rest is random. */

#define NGX_CR_CONNECTION_SERIAL  1
#define NGX_CR_CONNECTION_RANDOM  5


_Static_assert(NGX_CR_DOORBELL_NONE <= 255, "a doorbell's number in a byte");


static uint32_t ngx_cr_connection_serial(const ngx_cr_worker_t *worker);


/* As ngx_cr_job_id_generate(): it does not wait. */

ngx_int_t
ngx_cr_connection_id_generate(ngx_cr_connection_id_t *id, ngx_log_t *log)
{
    size_t                  size;
    ssize_t                 n;
    uint32_t                serial;
    const ngx_cr_worker_t  *self;

    self = ngx_cr_doorbell_self();
    size = NGX_CR_CONNECTION_ID_SIZE - NGX_CR_CONNECTION_RANDOM;

    id->bytes[0] = (u_char) self->number;

    serial = ngx_cr_connection_serial(self);
    ngx_memcpy(id->bytes + NGX_CR_CONNECTION_SERIAL, &serial,
               sizeof(uint32_t));

    do {
        n = getrandom(id->bytes + NGX_CR_CONNECTION_RANDOM, size,
                      GRND_NONBLOCK);
    } while (n == -1 && ngx_errno == NGX_EINTR);

    if (n != (ssize_t) size) {
        ngx_log_error(NGX_LOG_ERR, log, n == -1 ? ngx_errno : 0,
                      "coderemote: getrandom() failed");
        return NGX_ERROR;
    }

    return NGX_OK;
}


static uint32_t
ngx_cr_connection_serial(const ngx_cr_worker_t *worker)
{
    return worker->number == NGX_CR_DOORBELL_NONE
           ? (uint32_t) worker->pid : (uint32_t) worker->serial;
}


u_char *
ngx_cr_connection_id_format(u_char *buf, const ngx_cr_connection_id_t *id)
{
    return ngx_hex_dump(buf, (u_char *) id->bytes, NGX_CR_CONNECTION_ID_SIZE);
}


ngx_int_t
ngx_cr_connection_id_parse(const u_char *text, size_t len,
    ngx_cr_connection_id_t *id)
{
    ngx_int_t   digit;
    ngx_uint_t  i;

    if (len != NGX_CR_CONNECTION_ID_LEN) {
        return NGX_ERROR;
    }

    for (i = 0; i < NGX_CR_CONNECTION_ID_LEN; i++) {
        digit = ngx_cr_hex_digit(text[i]);

        if (digit == NGX_ERROR) {
            return NGX_ERROR;
        }

        if (i % 2 == 0) {
            id->bytes[i / 2] = (u_char) (digit << 4);

        } else {
            id->bytes[i / 2] |= (u_char) digit;
        }
    }

    return NGX_OK;
}


ngx_uint_t
ngx_cr_connection_id_none(const ngx_cr_connection_id_t *id)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_CR_CONNECTION_ID_SIZE; i++) {
        if (id->bytes[i] != 0) {
            return 0;
        }
    }

    return 1;
}


void
ngx_cr_connection_id_worker(const ngx_cr_connection_id_t *id,
    ngx_uint_t *number, ngx_uint_t *serial)
{
    uint32_t  value;

    ngx_memcpy(&value, id->bytes + NGX_CR_CONNECTION_SERIAL,
               sizeof(uint32_t));

    *number = id->bytes[0];
    *serial = value;
}


ngx_uint_t
ngx_cr_connection_id_here(const ngx_cr_connection_id_t *id)
{
    ngx_uint_t              number, serial;
    const ngx_cr_worker_t  *self;

    self = ngx_cr_doorbell_self();

    ngx_cr_connection_id_worker(id, &number, &serial);

    return number == self->number && serial == ngx_cr_connection_serial(self);
}
