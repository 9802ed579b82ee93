# The fuzz targets: every t/fuzz/fuzz_NAME.c that is listed here, with the real
# sources, twice: with clang and libFuzzer for `make fuzz`, and with $(CC) and
# a main that runs the inputs kept in t/fuzz/seeds, for `make test`.

FUZZ_TARGETS = message frame control stream profile conf request result store \
               websocket token discovery url sse reply deny analysis pattern

# How long each runs, in seconds; and one of them alone, if that is wanted.
FUZZ_SECONDS = 60
FUZZ         =

# What the targets share and what they test, as an archive, of which each
# takes what it needs: a target that has a function of its own takes that.
FUZZ_C := $(filter-out $(FUZZ_TARGETS:%=t/fuzz/fuzz_%.c), \
              $(wildcard t/fuzz/fuzz_*.c)) \
          $(wildcard $(addprefix sandbox_helper/, cr_frame.c cr_message.c \
              cr_conf.c cr_parse.c cr_profile.c cr_control.c cr_hash.c \
              cr_cell_files.c \
              cr_loop.c cr_queue.c cr_turns.c cr_client*.c cr_slot*.c cr_cgroup*.c \
              cr_supervisor_files.c cr_supervisor_status.c \
              cr_supervisor_runner.c cr_supervisor_words.c \
              cr_supervisor_zygote.c)) \
          $(filter %/ngx_cr_stream.c %/ngx_cr_helper.c %/ngx_cr_helper_talk.c \
              %/ngx_cr_job.c %/ngx_cr_job_wait.c %/ngx_cr_job_input.c \
              %/ngx_cr_job_runs.c %/ngx_cr_job_plan.c %/ngx_cr_job_cases.c \
              %/ngx_cr_job_artifacts.c %/ngx_cr_extra.c %/ngx_cr_gather.c \
              %/ngx_cr_compare.c \
              %/ngx_cr_run.c %/ngx_cr_run_pack.c %/ngx_cr_run_input.c \
              %/ngx_cr_outcome.c %/ngx_cr_registry.c %/ngx_cr_store.c \
              %/ngx_cr_shm_store.c %/ngx_cr_shm_view.c %/ngx_cr_shm_wake.c \
              %/ngx_cr_shm_log.c %/ngx_cr_shm_pages.c %/ngx_cr_connection.c \
              %/ngx_cr_utf8.c %/ngx_cr_websocket.c %/ngx_cr_websocket_frame.c \
              %/ngx_cr_key.c %/ngx_cr_key_jwk.c %/ngx_cr_jwt.c \
              %/ngx_cr_jwt_verify.c %/ngx_cr_deny.c %/ngx_cr_discovery.c \
              %/ngx_cr_curl_parse.c \
              %/ngx_cr_sse.c %/ngx_cr_models_wire.c %/ngx_cr_models_gemini.c \
              %/ngx_cr_models_openai.c %/ngx_cr_models_reply.c \
              %/ngx_cr_analysis_result.c \
              %_body.c %_fields.c %_json.c %_json_long.c %_request.c,$(MODULE_C))

FUZZ_SANITIZERS = address,undefined
FUZZ_CFLAGS = -std=gnu11 -g -O1 -Wall -Wextra -Werror -D_GNU_SOURCE= \
              -fno-omit-frame-pointer -fno-sanitize-recover=all \
              -Isandbox_helper -It/fuzz $(UNIT_NGINX) -MMD -MP
FUZZ_LIBS   = -ljansson -lseccomp -lwslay -ljwt -lcurl -lcrypto

# The clock and the waiting of a supervisor's loop, and a worker's connect():
# the targets have their own.
FUZZ_LDFLAGS_frame   = -Wl,--wrap=clock_gettime,--wrap=epoll_wait
FUZZ_LDFLAGS_control = $(FUZZ_LDFLAGS_frame)
FUZZ_LDFLAGS_stream  = -Wl,--wrap=connect

CLANG = clang

FUZZ_CC_search   = $(CLANG)
FUZZ_SAN_search  = -fsanitize=fuzzer-no-link,$(FUZZ_SANITIZERS)
FUZZ_LINK_search = -fsanitize=fuzzer,$(FUZZ_SANITIZERS)
FUZZ_MAIN_search =

FUZZ_CC_kept     = $(CC)
FUZZ_SAN_kept    = -fsanitize=$(FUZZ_SANITIZERS)
FUZZ_LINK_kept   = -fsanitize=$(FUZZ_SANITIZERS)
FUZZ_MAIN_kept   = t/fuzz/run_files.o

define fuzz_rules

$$(BUILD)/fuzz/$(1)/%.o: %.c tools/fuzz.mk $$(BUILD)/nginx/Makefile
	@mkdir -p $$(@D)
	$$(FUZZ_CC_$(1)) $$(FUZZ_CFLAGS) $$(FUZZ_SAN_$(1)) -c -o $$@ $$<

$$(BUILD)/fuzz/$(1)/libfuzz.a: $$(FUZZ_C:%.c=$$(BUILD)/fuzz/$(1)/%.o)
	@rm -f $$@
	ar rcs $$@ $$^

FUZZ_$(1) := $$(FUZZ_TARGETS:%=$$(BUILD)/fuzz/$(1)/fuzz_%)

$$(FUZZ_$(1)): $$(BUILD)/fuzz/$(1)/fuzz_%: \
        $$(BUILD)/fuzz/$(1)/t/fuzz/fuzz_%.o \
        $$(FUZZ_MAIN_$(1):%=$$(BUILD)/fuzz/$(1)/%) \
        $$(BUILD)/fuzz/$(1)/libfuzz.a
	$$(FUZZ_CC_$(1)) $$(FUZZ_LINK_$(1)) $$(FUZZ_LDFLAGS_$$*) -o $$@ $$^ \
	    $$(FUZZ_LIBS)

-include $$(wildcard $$(FUZZ_C:%.c=$$(BUILD)/fuzz/$(1)/%.d) \
             $$(BUILD)/fuzz/$(1)/t/fuzz/*.d)

endef

$(eval $(call fuzz_rules,search))
$(eval $(call fuzz_rules,kept))

# The search.  FUZZ=frame takes one target alone.
FUZZ_CHOSEN = $(if $(FUZZ),$(FUZZ),$(FUZZ_TARGETS))

fuzz-search: $(FUZZ_CHOSEN:%=$(BUILD)/fuzz/search/fuzz_%)
	@FUZZ_SECONDS='$(FUZZ_SECONDS)' $(BASH_RUN) tools/fuzz.sh \
	    $(BUILD)/fuzz/search $(FUZZ_CHOSEN)

# What make test runs: each kept input once.
fuzz-kept: $(FUZZ_kept)
	@failed=0; \
	for target in $(FUZZ_TARGETS); do \
	    $(BUILD)/fuzz/kept/fuzz_$$target t/fuzz/seeds/$$target \
	        2> $(BUILD)/fuzz/kept/$$target.log \
	        || { cat $(BUILD)/fuzz/kept/$$target.log; failed=1; }; \
	done; \
	exit $$failed

# Writes anew the seeds that the real encoders make.
$(BUILD)/fuzz/kept/make_seeds: $(BUILD)/fuzz/kept/t/fuzz/make_seeds.o \
        $(BUILD)/fuzz/kept/libfuzz.a
	$(FUZZ_CC_kept) $(FUZZ_LINK_kept) -o $@ $^

fuzz-seeds: $(BUILD)/fuzz/kept/make_seeds
	$< t/fuzz/seeds

.PHONY: fuzz-search fuzz-kept fuzz-seeds
