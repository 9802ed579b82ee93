// expect: {"status": "failed", "error_type": "MemoryError", "stdout": "begun\n"}
// memory_mb: 64
// stopped_by: cgroup-memory
fn main() {
    println!("begun");
    let piece = vec![1u8; 1 << 30];
    println!("ESCAPED {}", piece.iter().map(|byte| *byte as u64).sum::<u64>());
}
