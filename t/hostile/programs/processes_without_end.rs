// expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": ""}
// timeout: 2
// bounded_by: their number, and the end of the pid namespace
// All of them start others, from threads of theirs as well, and heed no signal.
use std::process::Command;
use std::thread;

extern "C" {
    fn signal(signo: i32, handler: usize) -> usize;
}

fn more() {
    let own = std::env::args().next().unwrap();

    loop {
        let _ = Command::new(&own).spawn();
        let _ = thread::Builder::new().spawn(more);
    }
}

fn main() {
    for signo in 1..65 {
        unsafe { signal(signo, 1) };
    }

    more();
}
