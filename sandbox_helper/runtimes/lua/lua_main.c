
/*
 * The Lua runtime.  The interpreter is Debian's, whole; its streams are
 * replaced by the kit's buffers, so that what is printed is seen at once, and
 * os.exit() ends the program and not the process.  support.lua has the rest.
 */

#define _GNU_SOURCE

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/random.h>

#include "../../cr_zygote.h"
#include "../../cr_zygote_output.h"


__asm__(".section .rodata\n"
        ".balign 16\n"
        "cr_lua_support_text:\n"
        ".incbin \"" CR_LUA_SOURCE_DIR "/support.lua\"\n"
        ".byte 0\n"
        ".previous\n");

extern const char  cr_lua_support_text[];


/* Where support.lua's functions are on the stack, for good. */

enum {
    CR_LUA_PARK = 1,
    CR_LUA_PROGRAM,
    CR_LUA_RAISED
};


static lua_State  *cr_lua;
static jmp_buf     cr_lua_end;
static int         cr_lua_code;
static char        cr_lua_error[CR_ERROR_MAX];


static ssize_t
cr_lua_write(void *fd, const char *p, size_t n)
{
    return cr_output_put((int) (intptr_t) fd, p, n) == 0 ? (ssize_t) n : 0;
}


static ssize_t
cr_lua_read(void *fd, char *p, size_t n)
{
    /* Who is asked must have seen the question. */
    (void) cr_output_flush(STDOUT_FILENO);

    return read((int) (intptr_t) fd, p, n);
}


static FILE *
cr_lua_stream(int fd, const char *mode)
{
    FILE                           *f;
    static cookie_io_functions_t    io = { cr_lua_read, cr_lua_write, NULL,
                                           NULL };

    f = fopencookie((void *) (intptr_t) fd, mode, io);

    if (f && fd != STDIN_FILENO) {
        (void) setvbuf(f, NULL, _IONBF, 0);
    }

    return f;
}


/* os.exit(), from wherever it is called; no pcall() catches it. */

static int
cr_lua_exit(lua_State *L)
{
    cr_lua_code = lua_isboolean(L, 1) ? !lua_toboolean(L, 1)
                                      : (int) (luaL_optinteger(L, 1, 0) & 0xff);

    if (lua_toboolean(L, 2)) {
        lua_close(L);
    }

    longjmp(cr_lua_end, 1);
}


#ifdef CR_LUA_PROBE

/* t/probe/: says what the kernel lets a program do. */

void probe_text(const char *text);

static int
cr_lua_probe(lua_State *L)
{
    probe_text(luaL_checkstring(L, 1));

    return 0;
}

#endif


/* The program's end as lua_pcall() tells it.  Nothing here takes memory. */

static void
cr_lua_ended(int status, cr_claim_t *claim)
{
    const char  *type, *text;

    text = lua_isstring(cr_lua, -1) ? lua_tostring(cr_lua, -1) : "";
    type = "RuntimeError";

    if (status != LUA_ERRRUN) {
        (void) fprintf(stderr, "lua: %s\n", text);
        type = status == LUA_ERRMEM ? "MemoryError" : type;

    } else if (*text) {

        /* raised() was called: it told more, and puts a letter before. */

        type = *text == 'S' ? "SyntaxError" : type;
        text++;
    }

    (void) snprintf(cr_lua_error, sizeof(cr_lua_error), "%s", text);

    claim->exit_code = 1;
    claim->error_type.data = (const unsigned char *) type;
    claim->error_type.len = strlen(type);
    claim->error.data = (const unsigned char *) cr_lua_error;
    claim->error.len = strlen(cr_lua_error);
}


static void
cr_lua_run(const cr_program_t *program, cr_claim_t *claim)
{
    int       status;
    uint16_t  i;

    if (setjmp(cr_lua_end) != 0) {
        claim->exit_code = cr_lua_code;
        return;
    }

    (void) lua_checkstack(cr_lua, CR_ARGS_MAX + LUA_MINSTACK);

    lua_pushvalue(cr_lua, CR_LUA_PROGRAM);
    lua_pushboolean(cr_lua, program->kind == CR_PROGRAM_CHECK);
    lua_pushlstring(cr_lua, (const char *) program->code.data,
                    program->code.len);

    for (i = 0; i < program->nargs; i++) {
        lua_pushlstring(cr_lua, (const char *) program->args[i].data,
                        program->args[i].len);
    }

    status = lua_pcall(cr_lua, 2 + program->nargs, 0, CR_LUA_RAISED);

    if (status != LUA_OK) {
        cr_lua_ended(status, claim);
    }

    /* Good-byes take as long as the memory is large: for who says some. */

    if (memmem(program->code.data, program->code.len, "__gc", 4)) {
        lua_close(cr_lua);
    }
}


static void
cr_lua_job(const cr_program_t *program, cr_claim_t *claim)
{
    cr_lua_run(program, claim);

    (void) fflush(NULL);
    cr_output_flush_all();
}


static void
cr_lua_park(void)
{
    lua_Integer  seed[2];

    if (getrandom(seed, sizeof(seed), 0) != sizeof(seed)) {
        _exit(1);
    }

    lua_pushvalue(cr_lua, CR_LUA_PARK);
    lua_pushinteger(cr_lua, seed[0]);
    lua_pushinteger(cr_lua, seed[1]);

    cr_output_mute(1);

    if (lua_pcall(cr_lua, 2, 0, 0) != LUA_OK) {
        _exit(1);
    }

    cr_output_mute(0);
    cr_output_ready();
}


static int
cr_lua_warm(const cr_options_t *options, char *version, size_t vsize,
    char *error, size_t esize)
{
    (void) options;

    stdin = cr_lua_stream(STDIN_FILENO, "r");
    stdout = cr_lua_stream(STDOUT_FILENO, "w");
    stderr = cr_lua_stream(STDERR_FILENO, "w");
    cr_lua = luaL_newstate();

    if (!stdin || !stdout || !stderr || !cr_lua || cr_output_init() != 0) {
        (void) snprintf(error, esize, "Lua does not start");
        return -1;
    }

    luaL_openlibs(cr_lua);

#ifdef CR_LUA_PROBE
    lua_register(cr_lua, "probe", cr_lua_probe);
#endif

    if (luaL_loadstring(cr_lua, cr_lua_support_text) == LUA_OK) {
        lua_pushcfunction(cr_lua, cr_lua_exit);
    }

    if (!lua_iscfunction(cr_lua, -1)
        || lua_pcall(cr_lua, 1, LUA_MULTRET, 0) != LUA_OK)
    {
        (void) snprintf(error, esize, "%s", lua_tostring(cr_lua, -1));
        return -1;
    }

    lua_gc(cr_lua, LUA_GCCOLLECT);

    /* "Lua 5.4.4" */
    (void) snprintf(version, vsize, "%s", LUA_RELEASE + sizeof("Lua"));

    return 0;
}


int
main(int argc, char **argv)
{
    static const cr_runtime_t  runtime = {
        .warm = cr_lua_warm,
        .park = cr_lua_park,
        .run = cr_lua_job,
        .check = cr_lua_job,
        .flush = cr_output_last_flush
    };

    return cr_zygote_main(argc, argv, &runtime);
}
