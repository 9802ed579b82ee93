# Packages of npm.  FOLDER/package-lock.json says which, down to the digest;
# $(BUILD)/npm/FOLDER/installed stands for them, and node_modules is beside it.

$(BUILD)/npm/%/installed: %/package.json %/package-lock.json tools/npm.sh
	@rm -f $@
	@$(BASH_RUN) tools/npm.sh '$(<D)' '$(@D)'
	@touch $@

# What the tests use of it.
npm-clients: $(BUILD)/npm/t/clients/installed

.PHONY: npm-clients
