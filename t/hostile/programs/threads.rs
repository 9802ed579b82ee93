// expect: {"status": "completed", "stdout": "Some(11), at most 64\n", "exit_code": 0}
// stopped_by: cgroup-pids rlimits
use std::thread;

fn main() {
    for n in 0..500 {
        let stay = || loop {
            thread::park();
        };

        if let Err(error) = thread::Builder::new().spawn(stay) {
            let most = if n <= 64 { "at most 64" } else { "ESCAPED" };
            println!("{:?}, {}", error.raw_os_error(), most);
            return;
        }
    }

    println!("ESCAPED");
}
