
/* The profile's options: words, and the environment that is made of them. */

#include "exec_runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>


cr_exec_t  cr_exec;


typedef struct {
    const char   *key;
    const char  **text;      /* the value as it is, */
    char       ***words;     /* or parted at its spaces */
} cr_exec_option_t;


static const cr_exec_option_t  cr_exec_table[] = {
    { "source",   &cr_exec.source,   NULL },
    { "artifact", &cr_exec.artifact, NULL },
    { "package",  &cr_exec.package,  NULL },
    { "run",      NULL, &cr_exec.run },
    { "compile",  NULL, &cr_exec.compile },
    { "version",  NULL, &cr_exec.version },
    { "env",      NULL, &cr_exec.env },
    { NULL, NULL, NULL }
};


/*
 * What a program finds where option.env says nothing else: its folder is the
 * only place that it can write to.
 */

static char *const  cr_exec_defaults[] = {
    (char *) "PATH=/usr/local/bin:/usr/bin:/bin", (char *) "HOME=/tmp",
    (char *) "TMPDIR=/tmp", (char *) "LANG=C.UTF-8", NULL
};


/* Answers an array with NULL at its end, or NULL without memory. */

static char **
cr_exec_words(const char *value)
{
    char    *copy, *word, *rest, **words;
    size_t   n;

    copy = strdup(value);
    words = calloc(strlen(value) / 2 + 2, sizeof(char *));

    if (copy == NULL || words == NULL) {
        return NULL;
    }

    n = 0;

    for (word = strtok_r(copy, " \t", &rest);
         word;
         word = strtok_r(NULL, " \t", &rest))
    {
        words[n++] = word;
    }

    return words;
}


static int
cr_exec_option(const char *key, const char *value)
{
    const cr_exec_option_t  *option;

    for (option = cr_exec_table; option->key; option++) {

        if (strcmp(option->key, key) != 0) {
            continue;
        }

        if (option->text) {
            *option->text = value;
            return 0;
        }

        *option->words = cr_exec_words(value);

        return *option->words ? 0 : -1;
    }

    return -1;
}


static int
cr_exec_sets(char **env, const char *setting)
{
    size_t  len;

    len = strcspn(setting, "=") + 1;

    for ( /* void */ ; *env; env++) {
        if (strncmp(*env, setting, len) == 0) {
            return 1;
        }
    }

    return 0;
}


static int
cr_exec_environment(void)
{
    char    **env;
    size_t    i, n;

    if (cr_exec.env == NULL) {
        cr_exec.env = (char **) cr_exec_defaults;
        return 0;
    }

    for (n = 0; cr_exec.env[n]; n++) { /* void */ }

    env = calloc(n + sizeof(cr_exec_defaults) / sizeof(char *),
                 sizeof(char *));

    if (env == NULL) {
        return -1;
    }

    memcpy(env, cr_exec.env, n * sizeof(char *));

    for (i = 0; cr_exec_defaults[i]; i++) {
        if (!cr_exec_sets(cr_exec.env, cr_exec_defaults[i])) {
            env[n++] = cr_exec_defaults[i];
        }
    }

    cr_exec.env = env;

    return 0;
}


/* A command is a path from the root: nothing is looked up in a PATH. */

static int
cr_exec_command(const char *key, char **words, char *error, size_t size)
{
    if (words == NULL || (words[0] && words[0][0] == '/')) {
        return 0;
    }

    snprintf(error, size, "option.%s begins with the path of a program, from "
             "/ on", key);

    return -1;
}


static int
cr_exec_complete(char *error, size_t size)
{
    cr_bytes_t  name;

    if (cr_exec.source == NULL || cr_exec.run == NULL) {
        snprintf(error, size, "zygote-exec needs option.source, the file that "
                 "a program is put in, and option.run, what runs it");
        return -1;
    }

    name.data = (const unsigned char *) cr_exec.source;
    name.len = strlen(cr_exec.source);

    if (!cr_file_name(&name)) {
        snprintf(error, size, "option.source is the name of a file in the "
                 "cell's folder: \"%.64s\"", cr_exec.source);
        return -1;
    }

    if ((cr_exec.compile == NULL) != (cr_exec.artifact == NULL)) {
        snprintf(error, size, "option.compile and option.artifact, what "
                 "compiling leaves for the run, need each other");
        return -1;
    }

    if (cr_exec_command("run", cr_exec.run, error, size) != 0
        || cr_exec_command("compile", cr_exec.compile, error, size) != 0)
    {
        return -1;
    }

    return cr_exec_command("version", cr_exec.version, error, size);
}


int
cr_exec_options(const cr_options_t *options, char *error, size_t size)
{
    const char  *p, *end, *value;

    end = options->data + options->size;

    for (p = options->data; p < end; p = value + strlen(value) + 1) {

        value = p + strlen(p) + 1;

        if (cr_exec_option(p, value) != 0) {
            snprintf(error, size, "zygote-exec has no option.%.64s: it has "
                     "source, run, compile, artifact, version, env and "
                     "package", p);
            return -1;
        }
    }

    if (cr_exec_environment() != 0) {
        snprintf(error, size, "no memory");
        return -1;
    }

    return cr_exec_complete(error, size);
}
