# The programs of t/setuid.t: what a hostile caller of the setuid helper does
# before it starts it, and afterwards.

SETUID := $(BUILD)/setuid/cr_scene $(BUILD)/setuid/cr_attack

$(BUILD)/setuid/cr_scene: t/setuid/cr_scene.c t/setuid/cr_scene_process.c
$(BUILD)/setuid/cr_attack: t/setuid/cr_attack.c

$(SETUID): $(wildcard t/setuid/*.h) $(HELPER)/flags
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(HELPER_CFLAGS)) -It/setuid \
	    $(HELPER_LDFLAGS) -o $@ $(filter %.c,$^)

setuid-programs: $(SETUID)

.PHONY: setuid-programs
