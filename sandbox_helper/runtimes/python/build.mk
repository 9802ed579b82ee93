# zygote-python embeds Debian's own Python, not one that PATH may have first.
#
# The interpreter is linked statically, as /usr/bin/python3 is: calls within it
# are then direct, and its text can be laid on huge pages.  Like that one it
# has a fixed address, for Debian's libpython3.11.a is not built for others.

PY_VERSION := 3.11
PY_LIBPL   := $(wildcard /usr/lib/python$(PY_VERSION)/config-$(PY_VERSION)-*)
PY_SOURCE  := sandbox_helper/runtimes/python

ZYGOTE_python_CFLAGS = -fno-pie -fno-strict-aliasing -Wno-unused-parameter \
    $(shell PKG_CONFIG_LIBDIR=$$(echo /usr/lib/*/pkgconfig | tr ' ' ':') \
        pkg-config --cflags python-$(PY_VERSION)-embed) \
    -DCR_PY_SOURCE_DIR='"$(PY_SOURCE)"'

# Extension modules find the interpreter's symbols in the program; segments
# start at huge pages for py_text.c.
ZYGOTE_python_LDFLAGS = -no-pie -Wl,--export-dynamic -Wl,-z,relro,-z,now \
    -Wl,-z,separate-code,-z,max-page-size=0x200000 $(LDFLAGS)

ZYGOTE_python_LIBS = $(PY_LIBPL)/libpython$(PY_VERSION).a \
    -lm -ldl -lexpat -lz

# What is compiled into an object without the compiler's knowledge.
$(HELPER)/runtimes/python/py_report.o: $(PY_SOURCE)/support.py
$(HELPER)/runtimes/python/py_modules.o: $(PY_SOURCE)/modules.py
$(HELPER)/runtimes/python/py_policy.o: $(PY_SOURCE)/policy.py
$(HELPER)/runtimes/python/py_analyze.o: $(wildcard $(PY_SOURCE)/analyze/*.py)

# The runtime without kit and confinement, to try it with:
#     make build/python_driver
#     t/unit/run_python_suite.py build/python_driver
$(BUILD)/python_driver: t/unit/python_driver.c $(call helper_objs, \
        sandbox_helper/cr_zygote_output.c \
        $(filter-out %/py_main.c,$(wildcard $(PY_SOURCE)/*.c)))
	$(CC) $(filter-out -MMD -MP,$(HELPER_CFLAGS)) $(ZYGOTE_python_CFLAGS) \
	    $(ZYGOTE_python_LDFLAGS) -o $@ $^ $(ZYGOTE_python_LIBS)
