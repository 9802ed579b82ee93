
/* The seeds of fuzz_request.c, and of fuzz_result.c with extras. */


#include <string.h>

#include "ngx_cr_extra.h"

#include "fuzz.h"
#include "fuzz_seeds.h"


static void
put_piece(cr_put_t *put, const void *data, size_t len)
{
    cr_put_u16(put, len);
    memcpy(put->pos, data, len);
    put->pos += len;
}


static void
request_seed(cr_put_t *put, unsigned how, const char *args,
    const char *prefer, const char *body)
{
    cr_put_u8(put, how);
    put_piece(put, args, strlen(args));
    put_piece(put, prefer, strlen(prefer));
    memcpy(put->pos, body, strlen(body));
    put->pos += strlen(body);
}


void
fuzz_seeds_request(cr_put_t *put, fuzz_save_pt save)
{
    unsigned  i;

    static const struct {
        const char  *name;
        unsigned     how;
        const char  *args;
        const char  *prefer;
        const char  *body;
    } seeds[] = {

        { "plain", 1, "wait=true", "", "{\"code\":\"print(1)\"}" },

        { "all", 3, "", "respond-async, wait=10",
          "{\"code\":\"print(1)\",\"language\":\"python-open\","
          "\"stdin\":\"a\\u0000b\",\"args\":[\"a\",\"\\u00e9\"],"
          "\"timeout_seconds\":0.5,\"memory_limit_mb\":64,"
          "\"connection_id\":"
          "\"00010203040506070809aabbccddeeff\"}" },

        { "wrong", 1, "wait=1.25&x", "wait=\"3\";x",
          "{\"code\":1,\"language\":\"perl\",\"stdin\":[],"
          "\"args\":[1],\"timeout_seconds\":true,"
          "\"memory_limit_mb\":1e3,\"connection_id\":\"\",\"more\":{}}" },

        { "unknown_status", 0, "", "",
          "{\"code\":\"\\ud83d\\ude00\",\"args\":[\"x\"]}" },

        { "bad_wait", 0, "wait=1e9", "", "{}" },

        { "no_json", 2, "", "wait=0", "{\"code\":\"\\ud800\"}" },

        { "no_object", 0, "", "", "[[[[\"{\"]]]]" },

        { "too_long", 1, "", "",
          "{\"code\":\"12345678901234567890123456789012345678901\","
          "\"stdin\":\"123456789012345678901234567890"
          "1234567890123456789012345678901\"}" },

        { "no_body", 4, "", "", "" },

        { "job_id", 0, "01234567-89ab-4cde-8f01-23456789abcd", "",
          "{\"code\":\"\\u0000\"}" },

        { "files", 1, "", "",
          "{\"code\":\"x\",\"language\":\"python-open\",\"files\":["
          "{\"name\":\"a/b.txt\",\"content\":\"\\u0000\\n\"},"
          "{\"name\":\"c\",\"content\":\"AAECAw==\","
          "\"encoding\":\"base64\"},"
          "{\"name\":\"d\",\"content\":\"\",\"encoding\":\"utf8\"}],"
          "\"artifacts\":[\"out/*.png\",\"[a-z]?\"]}" },

        { "files_wrong", 1, "", "",
          "{\"code\":\"x\",\"language\":\"python-open\",\"files\":["
          "{\"name\":\"a\",\"content\":\"AA=A\","
          "\"encoding\":\"base64\"},"
          "{\"name\":\"a/b\",\"content\":1,\"mode\":7},3,"
          "{\"name\":\"../x\",\"encoding\":\"hex\",\"content\":\"\"},"
          "{\"name\":\"a\",\"content\":\"A===\","
          "\"encoding\":\"base64\"}],\"artifacts\":[\"/x\",null]}" },

        { "cases", 1, "", "",
          "{\"code\":\"x\",\"language\":\"python-open\",\"cases\":["
          "{},{\"stdin\":\"1\",\"args\":[\"a\"],"
          "\"expected_stdout\":\"\"},{\"expected_stdout\":\"2\\n\"}],"
          "\"compare\":\"trailing_space\",\"stop_on_failure\":true}" },

        { "cases_wrong", 1, "", "",
          "{\"code\":\"x\",\"cases\":[1,{\"stdin\":1,\"args\":[1],"
          "\"more\":0},{\"expected_stdout\":null}],\"stdin\":\"\","
          "\"args\":[],\"compare\":\"\",\"stop_on_failure\":1}" }
    };

    for (i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
        request_seed(put, seeds[i].how, seeds[i].args, seeds[i].prefer,
                     seeds[i].body);
        save("request", seeds[i].name);
    }
}
