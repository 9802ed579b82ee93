# What tries the layers from inside: the runtime of t/probe/, and a build of
# everything that can leave layers out (sandbox_helper/cr_test.h).  Nothing of
# it is in what `make` builds and `make install` installs.

$(eval $(call zygote_rules,probe,t/probe))

# A zygote that was taken over, for t/rogue.t.
$(eval $(call zygote_rules,rogue,t/rogue))

# An installation with that runtime and its profiles.
install-probe: install $(BUILD)/zygote-probe
	@install -m 755 $(BUILD)/zygote-probe '$(DESTDIR)$(LIBEXECDIR)'
	@for profile in $(wildcard t/probe/*.conf); do \
	    sed 's|/usr/libexec/coderemote/|$(LIBEXECDIR)/|g' "$$profile" \
	        > '$(DESTDIR)$(CONFDIR)/runtimes.d'/"$${profile##*/}"; \
	done

# The probe as a function of Lua's, in a zygote that is zygote-lua otherwise.
ZYGOTE_probe-lua_CFLAGS = -DPROBE_LUA
ZYGOTE_probe-lua_DEPS = $(HELPER)/runtimes/probe-lua/lua/lua_main.o
ZYGOTE_probe-lua_LIBS = $(ZYGOTE_lua_LIBS)

$(eval $(call zygote_rules,probe-lua,t/probe))

$(HELPER)/runtimes/probe-lua/lua/lua_main.o: \
        $(wildcard sandbox_helper/runtimes/lua/*) $(HELPER)/flags
	@mkdir -p $(@D)
	$(CC) $(HELPER_CFLAGS) $(ZYGOTE_lua_CFLAGS) -DCR_LUA_PROBE -c -o $@ \
	    sandbox_helper/runtimes/lua/lua_main.c

# And with that, under the very profile of Lua.
install-probe-lua: install-probe $(BUILD)/zygote-probe-lua
	@install -m 755 $(BUILD)/zygote-probe-lua '$(DESTDIR)$(LIBEXECDIR)'
	@sed 's/^program = .*/program = zygote-probe-lua/' \
	    conf/runtimes.d/lua.conf \
	    > '$(DESTDIR)$(CONFDIR)/runtimes.d/probe-lua.conf'

# The same, with all of the helper built to leave layers out.  The module is
# the one that everybody has: the helper alone knows of layers.
install-test: $(MODULE)
	@$(MAKE) -o '$(MODULE)' BUILD='$(BUILD)/test' MODULE='$(MODULE)' WEB= \
	    CFLAGS='$(CFLAGS) -DCR_TEST' install-probe

# What notices when a layer is taken out of the code.
mutants:
	@MUTANTS='$(MUTANTS)' $(BASH_RUN) tools/mutants.sh

.PHONY: install-probe install-probe-lua install-test mutants
