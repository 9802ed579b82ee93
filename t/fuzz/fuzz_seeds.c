
/* The seeds of fuzz_websocket.c, for make_seeds.c. */


#include <string.h>

#include "fuzz.h"
#include "fuzz_seeds.h"
#include "fuzz_steps.h"


static void
put_raw(cr_put_t *put, const char *data, size_t len)
{
    memcpy(put->pos, data, len);
    put->pos += len;
}


static void
websocket_frame(cr_put_t *put, unsigned first, const char *text)
{
    cr_put_u8(put, CLIENT_FRAMES);
    cr_put_u8(put, first);
    cr_put_u16(put, strlen(text));
    put_raw(put, text, strlen(text));
}


static void
websocket_answer(cr_put_t *put, unsigned how)
{
    cr_put_u8(put, WS_ANSWER);
    cr_put_u8(put, how);
}


void
fuzz_seeds_websocket(cr_put_t *put, fuzz_save_pt save)
{
    unsigned  n;

    websocket_answer(put, 1);
    websocket_frame(put, 0x81, "{\"action\":\"ping\"}");
    websocket_frame(put, 0x01, "h\xc3");
    websocket_frame(put, 0x89, "ping");
    websocket_frame(put, 0x80, "\xa9");
    websocket_frame(put, 0x88, "\x03\xe8""bye");
    save("websocket", "talk");

    cr_put_u8(put, CLIENT_READS);
    cr_put_u8(put, 1);

    for (n = 0; n < 60; n++) {
        websocket_frame(put, 0x89, "a ping of which no pong is read");
    }

    websocket_answer(put, 4 | 1);
    cr_put_u8(put, CLIENT_READS);
    cr_put_u8(put, 7);
    cr_put_u8(put, WS_CLOSE);
    cr_put_u8(put, WS_TIMER);
    save("websocket", "flood");

    cr_put_u8(put, WS_TIMER);
    websocket_frame(put, 0x8a, "");
    cr_put_u8(put, WS_BUSY);
    cr_put_u8(put, 1);

    for (n = 0; n < 3; n++) {
        cr_put_u8(put, WS_TIMER);
    }

    save("websocket", "lost");

    websocket_answer(put, 3);
    websocket_frame(put, 0x81, "free");
    save("websocket", "freed_within");

    cr_put_u8(put, CLIENT_READS);
    cr_put_u8(put, 1);

    for (n = 0; n < 4; n++) {
        cr_put_u8(put, WS_SEND);
        cr_put_u16(put, 1000);
    }

    websocket_answer(put, 4 | 3);
    cr_put_u8(put, CLIENT_READS);
    cr_put_u8(put, 255);
    save("websocket", "freed_when_writable");

    cr_put_u8(put, CLIENT_SAYS);
    cr_put_u16(put, 14);
    put_raw(put, "\x81\xff\x80\0\0\0\0\0\0\0\0\0\0\0", 14);
    save("websocket", "length");

    cr_put_u8(put, CLIENT_SAYS);
    cr_put_u16(put, 1);
    put_raw(put, "\x81", 1);
    cr_put_u8(put, CLIENT_SAYS);
    cr_put_u16(put, 6);
    put_raw(put, "\x82\0\0\0\0x", 6);
    cr_put_u8(put, CLIENT_HANGS_UP);
    save("websocket", "split");
}
