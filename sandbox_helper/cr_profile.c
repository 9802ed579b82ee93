
/*
 * The keys of a profile.
 */


#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "cr_parse.h"
#include "cr_profile.h"


#define CR_PROFILE_TIMEOUT_MAX    (24 * 3600 * 1000ULL)     /* ms */
#define CR_PROFILE_MEMORY_MIN     (16 * 1024 * 1024ULL)     /* bytes */
#define CR_PROFILE_MEMORY_MAX     (1024ULL << 30)
#define CR_PROFILE_PROCESSES_MAX  4096
#define CR_PROFILE_WRITE_MIN      4096ULL                   /* bytes */
#define CR_PROFILE_RENEW_MAX      (30 * 24 * 3600 * 1000ULL)
#define CR_PROFILE_LANGUAGE_MAX   64
#define CR_PROFILE_PROGRAM_MAX    64
#define CR_PROFILE_PATH_MAX       1024
#define CR_PROFILE_OPTION_MAX     64                        /* of a name */


static int cr_profile_language(cr_parse_t *parse);
static int cr_profile_program(cr_parse_t *parse);
static int cr_profile_slots(cr_parse_t *parse);
static int cr_profile_parked(cr_parse_t *parse);
static int cr_profile_timeout(cr_parse_t *parse);
static int cr_profile_memory(cr_parse_t *parse);
static int cr_profile_memory_default(cr_parse_t *parse);
static int cr_profile_processes(cr_parse_t *parse);
static int cr_profile_write(cr_parse_t *parse);
static int cr_profile_threads(cr_parse_t *parse);
static int cr_profile_args(cr_parse_t *parse);
static int cr_profile_policy(cr_parse_t *parse);
static int cr_profile_seccomp(cr_parse_t *parse);
static int cr_profile_execute(cr_parse_t *parse);
static int cr_profile_compile(cr_parse_t *parse);
static int cr_profile_debug(cr_parse_t *parse);
static int cr_profile_renew(cr_parse_t *parse);
static int cr_profile_tree(cr_parse_t *parse);
static int cr_profile_option(cr_parse_t *parse);
static int cr_profile_path(cr_parse_t *parse, const char *entry);
static int cr_profile_rules(cr_parse_t *parse);


static const cr_key_t  cr_profile_keys[] = {
    { "language",        cr_profile_language, 0 },
    { "program",         cr_profile_program, 0 },
    { "slots",           cr_profile_slots, 0 },
    { "parked",          cr_profile_parked, 0 },
    { "timeout",         cr_profile_timeout, 0 },
    { "memory",          cr_profile_memory, 0 },
    { "memory_default",  cr_profile_memory_default, 0 },
    { "processes",       cr_profile_processes, 0 },
    { "write",           cr_profile_write, 0 },
    { "threads",         cr_profile_threads, 0 },
    { "args",            cr_profile_args, 0 },
    { "policy",          cr_profile_policy, 0 },
    { "seccomp",         cr_profile_seccomp, 0 },
    { "execute",         cr_profile_execute, 0 },
    { "compile",         cr_profile_compile, 0 },
    { "debug",           cr_profile_debug, 0 },
    { "renew",           cr_profile_renew, 0 },
    { "tree",            cr_profile_tree, 0 },
    { "option.",         cr_profile_option, 1 },
    { NULL,              NULL, 0 }
};


int
cr_profile_parse(cr_profile_t *profile, const char *name, const char *text,
    size_t len, char *error, size_t size)
{
    cr_parse_t  parse;

    memset(profile, 0, sizeof(cr_profile_t));
    memset(&parse, 0, sizeof(cr_parse_t));

    parse.data = profile;
    parse.error = error;
    parse.size = size;

    if (!cr_name_plain(name, CR_RUNTIME_NAME_MAX)) {
        return cr_parse_error(&parse, "the name of a profile has 1 to %d of "
                              "the characters a-z A-Z 0-9 . _ - and starts "
                              "with a letter or digit", CR_RUNTIME_NAME_MAX);
    }

    strcpy(profile->name, name);

    profile->parked = CR_SLOTS_MAX;
    profile->timeout_ms = 300 * 1000;
    profile->memory = 1ULL << 30;
    profile->processes = 64;
    profile->renew = 3600;

    if (cr_parse(&parse, cr_profile_keys, text, len) == -1) {
        return -1;
    }

    parse.at = 0;

    if (profile->program == NULL) {
        return cr_parse_error(&parse, "\"program\" is missing: write "
                              "program = NAME, the runtime's zygote");
    }

    if (profile->ntree == 0) {
        return cr_parse_error(&parse, "\"tree\" is missing: write tree = the "
                              "files and folders that the runtime needs");
    }

    if (cr_profile_rules(&parse) == -1) {
        return -1;
    }

    if (profile->language == NULL) {
        return cr_parse_copy(&parse, profile->name, &profile->language);
    }

    return 0;
}


/* What one key needs of another. */

