# zygote-lua has Debian's Lua 5.4 in it: nothing of Lua is in a cell's tree.

LUA_SOURCE := sandbox_helper/runtimes/lua

ZYGOTE_lua_CFLAGS = -I/usr/include/lua5.4 -DCR_LUA_SOURCE_DIR='"$(LUA_SOURCE)"'
ZYGOTE_lua_LIBS = $(wildcard /usr/lib/*/liblua5.4.a) -lm -ldl

# What is compiled into an object without the compiler's knowledge.
$(HELPER)/runtimes/lua/lua_main.o: $(LUA_SOURCE)/support.lua
