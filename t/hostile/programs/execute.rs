// expect: {"status": "completed", "stdout": "Some(13)\nSome(NotFound)\nSome(NotFound)\nSome(NotFound)\n106755\ntrue\n", "exit_code": 0}
// stopped_by: root no_new_privs ids landlock
// The cell's own program, those that become another, and one of its own.
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Command;

extern "C" {
    fn getuid() -> u32;
    fn geteuid() -> u32;
    fn getgid() -> u32;
    fn getegid() -> u32;
}

fn main() -> std::io::Result<()> {
    let args: Vec<_> = std::env::args().collect();
    let (ids, effective) = unsafe { ((getuid(), getgid()), (geteuid(), getegid())) };

    if args.len() > 1 {
        println!("{}", ids == effective && ids.0 != 0);
        return Ok(());
    }

    let error = Command::new("/zygote").spawn().err();
    println!("{:?}", error.and_then(|error| error.raw_os_error()));

    for program in ["/usr/bin/su", "/usr/bin/mount", "/usr/bin/newuidmap"] {
        println!("{:?}", Command::new(program).spawn().map_err(|error| error.kind()).err());
    }

    fs::set_permissions(&args[0], Permissions::from_mode(0o6755))?;
    println!("{:o}", fs::metadata(&args[0])?.mode());
    Command::new(&args[0]).arg("again").status()?;
    Ok(())
}
