
/* What models are asked, and how Gemini's and OpenAI's servers answer. */

/* link: nginx -It/fuzz t/fuzz/fuzz_nginx.c t/fuzz/fuzz_nginx_string.c */
/* link: ngx_http_coderemote_module/plugins/ngx_cr_models_wire.c */
/* link: ngx_http_coderemote_module/plugins/ngx_cr_models_gemini.c */
/* link: ngx_http_coderemote_module/plugins/ngx_cr_models_openai.c */
/* link: ngx_http_coderemote_module/plugins/ngx_cr_models_prompt.c */
/* link: ngx_http_coderemote_module/core/ngx_cr_utf8.c -ljansson -lcrypto */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include "ngx_cr_models_prompt.h"
#include "ngx_cr_models_wire.h"

#include "fuzz_nginx.h"


#define COUNT(a)  (sizeof(a) / sizeof(a[0]))
#define STR(s)    { sizeof(s) - 1, (u_char *) (s) }


static char         said_text[1024];
static ngx_pool_t  *pool;


static ngx_int_t
text(void *ctx, const u_char *p, size_t len)
{
    (void) ctx;

    strncat(said_text, (char *) p, len);

    return NGX_OK;
}


static ngx_int_t
read_it(const ngx_cr_wire_t *wire, const char *json, ngx_cr_said_t *said)
{
    ngx_str_t  data;

    memset(said, 0, sizeof(ngx_cr_said_t));
    said->text = text;
    said_text[0] = '\0';

    data.data = (u_char *) json;
    data.len = strlen(json);

    return ngx_cr_wire_read(wire, said, &data);
}