static int
cr_profile_rules(cr_parse_t *parse)
{
    cr_profile_t  *profile;

    profile = parse->data;

    if (profile->memory_default > profile->memory) {
        return cr_parse_error(parse, "\"memory_default\" is more than "
                              "\"memory\", the most a job may have");
    }

    if (profile->execute && !(profile->exec && profile->write)) {
        return cr_parse_error(parse, "\"execute = on\" is for a cell that may "
                              "run programs and has a /tmp: it needs "
                              "\"seccomp = exec\" and \"write\"");
    }

    if (profile->compile && !(profile->exec && profile->write)) {
        return cr_parse_error(parse, "\"compile = on\" is for a cell that runs "
                              "a compiler, which writes to /tmp: it needs "
                              "\"seccomp = exec\" and \"write\"");
    }

    return 0;
}


static int
cr_profile_language(cr_parse_t *parse)
{
    cr_profile_t  *profile;

    profile = parse->data;

    return cr_parse_text(parse, CR_PROFILE_LANGUAGE_MAX, &profile->language);
}


/* A plain name, so that no profile can lead out of the helper's folder. */

static int
cr_profile_program(cr_parse_t *parse)
{
    cr_profile_t  *profile;

    profile = parse->data;

    if (!cr_name_plain(parse->value, CR_PROFILE_PROGRAM_MAX)) {
        return cr_parse_error(parse, "\"program\" is the plain name of a file "
                              "beside the helper: \"%.64s\"", parse->value);
    }

    return cr_parse_copy(parse, parse->value, &profile->program);
}


static int
cr_profile_slots(cr_parse_t *parse)
{
    uint64_t       n;
    cr_profile_t  *profile;

    profile = parse->data;

    if (cr_parse_number(parse, 0, CR_SLOTS_MAX, &n) == -1) {
        return -1;
    }

    profile->slots = n;

    return 0;
}


static int
cr_profile_parked(cr_parse_t *parse)
{
    uint64_t       n;
    cr_profile_t  *profile;

    profile = parse->data;

    if (cr_parse_number(parse, 0, CR_SLOTS_MAX, &n) == -1) {
        return -1;
    }

    profile->parked = n;

    return 0;
}


static int
cr_profile_timeout(cr_parse_t *parse)
{
    uint64_t       n;
    cr_profile_t  *profile;

    profile = parse->data;

    if (cr_parse_time(parse, 1, CR_PROFILE_TIMEOUT_MAX, &n) == -1) {
        return -1;
    }

    profile->timeout_ms = n;

    return 0;
}


static int
cr_profile_memory(cr_parse_t *parse)
{
    uint64_t       n;
    cr_profile_t  *profile;

    profile = parse->data;

    if (cr_parse_size(parse, CR_PROFILE_MEMORY_MIN, CR_PROFILE_MEMORY_MAX, &n)
        == -1) {
        return -1;
    }

    profile->memory = n;

    return 0;
}


static int
cr_profile_memory_default(cr_parse_t *parse)
{
    cr_profile_t  *profile;

    profile = parse->data;

    return cr_parse_size(parse, CR_PROFILE_MEMORY_MIN, CR_PROFILE_MEMORY_MAX,
                         &profile->memory_default);
}


static int
cr_profile_processes(cr_parse_t *parse)
{
    uint64_t       n;
    cr_profile_t  *profile;

    profile = parse->data;

    if (cr_parse_number(parse, 1, CR_PROFILE_PROCESSES_MAX, &n) == -1) {
        return -1;
    }

    profile->processes = n;

    return 0;
}


static int
cr_profile_write(cr_parse_t *parse)
{
    uint64_t       n;
    cr_profile_t  *profile;

    profile = parse->data;

    if (cr_parse_size(parse, 0, CR_PROFILE_MEMORY_MAX, &n) == -1) {
        return -1;
    }

    /* A tmpfs of no bytes would be one without a limit. */

    if (n != 0 && n < CR_PROFILE_WRITE_MIN) {
        return cr_parse_error(parse, "\"write\" is less than 4K: write 0 for "
                              "a cell that can write nowhere");
    }

    profile->write = n;

    return 0;
}


static int
cr_profile_threads(cr_parse_t *parse)
{
    int            flag;
    cr_profile_t  *profile;

    profile = parse->data;

    if (cr_parse_flag(parse, &flag) == -1) {
        return -1;
    }

    profile->threads = flag;

    return 0;
}


static int
cr_profile_args(cr_parse_t *parse)
{
    int            flag;
    cr_profile_t  *profile;

    profile = parse->data;

    if (cr_parse_flag(parse, &flag) == -1) {
        return -1;
    }

    profile->args = flag;

    return 0;
}


static int
cr_profile_policy(cr_parse_t *parse)
{
    int            flag;
    cr_profile_t  *profile;

    profile = parse->data;

    if (cr_parse_flag(parse, &flag) == -1) {
        return -1;
    }

    profile->policy = flag;

    return 0;
}


