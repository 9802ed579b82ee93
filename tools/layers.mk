# What tries the layers from inside: the runtime of t/probe/, and a build of
# everything that can leave layers out (sandbox_helper/cr_test.h).  Nothing of
# it is in what `make` builds and `make install` installs.

$(eval $(call zygote_rules,probe,t/probe))

# A zygote that was taken over, for t/rogue.t.
$(eval $(call zygote_rules,rogue,t/rogue))

# An installation with that runtime and its profiles.
install-probe: install $(BUILD)/zygote-probe
	@install -m 755 $(BUILD)/zygote-probe '$(DESTDIR)$(LIBEXECDIR)'
	@install -m 644 $(wildcard t/probe/*.conf) \
	    '$(DESTDIR)$(CONFDIR)/runtimes.d'

# The same, with all of the helper built to leave layers out.  The module is
# the one that everybody has: the helper alone knows of layers.
install-test: $(MODULE)
	@$(MAKE) -o '$(MODULE)' BUILD='$(BUILD)/test' MODULE='$(MODULE)' WEB= \
	    CFLAGS='$(CFLAGS) -DCR_TEST' install-probe

# What notices when a layer is taken out of the code.
mutants:
	@MUTANTS='$(MUTANTS)' $(BASH_RUN) tools/mutants.sh

.PHONY: install-probe install-test mutants
