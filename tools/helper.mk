# The helper: one supervisor, a zygote for each runtime, and what both share.
#
# Which program a source of sandbox_helper/ belongs to is told by its name:
# cr_zygote*.c and cr_cell*.c are the zygote kit; the names of SUPERVISOR_C
# are the supervisor's; all others are linked into whatever needs them.

HELPER := $(BUILD)/helper

HELPER_C     := $(wildcard sandbox_helper/*.c)
KIT_C        := $(wildcard $(addprefix sandbox_helper/, cr_zygote*.c \
                    cr_cell*.c))
PATHS_C      := $(wildcard sandbox_helper/cr_paths.c)
SUPERVISOR_C := $(wildcard $(addprefix sandbox_helper/, cr_main.c \
                    cr_supervisor*.c cr_slot*.c cr_start*.c cr_client*.c \
                    cr_turns*.c cr_check*.c))
SHARED_C     := $(filter-out $(KIT_C) $(PATHS_C) $(SUPERVISOR_C),$(HELPER_C))

HELPER_WARN   = -Wall -Wextra -Werror
HELPER_CFLAGS = -std=gnu11 $(CFLAGS) $(HELPER_WARN) -fPIE \
                -fstack-protector-strong -D_FORTIFY_SOURCE=2 -D_GNU_SOURCE= \
                -Isandbox_helper -MMD -MP
HELPER_LDFLAGS = -pie -Wl,-z,relro,-z,now $(LDFLAGS)

helper_objs = $(patsubst sandbox_helper/%.c,$(HELPER)/%.o,$(1))

LIBCR  := $(HELPER)/libcr.a
LIBKIT := $(HELPER)/libcrkit.a

# A change of the flags rebuilds; a make that changes none does not.
$(HELPER)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(HELPER_CFLAGS) $(HELPER_LDFLAGS)' | cmp -s - $@ \
	    || echo '$(CC) $(HELPER_CFLAGS) $(HELPER_LDFLAGS)' > $@

$(HELPER)/%.o: sandbox_helper/%.c $(HELPER)/flags
	@mkdir -p $(@D)
	$(CC) $(HELPER_CFLAGS) -c -o $@ $<

# The archives are made anew: ar keeps the members of files that are gone.
$(LIBCR): $(call helper_objs,$(SHARED_C))
	@rm -f $@
	ar rcs $@ $^

$(LIBKIT): $(call helper_objs,$(KIT_C))
	@rm -f $@
	ar rcs $@ $^


# The supervisor, once for each prefix.

B_PREFIX = $(BUILD)/prefix/$(subst /,@,$(patsubst /%,%,$(PREFIX)))

$(BUILD)/prefix/%/cr_paths.o: sandbox_helper/cr_paths.c $(HELPER)/flags
	@mkdir -p $(@D)
	$(CC) $(HELPER_CFLAGS) -DCR_CONF_DIR='"$(CONFDIR)"' \
	    -DCR_LIBEXEC_DIR='"$(LIBEXECDIR)"' -c -o $@ $<

$(BUILD)/prefix/%/coderemote-sandbox: $(BUILD)/prefix/%/cr_paths.o \
        $(call helper_objs,$(SUPERVISOR_C)) $(LIBCR)
	$(CC) $(HELPER_LDFLAGS) -o $@ $^ -lseccomp

$(BUILD)/coderemote-sandbox: $(B_PREFIX)/coderemote-sandbox
	@cp -f $< $@

PROGRAMS += $(BUILD)/coderemote-sandbox


# A zygote for each folder of runtimes/ with C sources.  Its build.mk, if there
# is one, sets ZYGOTE_NAME_CFLAGS, _LDFLAGS (which take the place of
# HELPER_LDFLAGS), _LIBS and _DEPS (more to link: objects it has rules for).

RUNTIMES := $(sort $(patsubst sandbox_helper/runtimes/%/,%,$(dir \
                $(wildcard sandbox_helper/runtimes/*/*.c))))
ZYGOTES  := $(patsubst %,$(BUILD)/zygote-%,$(RUNTIMES))

-include $(wildcard sandbox_helper/runtimes/*/build.mk)

define zygote_rules

ZYGOTE_$(1)_LDFLAGS ?= $$(HELPER_LDFLAGS)
ZYGOTE_$(1)_OBJS := $$(patsubst $(2)/%.c,$$(HELPER)/runtimes/$(1)/%.o,\
    $$(wildcard $(2)/*.c))

$$(HELPER)/runtimes/$(1)/%.o: $(2)/%.c $$(HELPER)/flags \
        $$(wildcard $(2)/build.mk)
	@mkdir -p $$(@D)
	$$(CC) $$(HELPER_CFLAGS) $$(ZYGOTE_$(1)_CFLAGS) -c -o $$@ $$<

$$(BUILD)/zygote-$(1): $$(ZYGOTE_$(1)_OBJS) $$(ZYGOTE_$(1)_DEPS) \
        $$(LIBKIT) $$(LIBCR)
	$$(CC) $$(ZYGOTE_$(1)_LDFLAGS) -o $$@ $$^ $$(ZYGOTE_$(1)_LIBS) \
	    -lseccomp

endef

$(foreach name,$(RUNTIMES),$(eval $(call \
    zygote_rules,$(name),sandbox_helper/runtimes/$(name))))

PROGRAMS += $(ZYGOTES)


# What profiles name for LD_PRELOAD.  It is loaded into strangers' programs,
# and so is the same in every build.

PRELOADS := $(patsubst sandbox_helper/preload/%.c,$(BUILD)/%.so,\
                $(wildcard sandbox_helper/preload/*.c))

$(PRELOADS): $(BUILD)/%.so: sandbox_helper/preload/%.c
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 -shared -fPIC $(HELPER_WARN) -s -Wl,-z,relro,-z,now \
	    -o $@ $<

PROGRAMS += $(PRELOADS)

-include $(wildcard $(HELPER)/*.d $(HELPER)/runtimes/*/*.d \
             $(BUILD)/prefix/*/*.d)
