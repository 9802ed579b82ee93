
/*
 * The helper's listening socket, which the master opens as it opens its own,
 * and the start of the helper with it by a worker.
 */


#ifndef _NGX_CR_SPAWN_H_INCLUDED_
#define _NGX_CR_SPAWN_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/*
 * Master, init_module: listens at path (of a file, without "unix:"), for user
 * alone: mode 0600, and its own when root makes it.  The socket of the same
 * path is kept over reloads; one that nobody listens at is replaced.  Does
 * nothing under `nginx -t`.
 *
 * NGX_OK; NGX_ERROR at the start of nginx and NGX_DECLINED at a reload, both
 * with the reason logged: nginx would end if init_module failed in a reload,
 * so the caller goes on, and the sandbox is not to be had until it is mended.
 */
ngx_int_t ngx_cr_spawn_listen(ngx_cycle_t *cycle, const ngx_str_t *path,
    ngx_uid_t user);

/*
 * Master, exit_master, and when a new configuration has no such socket:
 * closes it and removes the path if it is still ours.
 */
void ngx_cr_spawn_unlisten(ngx_cycle_t *cycle);

/* The descriptor that listens at path, inherited from the master, or -1. */
ngx_fd_t ngx_cr_spawn_fd(const ngx_str_t *path);

/*
 * The pid of the supervisor that holds the lock on the listening socket (1 if
 * it cannot be told); 0: there is none; -1: the question failed (logged).
 */
ngx_pid_t ngx_cr_spawn_alive(ngx_fd_t fd, ngx_log_t *log);

/*
 * Starts the program at helper (a full path) with fd as its descriptor 3, an
 * empty environment, nginx's stderr and nothing else of this process.  Answers
 * its pid, or -1 with the reason logged.  nginx's own SIGCHLD handler reaps
 * it.  How often it is tried is the caller's business.
 */
ngx_pid_t ngx_cr_spawn_start(const ngx_str_t *helper, ngx_fd_t fd,
    ngx_log_t *log);


#endif /* _NGX_CR_SPAWN_H_INCLUDED_ */
