// expect: {"status": "failed", "signal": "SIGABRT", "stdout": "", "stderr_has": "memory allocation of 1152921504606846976 bytes failed"}
// bounded_by: the address space of a process; what it has of it counts when it is touched
// More than there can be: the language gives up by itself.
fn main() {
    let piece: Vec<u8> = Vec::with_capacity(1 << 60);
    println!("ESCAPED {:p}", piece.as_ptr());
}
