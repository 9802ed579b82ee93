# What a job can do with all layers on, tried by t/probe/ in cells of the
# production helper: with a profile that lets it write and have threads, with
# one that does not, in a cell of Lua's, and as a program of its own, which
# zygote-exec executes.  t/layers.t takes the layers one by one.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Layers qw( installation probe probe_names server zygotes );

my $root = $> == 0;
my $install = installation('install-probe-lua', $root ? 'off' : 'on');
my $server = server(install => $install);
my $client = $server->client;


# The kernel's word for each, as a regular expression: without, and with, the
# leave to write.  "=" is the same again; "*" before a line: as root alone.

my $table = <<'_EOC_';
# files
read /etc/passwd            ~ ENOENT                    ~ =
read /proc/self/status      ~ ENOENT                    ~ =
read /sys/kernel            ~ ENOENT                    ~ =
read /../../../etc/shadow   ~ ENOENT                    ~ =
read /root                  ~ ENOENT                    ~ =
read /zygote                ~ ok                        ~ =
show /proc/version          ~ ENOENT                    ~ =
exists /proc                ~ ENOENT                    ~ =
exists /sys                 ~ ENOENT                    ~ =
exists /home                ~ ENOENT                    ~ =
exists /run                 ~ ENOENT                    ~ =
exists /var                 ~ ENOENT                    ~ =
list /                      ~ dev lib(?:64)? (?:lib64 )?tmp usr zygote ~ =
list /dev                   ~ null random urandom zero  ~ =
list /tmp                   ~                           ~ =
write /dev/null             ~ EPERM                     ~ ok
write /dev/zero             ~ EPERM                     ~ EACCES
write /zygote               ~ EPERM                     ~ EROFS|EACCES|ETXTBSY
create /probe               ~ EPERM                     ~ EROFS|EACCES
create /usr/probe           ~ EPERM                     ~ EROFS|EACCES
create /dev/probe           ~ EPERM                     ~ EROFS|EACCES
create /tmp/probe           ~ EPERM                     ~ ok
change /zygote              ~ EPERM                     ~ EPERM=2 (?:EACCES=3 EROFS=9|ETXTBSY=2 EROFS=10)
change /usr                 ~ EPERM                     ~ (?!.*ok).*
tmpfile                     ~ EPERM                     ~ ok
tmpfile /usr                ~ EPERM                     ~ EROFS|EACCES
mknod                       ~ EPERM                     ~ =
mknod /dev                  ~ EPERM                     ~ =
devices                     ~ ENOENT                    ~ =
symlink /etc/probe          ~ EPERM                     ~ ENOENT
symlink /usr/probe          ~ EPERM                     ~ EACCES|EROFS
symlink /dev/zero           ~ EPERM                     ~ EACCES
link /zygote                ~ EPERM                     ~ EXDEV|EACCES
rename-out /probe           ~ EPERM                     ~ EXDEV|EACCES
rename-out /usr/probe       ~ EPERM                     ~ EXDEV|EACCES
fill                        ~ EPERM 0                   ~ ENOSPC 1024
fill /usr                   ~ EPERM 0                   ~ (?:EACCES|EROFS) 0
inodes                      ~ EPERM 0                   ~ ENOSPC 2\d\d
big-file                    ~ EPERM                     ~ EFBIG
program                     ~ EPERM                     ~ EACCES
locks /zygote               ~ EPERM=2 ENOSYS=4          ~ EPERM=2 EBADF=1 ENOSYS=3
flags /                     ~ ro,nosuid,nodev,noexec    ~ =
flags /tmp                  ~ ro,nosuid,nodev,noexec    ~ rw,nosuid,nodev,noexec
flags /usr                  ~ ro,nosuid,nodev,noexec                ~ =
name_to_handle_at           ~ ENOSYS                    ~ =
open_by_handle_at           ~ EPERM                     ~ =

