
#include "ngx_cr_shm_pages.h"


static ngx_int_t ngx_cr_zone_init(ngx_shm_zone_t *zone, void *data);


/* Its address tells the zone from those of other modules. */

static ngx_uint_t  ngx_cr_zone_tag;


ngx_shm_zone_t *
ngx_cr_zone_add(ngx_conf_t *cf, ngx_str_t *name, size_t size)
{
    ngx_shm_zone_t  *zone;

    if (size < NGX_CR_ZONE_MIN) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "coderemote_zone \"%V\" is too small: give it at "
                           "least %d KB", name, NGX_CR_ZONE_MIN / 1024);
        return NULL;
    }

    zone = ngx_shared_memory_add(cf, name, size, &ngx_cr_zone_tag);
    if (zone == NULL) {
        return NULL;
    }

    zone->init = ngx_cr_zone_init;

    return zone;
}


static ngx_int_t
ngx_cr_zone_init(ngx_shm_zone_t *zone, void *data)
{
    u_char           *context;
    ngx_cr_zone_t    *shared;
    ngx_slab_pool_t  *shpool;

    if (data != NULL) {
        zone->data = data;
        return NGX_OK;
    }

    shpool = (ngx_slab_pool_t *) zone->shm.addr;

    if (zone->shm.exists) {
        zone->data = shpool->data;
        return NGX_OK;
    }

    shared = ngx_slab_calloc(shpool, sizeof(ngx_cr_zone_t));
    context = ngx_slab_alloc(shpool, sizeof(" in coderemote_zone \"\"")
                                     + zone->shm.name.len);

    if (shared == NULL || context == NULL) {
        goto failed;
    }

    ngx_sprintf(context, " in coderemote_zone \"%V\"%Z", &zone->shm.name);
    shpool->log_ctx = context;

    shared->doorbells = ngx_cr_doorbell_create(shpool);
    if (shared->doorbells == NULL) {
        goto failed;
    }

    shared->store = ngx_cr_shm_pages_create(shpool, zone->shm.log);
    if (shared->store == NULL) {
        return NGX_ERROR;
    }

    shpool->data = shared;
    zone->data = shared;

    return NGX_OK;

failed:

    ngx_log_error(NGX_LOG_EMERG, zone->shm.log, 0,
                  "coderemote_zone \"%V\" is too small: make it larger",
                  &zone->shm.name);

    return NGX_ERROR;
}
