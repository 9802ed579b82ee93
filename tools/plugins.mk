# Plug-ins: the examples, built as their readers would, against the public
# header alone; and the one of t/plugins.t that is wrong.

PLUGIN_HEADER := ngx_http_coderemote_module/api/ngx_http_coderemote_api.h
EXAMPLES      := $(patsubst %/config,%,$(wildcard examples/*/config))
EXAMPLES_DIR  := $(BUILD)/examples

ODD_PLUGIN := $(BUILD)/ngx_http_odd_plugin_module.so

$(ODD_PLUGIN): $(wildcard t/plugins/*.c) $(BUILD)/nginx/Makefile \
        $(PLUGIN_HEADER)
	@mkdir -p $(@D)
	$(CC) -std=gnu11 $(CFLAGS) -Wall -Wextra -Wno-unused-parameter -Werror \
	    -fPIC -shared $(UNIT_NGINX) $(LDFLAGS) -o $@ $(filter %.c,$^)

odd-plugin: $(ODD_PLUGIN)

# The folder has the header and nothing else.
$(EXAMPLES_DIR)/include/ngx_http_coderemote_api.h: $(PLUGIN_HEADER)
	@mkdir -p $(@D)
	@cp $< $@

$(EXAMPLES_DIR)/nginx/Makefile: $(wildcard examples/*/config) \
        $(EXAMPLES_DIR)/include/ngx_http_coderemote_api.h tools/configure.sh
	@CC='$(CC)' CR_CFLAGS='$(CFLAGS)' CR_LDFLAGS='$(LDFLAGS)' \
	    CODEREMOTE_INC='$(ROOT)/$(EXAMPLES_DIR)/include' \
	    $(BASH_RUN) tools/configure.sh '$(NGX_SRC)' \
	    '$(ROOT)/$(EXAMPLES_DIR)/nginx' $(EXAMPLES:%='$(ROOT)/%')

$(EXAMPLES_DIR)/built: $(EXAMPLES_DIR)/nginx/Makefile \
        $(wildcard examples/*/*.c)
	@cd '$(NGX_SRC)' && MAKEFLAGS="$${MAKEFLAGS%% -- *}" $(MAKE) \
	    -f '$(ROOT)/$(EXAMPLES_DIR)/nginx/Makefile' modules
	@touch $@

examples: $(EXAMPLES_DIR)/built

.PHONY: examples odd-plugin
