
/*
 * The keys of sandbox.conf, and reading the helper's files: the only place
 * where a path is opened for configuration.
 */


#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>

#include "cr_parse.h"
#include "cr_profile.h"


#define CR_CONF_CLIENT_MAX  32
#define CR_CONF_QUEUE_MAX   65536
#define CR_CONF_FILES_MAX   256      /* files of runtimes.d looked at */

#define CR_CONF_SUFFIX      ".conf"
#define CR_CONF_LINK        "it is a link, which is refused"


static int cr_conf_clients(cr_parse_t *parse);
static int cr_conf_client(cr_parse_t *parse, const char *entry);
static int cr_conf_memory_percent(cr_parse_t *parse);
static int cr_conf_cpu_weight(cr_parse_t *parse);
static int cr_conf_rootless(cr_parse_t *parse);
static int cr_conf_queue(cr_parse_t *parse);
static int cr_conf_open(const char *path, int flags, int privileged,
    char *error, size_t size);
static int cr_conf_folder(const char *path, int privileged, char *error,
    size_t size);
static int cr_conf_safe(int fd, const char *path, int privileged, char *error,
    size_t size);
static ssize_t cr_conf_content(int fd, const char *path, char *buf,
    char *error, size_t size);
static int cr_conf_names(const char *dir, char names[][NAME_MAX + 1],
    char *error, size_t size);
static int cr_conf_order(const void *one, const void *two);
static int cr_conf_profile(const char *dir, char *name, cr_profile_t *profile,
    int privileged, char *error, size_t size);


static const cr_key_t  cr_conf_keys[] = {
    { "clients",        cr_conf_clients, 0 },
    { "memory_percent", cr_conf_memory_percent, 0 },
    { "cpu_weight",     cr_conf_cpu_weight, 0 },
    { "rootless",       cr_conf_rootless, 0 },
    { "queue",          cr_conf_queue, 0 },
    { NULL,             NULL, 0 }
};


int
cr_conf_parse(cr_conf_t *conf, const char *text, size_t len, char *error,
    size_t size)
{
    cr_parse_t  parse;

    memset(conf, 0, sizeof(cr_conf_t));
    memset(&parse, 0, sizeof(cr_parse_t));

    conf->memory_percent = 75;
    conf->cpu_weight = 10;
    conf->queue = 4096;

    parse.data = conf;
    parse.error = error;
    parse.size = size;

    return cr_parse(&parse, cr_conf_keys, text, len);
}


static int
cr_conf_clients(cr_parse_t *parse)
{
    cr_conf_t  *conf;

    conf = parse->data;

    return cr_parse_list(parse, conf->clients, CR_CLIENTS_MAX,
                         &conf->nclients, cr_conf_client);
}