static void
test_read(void **state)
{
    size_t         i;
    ngx_int_t      rc;
    ngx_cr_said_t  said;

    static const struct {
        const ngx_cr_wire_t  *wire;
        const char           *json;
        ngx_int_t             rc;
        ngx_cr_finish_e       finish;
        ngx_uint_t            code;
        const char           *text;
        const char           *word;
    } cases[] = {
        { &ngx_cr_wire_gemini,
          "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"h\\u00e4\"},"
          "{\"text\":\"no\",\"thought\":true},{\"text\":\"b\"}],"
          "\"role\":\"model\"},\"index\":0}],\"usageMetadata\":"
          "{\"promptTokenCount\":7,\"candidatesTokenCount\":9}}",
          NGX_OK, NGX_CR_FINISH_NONE, 0, "h\xc3\xa4" "b", "" },
        { &ngx_cr_wire_gemini,
          "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\".\"}]},"
          "\"finishReason\":\"STOP\"}]}",
          NGX_OK, NGX_CR_FINISH_STOP, 0, ".", "" },
        { &ngx_cr_wire_gemini,
          "[{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]},"
          "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"b\"}]},"
          "\"finishReason\":\"MAX_TOKENS\"}]}]",
          NGX_OK, NGX_CR_FINISH_LENGTH, 0, "ab", "" },
        { &ngx_cr_wire_gemini,
          "{\"candidates\":[{\"finishReason\":\"RECITATION\"}]}",
          NGX_OK, NGX_CR_FINISH_BLOCKED, 0, "", "RECITATION" },
        { &ngx_cr_wire_gemini,
          "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}",
          NGX_OK, NGX_CR_FINISH_BLOCKED, 0, "", "SAFETY" },
        { &ngx_cr_wire_gemini,
          "{\"error\":{\"code\":400,\"message\":\"API key not valid.\","
          "\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"reason\":"
          "\"API_KEY_INVALID\"}]}}",
          NGX_OK, NGX_CR_FINISH_ERROR, 401, "", "INVALID_ARGUMENT" },
        { &ngx_cr_wire_gemini,
          "{\"error\":{\"code\":503,\"message\":\"overloaded\","
          "\"status\":\"UNAVAILABLE\"}}",
          NGX_OK, NGX_CR_FINISH_ERROR, 503, "", "UNAVAILABLE" },
        { &ngx_cr_wire_gemini, "{\"choices\":[]}", NGX_DECLINED, 0, 0, "", "" },
        { &ngx_cr_wire_gemini, "[1]", NGX_DECLINED, 0, 0, "", "" },
        { &ngx_cr_wire_gemini, "<html>", NGX_DECLINED, 0, 0, "", "" },

        { &ngx_cr_wire_openai,
          "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\","
          "\"content\":\"a\\u0000b\"},\"finish_reason\":null}]}",
          NGX_OK, NGX_CR_FINISH_NONE, 0, "a", "" },
        { &ngx_cr_wire_openai,
          "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}",
          NGX_OK, NGX_CR_FINISH_STOP, 0, "", "" },
        { &ngx_cr_wire_openai,
          "{\"choices\":[{\"message\":{\"content\":[{\"type\":\"text\","
          "\"text\":\"x\"},{\"type\":\"image\"}]},"
          "\"finish_reason\":\"length\"}]}",
          NGX_OK, NGX_CR_FINISH_LENGTH, 0, "x", "" },
        { &ngx_cr_wire_openai,
          "{\"choices\":[{\"delta\":{},\"finish_reason\":"
          "\"content_filter\"}]}",
          NGX_OK, NGX_CR_FINISH_BLOCKED, 0, "", "content_filter" },
        { &ngx_cr_wire_openai,
          "{\"choices\":[{\"delta\":{\"refusal\":\"I cannot\"}}]}",
          NGX_OK, NGX_CR_FINISH_BLOCKED, 0, "", "refusal" },
        { &ngx_cr_wire_openai, "[DONE]", NGX_OK, NGX_CR_FINISH_STOP, 0, "",
          "" },
        { &ngx_cr_wire_openai,
          "{\"error\":{\"message\":\"Incorrect API key provided\",\"type\":"
          "\"invalid_request_error\",\"code\":\"invalid_api_key\"}}",
          NGX_OK, NGX_CR_FINISH_ERROR, 401, "", "invalid_api_key" },
        { &ngx_cr_wire_openai, "{\"error\":\"model not found\"}",
          NGX_OK, NGX_CR_FINISH_ERROR, 0, "", "" },
        { &ngx_cr_wire_openai,
          "{\"object\":\"error\",\"message\":\"m\",\"code\":404,"
          "\"type\":\"Not Found\"}",
          NGX_OK, NGX_CR_FINISH_ERROR, 404, "", "Not_Found" },
        { &ngx_cr_wire_openai, "{\"choices\":[],\"usage\":{}}",
          NGX_OK, NGX_CR_FINISH_NONE, 0, "", "" },
        { &ngx_cr_wire_openai,
          "{\"choices\":[{\"delta\":{\"content\":\"\xc3\"}}]}",
          NGX_OK, NGX_CR_FINISH_NONE, 0, "\xef\xbf\xbd", "" },
        { &ngx_cr_wire_openai, "{\"choices\":7}", NGX_DECLINED, 0, 0, "", "" },
        { &ngx_cr_wire_openai, "{", NGX_DECLINED, 0, 0, "", "" },
        { &ngx_cr_wire_openai, "7", NGX_DECLINED, 0, 0, "", "" },
        { &ngx_cr_wire_openai, "", NGX_DECLINED, 0, 0, "", "" },
    };

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        rc = read_it(cases[i].wire, cases[i].json, &said);

        if (rc != cases[i].rc) {
            print_error("%s\n", cases[i].json);
        }

        assert_int_equal(rc, cases[i].rc);

        if (rc == NGX_OK) {
            assert_int_equal(said.finish, cases[i].finish);
            assert_int_equal(said.code, cases[i].code);
            assert_string_equal(said_text, cases[i].text);
            assert_string_equal(said.word, cases[i].word);
        }
    }

    (void) read_it(&ngx_cr_wire_gemini, cases[0].json, &said);
    assert_int_equal(said.tokens_in, 7);
    assert_int_equal(said.tokens_out, 9);

    (void) read_it(&ngx_cr_wire_gemini,
                   "{\"error\":{\"code\":429,\"message\":\"a\\nb\\u00e4c\","
                   "\"details\":[{\"retryDelay\":\"33.2s\"}]}}", &said);
    assert_int_equal(said.retry_after, 34);
    assert_string_equal(said.message, "a b c");
}


