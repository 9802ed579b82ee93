
#include "ngx_cr_spawn.h"

#include <spawn.h>
#include <sys/un.h>


#define NGX_CR_SPAWN_FD  3       /* where the helper finds its socket */


/* The master's socket; the inode tells whether the path is still this one. */

typedef struct {
    ngx_fd_t            fd;
    dev_t               device;
    ino_t               inode;
    struct sockaddr_un  addr;
} ngx_cr_spawn_socket_t;


static ngx_int_t ngx_cr_spawn_address(ngx_log_t *log, const ngx_str_t *path,
    struct sockaddr_un *addr);
static ngx_int_t ngx_cr_spawn_vacate(ngx_cycle_t *cycle,
    const struct sockaddr_un *addr);
static ngx_int_t ngx_cr_spawn_open(ngx_log_t *log, ngx_uid_t user,
    ngx_cr_spawn_socket_t *sock);
static ngx_int_t ngx_cr_spawn_bind(ngx_log_t *log, ngx_fd_t fd,
    ngx_uid_t user, ngx_cr_spawn_socket_t *sock);
static ngx_int_t ngx_cr_spawn_trusted(const char *path, ngx_log_t *log);
static ngx_int_t ngx_cr_spawn_actions(posix_spawn_file_actions_t *actions,
    ngx_fd_t fd);
static ngx_int_t ngx_cr_spawn_signals(posix_spawnattr_t *attr);


static ngx_cr_spawn_socket_t  ngx_cr_spawn_socket = { .fd = -1 };


ngx_int_t
ngx_cr_spawn_listen(ngx_cycle_t *cycle, const ngx_str_t *path, ngx_uid_t user)
{
    ngx_int_t              failed;
    ngx_log_t             *log;
    ngx_cr_spawn_socket_t  sock;

    if (ngx_test_config || ngx_cr_spawn_fd(path) != -1) {
        return NGX_OK;
    }

    log = cycle->log;
    failed = ngx_is_init_cycle(cycle->old_cycle) ? NGX_ERROR : NGX_DECLINED;

    if (ngx_cr_spawn_address(log, path, &sock.addr) != NGX_OK
        || ngx_cr_spawn_vacate(cycle, &sock.addr) != NGX_OK
        || ngx_cr_spawn_open(log, user, &sock) != NGX_OK)
    {
        return failed;
    }

    /* the workers that were given the old one keep it, and their helper */

    ngx_cr_spawn_unlisten(cycle);

    ngx_cr_spawn_socket = sock;

    return NGX_OK;
}


static ngx_int_t
ngx_cr_spawn_address(ngx_log_t *log, const ngx_str_t *path,
    struct sockaddr_un *addr)
{
    if (path->len == 0 || path->len >= sizeof(addr->sun_path)) {
        ngx_log_error(NGX_LOG_EMERG, log, 0,
                      "coderemote_sandbox: the path \"%V\" must have 1 to %uz "
                      "bytes: choose a shorter one", path,
                      sizeof(addr->sun_path) - 1);
        return NGX_ERROR;
    }

    ngx_memzero(addr, sizeof(struct sockaddr_un));

    addr->sun_family = AF_UNIX;
    ngx_memcpy(addr->sun_path, path->data, path->len);

    return NGX_OK;
}


/*
 * Removes what an nginx that died left.  Somebody who still listens is left
 * alone, unless it is this nginx before a change of its binary.
 */