# other processes
fork                        ~ EPERM                     ~ =
children                    ~ EPERM 0                   ~ =
orphan                      ~ EPERM                     ~ =
* threads                   ~ EPERM 0                   ~ EAGAIN 8
exec                        ~ EPERM                     ~ =
execveat                    ~ EPERM                     ~ =
clone                       ~ EPERM                     ~ =
clone3                      ~ ENOSYS                    ~ =
processes                   ~ 1 seen, 1 within reach    ~ =
parent                      ~ ESRCH                     ~ =
pid                         ~ 1 0                       ~ =
me                          ~ 1 0x[0-9a-f]+             ~ =
kill 2                      ~ ESRCH                     ~ =
kill 0                      ~ ok                        ~ =
name x                      ~ ok                        ~ =
vm_read                     ~ EPERM                     ~ =
vm_write                    ~ EPERM                     ~ =
ptrace                      ~ EPERM                     ~ =
kcmp                        ~ EPERM                     ~ =
pidfd_open                  ~ EPERM                     ~ =
pidfd_getfd                 ~ EPERM                     ~ =
pidfd_signal                ~ EPERM                     ~ =
process_madvise             ~ ENOSYS                    ~ =
prlimit                     ~ ENOSYS                    ~ =
scheduler                   ~ EPERM                     ~ =
sched_setattr               ~ EPERM                     ~ =
affinity                    ~ EPERM                     ~ =
priority                    ~ EPERM                     ~ =
get_robust_list             ~ ENOSYS                    ~ =
set_robust_list             ~ ENOSYS                    ~ EINVAL
crash                       ~ SIGSEGV                   ~ =
sleep 1                     ~ ok                        ~ =
wait                        ~ ok                        ~ =

# itself
descriptors                 ~ 0 1 2 3 4 5               ~ =
pipes                       ~ pipe< pipe> pipe> pipe< pipe> pipe> ~ =
environment                 ~                           ~ =
* ids                       ~ ([1-9]\d*) \1 \1 \1 \1 \1 groups=0 ~ =
become 0                    ~ EPERM                     ~ =
become 1                    ~ EPERM                     ~ =
capabilities                ~ ENOSYS                    ~ =
capset                      ~ EPERM                     ~ =
no_new_privs                ~ EPERM                     ~ =
dumpable                    ~ EPERM                     ~ =
* limits                    ~ core=1 fsize=0 nofile=256 nproc=1 stack=8388608 memlock=0 msgqueue=0 nice=0 rtprio=0 sigpending=256 cpu=\d+ as=\d+ ~ core=1 fsize=1048576 nofile=256 nproc=9 stack=8388608 memlock=0 msgqueue=0 nice=0 rtprio=0 sigpending=256 cpu=\d+ as=none
raise-limit                 ~ EPERM                     ~ =
core-limit                  ~ ok                        ~ =
open-files                  ~ EMFILE 250                ~ =
space 1000                  ~ ENOMEM                    ~ ok
memory 20                   ~ ok                        ~ =
* memory 400                ~ ENOMEM                    ~ MemoryError
clean                       ~ ok                        ~ =
session                     ~ own                       ~ =
umask                       ~ 077                       ~ =
hostname                    ~ cell                      ~ =
signals                     ~ 6 10                         ~ =
output 0                    ~ ok                        ~ =
prctl                       ~ EPERM                     ~ =
personality                 ~ EPERM                     ~ =
arch_prctl                  ~ ENOSYS|EPERM              ~ =
mmap-exec                   ~ EPERM                     ~ =
mprotect-exec               ~ EPERM                     ~ =
memfd                       ~ EPERM                     ~ =
ioctl                       ~ ENOSYS                    ~ =
int80                       ~ SIGSYS|ENOSYS             ~ =
x32                         ~ SIGSYS|ENOSYS             ~ =
modify_ldt                  ~ ENOSYS                    ~ =
membarrier                  ~ ENOSYS                    ~ =
landlock                    ~ ENOSYS                    ~ =
seccomp                     ~ EPERM                     ~ =
seccomp-listener            ~ EPERM                     ~ =
timer_create                ~ ENOSYS                    ~ =

