# runtime: python-open
# expect: {"status": "completed", "stdout": "'caught\\n'\nLOUD\nbytes ü\nutf-8 1 False 0\n<stdout> w <stdin> r <stderr>\na\nb\n20000y", "exit_code": 0}
import contextlib
import io
import sys
out = io.StringIO()
with contextlib.redirect_stdout(out):
    print("caught")
print(repr(out.getvalue()))
real = sys.stdout


class Upper:
    def write(self, s):
        real.write(s.upper())

    def flush(self):
        pass


sys.stdout = Upper()
print("loud")
sys.stdout = sys.__stdout__
sys.stdout.buffer.write(b"bytes \xc3\xbc\n")
sys.stdout.flush()
print(sys.stdout.encoding, sys.stdout.fileno(), sys.stdout.isatty(), sys.stdin.fileno())
print(sys.stdout.name, sys.stdout.mode, sys.stdin.name, sys.stdin.mode, sys.stderr.name)
sys.stdout.writelines(["a\n", "b\n"])
print(len("x" * 20000), end="")
print("y", end="", flush=True)
