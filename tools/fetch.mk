# The nginx module of t/curl.t, which asks other servers through the driver of
# libcurl and tells what came of it.

FETCH   := $(BUILD)/ngx_http_fetch_module.so
FETCH_C := $(wildcard t/fetch/*.c) $(filter %.c,$(filter \
               ngx_http_coderemote_module/net/ngx_cr_curl%,$(MODULE_C)))

$(FETCH): $(FETCH_C) $(BUILD)/nginx/Makefile \
        $(wildcard ngx_http_coderemote_module/net/ngx_cr_curl*.h)
	@mkdir -p $(@D)
	$(CC) -std=gnu11 $(CFLAGS) -Wall -Wextra -Wno-unused-parameter -Werror \
	    -fPIC -shared $(UNIT_NGINX) $(LDFLAGS) -o $@ $(FETCH_C) \
	    -lcurl -lcrypto

fetch-module: $(FETCH)

.PHONY: fetch-module
