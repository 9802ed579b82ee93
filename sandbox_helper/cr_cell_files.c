
/*
 * A job's files: those that a program brings are placed in the cell's own
 * folder, and those that it leaves are collected from there.
 *
 * All of it is done within the confined cell, and still trusts nothing: what
 * the program left may be links, pipes, files without end, a hundred thousand
 * of them, and change while it is looked at.  So every step on a path is taken
 * by itself, and through no link; only regular files are read, which never
 * block, and no more of them than was announced; memory is what is here.
 */

#define _GNU_SOURCE

#include "cr_zygote_kit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/syscall.h>


#define CR_FILES_CHUNK  32768   /* bytes of a file that are read at once */
#define CR_FILES_NAMES  4096    /* bytes of a folder, on each level's stack */

#define CR_FILES_STEP   (O_DIRECTORY|O_NOFOLLOW|O_CLOEXEC)


/* The names that are first in order: the order is theirs, not the kernel's. */

typedef struct {
    unsigned     n;
    const char  *names[CR_ARTIFACTS_MAX];
    char         text[CR_ARTIFACTS_MAX][CR_FILE_NAME_MAX + 1];
} cr_files_found_t;


/* What getdents64(2) writes. */

typedef struct {
    uint64_t        ino;
    int64_t         off;
    unsigned short  reclen;
    unsigned char   type;
    char            name[];
} cr_files_entry_t;


static cr_files_found_t  cr_files_found;
static unsigned char     cr_files_buf[CR_FILES_CHUNK];

static unsigned          cr_files_nown;
static const char       *cr_files_own[CR_PATTERNS_MAX];


static void cr_files_walk(int dir, char *path, size_t len,
    const char *pattern);


static int
cr_files_write(int fd, const unsigned char *p, size_t len)
{
    ssize_t        n;
    struct pollfd  pfd;

    while (len) {
        n = write(fd, p, len);

        if (n >= 0) {
            p += n;
            len -= n;
            continue;
        }

        /* A program may have made the kit's descriptor a non-blocking one. */

        if (errno == EAGAIN) {
            pfd.fd = fd;
            pfd.events = POLLOUT;
            (void) poll(&pfd, 1, -1);
            continue;
        }

        if (errno != EINTR) {
            return -1;
        }
    }

    return 0;
}


/*
 * Opens the folder that path's last name is in, step by step, and sets *name
 * to that name; path is cut there.  create: what is missing on the way is made.
 */

static int
cr_files_parent(int dir, char *path, int create, char **name)
{
    int    fd, next, err;
    char  *slash;

    fd = openat(dir, ".", O_PATH|CR_FILES_STEP);

    while (fd != -1) {
        slash = strchr(path, '/');

        if (slash == NULL) {
            *name = path;
            return fd;
        }

        *slash = '\0';
        next = -1;

        if (!create || mkdirat(fd, path, 0700) == 0 || errno == EEXIST) {
            next = openat(fd, path, O_PATH|CR_FILES_STEP);
        }

        err = errno;
        (void) close(fd);
        errno = err;

        fd = next;
        path = slash + 1;
    }

    return -1;
}


int
cr_files_place(int dir, const cr_file_t *file)
{
    int    parent, fd, rc, err;
    char   path[CR_FILE_NAME_MAX + 1], *name;

    memcpy(path, file->name.data, file->name.len);
    path[file->name.len] = '\0';

    parent = cr_files_parent(dir, path, 1, &name);

    if (parent == -1) {
        return -1;
    }

    fd = openat(parent, name, O_WRONLY|O_CREAT|O_EXCL|O_NOFOLLOW|O_CLOEXEC,
                (file->flags & CR_FILE_EXECUTE) ? 0700 : 0600);

    rc = fd == -1 ? -1 : cr_files_write(fd, file->content.data,
                                        file->content.len);
    err = errno;

    if (fd != -1) {
        (void) close(fd);
    }

    (void) close(parent);
    errno = err;

    return rc;
}


/*
 * Whether the set that begins behind a "[" has the byte c.  Sets *end behind
 * its "]", or to NULL where there is none: then it was a plain bracket.
 */

static int
cr_files_set(const char *p, unsigned char c, const char **end)
{
    int            inverse, found;
    unsigned char  low, high;
    const char    *first;

    inverse = *p == '!' || *p == '^';
    p += inverse;
    found = 0;

    for (first = p; *p != ']' || p == first; p++) {

        if (*p == '\0' || *p == '/') {
            *end = NULL;
            return 0;
        }

        low = high = (unsigned char) *p;

        if (p[1] == '-' && p[2] != ']' && p[2] != '\0' && p[2] != '/') {
            high = (unsigned char) p[2];
            p += 2;
        }

        if (c >= low && c <= high) {
            found = 1;
        }
    }

    *end = p + 1;

    return found != inverse;
}