static int
cr_conf_client(cr_parse_t *parse, const char *entry)
{
    char                *end;
    unsigned long long   uid;

    /* As useradd(8) has it, which allows a first "_" and a last "$" too. */

    if (strlen(entry) > CR_CONF_CLIENT_MAX
        || strspn(entry, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789._-$") != strlen(entry)
        || strchr("-.$", *entry) != NULL)
    {
        return cr_parse_error(parse, "\"clients\" has names of users or uids: "
                              "\"%.64s\"", entry);
    }

    /* The last one is nobody's: to the kernel it says "no uid". */

    uid = strtoull(entry, &end, 10);

    if (*end == '\0' && uid >= UINT32_MAX) {
        return cr_parse_error(parse, "\"clients\" has a uid that is too "
                              "large: \"%.64s\"", entry);
    }

    return 0;
}


static int
cr_conf_memory_percent(cr_parse_t *parse)
{
    uint64_t    n;
    cr_conf_t  *conf;

    conf = parse->data;

    if (cr_parse_number(parse, 1, 95, &n) == -1) {
        return -1;
    }

    conf->memory_percent = n;

    return 0;
}


static int
cr_conf_cpu_weight(cr_parse_t *parse)
{
    uint64_t    n;
    cr_conf_t  *conf;

    conf = parse->data;

    /* The range of cgroup v2. */

    if (cr_parse_number(parse, 1, 10000, &n) == -1) {
        return -1;
    }

    conf->cpu_weight = n;

    return 0;
}


static int
cr_conf_rootless(cr_parse_t *parse)
{
    int         flag;
    cr_conf_t  *conf;

    conf = parse->data;

    if (cr_parse_flag(parse, &flag) == -1) {
        return -1;
    }

    conf->rootless = flag;

    return 0;
}


static int
cr_conf_queue(cr_parse_t *parse)
{
    uint64_t    n;
    cr_conf_t  *conf;

    conf = parse->data;

    if (cr_parse_number(parse, 1, CR_CONF_QUEUE_MAX, &n) == -1) {
        return -1;
    }

    conf->queue = n;

    return 0;
}


ssize_t
cr_conf_read(const char *path, char *buf, int privileged, char *error,
    size_t size)
{
    int      fd;
    ssize_t  n;

    /* Non-blocking, or a pipe of that name would keep it waiting. */

    fd = cr_conf_open(path, O_RDONLY|O_NONBLOCK, privileged, error, size);

    if (fd == -1) {
        return -1;
    }

    n = cr_conf_content(fd, path, buf, error, size);

    (void) close(fd);

    return n;
}


int
cr_conf_program(const char *path, int privileged, char *error, size_t size)
{
    int          fd;
    struct stat  st;

    fd = cr_conf_open(path, O_PATH, privileged, error, size);

    if (fd == -1) {
        return -1;
    }

    if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)
        || !(st.st_mode & S_IXUSR))
    {
        (void) snprintf(error, size, "%s: it is not a program", path);
        (void) close(fd);
        return -1;
    }

    return fd;
}


/* Opens what lies in a folder that is as safe as itself. */

static int
cr_conf_open(const char *path, int flags, int privileged, char *error,
    size_t size)
{
    int          dir, fd;
    char         folder[PATH_MAX];
    const char  *name;

    name = strrchr(path, '/');

    if (name == NULL || (size_t) (name - path) >= sizeof(folder) - 1) {
        (void) snprintf(error, size, "%s: not an absolute path", path);
        return -1;
    }

    memcpy(folder, path, name - path + 1);
    folder[name - path + 1] = '\0';

    dir = cr_conf_folder(folder, privileged, error, size);

    if (dir == -1) {
        return -1;
    }

    fd = openat(dir, name + 1, flags|O_NOFOLLOW|O_CLOEXEC);

    if (fd == -1) {
        (void) snprintf(error, size, "%s: %s", path,
                        errno == ELOOP ? CR_CONF_LINK : strerror(errno));

    } else if (cr_conf_safe(fd, path, privileged, error, size) == -1) {
        (void) close(fd);
        fd = -1;
    }

    (void) close(dir);

    return fd;
}


static int
cr_conf_folder(const char *path, int privileged, char *error, size_t size)
{
    int  fd;

    fd = open(path, O_RDONLY|O_DIRECTORY|O_CLOEXEC);

    if (fd == -1) {
        (void) snprintf(error, size, "%s: %s", path, strerror(errno));
        return -1;
    }

    if (cr_conf_safe(fd, path, privileged, error, size) == -1) {
        (void) close(fd);
        return -1;
    }

    return fd;
}


/* What a privileged program obeys, nobody but root may have written. */

static int
cr_conf_safe(int fd, const char *path, int privileged, char *error,
    size_t size)
{
    struct stat  st;

    if (fstat(fd, &st) == -1) {
        (void) snprintf(error, size, "%s: %s", path, strerror(errno));
        return -1;
    }

    /* O_PATH opens one, instead of refusing it. */

    if (S_ISLNK(st.st_mode)) {
        (void) snprintf(error, size, "%s: " CR_CONF_LINK, path);
        return -1;
    }

    if (privileged && (st.st_uid != 0 || (st.st_mode & (S_IWGRP|S_IWOTH)))) {
        (void) snprintf(error, size, "%s: it must belong to root and be "
                        "writable by root alone: chown root and chmod go-w",
                        path);
        return -1;
    }

    return 0;
}


