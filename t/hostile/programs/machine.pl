# expect: {"status": "completed", "stdout": "bpf EPERM\nclock_settime EPERM\nexecveat EPERM\nio_uring EPERM\nkeyctl EPERM\nlandlock ENOSYS\nmemfd EPERM\nmq_open EPERM\nnice EPERM\nperf EPERM\npersonality EPERM\nptrace EPERM\nreboot EPERM\nseccomp EPERM\nsetuid EPERM\nshmget EPERM\nuserfaultfd EPERM\n", "exit_code": 0}
# stopped_by: seccomp
# By their numbers on x86_64, from a language that has no code for them.
use Errno;
my %calls = (
    bpf => [321, 0, 0, 0], clock_settime => [227, 0, 0], keyctl => [250, 0, 0],
    execveat => [322, -1, 0, 0, 0, 4096], io_uring => [425, 1, 0],
    landlock => [444, 0, 0, 1], memfd => [319, 0, 0], mq_open => [240, 0, 0],
    nice => [141, 0, 0, -20], perf => [298, 0, 0, -1, -1, 0],
    personality => [135, 0x40000], ptrace => [101, 16, 1, 0, 0],
    reboot => [169, 0, 0, 0], seccomp => [317, 0, 0, 0], setuid => [105, 0],
    shmget => [29, 0, 4096, 0], userfaultfd => [323, 0],
);
for my $name (sort keys %calls) {
    my $rc = syscall($calls{$name}[0], map { $_ + 0 } @{ $calls{$name} }[1 .. $#{ $calls{$name} }]);
    my ($errno) = grep { $!{$_} } qw( EPERM ENOSYS );
    print "$name ", $rc == -1 ? $errno // $! : 'ESCAPED', "\n";
}
