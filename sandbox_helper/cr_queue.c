
/* Bytes that wait to be written to a descriptor that may be full. */

#include "cr_supervisor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>


void *
cr_queue_room(cr_queue_t *queue, size_t len)
{
    size_t          size;
    unsigned char  *p;

    if (queue->pos == queue->len) {
        queue->pos = queue->len = 0;
    }

    if (queue->size - queue->len >= len) {
        return queue->data + queue->len;
    }

    /*
     * What is left is moved when it is not more than what has gone, or a
     * reader who takes a little at a time would have it all moved each time.
     */

    if (queue->pos && queue->pos >= queue->len - queue->pos) {
        queue->len -= queue->pos;
        memmove(queue->data, queue->data + queue->pos, queue->len);
        queue->pos = 0;
    }

    if (queue->size - queue->len < len) {
        size = queue->size * 2 > queue->len + len ? queue->size * 2
                                                  : queue->len + len;
        p = realloc(queue->data, size);

        if (p == NULL) {
            return NULL;
        }

        queue->data = p;
        queue->size = size;
    }

    return queue->data + queue->len;
}


int
cr_queue_add(cr_queue_t *queue, const void *data, size_t len)
{
    void  *p;

    if (len == 0) {
        return 0;
    }

    p = cr_queue_room(queue, len);

    if (p == NULL) {
        return -1;
    }

    memcpy(p, data, len);
    queue->len += len;

    return 0;
}


int
cr_queue_write(cr_queue_t *queue, int fd)
{
    ssize_t  n;

    while (queue->pos < queue->len) {
        n = write(fd, queue->data + queue->pos, queue->len - queue->pos);

        if (n == -1) {
            if (errno == EINTR) {
                continue;
            }

            return -1;
        }

        queue->pos += n;
    }

    return 0;
}


void
cr_queue_free(cr_queue_t *queue)
{
    free(queue->data);
    memset(queue, 0, sizeof(cr_queue_t));
}