# the network
sockets                     ~ EPERM                     ~ =
raw                         ~ EPERM                     ~ =
packet                      ~ EPERM                     ~ =
vsock                       ~ EPERM                     ~ =
netlink                     ~ EPERM                     ~ =
socketpair                  ~ EPERM                     ~ =
connect 80                  ~ EPERM                     ~ =
abstract probe              ~ EPERM                     ~ =
abstract-listen probe       ~ EPERM                     ~ =
interfaces                  ~ EPERM                     ~ =
accept                      ~ EPERM                     ~ =
bind-any                    ~ EPERM                     ~ =
listen                      ~ EPERM                     ~ =
sendto                      ~ EPERM                     ~ =
recvfrom                    ~ EPERM                     ~ =
sendmsg                     ~ EPERM                     ~ =
recvmsg                     ~ EPERM                     ~ =
sendmmsg                    ~ ENOSYS                    ~ =
recvmmsg                    ~ ENOSYS                    ~ =
setsockopt                  ~ ENOSYS                    ~ =
getsockopt                  ~ ENOSYS                    ~ =
shutdown                    ~ ENOSYS                    ~ =

# what processes share
add_key                     ~ EPERM                     ~ =
request_key                 ~ EPERM                     ~ =
keyctl                      ~ EPERM                     ~ =
msg 1 new                   ~ EPERM                     ~ =
msgsnd                      ~ ENOSYS                    ~ =
msgrcv                      ~ ENOSYS                    ~ =
shm                         ~ EPERM                     ~ =
shm_open                    ~ EPERM                     ~ ENOENT|EACCES
shmat                       ~ EPERM                     ~ =
shmctl                      ~ ENOSYS                    ~ =
sem                         ~ EPERM                     ~ =
semop                       ~ ENOSYS                    ~ =
semctl                      ~ ENOSYS                    ~ =
mq                          ~ EPERM                     ~ =
mq_unlink                   ~ ENOSYS                    ~ =

# mounts and namespaces
mount                       ~ EPERM                     ~ =
remount                     ~ EPERM                     ~ =
bind                        ~ EPERM                     ~ =
mount-proc                  ~ EPERM                     ~ =
umount                      ~ EPERM                     ~ =
pivot_root                  ~ EPERM                     ~ =
chroot                      ~ EPERM                     ~ =
unshare                     ~ EPERM                     ~ =
setns                       ~ EPERM                     ~ =
fsopen                      ~ EPERM                     ~ =
fsconfig                    ~ ENOSYS                    ~ =
fsmount                     ~ ENOSYS                    ~ =
fspick                      ~ ENOSYS                    ~ =
open_tree                   ~ EPERM                     ~ =
move_mount                  ~ EPERM                     ~ =
mount_setattr               ~ EPERM                     ~ =

# the machine
acct                        ~ ENOSYS                    ~ =
adjtimex                    ~ ENOSYS                    ~ =
bpf                         ~ EPERM                     ~ =
clock_adjtime               ~ ENOSYS                    ~ =
clock_settime               ~ EPERM                     ~ =
delete_module               ~ ENOSYS                    ~ =
fanotify_init               ~ ENOSYS                    ~ =
finit_module                ~ EPERM                     ~ =
init_module                 ~ EPERM                     ~ =
inotify_init1               ~ ENOSYS                    ~ =
io_uring_enter              ~ EPERM                     ~ =
io_uring_register           ~ EPERM                     ~ =
io_uring_setup              ~ EPERM                     ~ =
ioperm                      ~ EPERM                     ~ =
iopl                        ~ EPERM                     ~ =
ioprio_set                  ~ ENOSYS                    ~ =
kexec_file_load             ~ ENOSYS                    ~ =
kexec_load                  ~ EPERM                     ~ =
migrate_pages               ~ ENOSYS                    ~ =
move_pages                  ~ ENOSYS                    ~ =
perf_event_open             ~ EPERM                     ~ =
quotactl                    ~ ENOSYS                    ~ =
reboot                      ~ EPERM                     ~ =
setdomainname               ~ ENOSYS                    ~ =
sethostname probe           ~ EPERM                     ~ =
sethostname-none            ~ EPERM                     ~ =
settimeofday                ~ EPERM                     ~ =
splice                      ~ ENOSYS                    ~ =
swapoff                     ~ ENOSYS                    ~ =
swapon                      ~ ENOSYS                    ~ =
syslog                      ~ EPERM                     ~ =
tee                         ~ ENOSYS                    ~ =
userfaultfd                 ~ EPERM                     ~ =
vmsplice                    ~ ENOSYS                    ~ =
_EOC_


