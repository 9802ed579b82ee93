# expect: {"status": "completed", "stdout_like": "^input\\none two\\n1 2\\nmain\\.pl\\n0 1 2\\ntoken [0-9a-f]{32}\\n$", "stderr": "", "exit_code": 0}
# stdin: "input\n"
# args: ["one two"]
# What a program finds that comes after a hostile one.
use POSIX ();
print scalar <STDIN>;
print "@ARGV\n";
print join(' ', grep { kill 0, $_ } 1 .. 300), "\n";
print join(' ', map { s{.*/}{}r } glob '/tmp/* /tmp/.[a-z]*'), "\n";
print join(' ', grep { ((POSIX::fstat($_))[2] // 0) & 010000 } 0 .. 255), "\n";
open my $random, '<', '/dev/urandom';
read $random, my $token, 16;
print 'token ', unpack('H*', $token), "\n";