static ssize_t
cr_conf_content(int fd, const char *path, char *buf, char *error, size_t size)
{
    char         more;
    size_t       len;
    ssize_t      n;
    struct stat  st;

    if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)) {
        (void) snprintf(error, size, "%s: it is not a regular file", path);
        return -1;
    }

    len = 0;

    do {
        n = len < CR_CONF_SIZE ? read(fd, buf + len, CR_CONF_SIZE - len)
                               : read(fd, &more, 1);

        if (n == -1) {

            if (errno == EINTR) {
                continue;
            }

            (void) snprintf(error, size, "%s: %s", path, strerror(errno));
            return -1;
        }

        if (len == CR_CONF_SIZE && n == 1) {
            (void) snprintf(error, size, "%s: it is longer than %d bytes",
                            path, CR_CONF_SIZE);
            return -1;
        }

        len += n;

    } while (n != 0);

    return len;
}


int
cr_profiles_load(const char *dir, cr_profile_t *profiles, unsigned max,
    int privileged, char *error, size_t size)
{
    int   i, n;
    char  (*names)[NAME_MAX + 1];

    names = malloc(CR_CONF_FILES_MAX * sizeof(*names));

    if (names == NULL) {
        (void) snprintf(error, size, "no memory");
        return -1;
    }

    n = cr_conf_names(dir, names, error, size);

    if (n > (int) max) {
        (void) snprintf(error, size, "%s: more than %u profiles", dir, max);
        n = -1;
    }

    for (i = 0; i < n; i++) {
        if (cr_conf_profile(dir, names[i], &profiles[i], privileged, error,
                            size)
            == -1)
        {
            n = -1;
        }
    }

    free(names);

    return n;
}


/* Collects the names that end with .conf, sorted; answers their number. */

static int
cr_conf_names(const char *dir, char names[][NAME_MAX + 1], char *error,
    size_t size)
{
    int             n;
    DIR            *d;
    size_t          len;
    struct dirent  *de;

    d = opendir(dir);

    if (d == NULL) {
        (void) snprintf(error, size, "%s: %s", dir, strerror(errno));
        return -1;
    }

    n = 0;

    while ((de = readdir(d)) != NULL) {

        len = strlen(de->d_name);

        if (de->d_name[0] == '.' || len <= strlen(CR_CONF_SUFFIX)
            || strcmp(de->d_name + len - strlen(CR_CONF_SUFFIX),
                      CR_CONF_SUFFIX)
               != 0)
        {
            continue;
        }

        if (n == CR_CONF_FILES_MAX) {
            (void) snprintf(error, size, "%s: more than %d files", dir,
                            CR_CONF_FILES_MAX);
            n = -1;
            break;
        }

        memcpy(names[n++], de->d_name, len + 1);
    }

    (void) closedir(d);

    if (n > 0) {
        qsort(names, n, sizeof(*names), cr_conf_order);
    }

    return n;
}


static int
cr_conf_order(const void *one, const void *two)
{
    return strcmp(one, two);
}


static int
cr_conf_profile(const char *dir, char *name, cr_profile_t *profile,
    int privileged, char *error, size_t size)
{
    int      n, rc;
    char     path[PATH_MAX], *buf, reason[512];
    ssize_t  len;

    n = snprintf(path, sizeof(path), "%s/%s", dir, name);

    if (n < 0 || (size_t) n >= sizeof(path)) {
        (void) snprintf(error, size, "%s: too long a path", dir);
        return -1;
    }

    buf = malloc(CR_CONF_SIZE);

    if (buf == NULL) {
        (void) snprintf(error, size, "no memory");
        return -1;
    }

    rc = -1;
    len = cr_conf_read(path, buf, privileged, error, size);

    if (len != -1) {
        name[strlen(name) - strlen(CR_CONF_SUFFIX)] = '\0';

        rc = cr_profile_parse(profile, name, buf, len, reason,
                              sizeof(reason));
        if (rc == -1) {
            (void) snprintf(error, size, "%s: %s", path, reason);
        }
    }

    free(buf);

    return rc;
}