# What is another answer when it is a program of its own, and why it may be.
# All else is as with the leave to write.

my $executed = <<'_EOC_';
exists /var                 ~ ok                        ~ the program lies there
list /                      ~ dev lib(?:64)? (?:lib64 )?tmp usr var zygote ~ as above
list /tmp                   ~ probes                    ~ what it is told to do
fill                        ~ (?:ok|ENOSPC) 10\d\d      ~ which has its room
big-file                    ~ SIGXFSZ                   ~ no init: signals end it
crash                       ~ SIGSEGV                   ~ as above
program                     ~ ok                        ~ execute = on
flags /tmp                  ~ rw,nosuid,nodev           ~ execute = on
fork                        ~ ok                        ~ programs start others
* children                  ~ EAGAIN 7                  ~ within their number, of which it and its init are two
* threads                   ~ EAGAIN 7                  ~ as above
orphan                      ~ ok                        ~ and may leave them: the cell's end is theirs
exec                        ~ EACCES                    ~ of the tree and /tmp, and not the zygote again
clone                       ~ ok=1 EPERM=7 \(time\)     ~ to clone() that flag is a part of a signal's number
processes                   ~ 2 seen, 2 within reach    ~ itself and its init
parent                      ~ ok                        ~ which heeds no signal of its
pid                         ~ 2 1                       ~ as above
me                          ~ 2 0x[0-9a-f]+             ~ as above
kill 2                      ~ ok                        ~ itself
descriptors                 ~ 0 1 2                     ~ and none of the cell's own
pipes                       ~ pipe< pipe> pipe>         ~ as above
environment                 ~ PATH=\S+ HOME=/tmp TMPDIR=/tmp LANG=C.UTF-8 ~ what programs look for
open-files                  ~ EMFILE 253                ~ of 256
core-limit                  ~ EPERM                     ~ an exec makes a process dumpable
session                     ~ shared                    ~ with its init
signals                     ~                           ~ no handler is the kit's
mmap-exec                   ~ ok                        ~ code of its own
mprotect-exec               ~ ok                        ~ as above
_EOC_

my %executed = map { my ($line, $want, $why) = split / *~ */, $_;
                     my $needs_root = $line =~ s/^\* //;
                     die "no reason is given for $line\n" if !$why;
                     ($line => [$want, $needs_root]) } split /\n/, $executed;

my @entries;

