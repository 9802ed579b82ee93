// expect: {"status": "completed", "stdout_like": "^input\\none two\\n1 2\\nprogram\\n0 1 2\\n256 1\\nmemory is clean\\ntoken [0-9a-f]{32}\\n$", "stderr": "", "exit_code": 0}
// stdin: "input\n"
// args: ["one two"]
// What a program finds that comes after a hostile one.
use std::io::Read;

extern "C" {
    fn kill(pid: i32, signo: i32) -> i32;
    fn dup(fd: i32) -> i32;
    fn close(fd: i32) -> i32;
    fn getrlimit(resource: i32, limits: &mut [u64; 2]) -> i32;
}

fn those(is: fn(i32) -> bool) -> String {
    let found: Vec<_> = (0..300).filter(|n| is(*n)).map(|n| n.to_string()).collect();
    found.join(" ")
}

fn main() -> std::io::Result<()> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let args: Vec<_> = std::env::args().skip(1).collect();
    println!("{}{}", line, args.join("|"));
    println!("{}", those(|pid| pid > 0 && unsafe { kill(pid, 0) } == 0));

    for entry in std::fs::read_dir("/tmp")? {
        println!("{}", entry?.file_name().to_string_lossy());
    }

    println!("{}", those(|fd| unsafe { close(dup(fd)) } == 0));

    let (mut files, mut core) = ([0; 2], [0; 2]);
    unsafe { getrlimit(7, &mut files) + getrlimit(4, &mut core) };
    println!("{} {}", files[1], core[1]);

    let page = vec![0u8; 16 << 20];
    let dirty = (0..page.len()).any(|i| unsafe { std::ptr::read_volatile(&page[i]) } != 0);
    println!("memory is {}", if dirty { "not" } else { "clean" });

    let mut token = [0; 16];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut token)?;
    println!("token {:032x}", u128::from_ne_bytes(token));
    Ok(())
}