static int
cr_profile_seccomp(cr_parse_t *parse)
{
    cr_profile_t  *profile;

    profile = parse->data;

    if (strcmp(parse->value, "warm") == 0) {
        profile->exec = 0;

    } else if (strcmp(parse->value, "exec") == 0) {
        profile->exec = 1;

    } else {
        return cr_parse_error(parse, "\"seccomp\" is warm, or exec for a "
                              "runtime whose jobs run programs: \"%.64s\"",
                              parse->value);
    }

    return 0;
}


static int
cr_profile_execute(cr_parse_t *parse)
{
    int            flag;
    cr_profile_t  *profile;

    profile = parse->data;

    if (cr_parse_flag(parse, &flag) == -1) {
        return -1;
    }

    profile->execute = flag;

    return 0;
}


static int
cr_profile_compile(cr_parse_t *parse)
{
    int            flag;
    cr_profile_t  *profile;

    profile = parse->data;

    if (cr_parse_flag(parse, &flag) == -1) {
        return -1;
    }

    profile->compile = flag;

    return 0;
}


static int
cr_profile_debug(cr_parse_t *parse)
{
    int            flag;
    cr_profile_t  *profile;

    profile = parse->data;

    if (cr_parse_flag(parse, &flag) == -1) {
        return -1;
    }

    profile->debug = flag;

    return 0;
}


static int
cr_profile_renew(cr_parse_t *parse)
{
    uint64_t       n;
    cr_profile_t  *profile;

    profile = parse->data;

    if (cr_parse_time(parse, 0, CR_PROFILE_RENEW_MAX, &n) == -1) {
        return -1;
    }

    if (n % 1000) {
        return cr_parse_error(parse, "\"renew\" is not in whole seconds");
    }

    profile->renew = n / 1000;

    return 0;
}


static int
cr_profile_tree(cr_parse_t *parse)
{
    cr_profile_t  *profile;

    profile = parse->data;

    return cr_parse_list(parse, profile->tree, CR_TREE_MAX, &profile->ntree,
                         cr_profile_path);
}


/*
 * An absolute path without "." and "..", of a folder that a cell may see:
 * /dev and /tmp are made for it, /proc and /sys would show it the machine.
 */

static int
cr_profile_path(cr_parse_t *parse, const char *entry)
{
    size_t       i, len;
    const char  *p;

    static const char  *never[] = { "/dev", "/proc", "/sys", "/tmp",
                                    "/zygote" };

    p = *entry == '-' ? entry + 1 : entry;

    if (*p != '/' || p[1] == '\0' || strlen(p) > CR_PROFILE_PATH_MAX) {
        return cr_parse_error(parse, "\"tree\" has absolute paths below the "
                              "root: \"%.128s\"", entry);
    }

    for (i = 0; i < sizeof(never) / sizeof(never[0]); i++) {

        len = strlen(never[i]);

        if (strncmp(p, never[i], len) == 0
            && (p[len] == '/' || p[len] == '\0'))
        {
            return cr_parse_error(parse, "\"tree\" cannot show \"%.128s\"",
                                  entry);
        }
    }

    while (*p == '/') {
        len = strcspn(++p, "/");

        if (len == 0 || (len == 1 && p[0] == '.')
            || (len == 2 && p[0] == '.' && p[1] == '.'))
        {
            return cr_parse_error(parse, "\"tree\" has plain paths, without "
                                  "\"//\", \".\" and a \"/\" at the end: "
                                  "\"%.128s\"", entry);
        }

        p += len;
    }

    return 0;
}


/* KEY NUL VALUE NUL, after those that are there. */

static int
cr_profile_option(cr_parse_t *parse)
{
    char          *name, *options, *p;
    size_t         nlen, vlen;
    cr_profile_t  *profile;

    profile = parse->data;
    name = parse->key + 7;
    nlen = strlen(name);
    vlen = strlen(parse->value);

    if (!cr_name_plain(name, CR_PROFILE_OPTION_MAX)) {
        return cr_parse_error(parse, "\"option.\" goes on with 1 to %d of "
                              "the characters a-z A-Z 0-9 . _ -",
                              CR_PROFILE_OPTION_MAX);
    }

    for (p = profile->options;
         p != NULL && p < profile->options + profile->options_size;
         p += strlen(p) + 1, p += strlen(p) + 1)
    {
        if (strcmp(p, name) == 0) {
            return cr_parse_error(parse, "\"%s\" is there twice",
                                  parse->key);
        }
    }

    options = realloc(profile->options,
                      profile->options_size + nlen + vlen + 2);

    if (options == NULL) {
        return cr_parse_error(parse, "no memory");
    }

    p = options + profile->options_size;

    memcpy(p, name, nlen + 1);
    memcpy(p + nlen + 1, parse->value, vlen + 1);

    profile->options = options;
    profile->options_size += nlen + vlen + 2;

    return 0;
}
