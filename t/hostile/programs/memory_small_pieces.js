// expect: {"status": "failed", "error_type": "MemoryError", "stdout": "begun\n"}
// memory_mb: 128
// stopped_by: cgroup-memory
console.log('begun');
const all = [];
for (let n = 0; n < 2e8; n++) {
    all.push({ n, text: 'x' + n });
}
console.log('ESCAPED');
