// expect: {"status": "completed", "stdout": "others: []\n", "exit_code": 0}
// stopped_by: seccomp
// By the library, which is given pipes for a pair here, and by their numbers.
use std::io::Error;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::{UnixDatagram, UnixStream};

extern "C" {
    fn syscall(number: i64, ...) -> i64;
}

// Of socket and socketpair.
const NUMBERS: [i64; 2] = if cfg!(target_arch = "x86_64") { [41, 53] } else { [198, 199] };

fn by_number(family: i32, kind: i32) -> [Option<Error>; 2] {
    NUMBERS.map(|number| {
        let rc = unsafe { syscall(number, family, kind, 0, &mut [0i32; 2]) };
        (rc == -1).then(Error::last_os_error)
    })
}

fn main() {
    let mut errors = vec![
        TcpStream::connect("127.0.0.1:80").err(),
        TcpListener::bind("[::1]:0").err(),
        UdpSocket::bind("127.0.0.1:0").err(),
        UnixStream::connect("/run/coderemote/sandbox.sock").err(),
        UnixDatagram::unbound().err(),
    ];

    for n in 0..50 * 11 {
        errors.extend(by_number(n / 11, n % 11));
    }

    errors.retain(|error| error.as_ref().and_then(|e| e.raw_os_error()) != Some(1));
    println!("others: {:?}", errors);
}
