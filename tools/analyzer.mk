# The nginx module of t/analyze*.t: an analyzer as others would bring one.

FAKE_ANALYZER := $(BUILD)/ngx_http_fake_analyzer_module.so

$(FAKE_ANALYZER): $(wildcard t/analyzer/*.c) $(BUILD)/nginx/Makefile \
        $(wildcard ngx_http_coderemote_module/api/*.h)
	@mkdir -p $(@D)
	$(CC) -std=gnu11 $(CFLAGS) -Wall -Wextra -Wno-unused-parameter -Werror \
	    -fPIC -shared $(UNIT_NGINX) $(LDFLAGS) -o $@ $(filter %.c,$^)

fake-analyzer: $(FAKE_ANALYZER)

.PHONY: fake-analyzer
