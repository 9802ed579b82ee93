// expect: {"status": "completed", "stdout": "gone\n", "exit_code": 0}
// bounded_by: what a program leaves behind ends with it
// Of sessions of their own, deaf, holding stderr and busy.
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

extern "C" {
    fn setsid() -> i32;
    fn signal(signo: i32, handler: usize) -> usize;
}

fn main() -> std::io::Result<()> {
    let args: Vec<_> = std::env::args().collect();

    if args.len() > 1 {
        for signo in 1..65 {
            unsafe { signal(signo, 1) };
        }

        loop {
            File::create(&args[1])?;
        }
    }

    for n in 0..8 {
        let alive = format!("/tmp/alive{}", n);
        let mut child = Command::new(&args[0]);
        unsafe { child.arg(&alive).pre_exec(|| Ok(drop(setsid()))) }.spawn()?;

        while !Path::new(&alive).exists() {}
    }

    println!("gone");
    Ok(())
}
