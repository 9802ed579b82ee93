// expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout_min": 4096, "stdout_max": 1048576, "stderr_min": 4096, "stderr_max": 1048576}
// timeout: 2
// bounded_by: output beyond its limit is read and forgotten
use std::io::Write;

fn pour(mut out: impl Write) {
    loop {
        let _ = out.write_all(&[b'x'; 4096]);
    }
}

fn main() {
    std::thread::spawn(|| pour(std::io::stdout()));
    pour(std::io::stderr());
}
