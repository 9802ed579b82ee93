
/* What a program is given beside its code: arguments, and files. */

#include "ngx_http_coderemote_fields_local.h"


static ngx_str_t  ngx_http_coderemote_utf8 = ngx_string("utf8");
static ngx_str_t  ngx_http_coderemote_base64 = ngx_string("base64");


size_t
ngx_http_coderemote_at(ngx_http_coderemote_reader_t *rd, const char *array,
    size_t i, const char *member)
{
    u_char  *p, *last;

    p = (u_char *) rd->at;
    last = p + NGX_HTTP_CODEREMOTE_AT_MAX;

    return ngx_snprintf(p, last - p, "%s[%uz]%s%s", array, i,
                        member ? "." : "", member ? member : "")
           - p;
}


ngx_uint_t
ngx_http_coderemote_field_is(json_t *value, const ngx_str_t *word)
{
    return json_is_string(value) && json_string_length(value) == word->len
           && ngx_memcmp(json_string_value(value), word->data, word->len) == 0;
}


void *
ngx_http_coderemote_field_alloc(ngx_http_coderemote_reader_t *rd, size_t size)
{
    void  *p;

    p = ngx_palloc(rd->pool, size);

    if (p == NULL) {
        rd->failed = 1;
    }

    return p;
}


ngx_uint_t
ngx_http_coderemote_field_item(ngx_http_coderemote_reader_t *rd,
    const char *array, size_t i, json_t *item, const char *const *members)
{
    json_t             *value;
    const char         *key;
    const char *const  *member;

    if (!json_is_object(item)) {
        ngx_http_coderemote_wrong_at(rd, array, i, NULL, "must be an object");
        return 0;
    }

    json_object_foreach(item, key, value) {

        for (member = members; *member; member++) {
            if (ngx_strcmp(*member, key) == 0) {
                break;
            }
        }

        if (*member == NULL) {
            ngx_http_coderemote_wrong_at(rd, array, i, key,
                                         "is not a member of one of %s",
                                         array);
        }
    }

    return 1;
}


size_t
ngx_http_coderemote_field_items(ngx_http_coderemote_reader_t *rd,
    const char *array, json_t *value, size_t max, const char *what)
{
    size_t  n;

    if (!json_is_array(value)) {
        ngx_http_coderemote_field_error(rd, array, ngx_strlen(array),
                                        "must be an array of %s", what);
        return 0;
    }

    n = json_array_size(value);

    if (n > max) {
        ngx_http_coderemote_field_error(rd, array, ngx_strlen(array),
                                        "has %uz %s; at most %uz are taken",
                                        n, what, max);
        return 0;
    }

    return n;
}


void
ngx_http_coderemote_field_strings(ngx_http_coderemote_reader_t *rd,
    const char *field, size_t len, json_t *value, cr_bytes_t **args,
    ngx_uint_t *nargs)
{
    size_t      i, n, size;
    json_t     *arg;
    ngx_str_t   str;

    if (!json_is_array(value)) {
        ngx_http_coderemote_field_error(rd, field, len,
                                        "must be an array of strings");
        return;
    }

    n = json_array_size(value);

    if (n == 0) {
        return;
    }

    if (n > CR_ARGS_MAX) {
        ngx_http_coderemote_field_error(rd, field, len,
                                        "has %uz strings; at most %d are "
                                        "taken", n, CR_ARGS_MAX);
        return;
    }

    if (rd->profile && !(rd->profile->flags & CR_PROFILE_ARGS)) {
        ngx_http_coderemote_field_error(rd, field, len,
                                        "programs take no arguments under "
                                        "\"%V\"", &rd->fields->runtime);
        return;
    }

    *args = ngx_http_coderemote_field_alloc(rd, n * sizeof(cr_bytes_t));
    if (*args == NULL) {
        return;
    }

    size = 0;

    json_array_foreach(value, i, arg) {

        str = ngx_http_coderemote_json_str(arg);

        if (!json_is_string(arg)
            || ngx_strlchr(str.data, str.data + str.len, '\0'))
        {
            ngx_http_coderemote_field_error(rd, field, len,
                                            "must be an array of strings "
                                            "without NUL; number %uz is not",
                                            i + 1);
            return;
        }

        size += str.len;

        (*args)[i].data = str.data;
        (*args)[i].len = str.len;
    }

    if (size > CR_ARGS_SIZE_MAX) {
        ngx_http_coderemote_field_error(rd, field, len,
                                        "have %uz bytes together; at most %d "
                                        "are taken", size, CR_ARGS_SIZE_MAX);
        return;
    }

    *nargs = n;
}


