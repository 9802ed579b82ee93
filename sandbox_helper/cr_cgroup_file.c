
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "cr_cgroup_file.h"


#define CR_CGROUP_LINE     4096
#define CR_CGROUP_BATCH    256     /* tasks killed at a time */
#define CR_CGROUP_DEPTH    4       /* folders below the parent, at most */


static int cr_cgroup_own(const char *controller, char *own, size_t size);
static int cr_cgroup_mounted(char *line, const char *controller,
    const char **root, const char **mount);
static int cr_cgroup_listed(const char *list, const char *word);
static int cr_cgroup_resolve(const char *own, const char *root,
    const char *mount, char *path);
static int cr_cgroup_remove_below(const char *path, unsigned depth,
    const struct timespec *deadline);
static int cr_cgroup_rmdir(const char *path);
static void cr_cgroup_kill(const char *path);
static size_t cr_cgroup_tasks(const char *path, pid_t *pids, size_t max);
static int cr_cgroup_late(const struct timespec *deadline);


const char *const  cr_cgroup_kinds[CR_CGROUP_KINDS] = {
    "memory", "pids", "cpu"
};


int
cr_cgroup_home(const char *controller, char *path, char *mount)
{
    int          rc;
    FILE        *f;
    char         own[CR_CGROUP_PATH_MAX], line[CR_CGROUP_LINE];
    const char  *root, *point;

    if (cr_cgroup_own(controller, own, sizeof(own)) == -1) {
        return -1;
    }

    f = fopen("/proc/self/mountinfo", "re");

    if (f == NULL) {
        return -1;
    }

    rc = -1;

    while (rc == -1 && fgets(line, sizeof(line), f) != NULL) {

        if (!cr_cgroup_mounted(line, controller, &root, &point)) {
            continue;
        }

        rc = cr_cgroup_resolve(own, root, point, path);

        if (rc == 0 && mount != NULL) {
            (void) snprintf(mount, CR_CGROUP_PATH_MAX, "%s", point);
        }
    }

    (void) fclose(f);

    if (rc == -1) {
        errno = ENOENT;
    }

    return rc;
}


/* The line "number:controllers:path" of the hierarchy; v2's has none. */

static int
cr_cgroup_own(const char *controller, char *own, size_t size)
{
    int    rc;
    FILE  *f;
    char   line[CR_CGROUP_LINE], *list, *path;

    f = fopen("/proc/self/cgroup", "re");

    if (f == NULL) {
        return -1;
    }

    rc = -1;
    errno = ENOENT;

    while (rc == -1 && fgets(line, sizeof(line), f) != NULL) {

        list = strchr(line, ':');
        path = list ? strchr(list + 1, ':') : NULL;

        if (path == NULL) {
            continue;
        }

        list++;
        *path++ = '\0';
        path[strcspn(path, "\n")] = '\0';

        if (controller ? !cr_cgroup_listed(list, controller) : *list != '\0') {
            continue;
        }

        if (strlen(path) >= size) {
            errno = ENAMETOOLONG;
            break;
        }

        strcpy(own, path);
        rc = 0;
    }

    (void) fclose(f);

    return rc;
}


/*
 * Whether a line of mountinfo is the hierarchy's: "id parent device root
 * mount options [fields] - type source super-options".
 */

static int
cr_cgroup_mounted(char *line, const char *controller, const char **root,
    const char **mount)
{
    char      *tail, *word, *last, *fields[5], *type, *super;
    unsigned   n;

    tail = strstr(line, " - ");

    if (tail == NULL) {
        return 0;
    }

    *tail = '\0';
    tail += 3;

    n = 0;

    for (word = strtok_r(line, " ", &last);
         word != NULL && n < 5;
         word = strtok_r(NULL, " ", &last))
    {
        fields[n++] = word;
    }

    type = strtok_r(tail, " \n", &last);
    (void) strtok_r(NULL, " \n", &last);
    super = strtok_r(NULL, " \n", &last);

    if (n < 5 || type == NULL || super == NULL) {
        return 0;
    }

    *root = fields[3];
    *mount = fields[4];

    if (controller == NULL) {
        return strcmp(type, "cgroup2") == 0;
    }

    return strcmp(type, "cgroup") == 0 && cr_cgroup_listed(super, controller);
}


static int
cr_cgroup_listed(const char *list, const char *word)
{
    size_t  len, n;

    len = strlen(word);

    for ( ;; ) {

        n = strcspn(list, ",");

        if (n == len && strncmp(list, word, n) == 0) {
            return 1;
        }

        if (list[n] == '\0') {
            return 0;
        }

        list += n + 1;
    }
}


