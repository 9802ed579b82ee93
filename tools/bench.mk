# The programs that `make bench` measures with.

BENCH := $(patsubst %,$(BUILD)/bench/%,cr_bench cr_spawn cr_sockets)

$(BENCH): $(BUILD)/bench/%: tools/bench/%.c tools/bench/cr_samples.c \
        tools/bench/cr_samples.h $(HELPER)/flags
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(HELPER_CFLAGS)) $(HELPER_LDFLAGS) -o $@ \
	    $(filter %.c,$^)

# Speaks to the helper without nginx, with the wire codec that both sides have.
$(BUILD)/bench/cr_direct: tools/bench/cr_direct.c $(LIBCR) $(HELPER)/flags
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(HELPER_CFLAGS)) $(HELPER_LDFLAGS) -o $@ \
	    $< $(LIBCR)

BENCH += $(BUILD)/bench/cr_direct

# The module's own code for tokens, without nginx around it.
TOKENS_C := $(wildcard $(addprefix ngx_http_coderemote_module/, \
                core/ngx_cr_jwt*.c core/ngx_cr_key*.c core/ngx_cr_deny.c \
                store/ngx_cr_token_cache.c)) \
            t/fuzz/fuzz_nginx.c t/fuzz/fuzz_nginx_string.c

$(BUILD)/bench/cr_tokens: tools/bench/cr_tokens.c tools/bench/cr_samples.c \
        $(TOKENS_C) t/unit/jwt_make.h $(HELPER)/flags $(BUILD)/nginx/Makefile
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(HELPER_CFLAGS)) $(UNIT_NGINX) -It/unit \
	    -It/fuzz $(HELPER_LDFLAGS) -o $@ $(filter %.c,$^) -ljansson -ljwt \
	    -lcrypto

BENCH += $(BUILD)/bench/cr_tokens

bench-programs: $(BENCH)

.PHONY: bench-programs


# The built-in analyzer against programs whose complexity is known: a file with
# a JSON object a line, "code" and "label".  URL: a server's POST /analyze, to
# ask the analyzer in its cells instead of with this machine's Python.

COMPLEXITY = $(wildcard ../shared/complexity/dev.jsonl)
URL        =

bench-analyze:
	@test -n '$(COMPLEXITY)' || { echo 'bench-analyze: say where the labelled programs are: COMPLEXITY=FILE' >&2; exit 1; }
	@/usr/bin/python3 tools/bench/complexity.py '$(COMPLEXITY)' $(URL)

.PHONY: bench-analyze
