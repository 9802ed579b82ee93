# The page: html/, which Vite builds to build/web, to be served as it is.
# WEB= leaves it out of what is built and installed.

WEB     = $(BUILD)/web
HTMLDIR = $(PREFIX)/share/coderemote/html

WEB_PACKAGES := $(BUILD)/npm/html/installed
WEB_MADE     := $(BUILD)/web/index.html
WEB_SOURCES  := $(shell find html -name node_modules -prune -o -type f \
                    ! -name '*.test.ts' -print) conf/runtimes.d/python.conf

# Node looks for packages above what asks for them.
CLEAN += html/node_modules

html/node_modules: $(WEB_PACKAGES)
	@[ -d $@ ] || ln -sfn ../$(<D)/node_modules $@

$(WEB_MADE): $(WEB_SOURCES) $(WEB_PACKAGES) | html/node_modules
	cd html && node_modules/.bin/tsc --noEmit \
	    && node_modules/.bin/vite build --logLevel warn
	@touch $@

web: $(WEB_MADE)

# The tests of what needs no browser.
web-unit: $(WEB_PACKAGES) | html/node_modules
	cd html && node_modules/.bin/vitest run

install-web: $(if $(WEB),$(WEB_MADE))
	@DESTDIR='$(DESTDIR)' CONFDIR='$(CONFDIR)' HTMLDIR='$(HTMLDIR)' \
	    WEB='$(WEB)' $(BASH_RUN) tools/install_web.sh

.PHONY: web web-unit install-web