for my $line (split /\n/, $table) {
    my ($what, $plain, $write) = split / *~ */, $line, 3;
    next if !defined $write;

    s/\s+$// for $what, $plain, $write;
    my $needs_root = $what =~ s/^\* //;

    $write = $plain if $write eq '=';

    my ($other, $other_root) = @{ delete $executed{$what} // [] };

    push @entries, { line => $what, root => $needs_root || $other_root,
                     probe => $plain, 'probe-write' => $write,
                     'probe-exec' => $other // $write };
}

die "not in the table: @{[ sort keys %executed ]}\n" if %executed;


subtest 'every probe is in the table' => sub {
    my %named = map { (split ' ', $_->{line})[0] => 1 } @entries;

    is_deeply([grep { !$named{$_} } probe_names()], [], 'all that there are');
};


for my $profile (qw( probe probe-write probe-exec )) {
    subtest $profile => sub {
        for my $entry (@entries) {
            my $line = $entry->{line};

          SKIP: {
                skip "$line: without root ids and cgroups are off", 1
                    if $entry->{root} && !$root;

                my $job = probe($client, $profile, $line);
                like($job->{probes}{$line}, qr/^(?:$entry->{$profile})$/, $line)
                    or diag($job->{result}{error});
            }
        }
    };
}


# In a cell of Lua's: the probe is a function there, under the profile that is
# shipped.  It lets a program write, and have no threads: so what is asked of
# files is answered as with the leave to write, all else as without, but for

my %lua = (
    # its /tmp is of 16 MB
    fill => 'ENOSPC 16384',
    inodes => 'ok 2000',
    limits => 'core=1 fsize=16777216 nofile=256 nproc=1 stack=8388608'
              . ' memlock=0 msgqueue=0 nice=0 rtprio=0 sigpending=256'
              . ' cpu=\d+ as=\d+',
    # one is the timer's of what is printed
    signals => '6 10 64',
    # a file, which it may write, but has no folder
    shm_open => 'ENOENT|EACCES',
);

my %of_files = map { $_ => 1 }
               $table =~ /\A# files\n(.*?)^#/ms ? $1 =~ /^(\S.*?) +~/mg : ();

subtest 'probe-lua' => sub {
    for my $entry (@entries) {
        my $line = $entry->{line};
        my $want = $lua{$line}
                   // $entry->{$of_files{$line} ? 'probe-write' : 'probe'};

      SKIP: {
            skip "$line: without root ids and cgroups are off", 1
                if $entry->{root} && !$root;

            my $job = probe($client, 'probe-lua', $line,
                            wrap => sub { "probe[[$_[0]]]" });
            like($job->{probes}{$line}, qr/^(?:$want)$/, $line)
                or diag($job->{result}{error});
        }
    }
};


# The same from the other side, in the kernel's own tables.

sub cells {
    return grep {
        (readlink "/proc/$_->{pid}/fd/3" // '') =~ /^pipe:/
    } zygotes();
}


subtest 'a parked cell, from outside' => sub {
    my ($cell) = cells();
    my $status = CodeRemote::Procs::slurp("/proc/$cell->{pid}/status");

    like($status, qr/^Cap$_:\t0+$/m, "Cap$_") for qw( Inh Prm Eff Bnd Amb );
    like($status, qr/^NoNewPrivs:\t1$/m, 'no_new_privs');
    like($status, qr/^Seccomp:\t2$/m, 'seccomp');
    like($status, qr/^Seccomp_filters:\t2$/m, 'both parts of its filter');
    like($status, qr/^Groups:\t\s*$/m, 'no groups') if $root;
    like($status, qr/^Umask:\t0077$/m, 'umask');
    like($status, qr/^NSsid:\t\d+\t\d+\t1$/m, 'a session of its own');
    like($status, qr/^SigBlk:\t0+$/m, 'no signal is blocked');
    is(CodeRemote::Procs::slurp("/proc/$cell->{pid}/environ"), '',
       'no environment');

    for my $ns (qw( user pid mnt net ipc uts cgroup )) {
        isnt(readlink("/proc/$cell->{pid}/ns/$ns"),
             readlink("/proc/self/ns/$ns"), "namespace: $ns");
    }

    my @mounts = map { (split ' ')[4, 5] }
                 split /\n/,
                 CodeRemote::Procs::slurp("/proc/$cell->{pid}/mountinfo");
    my %mounts = @mounts;

    like($mounts{$_}, qr/^ro,/, "$_ is read-only")
        for grep { $_ ne '/tmp' } sort keys %mounts;
    like($mounts{$_}, qr/\bnosuid\b/, "$_ is nosuid") for sort keys %mounts;
    like($mounts{$_}, qr/\bnodev\b/, "$_ is nodev")
        for grep { !m{^/dev/} } sort keys %mounts;
};


SKIP: {
    skip 'without root cells of all slots have one uid', 1 if !$root;

    subtest 'a uid for every slot' => sub {
        my %uids;

        for my $cell (cells()) {
            my ($uid, $gid) = map {
                CodeRemote::Procs::slurp("/proc/$cell->{pid}/status")
                =~ /^$_:\t(\d+)\t\1\t\1\t\1$/m
            } qw( Uid Gid );

            ok(defined $uid && defined $gid && $uid > 100000, 'one of nobody');
            is($uids{$uid}++, 0, 'and of no other');
        }

        cmp_ok(scalar keys %uids, '>', 1, 'several were seen');
    };
}

$server->finish;
done_testing();