static ngx_int_t
ngx_cr_spawn_vacate(ngx_cycle_t *cycle, const struct sockaddr_un *addr)
{
    int           rc;
    ngx_fd_t      fd;
    ngx_err_t     err;
    ngx_log_t    *log;
    ngx_uint_t    ours;
    const char   *path;
    struct stat   st;

    log = cycle->log;
    path = addr->sun_path;

    if (lstat(path, &st) == -1) {
        return NGX_OK;
    }

    if (!S_ISSOCK(st.st_mode)) {
        ngx_log_error(NGX_LOG_EMERG, log, 0,
                      "coderemote_sandbox: \"%s\" is there and is no socket: "
                      "remove it, or choose another path", path);
        return NGX_ERROR;
    }

    fd = socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, 0);
    if (fd == -1) {
        ngx_log_error(NGX_LOG_EMERG, log, ngx_errno,
                      "coderemote_sandbox: socket() failed");
        return NGX_ERROR;
    }

    rc = connect(fd, (const struct sockaddr *) addr,
                 sizeof(struct sockaddr_un));
    err = (rc == -1) ? ngx_errno : 0;

    (void) close(fd);

    ours = ngx_inherited && ngx_is_init_cycle(cycle->old_cycle);

    if (err != NGX_ECONNREFUSED && err != NGX_ENOENT && !ours) {
        ngx_log_error(NGX_LOG_EMERG, log, err == NGX_EAGAIN ? 0 : err,
                      "coderemote_sandbox: somebody listens at \"%s\" "
                      "already: stop the other nginx, choose another path, or "
                      "say \"external\" if it is a service of its own", path);
        return NGX_ERROR;
    }

    if (unlink(path) == -1 && ngx_errno != NGX_ENOENT) {
        ngx_log_error(NGX_LOG_EMERG, log, ngx_errno,
                      "coderemote_sandbox: the old socket \"%s\" cannot be "
                      "removed", path);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_cr_spawn_open(ngx_log_t *log, ngx_uid_t user, ngx_cr_spawn_socket_t *sock)
{
    ngx_fd_t  fd, high;

    fd = socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, 0);
    if (fd == -1) {
        ngx_log_error(NGX_LOG_EMERG, log, ngx_errno,
                      "coderemote_sandbox: socket() failed");
        return NGX_ERROR;
    }

    /* out of the way of what a started helper finds at 0 to 3 */

    high = fcntl(fd, F_DUPFD_CLOEXEC, NGX_CR_SPAWN_FD + 1);

    (void) close(fd);

    if (high == -1) {
        ngx_log_error(NGX_LOG_EMERG, log, ngx_errno,
                      "coderemote_sandbox: fcntl(F_DUPFD_CLOEXEC) failed");
        return NGX_ERROR;
    }

    if (ngx_cr_spawn_bind(log, high, user, sock) != NGX_OK) {
        (void) close(high);
        return NGX_ERROR;
    }

    sock->fd = high;

    return NGX_OK;
}


/*
 * Nobody can connect before listen(), so the owner and the mode are in place
 * when somebody can.
 */

static ngx_int_t
ngx_cr_spawn_bind(ngx_log_t *log, ngx_fd_t fd, ngx_uid_t user,
    ngx_cr_spawn_socket_t *sock)
{
    int          rc;
    mode_t       mask;
    const char  *path, *failed;
    struct stat  st;

    path = sock->addr.sun_path;

    mask = umask(0177);
    rc = bind(fd, (struct sockaddr *) &sock->addr, sizeof(struct sockaddr_un));
    umask(mask);

    if (rc == -1) {
        ngx_log_error(NGX_LOG_EMERG, log, ngx_errno,
                      "coderemote_sandbox: bind() to \"%s\" failed: its "
                      "folder must exist and nginx's master be allowed to "
                      "write to it", path);
        return NGX_ERROR;
    }

    failed = NULL;

    if (geteuid() == 0 && lchown(path, user, (gid_t) -1) == -1) {
        failed = "chown()";

    } else if (lstat(path, &st) == -1) {
        failed = "lstat()";

    } else if (listen(fd, NGX_LISTEN_BACKLOG) == -1) {
        failed = "listen()";
    }

    if (failed != NULL) {
        ngx_log_error(NGX_LOG_EMERG, log, ngx_errno,
                      "coderemote_sandbox: %s of \"%s\" failed", failed, path);
        (void) unlink(path);
        return NGX_ERROR;
    }

    sock->device = st.st_dev;
    sock->inode = st.st_ino;

    return NGX_OK;
}


void
ngx_cr_spawn_unlisten(ngx_cycle_t *cycle)
{
    struct stat             st;
    ngx_cr_spawn_socket_t  *sock;

    sock = &ngx_cr_spawn_socket;

    if (sock->fd == -1) {
        return;
    }

    /* after a change of nginx's binary the path is the new master's */

    if (lstat(sock->addr.sun_path, &st) == 0 && st.st_dev == sock->device
        && st.st_ino == sock->inode && unlink(sock->addr.sun_path) == -1)
    {
        ngx_log_error(NGX_LOG_ALERT, cycle->log, ngx_errno,
                      "coderemote_sandbox: unlink() of \"%s\" failed",
                      sock->addr.sun_path);
    }

    (void) close(sock->fd);
    sock->fd = -1;
}


ngx_fd_t
ngx_cr_spawn_fd(const ngx_str_t *path)
{
    ngx_cr_spawn_socket_t  *sock;

    sock = &ngx_cr_spawn_socket;

    if (sock->fd == -1 || ngx_strlen(sock->addr.sun_path) != path->len
        || ngx_memcmp(sock->addr.sun_path, path->data, path->len) != 0)
    {
        return -1;
    }

    return sock->fd;
}