/* The mount shows the hierarchy from root downwards. */

static int
cr_cgroup_resolve(const char *own, const char *root, const char *mount,
    char *path)
{
    size_t  len;

    len = strcmp(root, "/") == 0 ? 0 : strlen(root);

    if (strncmp(own, root, len) != 0 || (own[len] != '/' && own[len] != '\0')
        || strncmp(own, "/..", 3) == 0)
    {
        return -1;
    }

    own += len;

    if (strcmp(own, "/") == 0) {
        own = "";
    }

    if (strlen(mount) + strlen(own) >= CR_CGROUP_PATH_MAX) {
        return -1;
    }

    strcpy(path, mount);
    strcat(path, own);

    return access(path, F_OK);
}


int
cr_cgroup_join_path(char *path, const char *one, const char *two)
{
    int  n;

    n = snprintf(path, CR_CGROUP_PATH_MAX, "%s/%s", one, two);

    if (n < 0 || n >= CR_CGROUP_PATH_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }

    return 0;
}


int
cr_cgroup_open_file(const char *path, const char *name, int flags)
{
    char  file[CR_CGROUP_PATH_MAX];

    if (cr_cgroup_join_path(file, path, name) == -1) {
        return -1;
    }

    return open(file, flags|O_CLOEXEC|O_NOFOLLOW);
}


int
cr_cgroup_write(const char *path, const char *name, const char *value)
{
    int      fd, err;
    ssize_t  n;

    fd = cr_cgroup_open_file(path, name, O_WRONLY);

    if (fd == -1) {
        return -1;
    }

    n = write(fd, value, strlen(value));

    err = errno;
    (void) close(fd);
    errno = err;

    return n == -1 ? -1 : 0;
}


int
cr_cgroup_write_number(const char *path, const char *name, uint64_t value)
{
    char  number[24];

    (void) snprintf(number, sizeof(number), "%llu",
                    (unsigned long long) value);

    return cr_cgroup_write(path, name, number);
}


ssize_t
cr_cgroup_read(const char *path, const char *name, char *buf, size_t size)
{
    int      fd, err;
    ssize_t  n;

    fd = cr_cgroup_open_file(path, name, O_RDONLY);

    if (fd == -1) {
        return -1;
    }

    n = read(fd, buf, size - 1);

    err = errno;
    (void) close(fd);
    errno = err;

    if (n != -1) {
        buf[n] = '\0';
    }

    return n;
}


int
cr_cgroup_number(int fd, const char *key, uint64_t *value)
{
    char      buf[1024], *p;
    size_t    len;
    ssize_t   n;

    if (fd == -1) {
        return -1;
    }

    n = pread(fd, buf, sizeof(buf) - 1, 0);

    if (n == -1) {
        return -1;
    }

    buf[n] = '\0';
    p = buf;

    if (key != NULL) {
        len = strlen(key);

        while (strncmp(p, key, len) != 0 || p[len] != ' ') {
            p = strchr(p, '\n');

            if (p == NULL) {
                return -1;
            }

            p++;
        }

        p += len + 1;
    }

    if (*p < '0' || *p > '9') {
        return -1;
    }

    *value = strtoull(p, NULL, 10);

    return 0;
}


int
cr_cgroup_has_word(const char *path, const char *name, const char *word)
{
    char  buf[1024], *p, *last;

    if (cr_cgroup_read(path, name, buf, sizeof(buf)) == -1) {
        return 0;
    }

    for (p = strtok_r(buf, " \n", &last);
         p != NULL;
         p = strtok_r(NULL, " \n", &last))
    {
        if (strcmp(p, word) == 0) {
            return 1;
        }
    }

    return 0;
}


void
cr_cgroup_lacks(cr_cgroups_t *cgs, const char *controller)
{
    size_t  len;

    len = strlen(cgs->missing);

    (void) snprintf(cgs->missing + len, sizeof(cgs->missing) - len, "%s%s",
                    len ? " " : "", controller);
}


int
cr_cgroup_remove(const char *path, unsigned ms)
{
    struct timespec  deadline;

    (void) clock_gettime(CLOCK_MONOTONIC, &deadline);

    deadline.tv_sec += ms / 1000;
    deadline.tv_nsec += ms % 1000 * 1000000L;

    if (deadline.tv_nsec >= 1000000000L) {
        deadline.tv_sec++;
        deadline.tv_nsec -= 1000000000L;
    }

    return cr_cgroup_remove_below(path, 0, &deadline);
}


