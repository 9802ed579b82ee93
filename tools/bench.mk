# The programs that `make bench` measures with.

BENCH := $(patsubst %,$(BUILD)/bench/%,cr_bench cr_spawn)

$(BENCH): $(BUILD)/bench/%: tools/bench/%.c tools/bench/cr_samples.c \
        tools/bench/cr_samples.h $(HELPER)/flags
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(HELPER_CFLAGS)) $(HELPER_LDFLAGS) -o $@ \
	    $(filter %.c,$^)

bench-programs: $(BENCH)

.PHONY: bench-programs