/*
 * The pattern behind its first element when that is what *name begins with,
 * which *name is then moved over; NULL when it is not.
 */

static const char *
cr_files_one(const char *p, const char **name)
{
    const char  *end;

    if (*p == '\0' || *p == '/') {
        return NULL;
    }

    if (*p == '?') {

        /* A character, as far as names are UTF-8. */

        do {
            (*name)++;
        } while ((**name & 0xc0) == 0x80);

        return p + 1;
    }

    end = NULL;

    if (*p == '[') {

        if (cr_files_set(p + 1, (unsigned char) **name, &end)) {
            (*name)++;
            return end;
        }

        if (end) {
            return NULL;
        }
    }

    return *p == *(*name)++ ? p + 1 : NULL;
}


int
cr_files_match(const char *p, const char *name)
{
    const char  *s, *next, *star, *retry;

    if (*name == '.' && *p != '.') {
        return 0;
    }

    star = retry = NULL;

    /* A later "*" makes up for an earlier one: only the last goes back. */

    for (s = name; *s || *p == '*'; ) {

        if (*p == '*') {
            star = ++p;
            retry = s;
            continue;
        }

        name = s;
        next = cr_files_one(p, &s);

        if (next == NULL) {

            if (star == NULL || *retry == '\0') {
                return 0;
            }

            next = star;
            s = ++retry;
        }

        p = next;
    }

    return *p == '\0' || *p == '/';
}


static void
cr_files_add(const char *path)
{
    int                c;
    char              *text;
    unsigned           i;
    cr_files_found_t  *found;

    found = &cr_files_found;

    for (i = found->n; i; i--) {
        c = strcmp(found->names[i - 1], path);

        if (c == 0) {
            return;
        }

        if (c < 0) {
            break;
        }
    }

    if (i == CR_ARTIFACTS_MAX) {
        return;
    }

    if (found->n < CR_ARTIFACTS_MAX) {
        text = found->text[found->n++];

    } else {
        text = (char *) found->names[CR_ARTIFACTS_MAX - 1];
    }

    memmove(&found->names[i + 1], &found->names[i],
            (found->n - 1 - i) * sizeof(found->names[0]));

    found->names[i] = strcpy(text, path);
}


/* One name of the folder dir: it is a file, or the way goes on below it. */

static void
cr_files_visit(int dir, char *path, size_t len, const char *name,
    const char *rest)
{
    int          fd;
    size_t       n;
    struct stat  st;
    cr_bytes_t   whole;

    n = strlen(name);

    if (len + n > CR_FILE_NAME_MAX) {
        return;
    }

    memcpy(path + len, name, n + 1);
    len += n;

    whole.data = (unsigned char *) path;
    whole.len = len;

    if (!cr_file_name(&whole)) {
        return;
    }

    if (*rest == '\0') {

        if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0
            && S_ISREG(st.st_mode))
        {
            cr_files_add(path);
        }

        return;
    }

    fd = openat(dir, name, O_RDONLY|CR_FILES_STEP);

    if (fd == -1) {
        return;
    }

    path[len] = '/';
    cr_files_walk(fd, path, len + 1, rest + 1);

    (void) close(fd);
}


static void
cr_files_list(int dir, char *path, size_t len, const char *pattern,
    const char *rest)
{
    long               i, n;
    cr_files_entry_t  *e;
    char               buf[CR_FILES_NAMES]
                           __attribute__((aligned(sizeof(uint64_t))));

    if (lseek(dir, 0, SEEK_SET) == -1) {
        return;
    }

    while ((n = syscall(SYS_getdents64, dir, buf, sizeof(buf))) > 0) {

        for (i = 0; i < n; i += e->reclen) {
            e = (cr_files_entry_t *) (buf + i);

            if (e->type == (*rest ? DT_DIR : DT_REG)
                || e->type == DT_UNKNOWN)
            {
                if (cr_files_match(pattern, e->name)) {
                    cr_files_visit(dir, path, len, e->name, rest);
                }
            }
        }
    }
}


/*
 * Finds what matches pattern in the folder dir, whose own path are the first
 * len bytes of path.  As deep as a pattern has names: CR_FILE_DEPTH_MAX.
 */

