
/*
 * GET /ws.  _handshake.c has the opening handshake; _websocket.c the
 * directives, the life of a connection and its name; _ws_leave.c why it begins
 * nothing more; _ws_actions.c what a client says; _ws_feed.c what it is told of
 * jobs; _ws_analyze.c its analyses.
 */


#ifndef _NGX_HTTP_CODEREMOTE_WEBSOCKET_H_INCLUDED_
#define _NGX_HTTP_CODEREMOTE_WEBSOCKET_H_INCLUDED_


#include "ngx_http_coderemote_fields.h"
#include "ngx_cr_connection.h"
#include "ngx_cr_websocket.h"

#include <jansson.h>


typedef struct {
    ngx_cr_websocket_conf_t     websocket;
    ngx_uint_t                  jobs;         /* that one may follow */
    ngx_array_t                *origins;      /* of ngx_str_t; NULL: any */
} ngx_http_coderemote_websocket_conf_t;


/* Why a connection begins nothing any more. */
typedef struct ngx_http_coderemote_ws_leave_s  ngx_http_coderemote_ws_leave_t;


/* One connection. */

typedef struct {
    ngx_http_request_t         *request;
    ngx_cr_websocket_t         *websocket;
    ngx_cr_connection_id_t      id;

    /* who it is, asked once: the request's pool lives as long as the client
       wants, so nothing may be allocated from it for a message */
    ngx_str_t                   user;
    u_char                      owner[NGX_CR_OWNER_SIZE];
    uint64_t                    turn;

    ngx_rbtree_node_t           node;         /* of all of this worker */
    ngx_uint_t                  max_jobs;     /* coderemote_websocket_jobs */

    const ngx_http_coderemote_ws_leave_t  *leave;   /* NULL: it stays; else it
                                                 is closed when njobs is 0 */
    time_t                      until;        /* the token's; 0: for ever */
    ngx_event_t                 expiry;

    /* ngx_http_coderemote_ws_begin() initializes the rest */

    ngx_queue_t                 jobs;         /* that it follows */
    ngx_queue_t                 analyses;
    ngx_uint_t                  njobs;        /* and analyses */
    ngx_queue_t                 waiting;      /* `execute` without a sandbox */
    ngx_uint_t                  nwaiting;
    ngx_queue_t                 reports;      /* jobs that report here, while
                                                 it follows max_jobs */
    ngx_uint_t                  nreports;
    ngx_event_t                 feed;
} ngx_http_coderemote_ws_t;


/* ngx_http_coderemote_handshake.c */

/*
 * NGX_DECLINED: it is a handshake from an allowed origin; otherwise it was
 * answered, and this is what the handler returns.
 */
ngx_int_t ngx_http_coderemote_handshake_check(ngx_http_request_t *r,
    ngx_http_coderemote_websocket_conf_t *conf);

/* Sends 101.  NGX_OK, or NGX_ERROR. */
ngx_int_t ngx_http_coderemote_handshake_answer(ngx_http_request_t *r);


/* ngx_http_coderemote_websocket.c */

extern ngx_module_t  ngx_http_coderemote_websocket_module;

/* The connection of this worker that has the name; NULL: none. */
ngx_http_coderemote_ws_t *ngx_http_coderemote_ws_find(
    const ngx_cr_connection_id_t *id);


/* ngx_http_coderemote_ws_leave.c */

extern const ngx_http_coderemote_ws_leave_t  ngx_http_coderemote_ws_stopping;

/* To be called when njobs has changed. */
void ngx_http_coderemote_ws_count(ngx_http_coderemote_ws_t *ws);

/* Nothing begins any more, for this reason if there was none. */
void ngx_http_coderemote_ws_leaves(ngx_http_coderemote_ws_t *ws,
    const ngx_http_coderemote_ws_leave_t *leave);

/*
 * To be asked before anything begins.  NGX_OK, or NGX_ERROR: it was answered.
 */
ngx_int_t ngx_http_coderemote_ws_stays(ngx_http_coderemote_ws_t *ws,
    json_t *about);

/* NULL: it stays; else what to say, and the error's code, of a posted job. */
const char *ngx_http_coderemote_ws_left(ngx_http_coderemote_ws_t *ws,
    const char **code);

