// expect: {"status": "completed", "stdout": "Some(28), at most 64 MB\nSome(28), at most 17000 folders\n", "exit_code": 0}
// stopped_by: tmp
use std::fs::{create_dir, File};
use std::io::{Result, Write};

fn until(what: &str, most: usize, mut more: impl FnMut(usize) -> Result<()>) {
    for n in 0..=most {
        if let Err(error) = more(n) {
            println!("{:?}, at most {} {}", error.raw_os_error(), most, what);
            return;
        }
    }

    println!("ESCAPED {} {}", most, what);
}

fn main() -> Result<()> {
    let mut data = File::create("/tmp/data")?;

    until("MB", 64, |_| data.write_all(&[1; 1 << 20]));
    data.set_len(0)?;
    until("folders", 17000, |n| create_dir(format!("/tmp/{}", n)));
    Ok(())
}