static void
cr_files_walk(int dir, char *path, size_t len, const char *pattern)
{
    char         name[CR_FILE_NAME_MAX + 1];
    size_t       n;
    const char  *rest;

    rest = strchrnul(pattern, '/');
    n = rest - pattern;

    if (strcspn(pattern, "*?[") < n) {
        cr_files_list(dir, path, len, pattern, rest);
        return;
    }

    memcpy(name, pattern, n);
    name[n] = '\0';

    cr_files_visit(dir, path, len, name, rest);
}


static void
cr_files_pattern(int dir, const unsigned char *data, size_t len)
{
    char        pattern[CR_FILE_NAME_MAX + 1];
    char        path[CR_FILE_NAME_MAX + 2];
    cr_bytes_t  bytes;

    bytes.data = data;
    bytes.len = len;

    if (!cr_file_name(&bytes)) {
        return;
    }

    memcpy(pattern, data, len);
    pattern[len] = '\0';

    cr_files_walk(dir, path, 0, pattern);
}


/* size bytes of file, which may have become shorter: then it ends in zeros. */

static int
cr_files_copy(int to, int file, uint64_t size)
{
    size_t   want;
    ssize_t  n;

    while (size) {
        want = size < CR_FILES_CHUNK ? size : CR_FILES_CHUNK;

        do {
            n = read(file, cr_files_buf, want);
        } while (n == -1 && errno == EINTR);

        if (n <= 0) {
            memset(cr_files_buf, 0, want);
            n = (ssize_t) want;
        }

        if (cr_files_write(to, cr_files_buf, n) != 0) {
            return -1;
        }

        size -= n;
    }

    return 0;
}


/*
 * Writes one artifact, its content if it is at most *left bytes, which are
 * then fewer.  -1: nothing more can be written.
 */

static int
cr_files_send(int to, int file, const char *path, uint64_t *left)
{
    cr_put_t       put;
    struct stat    st;
    cr_artifact_t  artifact;
    unsigned char  head[CR_ARTIFACT_HEAD + CR_FILE_NAME_MAX];

    if (fstat(file, &st) == -1 || !S_ISREG(st.st_mode)) {
        return 0;
    }

    memset(&artifact, 0, sizeof(artifact));
    artifact.name.data = (const unsigned char *) path;
    artifact.name.len = strlen(path);
    artifact.size = st.st_size;

    if (artifact.size > *left) {
        artifact.flags = CR_ARTIFACT_LEFT_OUT;

    } else {
        artifact.content.len = artifact.size;
        *left -= artifact.size;
    }

    cr_put_init(&put, head, sizeof(head));
    cr_artifact_pack(&put, &artifact);

    if (cr_files_write(to, head, cr_put_len(&put)) != 0) {
        return -1;
    }

    return cr_files_copy(to, file, artifact.content.len);
}


static int
cr_files_artifact(int dir, const char *found, int to, uint64_t *left)
{
    int   parent, file, rc;
    char  path[CR_FILE_NAME_MAX + 1], *name;

    parent = cr_files_parent(dir, strcpy(path, found), 0, &name);

    if (parent == -1) {
        return 0;
    }

    /* Opening a pipe waits for nobody so, and then it is none of these. */

    file = openat(parent, name,
                  O_RDONLY|O_NOFOLLOW|O_NONBLOCK|O_NOCTTY|O_CLOEXEC);
    rc = 0;

    if (file != -1) {
        rc = cr_files_send(to, file, found, left);
        (void) close(file);
    }

    (void) close(parent);

    return rc;
}


void
cr_files_collect(int dir, const cr_program_t *program, int to)
{
    uint64_t  left;
    unsigned  i;

    cr_files_found.n = 0;

    for (i = 0; i < program->npatterns; i++) {
        cr_files_pattern(dir, program->patterns[i].data,
                         program->patterns[i].len);
    }

    for (i = 0; i < cr_files_nown; i++) {
        cr_files_pattern(dir, (const unsigned char *) cr_files_own[i],
                         strlen(cr_files_own[i]));
    }

    left = program->artifact_max;

    for (i = 0; i < cr_files_found.n; i++) {
        if (cr_files_artifact(dir, cr_files_found.names[i], to, &left) != 0) {
            return;
        }
    }
}


void
cr_zygote_collect(const char *pattern)
{
    if (cr_files_nown < CR_PATTERNS_MAX) {
        cr_files_own[cr_files_nown++] = pattern;
    }
}