static int
cr_cgroup_remove_below(const char *path, unsigned depth,
    const struct timespec *deadline)
{
    DIR             *d;
    char             below[CR_CGROUP_PATH_MAX];
    struct dirent   *de;
    struct timespec  pause = { 0, 1000000 };

    for ( ;; ) {

        if (cr_cgroup_rmdir(path) == 0 || errno == ENOENT) {
            return 0;
        }

        if (errno != EBUSY && errno != ENOTEMPTY) {
            return -1;
        }

        /* Tasks, dying ones among them, or folders: these first. */

        d = depth < CR_CGROUP_DEPTH ? opendir(path) : NULL;

        while (d != NULL && (de = readdir(d)) != NULL) {

            if (de->d_type == DT_DIR && de->d_name[0] != '.'
                && cr_cgroup_join_path(below, path, de->d_name) == 0)
            {
                (void) cr_cgroup_remove_below(below, depth + 1, deadline);
            }
        }

        if (d != NULL) {
            (void) closedir(d);
        }

        cr_cgroup_kill(path);

        if (cr_cgroup_rmdir(path) == 0) {
            return 0;
        }

        if (cr_cgroup_late(deadline)) {
            errno = EBUSY;
            return -1;
        }

        (void) nanosleep(&pause, NULL);
    }
}


/*
 * v1's topmost folders are read-only even to their owner, root, unless he has
 * CAP_DAC_OVERRIDE.  The supervisor has given that up by the time it leaves;
 * as the owner it can open the folder for a moment.
 */

static int
cr_cgroup_rmdir(const char *path)
{
    int          rc, err;
    char         above[CR_CGROUP_PATH_MAX], *end;
    struct stat  st;

    rc = rmdir(path);

    if (rc == 0 || errno != EACCES || strlen(path) >= sizeof(above)) {
        return rc;
    }

    strcpy(above, path);
    end = strrchr(above, '/');

    if (end == NULL) {
        return rc;
    }

    *end = '\0';

    if (stat(above, &st) == -1 || st.st_uid != geteuid()
        || (st.st_mode & S_IWUSR)
        || chmod(above, (st.st_mode & 07777) | S_IWUSR) == -1)
    {
        errno = EACCES;
        return -1;
    }

    rc = rmdir(path);

    err = errno;
    (void) chmod(above, st.st_mode & 07777);
    errno = err;

    return rc;
}


/*
 * Without cgroup.kill a task is known by a number that may be another's by
 * the time it is signalled.  A pidfd holds it: a number that is still listed
 * once the pidfd is open belongs to the pidfd's task.
 */

static void
cr_cgroup_kill(const char *path)
{
    int     fds[CR_CGROUP_BATCH];
    pid_t   pids[CR_CGROUP_BATCH], again[CR_CGROUP_BATCH];
    size_t  i, j, n, nagain;

    if (cr_cgroup_write(path, "cgroup.kill", "1") == 0) {
        return;
    }

    n = cr_cgroup_tasks(path, pids, CR_CGROUP_BATCH);

    for (i = 0; i < n; i++) {
        fds[i] = (int) syscall(SYS_pidfd_open, pids[i], 0);
    }

    nagain = n ? cr_cgroup_tasks(path, again, CR_CGROUP_BATCH) : 0;

    for (i = 0; i < n; i++) {

        if (fds[i] == -1) {
            continue;
        }

        for (j = 0; j < nagain; j++) {
            if (again[j] == pids[i]) {
                (void) syscall(SYS_pidfd_send_signal, fds[i], SIGKILL, NULL,
                               0);
                break;
            }
        }

        (void) close(fds[i]);
    }
}


static size_t
cr_cgroup_tasks(const char *path, pid_t *pids, size_t max)
{
    FILE    *f;
    char     file[CR_CGROUP_PATH_MAX];
    size_t   n;

    if (cr_cgroup_join_path(file, path, "cgroup.procs") == -1) {
        return 0;
    }

    f = fopen(file, "re");

    if (f == NULL) {
        return 0;
    }

    n = 0;

    while (n < max && fscanf(f, "%d", &pids[n]) == 1) {

        /* 0: of another pid namespace, out of reach. */

        if (pids[n] > 0) {
            n++;
        }
    }

    (void) fclose(f);

    return n;
}


static int
cr_cgroup_late(const struct timespec *deadline)
{
    struct timespec  now;

    (void) clock_gettime(CLOCK_MONOTONIC, &now);

    return now.tv_sec > deadline->tv_sec
           || (now.tv_sec == deadline->tv_sec
               && now.tv_nsec >= deadline->tv_nsec);
}
