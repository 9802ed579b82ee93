
/*
 * The chain of policy hooks: in order, each with what it left itself; and a
 * plug-in that was built when the structure was smaller.
 */

/*
 * link: ngx_http_coderemote_module/core/ngx_cr_registry.c
 * link: t/fuzz/fuzz_nginx.c t/fuzz/fuzz_nginx_string.c nginx
 */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ngx_cr_registry.h"
#include "../fuzz/fuzz_nginx.h"


/* As the header had it before started() was there. */

typedef struct {
    ngx_cr_api_head_t   head;
    ngx_str_t           name;
    ngx_int_t           order;
    ngx_int_t         (*admit)(ngx_cr_policy_job_t *job, void **data,
                               ngx_cr_refusal_t *refusal);
    ngx_int_t         (*output)(ngx_cr_policy_job_t *job, void *data,
                                ngx_uint_t stream, const u_char *bytes,
                                size_t len);
    void              (*finish)(ngx_cr_policy_job_t *job, void *data,
                                ngx_cr_job_status_e status,
                                const ngx_cr_outcome_t *outcome,
                                const ngx_str_t *error_type);
} older_policy_t;


static char                  said[256];
static ngx_pool_t           *pool;
static ngx_conf_t            conf;
static ngx_cr_registry_t    *registry;
static ngx_cr_policy_job_t   job;
static ngx_uint_t            refuses;      /* unsigned  refuses:1; */


static void
say(const char *what, const void *data)
{
    strcat(said, what);
    strcat(said, data ? data : "-");
    strcat(said, " ");
}


static ngx_int_t
admit_old(ngx_cr_policy_job_t *j, void **data, ngx_cr_refusal_t *refusal)
{
    assert_ptr_equal(j, &job);
    assert_int_equal(refusal->head.size, sizeof(ngx_cr_refusal_t));
    assert_null(*data);

    *data = "old";
    say("admit:", *data);

    return NGX_OK;
}


static ngx_int_t
admit_new(ngx_cr_policy_job_t *j, void **data, ngx_cr_refusal_t *refusal)
{
    (void) j;

    *data = "new";
    say("admit:", *data);

    if (refuses) {
        ngx_str_set(&refusal->detail, "not today");
        return NGX_DECLINED;
    }

    return NGX_OK;
}


static void
started(ngx_cr_policy_job_t *j, void *data)
{
    (void) j;

    say("started:", data);
}


static void
finish(ngx_cr_policy_job_t *j, void *data, ngx_cr_job_status_e status,
    const ngx_cr_outcome_t *outcome, const ngx_str_t *error_type)
{
    (void) j;
    (void) status;
    (void) error_type;

    say("finish:", data);

    if (outcome->end == NGX_CR_END_REFUSED) {
        say("because:", outcome->reason.data);
    }
}


static int
begin(void **state)
{
    (void) state;

    said[0] = '\0';
    refuses = 0;

    pool = ngx_create_pool(1024, fuzz_log);
    conf.pool = pool;
    conf.log = fuzz_log;
    job.pool = pool;
    job.log = fuzz_log;

    registry = ngx_cr_registry_create(&conf);

    return registry == NULL;
}


static int
end(void **state)
{
    (void) state;

    ngx_destroy_pool(pool);

    return 0;
}


/* On the heap alone, so that a byte behind it would be another's. */

static void
add_old(void)
{
    older_policy_t  *old;

    old = calloc(1, sizeof(older_policy_t));
    assert_non_null(old);

    old->head.version = NGX_CR_API_VERSION;
    old->head.size = sizeof(older_policy_t);
    ngx_str_set(&old->name, "old");
    old->order = 1;
    old->admit = admit_old;
    old->finish = finish;

    assert_int_equal(ngx_http_coderemote_register_policy(&conf,
                                                     (ngx_cr_policy_t *) old),
                     NGX_OK);
    free(old);
}


static void
add_new(void)
{
    ngx_cr_policy_t  new = {
        NGX_CR_API_HEAD(ngx_cr_policy_t),
        ngx_string("new"), 2, admit_new, NULL, finish, started
    };

    assert_int_equal(ngx_http_coderemote_register_policy(&conf, &new), NGX_OK);
}


static void
test_older(void **state)
{
    void              **data;
    ngx_str_t           none = ngx_null_string;
    ngx_cr_refusal_t    refusal;
    ngx_cr_outcome_t    outcome = { 0 };

    (void) state;

    add_new();
    add_old();
    ngx_cr_registry_freeze(registry);

    assert_int_equal(ngx_cr_policy_admit(registry, &job, &data, &refusal),
                     NGX_OK);
    ngx_cr_policy_started(registry, &job, data);
    assert_int_equal(ngx_cr_policy_output(registry, &job, data, NGX_CR_STDOUT,
                                          (u_char *) "x", 1),
                     NGX_OK);
    ngx_cr_policy_finish(registry, &job, data, NGX_CR_JOB_COMPLETED, &outcome,
                         &none);

    assert_string_equal(said, "admit:old admit:new started:new finish:old "
                              "finish:new ");
}


static void
test_refused(void **state)
{
    void              **data;
    ngx_cr_refusal_t    refusal;

    (void) state;

    add_new();
    add_old();
    ngx_cr_registry_freeze(registry);

    refuses = 1;

    assert_int_equal(ngx_cr_policy_admit(registry, &job, &data, &refusal),
                     NGX_DECLINED);
    assert_int_equal(refusal.status, NGX_HTTP_FORBIDDEN);

    assert_string_equal(said, "admit:old admit:new finish:old "
                              "because:not today ");
}


static void
test_sizes(void **state)
{
    ngx_cr_policy_t  policy = {
        NGX_CR_API_HEAD(ngx_cr_policy_t),
        ngx_string("odd"), 0, admit_new, NULL, finish, started
    };

    (void) state;

    policy.head.size = sizeof(older_policy_t) - 1;
    assert_int_equal(ngx_http_coderemote_register_policy(&conf, &policy),
                     NGX_ERROR);

    policy.head.size = sizeof(ngx_cr_policy_t) + 1;
    assert_int_equal(ngx_http_coderemote_register_policy(&conf, &policy),
                     NGX_ERROR);

    policy.head.size = sizeof(ngx_cr_policy_t);
    policy.head.version++;
    assert_int_equal(ngx_http_coderemote_register_policy(&conf, &policy),
                     NGX_ERROR);

    policy.head.version--;
    policy.admit = NULL;
    policy.finish = NULL;
    assert_int_equal(ngx_http_coderemote_register_policy(&conf, &policy),
                     NGX_ERROR);

    assert_int_equal(registry->policies.nelts, 0);

    ngx_cr_registry_freeze(registry);

    policy.admit = admit_new;
    assert_int_equal(ngx_http_coderemote_register_policy(&conf, &policy),
                     NGX_ERROR);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_older, begin, end),
        cmocka_unit_test_setup_teardown(test_refused, begin, end),
        cmocka_unit_test_setup_teardown(test_sizes, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
