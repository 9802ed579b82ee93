// expect: {"status": "failed", "error_type": "MemoryError", "stdout": "begun\n"}
// memory_mb: 64
// stopped_by: cgroup-memory
// 16 GB at most.
struct Piece {
    data: [u8; 1000],
    next: Option<Box<Piece>>,
}

fn main() {
    println!("begun");
    let mut all = None;

    for n in 0..1 << 24 {
        all = Some(Box::new(Piece { data: [n as u8; 1000], next: all }));
    }

    println!("ESCAPED {:?}", all.map(|piece| (piece.data[0], piece.next.is_some())));
}
