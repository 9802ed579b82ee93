# expect: {"status": "failed", "error_type": "MemoryError", "stdout": "zlib 262144\nbz2 262144\nlzma 262144\n"}
# runtime: python-open
# memory_mb: 64
# stopped_by: cgroup-memory
# Little that becomes much.
import bz2
import lzma
import zlib

for module in (zlib, bz2, lzma):
    small = module.compress(bytes(1 << 18))
    print(module.__name__, len(module.decompress(small)), flush=True)
packer = zlib.compressobj(wbits=-15)
piece = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
print(len(zlib.decompress(piece * 256 + packer.flush(), wbits=-15)))