void
ngx_http_coderemote_field_args(ngx_http_coderemote_reader_t *rd,
    json_t *value)
{
    if (value == NULL) {
        return;
    }

    if (rd->cases) {
        ngx_http_coderemote_wrong(rd, "args",
                                  "must not be there with cases: each of them "
                                  "has its own");
        return;
    }

    ngx_http_coderemote_field_strings(rd, "args", sizeof("args") - 1, value,
                             &rd->fields->args, &rd->fields->nargs);
}


/*
 * Files go to, and come from, the folder of a cell, which not every runtime
 * has.  max: of the location.
 */

static ngx_uint_t
ngx_http_coderemote_folder(ngx_http_coderemote_reader_t *rd,
    const char *field, size_t max)
{
    size_t                      len;
    ngx_str_t                  *allow;
    ngx_uint_t                  i;
    const cr_profile_status_t  *profile;

    len = ngx_strlen(field);

    if (max == 0) {
        ngx_http_coderemote_field_error(rd, field, len, "are not taken here");
        return 0;
    }

    if (rd->profile == NULL || (rd->profile->flags & CR_PROFILE_WRITE)) {
        return 1;
    }

    allow = rd->conf->allow->elts;

    for (i = 0; i < rd->conf->allow->nelts; i++) {
        profile = ngx_http_coderemote_profile(rd->status, &allow[i]);

        if (profile && (profile->flags & CR_PROFILE_WRITE)) {
            ngx_http_coderemote_field_error(rd, field, len,
                                            "are not taken under \"%V\", "
                                            "whose programs have no folder; "
                                            "those of \"%V\" have one",
                                            &rd->fields->runtime, &allow[i]);
            return 0;
        }
    }

    ngx_http_coderemote_field_error(rd, field, len,
                                    "are not taken under \"%V\", whose "
                                    "programs have no folder; nor have those "
                                    "of any other language that is allowed "
                                    "here", &rd->fields->runtime);
    return 0;
}


/* Sets *name; 1, or 0: it was told why not. */

static ngx_uint_t
ngx_http_coderemote_file_name(ngx_http_coderemote_reader_t *rd,
    const char *array, size_t i, const char *member, json_t *value,
    cr_bytes_t *name)
{
    name->data = (u_char *) json_string_value(value);
    name->len = json_string_length(value);

    if (json_is_string(value) && cr_file_name(name)) {
        return 1;
    }

    ngx_http_coderemote_wrong_at(rd, array, i, member,
                                 "must be a path such as \"data/in.txt\": at "
                                 "most %d bytes, %d folders deep, relative, "
                                 "without \".\", \"..\", empty names and "
                                 "control characters",
                                 CR_FILE_NAME_MAX, CR_FILE_DEPTH_MAX - 1);
    return 0;
}


/* Bytes that a text in base64 stands for, or -1: it is none. */

static ssize_t
ngx_http_coderemote_base64_size(const ngx_str_t *text)
{
    size_t   pad;
    u_char  *last, *p;

    last = text->data + text->len;
    p = ngx_strlchr(text->data, last, '=');
    pad = p ? last - p : 0;

    if (text->len % 4 || pad > 2 || (pad == 2 && p[1] != '=')) {
        return -1;
    }

    return text->len / 4 * 3 - pad;
}


static void
ngx_http_coderemote_file_base64(ngx_http_coderemote_reader_t *rd, size_t i,
    const ngx_str_t *text, cr_bytes_t *content, size_t *left)
{
    ssize_t    size;
    ngx_str_t  bytes;

    size = ngx_http_coderemote_base64_size(text);

    if (size >= 0) {
        content->len = size;

        /* what is too much is told when all is known */

        if ((size_t) size > *left) {
            return;
        }

        bytes.data = ngx_http_coderemote_field_alloc(rd, size + 1);
        if (bytes.data == NULL) {
            return;
        }

        if (ngx_decode_base64(&bytes, (ngx_str_t *) text) == NGX_OK) {
            content->data = bytes.data;
            return;
        }
    }

    ngx_http_coderemote_wrong_at(rd, "files", i, "content",
                                 "must be base64 as RFC 4648 has it, padded "
                                 "and without line ends");
}