ngx_pid_t
ngx_cr_spawn_alive(ngx_fd_t fd, ngx_log_t *log)
{
    struct flock  lock;

    ngx_memzero(&lock, sizeof(struct flock));

    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;

    if (fcntl(fd, F_GETLK, &lock) == -1) {
        ngx_log_error(NGX_LOG_ERR, log, ngx_errno,
                      "coderemote_sandbox: fcntl(F_GETLK) failed");
        return -1;
    }

    if (lock.l_type == F_UNLCK) {
        return 0;
    }

    /* one in another pid namespace has no number here, and is alive */

    return lock.l_pid > 0 ? lock.l_pid : 1;
}


ngx_pid_t
ngx_cr_spawn_start(const ngx_str_t *helper, ngx_fd_t fd, ngx_log_t *log)
{
    int                          rc;
    char                         path[NGX_MAX_PATH];
    pid_t                        pid;
    posix_spawnattr_t            attr;
    posix_spawn_file_actions_t   actions;

    static char  name[] = "coderemote-sandbox";

    char  *argv[] = { name, NULL };
    char  *envp[] = { NULL };

    if (helper->len == 0 || helper->len >= sizeof(path)) {
        ngx_log_error(NGX_LOG_ERR, log, 0,
                      "coderemote_sandbox: helper=\"%V\" is no path", helper);
        return -1;
    }

    (void) ngx_cpystrn((u_char *) path, helper->data, helper->len + 1);

    if (ngx_cr_spawn_trusted(path, log) != NGX_OK) {
        return -1;
    }

    if (posix_spawn_file_actions_init(&actions) != 0) {
        return -1;
    }

    if (posix_spawnattr_init(&attr) != 0) {
        (void) posix_spawn_file_actions_destroy(&actions);
        return -1;
    }

    rc = NGX_ENOMEM;
    pid = -1;

    if (ngx_cr_spawn_actions(&actions, fd) == NGX_OK
        && ngx_cr_spawn_signals(&attr) == NGX_OK)
    {
        rc = posix_spawn(&pid, path, &actions, &attr, argv, envp);
    }

    (void) posix_spawnattr_destroy(&attr);
    (void) posix_spawn_file_actions_destroy(&actions);

    if (rc != 0) {
        ngx_log_error(NGX_LOG_ERR, log, rc,
                      "coderemote_sandbox: \"%s\" cannot be started: install "
                      "it with mode 4750 and the worker's group, or name it "
                      "by helper=", path);
        return -1;
    }

    ngx_log_error(NGX_LOG_NOTICE, log, 0,
                  "coderemote_sandbox: started \"%s\" as process %P", path,
                  pid);

    return pid;
}


/*
 * Whoever could write to it would run as this worker, and have its socket.
 * That there is no such file is better said by the attempt to start it.
 */

static ngx_int_t
ngx_cr_spawn_trusted(const char *path, ngx_log_t *log)
{
    struct stat  st;

    if (stat(path, &st) == -1) {
        return NGX_OK;
    }

    if (S_ISREG(st.st_mode) && (st.st_uid == 0 || st.st_uid == geteuid())
        && !(st.st_mode & (S_IWGRP|S_IWOTH)))
    {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_ERR, log, 0,
                  "coderemote_sandbox: \"%s\" is not started: it must be a "
                  "file of root's that nobody else can write to", path);

    return NGX_DECLINED;
}


/*
 * nginx's descriptors mostly lack FD_CLOEXEC, among them those of clients: all
 * but these four are closed.  dup2() onto itself keeps the socket open over
 * the exec as well (glibc since 2.29).
 */

static ngx_int_t
ngx_cr_spawn_actions(posix_spawn_file_actions_t *actions, ngx_fd_t fd)
{
    if (posix_spawn_file_actions_adddup2(actions, fd, NGX_CR_SPAWN_FD) != 0
        || posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null",
                                            O_RDONLY, 0)
           != 0
        || posix_spawn_file_actions_addopen(actions, STDOUT_FILENO,
                                            "/dev/null", O_WRONLY, 0)
           != 0
        || posix_spawn_file_actions_addclosefrom_np(actions,
                                                    NGX_CR_SPAWN_FD + 1)
           != 0)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_cr_spawn_signals(posix_spawnattr_t *attr)
{
    sigset_t  none, all;

    (void) sigemptyset(&none);
    (void) sigfillset(&all);

    if (posix_spawnattr_setsigmask(attr, &none) != 0
        || posix_spawnattr_setsigdefault(attr, &all) != 0
        || posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGMASK
                                          |POSIX_SPAWN_SETSIGDEF)
           != 0)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}
