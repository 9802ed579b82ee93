
/*
 * The first look at a Python program's text: what it may let pass, and what
 * it must not.
 */

/* link: sandbox_helper/runtimes/python/py_scan.c */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../sandbox_helper/runtimes/python/py_scan.h"


static int
is(const char *p, size_t len, const char *word)
{
    return strlen(word) == len && memcmp(p, word, len) == 0;
}


/* A policy in small: eval is blocked, and all of __x__ but __init__. */

static int
rule_word(const char *p, size_t len, int where)
{
    if (len > 4 && memcmp(p, "__", 2) == 0 && memcmp(p + len - 2, "__", 2) == 0
        && !is(p, len, "__init__"))
    {
        return 1;
    }

    return is(p, len, "gi_frame")
           || (is(p, len, "eval") && where == CR_PY_WORD_NAME);
}


static int
rule_import(const char *module, size_t mlen, const char *name, size_t nlen)
{
    if (is(module, mlen, "math") || is(module, mlen, "a.b")) {
        return name == NULL || is(name, nlen, "sin") || is(name, nlen, "pi");
    }

    return 0;
}


static const cr_py_scan_rules_t  rules = { rule_word, rule_import };


static int
scan(const char *text)
{
    int     rc;
    char   *copy;
    size_t  len;

    /* Without a NUL behind it, so that a step too far can be told. */

    len = strlen(text);
    copy = malloc(len + 1);
    assert_non_null(copy);
    memcpy(copy + 1, text, len);

    rc = cr_py_scan(copy + 1, len, &rules);

    free(copy);

    return rc;
}


static void
test_clean(void **state)
{
    size_t             i;
    static const char  *texts[] = {
        "", "\n", "x = 1", "import math", "import math\n", "import math, a.b",
        "import math as m, a.b as c; x = 2", "import math # os",
        "from math import sin", "from math import sin as s, pi\n",
        "from math import (sin, pi)", "if x: import math\n",
        "re.eval('x')", "x . eval (1)", "class A:\n  def __init__(s): pass",
        "# eval __x__ import os\n", "# \xc3\xbc\n", "s = 'import os; eval'",
        "s = \"\"\"\nimport os\nfrom here we go\neval('\n\"\"\"",
        "s = 'it\\'s eval'", "s = r'\\'; eval(1)'", "s = b'\\\\'",
        "s = '\xc3\xbc'",
        "s = f'{x}'", "def g():\n  yield from h()\n", "raise A from b",
        "x = 1.5e3.real", "x = 1if y else 2", "'a' 'b' \"c\"", "_ = __ = ___",
        "evaluate = 1; eval_ = 2", "\tx = 1\r\n\fy = 2\r\n",
    };

    (void) state;

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (scan(texts[i]) != 0) {
            fail_msg("not clean: %s", texts[i]);
        }
    }
}


static void
test_suspicious(void **state)
{
    size_t             i;
    static const char  *texts[] = {
        "eval('1')", "x = eval", "f(eval=1)", "[eval][0]", "x = 1;eval(y)",
        "...\neval(1)", "foo.\\\neval(1)", "1 .__class__", "a.__mro__",
        "x.gi_frame", "f'{eval(1)}'", "F\"{eval}\"", "rf'{eval}'",
        "fR'{eval}'",
        "f'''\n{eval}'''", "f'{\xef\xbd\x85val}'", "'{0.__class__}'",
        "getattr(x, '__class__')", "getattr(x, 'gi_frame')", "import os",
        "import math, os", "import math;import os", "import math as eval",
        "import\\\n os", "import math, \\\n os", "  import os",
        "if 1: import os",
        "if 1:\\\n import os", "import os.path", "import a.b.c",
        "from os import x",
        "from math import cos", "from math import sin, cos",
        "from math import *",
        "from math import (sin,\n cos)", "from math import (sin\n, cos)",
        "# x\rimport os", "x = 1 # y\rprint(z.__globals__)",
        "from math import (sin # x\n, cos)", "from . import x",
        "from .math import sin", "from math import sin as eval",
        "from math \\\nimport cos", "from\tos import x", "import\tos",
        "\xef\xbd\x85val(1)", "x.__globals\xc5\xbf__", "'unfinished",
        "'''unfinished'", "'a\nb'", "'\\", "x = 'a'; import os",
        "s = '''a'''; eval(1)", "\"'\"; eval(1); \"'\"", "s = r'\\'",
        "import math\r\nimport os", "import math\\",
    };

    (void) state;

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (scan(texts[i]) != 1) {
            fail_msg("let pass: %s", texts[i]);
        }
    }
}


/* Every text cut anywhere ends; what it answers does not matter. */

static void
test_cut(void **state)
{
    char               *copy;
    size_t              i, len;
    static const char   text[] =
        "from math import (sin, pi)\nimport math as m\nx = f'''{a!r:>{w}}'''\n"
        "s = rb\"\\x00\" '\\'' # end\nclass A: __slots__ = ()\n1.5.real\\\n";

    (void) state;

    for (len = 0; len < sizeof(text); len++) {
        copy = malloc(len ? len : 1);
        assert_non_null(copy);

        for (i = 0; i < len; i++) {
            copy[i] = text[i];
        }

        (void) cr_py_scan(copy, len, &rules);
        free(copy);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_clean),
        cmocka_unit_test(test_suspicious),
        cmocka_unit_test(test_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
