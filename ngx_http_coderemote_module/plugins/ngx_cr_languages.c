
/*
 * The languages whose profiles are shipped: what else they are called, and
 * what their files are.  A language that somebody adds needs no such record;
 * it is then asked for by its profile's name alone.
 */

#include "ngx_http_coderemote_api.h"


static ngx_int_t ngx_cr_languages_preconfiguration(ngx_conf_t *cf);


#define ngx_cr_language(name, title, aliases, extension, media_type)          \
    {                                                                         \
        NGX_CR_API_HEAD(ngx_cr_runtime_t), ngx_string(name),                  \
        ngx_string(title), aliases, ngx_string(extension),                    \
        ngx_string(media_type)                                                \
    }


static const ngx_str_t  ngx_cr_python_aliases[] = {
    ngx_string("py"), ngx_string("python3"), ngx_null_string
};

static const ngx_str_t  ngx_cr_cpp_aliases[] = {
    ngx_string("c++"), ngx_string("cxx"), ngx_string("cc"), ngx_null_string
};

static const ngx_str_t  ngx_cr_bash_aliases[] = {
    ngx_string("sh"), ngx_string("shell"), ngx_null_string
};

static const ngx_str_t  ngx_cr_perl_aliases[] = {
    ngx_string("pl"), ngx_null_string
};

static const ngx_str_t  ngx_cr_node_aliases[] = {
    ngx_string("js"), ngx_string("javascript"), ngx_string("nodejs"),
    ngx_null_string
};

static const ngx_str_t  ngx_cr_go_aliases[] = {
    ngx_string("golang"), ngx_null_string
};

static const ngx_str_t  ngx_cr_rust_aliases[] = {
    ngx_string("rs"), ngx_null_string
};


static const ngx_cr_runtime_t  ngx_cr_languages[] = {
    ngx_cr_language("python", "Python", ngx_cr_python_aliases, ".py",
                    "text/x-python"),
    ngx_cr_language("python-open", "Python", NULL, ".py", "text/x-python"),
    ngx_cr_language("c", "C", NULL, ".c", "text/x-csrc"),
    ngx_cr_language("cpp", "C++", ngx_cr_cpp_aliases, ".cpp",
                    "text/x-c++src"),
    ngx_cr_language("bash", "Bash", ngx_cr_bash_aliases, ".sh",
                    "application/x-sh"),
    ngx_cr_language("perl", "Perl", ngx_cr_perl_aliases, ".pl",
                    "text/x-perl"),
    ngx_cr_language("node", "JavaScript", ngx_cr_node_aliases, ".js",
                    "text/javascript"),
    ngx_cr_language("go", "Go", ngx_cr_go_aliases, ".go", "text/x-go"),
    ngx_cr_language("rust", "Rust", ngx_cr_rust_aliases, ".rs",
                    "text/x-rust"),
    ngx_cr_language("java", "Java", NULL, ".java", "text/x-java"),
    ngx_cr_language("lua", "Lua", NULL, ".lua", "text/x-lua")
};


static ngx_http_module_t  ngx_http_coderemote_languages_module_ctx = {
    ngx_cr_languages_preconfiguration,       /* preconfiguration */
    NULL,                                    /* postconfiguration */

    NULL,                                    /* create main configuration */
    NULL,                                    /* init main configuration */

    NULL,                                    /* create server configuration */
    NULL,                                    /* merge server configuration */

    NULL,                                    /* create location configuration */
    NULL                                     /* merge location configuration */
};


ngx_module_t  ngx_http_coderemote_languages_module = {
    NGX_MODULE_V1,
    &ngx_http_coderemote_languages_module_ctx, /* module context */
    NULL,                                    /* module directives */
    NGX_HTTP_MODULE,                         /* module type */
    NULL,                                    /* init master */
    NULL,                                    /* init module */
    NULL,                                    /* init process */
    NULL,                                    /* init thread */
    NULL,                                    /* exit thread */
    NULL,                                    /* exit process */
    NULL,                                    /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
ngx_cr_languages_preconfiguration(ngx_conf_t *cf)
{
    ngx_uint_t  i;

    for (i = 0; i < sizeof(ngx_cr_languages) / sizeof(ngx_cr_languages[0]);
         i++)
    {
        if (ngx_http_coderemote_register_runtime(cf, &ngx_cr_languages[i])
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
