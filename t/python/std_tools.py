# expect: {"status": "completed", "stdout": "ok\n", "exit_code": 0}
# runtime: python-open
import ast
import bdb
import cProfile
import code
import codeop
import contextlib
import dis
import doctest
import functools
import gc
import importlib
import importlib.metadata
import importlib.resources
import inspect
import io
import keyword
import linecache
import pprint
import profile
import pstats
import py_compile
import runpy
import string
import symtable
import sys
import textwrap
import timeit
import token
import tokenize
import trace
import traceback
import types
import unittest
import unittest.mock
import warnings
import zipimport


class Case(unittest.TestCase):
    def test_good(self):
        with self.subTest(i=1), self.assertRaises(ZeroDivisionError):
            1 / 0

    def test_bad(self):
        self.assertEqual([1, 2], [1, 3])

    @unittest.skip("why not")
    def test_skipped(self):
        pass


class AsyncCase(unittest.IsolatedAsyncioTestCase):
    async def test_it(self):
        mock = unittest.mock.AsyncMock(return_value=3)
        self.assertEqual(await mock(), 3)


out = io.StringIO()
suite = unittest.TestSuite(
    map(unittest.defaultTestLoader.loadTestsFromTestCase, (Case, AsyncCase)))
result = unittest.TextTestRunner(out).run(suite)
assert result.testsRun == 4 and len(result.failures) == 1 == len(result.skipped)
assert "First differing element 1:" in out.getvalue()
with unittest.mock.patch("string.capwords", return_value="x"):
    assert string.capwords("a b") == "x"


def twice(n):
    """
    >>> twice(2)
    4
    """
    return 2 * n


assert doctest.testmod() == (0, 1)
assert timeit.timeit("1 + 1", number=10) > 0
assert "def twice(n):" in inspect.getsource(twice)
assert str(inspect.signature(twice)) == "(n)"
assert inspect.stack()[0].function == "<module>"

profiler = cProfile.Profile()
profiler.runcall(twice, 3)
stats = io.StringIO()
pstats.Stats(profiler, stream=stats).sort_stats("cumulative").print_stats()
assert "twice" in stats.getvalue()
profile.Profile().runcall(twice, 3)
tracer = trace.Trace(count=1, trace=0)
tracer.runfunc(twice, 3)
assert tracer.results().counts

tree = ast.parse("x = [i for i in range(3)]")
assert ast.unparse(tree) == "x = [i for i in range(3)]"
assert ast.literal_eval("{'a': (1, None)}") == {"a": (1, None)}
names = {}
exec(compile(tree, "tree", "exec"), names)
assert names["x"] == [0, 1, 2] and eval("x[1] + 1", names) == 2
assert any(i.opname == "RETURN_VALUE" for i in dis.get_instructions(twice))
assert symtable.symtable("def f(): x = 1", "s", "exec").get_children()
tokens = list(tokenize.generate_tokens(io.StringIO("a + 1").readline))
assert tokens[0].string == "a" and token.tok_name[tokens[0].type] == "NAME"
assert keyword.iskeyword("match") is False and keyword.softkwlist
assert codeop.compile_command("if 1:") is None

printed = io.StringIO()
with contextlib.redirect_stdout(printed):
    code.InteractiveInterpreter().runsource("1 + 1")
assert printed.getvalue() == "2\n"

with open("/tmp/module.py", "w") as f:
    f.write("'''doc'''\nx = 5\nif __name__ == '__main__':\n    y = 6\n")
sys.path.insert(0, "/tmp")
module = importlib.import_module("module")
assert module.x == 5 and importlib.reload(module) is module
assert runpy.run_path("/tmp/module.py", run_name="__main__")["y"] == 6
assert py_compile.compile("/tmp/module.py")
assert linecache.getline("/tmp/module.py", 2) == "x = 5\n"
assert importlib.util.find_spec("nothing") is None

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    warnings.warn("careful", DeprecationWarning)
assert str(caught[0].message) == "careful"
try:
    raise ValueError("x") from KeyError("y")
except ValueError:
    text = traceback.format_exc()
assert "direct cause" in text and "KeyError: 'y'" in text
lines = []
sys.settrace(lambda *args: lines.append(args[1]))
twice(1)
sys.settrace(None)
assert lines == ["call"]

stack = contextlib.ExitStack()
stack.callback(lines.append, "end")
stack.close()
assert lines[-1] == "end"


@functools.singledispatch
def kind(x):
    return "object"


@kind.register
def _(x: int):
    return "int"


assert kind(1) == "int" and kind("") == "object"
assert isinstance(types.SimpleNamespace(a=1), types.SimpleNamespace)
assert textwrap.dedent("  a\n  b") == "a\nb" and pprint.pformat({1: 2})
assert gc.isenabled() and bdb.Breakpoint and zipimport.zipimporter
print("ok")
