// expect: {"status": "failed", "signal": "SIGABRT", "stdout": "setrlimit -1\nnull Some(11) false\nstack Some(6) false\npanic None false\nabort Some(6) false\nno core\n", "stderr_has": ["has overflowed its stack", "panicked at"]}
// stopped_by: rlimits seccomp
// With a core limit of 0 the machine's program for cores would be started.
use std::os::unix::process::ExitStatusExt;
use std::process::Command;
use std::{ptr, thread};

extern "C" {
    fn setrlimit(resource: i32, limits: &[u64; 2]) -> i32;
}

#[allow(unconditional_recursion)]
fn deeper(above: &[u8; 4096]) -> u8 {
    let here = [unsafe { ptr::read_volatile(&above[0]) }; 4096];
    deeper(&here) ^ here[1]
}

fn crash(how: &str) {
    match how {
        "null" => unsafe { ptr::write_volatile(ptr::null_mut::<u8>(), 1) },
        "stack" => drop(thread::spawn(|| deeper(&[1; 4096])).join()),
        "panic" => panic!("at once"),
        _ => std::process::abort(),
    }
}

fn main() -> std::io::Result<()> {
    let args: Vec<_> = std::env::args().collect();

    if args.len() > 1 {
        crash(&args[1]);
    }

    println!("setrlimit {}", unsafe { setrlimit(4, &[0, 0]) });

    for how in ["null", "stack", "panic", "abort"] {
        let status = Command::new(&args[0]).arg(how).status()?;
        println!("{} {:?} {}", how, status.signal(), status.core_dumped());
    }

    println!("{}", std::fs::metadata("core").map_or("no core", |_| "ESCAPED"));
    std::process::abort();
}
