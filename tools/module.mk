# The nginx module, built by nginx's own build system against the headers of
# Debian's nginx-dev.  It is configured again when the list of sources or
# `config` changes, and else only made.

NGX_SRC   = /usr/share/nginx/src
NGX_BUILD := $(ROOT)/$(BUILD)/nginx

MODULE   := $(BUILD)/ngx_http_coderemote_module.so
MODULE_C := $(sort $(shell find ngx_http_coderemote_module -name '*.[ch]') \
                $(wildcard sandbox_helper/cr_frame.[ch] \
                           sandbox_helper/cr_message.[ch] \
                           sandbox_helper/cr_version.h))

$(BUILD)/nginx.sources: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(CFLAGS) $(LDFLAGS) $(MODULE_C)' | cmp -s - $@ \
	    || echo '$(CC) $(CFLAGS) $(LDFLAGS) $(MODULE_C)' > $@

$(BUILD)/nginx/Makefile: config $(BUILD)/nginx.sources \
        tools/configure.sh
	@CC='$(CC)' CR_CFLAGS='$(CFLAGS)' CR_LDFLAGS='$(LDFLAGS)' \
	    $(BASH_RUN) tools/configure.sh '$(NGX_SRC)' '$(NGX_BUILD)'

# Variables given to this make must not reach nginx's: it has a CFLAGS, too.
$(MODULE): $(BUILD)/nginx/Makefile $(MODULE_C) $(wildcard exports.map)
	@cd '$(NGX_SRC)' && MAKEFLAGS="$${MAKEFLAGS%% -- *}" $(MAKE) \
	    -f '$(NGX_BUILD)/Makefile' modules
	@cp -f $(BUILD)/nginx/ngx_http_coderemote_module.so $@

PROGRAMS += $(MODULE)
