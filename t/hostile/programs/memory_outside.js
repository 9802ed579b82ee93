// expect: {"status": "failed", "error_type": "MemoryError", "stdout": "RangeError begun\n"}
// memory_mb: 128
// stopped_by: cgroup-memory
// What is no part of V8's heap: buffers, and WebAssembly's 2 GB.
let said;
try {
    Buffer.alloc(2 ** 53 - 1);
} catch (e) {
    said = e.name;
}
console.log(said, 'begun');
const memory = new WebAssembly.Memory({ initial: 1 << 15 });
new Uint8Array(memory.buffer).fill(1);
console.log('ESCAPED');
