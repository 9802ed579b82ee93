// expect: {"status": "completed", "stdout": "none\n", "exit_code": 0}
// stopped_by: root mount landlock
// The machine's files, and those that all jobs share.
use std::fs::{remove_file, rename, File, OpenOptions};
use std::os::unix::fs::symlink;

const READ: [&str; 12] = [
    "/etc/passwd", "/etc/shadow", "/proc/self/maps", "/proc/1/environ",
    "/sys/kernel/notes", "/sys/fs/cgroup", "/dev/mem", "/dev/kmsg",
    "/dev/sda", "/root/.bashrc", "/run/coderemote", "/usr/bin/env",
];
const WRITE: [&str; 9] = [
    "/x", "/usr/x", "/dev/x", "/dev/shm/x", "/etc/passwd", "/zygote",
    "/usr/bin/rustc", "/proc/sys/kernel/core_pattern", "/lib64/x",
];

fn writable(path: &str) -> bool {
    OpenOptions::new().write(true).create(true).open(path).is_ok()
        || remove_file(path).is_ok()
        || rename(path, "/tmp/x").is_ok()
}

fn main() {
    for (n, path) in READ.iter().chain(&WRITE).enumerate() {
        let link = format!("/tmp/link{}", n);
        symlink(path, &link).unwrap();

        if n < READ.len() && (File::open(path).is_ok() || File::open(&link).is_ok()) {
            println!("ESCAPED, read {}", path);
        }

        if writable(path) || File::create(&link).is_ok() {
            println!("ESCAPED, written {}", path);
        }
    }

    println!("none");
}