static void
ngx_http_coderemote_file_content(ngx_http_coderemote_reader_t *rd, size_t i,
    json_t *item, cr_bytes_t *content, size_t *left)
{
    json_t     *value, *encoding;
    ngx_str_t   text;

    value = json_object_get(item, "content");
    encoding = json_object_get(item, "encoding");

    if (!json_is_string(value)) {
        ngx_http_coderemote_wrong_at(rd, "files", i, "content",
                                     value ? "must be a string"
                                           : "is missing: what the file "
                                             "holds");
        return;
    }

    text = ngx_http_coderemote_json_str(value);

    if (encoding == NULL
        || ngx_http_coderemote_field_is(encoding, &ngx_http_coderemote_utf8))
    {
        content->data = text.data;
        content->len = text.len;
        return;
    }

    if (ngx_http_coderemote_field_is(encoding, &ngx_http_coderemote_base64)) {
        ngx_http_coderemote_file_base64(rd, i, &text, content, left);
        return;
    }

    ngx_http_coderemote_wrong_at(rd, "files", i, "encoding",
                                 "must be \"utf8\" or \"base64\"");
}


/* A name that is there already, as a file, or as a folder of one. */

static void
ngx_http_coderemote_file_twice(ngx_http_coderemote_reader_t *rd,
    const cr_file_t *files, size_t i)
{
    size_t             j, len;
    const cr_bytes_t  *a, *b;

    a = &files[i].name;

    for (j = 0; j < i; j++) {
        b = &files[j].name;
        len = ngx_min(a->len, b->len);

        if (len == 0 || ngx_memcmp(a->data, b->data, len) != 0) {
            continue;
        }

        if (a->len == b->len) {
            ngx_http_coderemote_wrong_at(rd, "files", i, "name",
                                         "is the name of files[%uz], too", j);
            return;
        }

        if ((a->len > len && a->data[len] == '/')
            || (b->len > len && b->data[len] == '/'))
        {
            ngx_http_coderemote_wrong_at(rd, "files", i, "name",
                                         "cannot be there beside that of "
                                         "files[%uz]: one is a file and the "
                                         "other's folder", j);
            return;
        }
    }
}


void
ngx_http_coderemote_field_files(ngx_http_coderemote_reader_t *rd,
    json_t *value)
{
    size_t      i, n, left, total;
    json_t     *item;
    cr_file_t  *files, *file;

    static const char *const  members[] = {
        "name", "content", "encoding", NULL
    };

    if (value == NULL) {
        return;
    }

    /* a compiled program is a file among those of its run */

    n = CR_FILES_MAX - (rd->profile
                        && (rd->profile->flags & CR_PROFILE_COMPILE));

    n = ngx_http_coderemote_field_items(rd, "files", value, n, "files");

    if (n == 0 || !ngx_http_coderemote_folder(rd, "files",
                                              rd->conf->max_files))
    {
        return;
    }

    files = ngx_http_coderemote_field_alloc(rd, n * sizeof(cr_file_t));
    if (files == NULL) {
        return;
    }

    ngx_memzero(files, n * sizeof(cr_file_t));

    left = rd->conf->max_files;
    total = 0;

    json_array_foreach(value, i, item) {

        if (!ngx_http_coderemote_field_item(rd, "files", i, item, members)) {
            continue;
        }

        file = &files[i];

        if (ngx_http_coderemote_file_name(rd, "files", i, "name",
                                          json_object_get(item, "name"),
                                          &file->name))
        {
            ngx_http_coderemote_file_twice(rd, files, i);
        }

        ngx_http_coderemote_file_content(rd, i, item, &file->content, &left);

        total += file->content.len;
        left -= ngx_min(left, file->content.len);
    }

    if (total > rd->conf->max_files) {
        ngx_http_coderemote_wrong(rd, "files",
                                  "have %uz bytes together; at most %uz are "
                                  "taken", total, rd->conf->max_files);
        return;
    }

    rd->fields->nfiles = n;
    rd->fields->files = files;
}


void
ngx_http_coderemote_field_artifacts(ngx_http_coderemote_reader_t *rd,
    json_t *value)
{
    size_t       i, n;
    json_t      *item;
    cr_bytes_t  *patterns;

    if (value == NULL) {
        return;
    }

    n = ngx_http_coderemote_field_items(rd, "artifacts", value, CR_PATTERNS_MAX,
                                  "patterns");

    if (n == 0 || !ngx_http_coderemote_folder(rd, "artifacts",
                                              rd->conf->max_artifacts))
    {
        return;
    }

    if (rd->cases) {
        ngx_http_coderemote_wrong(rd, "artifacts",
                                  "must not be there with cases: of those "
                                  "only the output is kept");
        return;
    }

    patterns = ngx_http_coderemote_field_alloc(rd, n * sizeof(cr_bytes_t));
    if (patterns == NULL) {
        return;
    }

    json_array_foreach(value, i, item) {
        (void) ngx_http_coderemote_file_name(rd, "artifacts", i, NULL, item,
                                             &patterns[i]);
    }

    rd->fields->npatterns = n;
    rd->fields->patterns = patterns;
}