/* The token's end, 0: never; and no longer a matter. */
void ngx_http_coderemote_ws_expire(ngx_http_coderemote_ws_t *ws, time_t until);
void ngx_http_coderemote_ws_unexpire(ngx_http_coderemote_ws_t *ws);


/* ngx_http_coderemote_ws_actions.c */

/* A new connection, whose other fields are set; and its end. */
void ngx_http_coderemote_ws_begin(ngx_http_coderemote_ws_t *ws);
void ngx_http_coderemote_ws_end(ngx_http_coderemote_ws_t *ws);

/* A message of the client. */
void ngx_http_coderemote_ws_message(ngx_http_coderemote_ws_t *ws,
    const u_char *data, size_t len);

/*
 * Answers with an error.  about: the message or other object whose request_id
 * and job_id are shown with it, or NULL.
 */
void ngx_http_coderemote_ws_error(ngx_http_coderemote_ws_t *ws,
    json_t *about, const char *code, const char *fmt, ...);

/* Sends a message; takes over *json, NULL: memory was short. */
void ngx_http_coderemote_ws_send(ngx_http_coderemote_ws_t *ws, json_t *json);


/* ngx_http_coderemote_ws_feed.c */

/*
 * Follows a job; with `attached` it is stopped when the connection ends, and
 * slowed when the client does not read.  NGX_OK; NGX_BUSY: it follows as many
 * as it may; NGX_DONE: it follows this one already; NGX_DECLINED: there is no
 * such job, or it is somebody else's; NGX_ERROR: no memory.
 */
ngx_int_t ngx_http_coderemote_ws_follow(ngx_http_coderemote_ws_t *ws,
    const ngx_cr_job_id_t *id, uint64_t seq, ngx_uint_t attached);

/* NGX_OK, or NGX_DECLINED: it did not follow it. */
ngx_int_t ngx_http_coderemote_ws_unfollow(ngx_http_coderemote_ws_t *ws,
    const ngx_cr_job_id_t *id);

/* Jobs that wait for others to end are told of, and forgotten. */
void ngx_http_coderemote_ws_unreport(ngx_http_coderemote_ws_t *ws);

/* A job or an analysis is followed no more: another one may be. */
void ngx_http_coderemote_ws_freed(ngx_http_coderemote_ws_t *ws);

/* There is room again, or something to tell. */
void ngx_http_coderemote_ws_resume(ngx_http_coderemote_ws_t *ws);

/* The same for what is here; in the end attached jobs are stopped. */
void ngx_http_coderemote_ws_feed_begin(ngx_http_coderemote_ws_t *ws);
void ngx_http_coderemote_ws_feed_end(ngx_http_coderemote_ws_t *ws);

/*
 * How a job stands that is the client's.  NGX_OK; NGX_DECLINED: there is none;
 * NGX_ERROR: no memory.
 */
ngx_int_t ngx_http_coderemote_ws_look(ngx_http_coderemote_ws_t *ws,
    const ngx_cr_job_id_t *id, ngx_cr_job_view_t *view);

/* Once a worker, after the jobs were initialized: jobs that report here. */
ngx_int_t ngx_http_coderemote_ws_feed_init(ngx_cycle_t *cycle);


/* ngx_http_coderemote_ws_analyze.c */

/* Begins one that may be.  NGX_OK, or NGX_ERROR: no memory. */
ngx_int_t ngx_http_coderemote_ws_analyze(ngx_http_coderemote_ws_t *ws,
    json_t *message, const ngx_http_coderemote_fields_t *fields);

/* Stops one; its result says so.  NGX_OK, or NGX_DECLINED: there is none. */
ngx_int_t ngx_http_coderemote_ws_analyze_cancel(ngx_http_coderemote_ws_t *ws,
    const ngx_cr_job_id_t *id);

/* Tells the next event of one, if there is any.  NGX_OK, or NGX_DONE. */
ngx_int_t ngx_http_coderemote_ws_analyze_tell(ngx_http_coderemote_ws_t *ws);

void ngx_http_coderemote_ws_analyze_begin(ngx_http_coderemote_ws_t *ws);
void ngx_http_coderemote_ws_analyze_end(ngx_http_coderemote_ws_t *ws);


#endif /* _NGX_HTTP_CODEREMOTE_WEBSOCKET_H_INCLUDED_ */