static void
test_ask(void **state)
{
    ngx_str_t  url, body;

    static const ngx_str_t     base = STR("http://127.0.0.1:1/v1/");
    static const ngx_cr_ask_t  ask = { STR("m:1"), STR("be \"good\""),
                                       STR("\xc3\xa4\n") };

    (void) state;

    assert_int_equal(ngx_cr_wire_url(&ngx_cr_wire_gemini, pool, &base,
                                     &ask.model, &url), NGX_OK);
    url.data[url.len - 1] = '\0';
    assert_string_equal(url.data, "http://127.0.0.1:1/v1/models/m:1:"
                                  "streamGenerateContent?alt=ss");

    assert_int_equal(ngx_cr_wire_url(&ngx_cr_wire_openai, pool, &base,
                                     &ask.model, &url), NGX_OK);
    url.data[url.len - 1] = '\0';
    assert_string_equal(url.data,
                        "http://127.0.0.1:1/v1/chat/completion");

    assert_int_equal(ngx_cr_wire_body(&ngx_cr_wire_gemini, pool, &ask, &body),
                     NGX_OK);
    body.data[body.len - 1] = '\0';
    assert_string_equal(body.data,
        "{\"systemInstruction\":{\"parts\":[{\"text\":\"be \\\"good\\\"\"}]},"
        "\"contents\":[{\"role\":\"user\",\"parts\":"
        "[{\"text\":\"\xc3\xa4\\n\"}]}]");

    assert_int_equal(ngx_cr_wire_body(&ngx_cr_wire_openai, pool, &ask, &body),
                     NGX_OK);
    body.data[body.len - 1] = '\0';
    assert_string_equal(body.data,
        "{\"model\":\"m:1\",\"stream\":true,\"messages\":"
        "[{\"role\":\"system\",\"content\":\"be \\\"good\\\"\"},"
        "{\"role\":\"user\",\"content\":\"\xc3\xa4\\n\"}]");
}


static void
test_model(void **state)
{
    size_t  i;

    static const struct {
        ngx_str_t   name;
        ngx_uint_t  valid;
    } cases[] = {
        { STR("gemini-2.5-flash"), 1 }, { STR("llama3.1:8b"), 1 },
        { STR("meta-llama/Llama-3@x"), 1 }, { STR(""), 0 },
        { STR("../x"), 0 }, { STR("a/../b"), 0 }, { STR("a?b"), 0 },
        { STR("a b"), 0 }, { STR("/a"), 0 }, { STR("a\""), 0 },
        { STR("a#"), 0 }, { STR("a%2e"), 0 },
    };

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        assert_int_equal(ngx_cr_wire_model_valid(&cases[i].name),
                         cases[i].valid);
    }
}


static void
test_prompt(void **state)
{
    u_char             *p;
    ngx_cr_prompt_t     prompt;
    ngx_cr_prompted_t   made, other;

    static const ngx_str_t  good = STR("{{fence}} a {{{check}} b {{language}}");
    static const ngx_str_t  plain = STR("{{check}} {{fence} {{other}}");
    static const ngx_str_t  unchecked = STR("{{fence}}");
    static const ngx_str_t  bytes = STR("{{fence}}{{check}}\xff");
    static const ngx_str_t  language = STR("python");
    static const ngx_str_t  code = STR("print(1)\n{{check}}");

    (void) state;

    assert_non_null(ngx_cr_prompt_parse(&prompt, &plain));
    assert_non_null(ngx_cr_prompt_parse(&prompt, &unchecked));
    assert_non_null(ngx_cr_prompt_parse(&prompt, &bytes));
    assert_null(ngx_cr_prompt_parse(&prompt, &good));

    assert_int_equal(ngx_cr_prompt_make(&prompt, pool, &language, &code,
                                        &made), NGX_OK);
    assert_int_equal(ngx_cr_prompt_make(&prompt, pool, &language, &code,
                                        &other), NGX_OK);

    assert_int_equal(made.check.len, NGX_CR_PROMPT_WORD);
    assert_memory_not_equal(made.check.data, other.check.data,
                            NGX_CR_PROMPT_WORD);

    assert_int_equal(made.system.len, 2 * NGX_CR_PROMPT_WORD + 13);
    p = made.system.data + NGX_CR_PROMPT_WORD;
    assert_memory_equal(p, " a {", 4);
    assert_memory_equal(p + 4, made.check.data, NGX_CR_PROMPT_WORD);
    assert_memory_equal(p + 4 + NGX_CR_PROMPT_WORD, " b python", 9);

    /* what the program has of placeholders is its own */

    assert_non_null(memmem(made.user.data, made.user.len,
                           "-----\nprint(1)\n{{check}}\n"
                           "-----END PROGRAM ", 42));
    assert_non_null(memmem(made.user.data, made.user.len, made.check.data,
                           NGX_CR_PROMPT_WORD));
    assert_memory_equal(made.user.data + 19, made.system.data,
                        NGX_CR_PROMPT_WORD);
}


static int
group_setup(void **state)
{
    (void) state;

    pool = ngx_create_pool(4096, fuzz_log);

    return pool ? 0 : -1;
}


static int
group_teardown(void **state)
{
    (void) state;

    ngx_destroy_pool(pool);

    return 0;
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_ask),
        cmocka_unit_test(test_model),
        cmocka_unit_test(test_prompt),
    };

    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
