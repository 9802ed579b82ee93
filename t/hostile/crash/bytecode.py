# expect: {"status": "failed", "signal": "SIGSEGV", "stdout": "before\n"}
# runtime: python-open
# bounded_by: a cell is its own process and used once
# Byte code that takes a constant far beyond the last.
import opcode


def f():
    return 1


print("before")
wide = bytes([opcode.opmap["EXTENDED_ARG"], 0x7f, opcode.opmap["EXTENDED_ARG"],
              0xff, opcode.opmap["LOAD_CONST"], 0xff,
              opcode.opmap["RETURN_VALUE"], 0])
f.__code__ = f.__code__.replace(co_code=wide)
f()
