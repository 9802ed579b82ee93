// expect: {"status": "completed", "stdout": "Some(11), at most 64\n", "exit_code": 0}
// stopped_by: cgroup-pids rlimits
// As many as there may be, 500 at most; they stay.
use std::process::Command;

fn main() {
    let args: Vec<_> = std::env::args().collect();

    if args.len() > 1 {
        loop {
            std::thread::park();
        }
    }

    for n in 0..500 {
        if let Err(error) = Command::new(&args[0]).arg("child").spawn() {
            let most = if n <= 64 { "at most 64" } else { "ESCAPED" };
            println!("{:?}, {}", error.raw_os_error(), most);
            return;
        }
    }

    println!("ESCAPED");
}
