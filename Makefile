# Code Remote.  `make run` serves, `make test` tests; docs/HACKING.md has more.
#
# What is built goes to build/, and nothing is compiled anywhere else.  The
# parts: tools/helper.mk (the supervisor, the zygotes and what they share),
# tools/module.mk (the nginx module), tools/unit.mk (the unit tests),
# tools/layers.mk (what tries the layers), tools/fuzz.mk (the fuzz targets),
# tools/bench.mk (the programs that measure), tools/setuid.mk (those of
# t/setuid.t), tools/fetch.mk and tools/analyzer.mk (the nginx modules of
# t/curl.t and t/analyze*.t), tools/plugins.mk (those of examples/ and of
# t/plugins.t), tools/npm.mk (what comes from npm) and tools/web.mk (the page).

SHELL = /bin/bash
.SHELLFLAGS = -ec
.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

# A checkout that an operator copied may have lost its file modes.
BASH_RUN = bash

ROOT  := $(CURDIR)
BUILD := build

# Where an installation goes.  The helper opens only paths that are compiled
# into it, so it is linked once more for every PREFIX.
DESTDIR    =
PREFIX     = /usr
SYSCONFDIR = $(if $(filter /usr,$(PREFIX)),/etc,$(PREFIX)/etc)
LIBEXECDIR = $(PREFIX)/libexec/coderemote
CONFDIR    = $(SYSCONFDIR)/coderemote
MODULESDIR = $(PREFIX)/lib/nginx/modules
INCLUDEDIR = $(PREFIX)/include/coderemote

# The folder of the socket is made at boot; an installation elsewhere has its
# socket where its nginx.conf says.
TMPFILES = $(if $(filter /usr,$(PREFIX)),/usr/lib/tmpfiles.d)

# The profiles that are installed: all, those of Python first.  The tests have
# these two alone, and each test file what it names.
PROFILES = python python-open $(filter-out python python-open, \
               $(patsubst conf/runtimes.d/%.conf,%, \
                   $(wildcard conf/runtimes.d/*.conf)))

# The group that may start the setuid helper: that of nginx's workers.
GROUP = www-data

# For `make run`: the port on 127.0.0.1, and the folder of run-time state.
PORT    = 8080
RUN_DIR =

CC      = gcc
CFLAGS  = -O2 -g
LDFLAGS =

all: build

# The rules of the parts add what they build to these.
PROGRAMS :=
CLEAN    := $(BUILD)

include tools/helper.mk
include tools/module.mk
include tools/unit.mk
include tools/layers.mk
include tools/fuzz.mk
include tools/bench.mk
include tools/setuid.mk
include tools/npm.mk
include tools/fetch.mk
include tools/web.mk
include tools/analyzer.mk
include tools/plugins.mk

build: $(PROGRAMS)

# Everything that is installed is a plain file of root's; the helper alone is
# setuid, and only where root installs it.
install: install-web $(PROGRAMS) $(B_PREFIX)/coderemote-sandbox
	@DESTDIR='$(DESTDIR)' LIBEXECDIR='$(LIBEXECDIR)' CONFDIR='$(CONFDIR)' \
	    MODULESDIR='$(MODULESDIR)' TMPFILES='$(TMPFILES)' \
	    INCLUDEDIR='$(INCLUDEDIR)' PLUGIN_HEADER='$(PLUGIN_HEADER)' \
	    GROUP='$(GROUP)' \
	    SUPERVISOR='$(B_PREFIX)/coderemote-sandbox' \
	    MODULE='$(MODULE)' ZYGOTES='$(ZYGOTES)' PRELOADS='$(PRELOADS)' \
	    PROFILES='$(PROFILES)' \
	    $(BASH_RUN) tools/install.sh

# Not $(MAKE) itself in these recipes: make would run them under -n, too.
SUBMAKE := $(MAKE)
SCRIPT   = env --default-signal=INT,TERM,HUP MAKE='$(SUBMAKE)' CC='$(CC)' \
           CFLAGS='$(CFLAGS)' LDFLAGS='$(LDFLAGS)' RUN_DIR='$(RUN_DIR)' \
           PORT='$(PORT)' WEB='$(WEB)' PROFILES='$(PROFILES)' $(BASH_RUN)

run:
	@$(SCRIPT) tools/deps.sh run
	@$(SCRIPT) tools/run.sh

test:
	@$(SCRIPT) tools/deps.sh run test
	@$(SCRIPT) tools/test.sh

fuzz:
	@$(SCRIPT) tools/deps.sh run fuzz
	@$(SUBMAKE) -s -j"$$(nproc)" fuzz-search

bench:
	@$(SCRIPT) tools/deps.sh run bench
	@$(SCRIPT) tools/bench/run.sh

deb: $(if $(wildcard debian),web)
	@$(SCRIPT) tools/deps.sh run deb
	@$(SCRIPT) tools/deb.sh

# On a Debian of its own, which debootstrap makes; as root.
deb-test: deb
	@$(SCRIPT) tools/deps.sh deb-test
	@$(SCRIPT) tools/deb_test.sh

# The same, upgraded while jobs run; and with a real systemd.
deb-upgrade-test deb-systemd-test: deb
	@$(SCRIPT) tools/deps.sh deb-test
	@$(SCRIPT) tools/$(subst -,_,$(patsubst deb-%-test,deb-test-%,$@)).sh

lint:
	@$(BASH_RUN) tools/lint.sh

clean:
	rm -rf $(CLEAN)

FORCE:

.PHONY: all build install run test unit fuzz bench deb deb-test \
    deb-upgrade-test deb-systemd-test lint clean FORCE
