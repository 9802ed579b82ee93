# The unit tests: every t/unit/test_*.c is a cmocka program of its own.  It is
# linked with the helper's shared part; what it needs beside that it says in
# a comment of its own, for instance
#
#     /* link: sandbox_helper/cr_turns.c -ljansson */
#
# where sources are compiled into the test.  Tests of nginx's side say "nginx"
# there to find nginx's headers.

UNIT_C := $(wildcard t/unit/test_*.c)
UNIT   := $(patsubst t/unit/%.c,$(BUILD)/unit/%,$(UNIT_C))

UNIT_NGINX = $(addprefix -I$(NGX_SRC)/src/, core event event/modules os/unix \
                 http http/modules http/v2) -I$(BUILD)/nginx \
             $(addprefix -Ingx_http_coderemote_module/, api core net store http \
                 plugins)

unit_link = $(shell sed -n 's,^.*\* link: \(.*\),\1,p' $(1) | sed 's,\*/,,')

define unit_rules

UNIT_$(1)_LINK := $$(call unit_link,t/unit/$(1).c)
UNIT_$(1)_INCS := $$(if $$(filter nginx,$$(UNIT_$(1)_LINK)),$$(UNIT_NGINX))

$$(BUILD)/unit/$(1): t/unit/$(1).c $$(filter %.c,$$(UNIT_$(1)_LINK)) \
        $$(LIBCR) $$(HELPER)/flags \
        $$(if $$(filter nginx,$$(UNIT_$(1)_LINK)),$$(BUILD)/nginx/Makefile)
	@mkdir -p $$(@D)
	$$(CC) $$(filter-out -MMD -MP,$$(HELPER_CFLAGS)) -It/unit \
	    $$(UNIT_$(1)_INCS) $$(HELPER_LDFLAGS) -o $$@ \
	    $$(filter %.c,$$^) $$(filter-out %.c nginx,$$(UNIT_$(1)_LINK)) \
	    $$(LIBCR) -lcmocka -lseccomp

endef

$(foreach name,$(patsubst t/unit/%.c,%,$(UNIT_C)),$(eval $(call \
    unit_rules,$(name))))

# A header that changed rebuilds all of them: they are few and small.
$(UNIT): $(wildcard sandbox_helper/*.h t/unit/*.h)

# Each runs from the top of the tree; all run, even when one has failed.
# UNIT_DIR: where they are run from, when others must be able to enter it.
UNIT_DIR = $(BUILD)/unit

unit: $(UNIT)
	@failed=0; \
	for test in $(UNIT); do \
	    program='$(UNIT_DIR)'/$${test##*/}; \
	    [ "$$program" -ef "$$test" ] \
	        || install -D -m 755 "$$test" "$$program"; \
	    echo "$$test"; \
	    "$$program" || failed=1; \
	done; \
	exit $$failed
