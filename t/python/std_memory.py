# expect: {"status": "completed", "stdout": "ok\n", "exit_code": 0}
# runtime: python-open
# memory_mb: 256
import array
import ctypes
import ctypes.util
import gc
import mmap
import struct
import sys
import tracemalloc
import weakref

with mmap.mmap(-1, 1 << 20) as m:
    m.write(b"abc")
    m.seek(0)
    assert m.read(3) == b"abc"
    m.madvise(mmap.MADV_DONTNEED)
    assert m[:3] == b"\0\0\0" or m[:3] == b"abc"

with open("/tmp/file", "w+b") as f:
    f.write(b"abc" * 5000)
    f.flush()
    with mmap.mmap(f.fileno(), 0) as m:
        m[0:3] = b"xyz"
        m.flush()
        m.madvise(mmap.MADV_SEQUENTIAL)
        m.resize(20000)
        assert m.find(b"abc") == 3
with open("/tmp/file", "rb") as f:
    assert f.read(4) == b"xyza"
    with mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as m:
        assert m[-1] == 0

libc = ctypes.CDLL(None, use_errno=True)
assert libc.abs(-3) == 3 and libc.getpid() == 1
libc.strlen.restype = ctypes.c_size_t
assert libc.strlen(b"four") == 4
libm = ctypes.CDLL("libm.so.6")
libm.sqrt.restype, libm.sqrt.argtypes = ctypes.c_double, [ctypes.c_double]
assert libm.sqrt(9.0) == 3.0
buffer = ctypes.create_string_buffer(16)
assert libc.snprintf(buffer, 16, b"%d-%s", 7, b"x") == 3
assert buffer.value == b"7-x"
assert libc.close(1000) == -1 and ctypes.get_errno() == 9


class Pair(ctypes.Structure):
    _fields_ = [("a", ctypes.c_int32), ("b", ctypes.c_int64)]


pair = Pair(1, 2)
assert ctypes.sizeof(Pair) == 16 and bytes(pair)[8] == 2
assert ctypes.cast(ctypes.pointer(pair),
                   ctypes.POINTER(ctypes.c_int32)).contents.value == 1
numbers = (ctypes.c_int * 4)(4, 3, 2, 1)
assert sorted(numbers) == [1, 2, 3, 4] and ctypes.util.find_library("x") is None

# A function of Python's that C calls would be new code.
try:
    ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 1)
except MemoryError:
    pass

assert struct.unpack("<IhB", struct.pack("<IhB", 1, -2, 3)) == (1, -2, 3)
assert array.array("d", [1.5]).tobytes() == struct.pack("=d", 1.5)
view = memoryview(bytearray(b"abcd"))[1:3]
view[0] = 0x7a
assert bytes(view) == b"zc"


class Node:
    pass


a, b = Node(), Node()
a.other, b.other = b, a
gone = weakref.ref(a)
del a, b
gc.collect()
assert gone() is None
values = weakref.WeakValueDictionary()
node = values["x"] = Node()
del node
assert not values
called = []
weakref.finalize(Node(), called.append, 1)
assert called == [1]

tracemalloc.start()
kept = [bytes(1000) for _ in range(1000)]
assert tracemalloc.get_traced_memory()[0] > 1000000
assert tracemalloc.take_snapshot().statistics("lineno")
tracemalloc.stop()
assert sys.getsizeof(kept) > 8000
del kept

# More than there is: an error, after which all goes on.
large = bytearray(64 << 20)
large[::4096] = b"x" * (len(large) // 4096)
del large
print("ok")
