// expect: {"status": "completed", "stdout": "Some(9)\nit lives\n-1\n[1, 2]\n", "exit_code": 0}
// stopped_by: pid
// To the cell's first process, to all, and to any that there could be: it has
// but its own child.
use std::{process::Command, thread, time::Duration};
use std::os::unix::process::ExitStatusExt;

extern "C" {
    fn kill(pid: i32, signo: i32) -> i32;
}

fn main() -> std::io::Result<()> {
    let args: Vec<_> = std::env::args().collect();

    if args.len() > 1 {
        loop {
            thread::park();
        }
    }

    let mut child = Command::new(&args[0]).arg("child").spawn()?;
    unsafe { kill(-1, 9) };
    println!("{:?}", child.wait()?.signal());

    for n in 0..6400 {
        unsafe { kill(1, n % 65) };
    }

    thread::sleep(Duration::from_millis(100));
    println!("{}", if unsafe { kill(1, 0) } == 0 { "it lives" } else { "ESCAPED" });
    println!("{}", unsafe { kill(-1, 9) });

    let found: Vec<_> = (1..32768).filter(|pid| unsafe { kill(*pid, 0) } == 0).collect();
    println!("{:?}", found);
    Ok(())
}
