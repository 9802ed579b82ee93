# Every layer, alone: with all others off (but those that it cannot be without)
# it stops what it is there to stop; and with it off as well the same is not
# stopped, or the test could not fail.  t/cell.t has all layers together.
#
# The helper is one that can leave layers out, in namespaces of its own.
#
# LAYERS="seccomp landlock" tries only those.

use strict;
use warnings;

use lib 't/lib';
use IO::Socket::INET;
use IO::Socket::UNIX;
use Test::More;

use CodeRemote::Layers qw( end_all helper_pid installation layers probe server
                           zygotes );
use CodeRemote::Procs qw( wait_for );

plan skip_all => 'only root can leave a user namespace out' if $> != 0;

my $run = CodeRemote::Env::run_dir();
my $install = installation('install-test', 'on');
my $key = 0x70000000 + $$;


# What the cells must not reach: a file of root's, a program that becomes
# root, listeners.

my $secret = "$run/secret";
open my $out, '>', $secret or die "$secret: $!\n";
close $out;
chmod 0600, $secret;

my $setuid = "$run/id";
system('install', '-m', '4755', '/usr/bin/id', $setuid) == 0 or die;

my $tcp = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 64)
    or die "listen: $!\n";
my $port = $tcp->sockport;

my $abstract = "probe-$$";
my $unix = IO::Socket::UNIX->new(Local => "\0$abstract", Listen => 64)
    or die "listen: $!\n";


# For each layer: what it needs of others; what is asked, in which order, and
# what comes of it with the layer on, and with it off.  A question is a line
# for a probe, or "profile: line"; a function asks for itself.

my @no = (qr/^EPERM$/, qr/^(?!EPERM|EACCES|nothing)/);

my %folder = (mount => 'a /tmp is mounted', tmp => 'a program lies in it',
              pid => 'its init ends all that there is');

my @table = (
    { layer => 'user', ask => [
        [settimeofday => @no],
        [swapon => @no],
        [acct => @no],
        [reboot => @no],
        [syslog => @no],
        [mknod => qr/^ok=1 EPERM=5 \(socket\)$/, qr/^ok$/],
        ["read $secret" => qr/^EACCES$/, qr/^ok$/],
    ] },

    { layer => 'pid', ask => [
        [parent => qr/^ESRCH$/, qr/^ok$/],
        [processes => qr/^1 seen/, qr/^(?!1 seen)/],
        [pid => qr/^1 0$/, qr/^[2-9]|^1\d/],
        [\&child_of_cell => qr/^ended$/, qr/^alive$/],
    ] },

    { layer => 'mount', ask => [
        [mount => qr/^ok$/, qr/^ok$/],
        [\&mounted => qr/^nothing$/, qr/^probe$/],
    ] },

    { layer => 'net', ask => [
        ["connect $port" => qr/^ENETUNREACH$/, qr/^ok$/],
        ["abstract $abstract" => qr/^ECONNREFUSED$/, qr/^ok$/],
        [interfaces => qr/^(?!.*=up)/, qr/\blo=up/],
    ] },

    { layer => 'ipc', ask => [
        ["probe: msg $key new" => qr/^ok$/, qr/^ok$/],
        ["probe-write: msg $key" => qr/^ENOENT$/, qr/^ok$/],
    ] },

    { layer => 'uts', ask => [
        [hostname => qr/^cell$/, qr/^yard$/],
        ['probe: sethostname probed' => qr/^ok$/, qr/^ok$/],
        ['probe-write: hostname' => qr/^cell$/, qr/^probed$/],
    ] },

    { layer => 'cgroup-ns', ask => [
        [namespace('cgroup') => qr/^own$/, qr/^shared$/],
    ] },

    { layer => 'root', needs => { mount => 'a root is mounted' }, ask => [
        ['read /etc/passwd' => qr/^ENOENT$/, qr/^ok$/],
        ['read /proc/self/status' => qr/^ENOENT$/, qr/^ok$/],
        ['exists /sys' => qr/^ENOENT$/, qr/^ok$/],
        ['list /dev' => qr/^null random urandom zero$/, qr/\btty\b/],
        ['create /tmp/root' => qr/^EROFS$/, qr/^ok$/],
        ['flags /' => qr/^ro,nosuid,nodev,noexec$/, qr/^(?!.*nosuid)/],
        ["exec $setuid" => qr/^E/, qr/^0$/],
    ] },

    { layer => 'ids', needs => {
        capabilities => 'they outlive the change of uid, to be dropped next'
    }, ask => [
        [ids => qr/^([1-9]\d*) \1 \1 \1 \1 \1 groups=0$/, qr/^0 0 0/],
        ["read $secret" => qr/^EACCES$/, qr/^ok$/],
        [parent => qr/^EPERM$/, qr/^ok$/],
        ['become 0' => qr/^EPERM$/, qr/^EPERM=1 ok=6|^ok=6 EPERM=1/],
    ] },

    { layer => 'capabilities', ask => [
        [capabilities => qr/^(?:\w+=0+ ){4}securebits=ef$/,
                         qr/bounding=[1-9]\d* securebits=0$/],
        [chroot => @no],
        [mount => @no],
        [settimeofday => @no],
        [unshare => qr/^(?:ok=1 EPERM=7|EPERM=7 ok=1) \(user\)$/, qr/^ok$/],
        ['become 1' => qr/^EPERM$/, qr/^ok/],
        [raw => @no],
        [packet => @no],
        [syslog => @no],
    ] },

    { layer => 'no_new_privs', needs => {
        ids => 'root gains nothing by a setuid program',
        capabilities => 'ids needs it'
    }, ask => [
        [no_new_privs => qr/^1$/, qr/^0$/],
        ["exec $setuid" => qr/^[1-9]\d+$/, qr/^0$/],
    ] },

    { layer => 'dumpable', needs => {
        capabilities => 'CAP_SYS_PTRACE reads any process'
    }, ask => [
        [dumpable => qr/^0$/, qr/^1$/],
        [reach('vm_read') => qr/^EPERM$/, qr/^read$/],
        [reach('ptrace') => qr/^EPERM$/, qr/^ok$/],
    ] },

    { layer => 'rlimits', ask => [
        [limits => qr/^core=1\ fsize=0\ nofile=256\ .*\ stack=8388608
                    \ memlock=0\ msgqueue=0\ nice=0\ rtprio=0
                    \ sigpending=256\ cpu=\d+\ as=\d+$/x,
                   qr/nofile=(?!256).* as=none$/],
        ['open-files' => qr/^EMFILE /, qr/^ok /],
        ['space 4000' => qr/^ENOMEM$/, qr/^ok$/],
        ['big-file' => qr/^(?:EFBIG|SIGXFSZ)$/, qr/^ok$/],
    ] },

    # Without a user namespace a slot's id is that of all profiles' slots.

    { layer => 'rlimits', name => 'rlimits, processes', needs => {
        ids => 'the limit is one of a uid, and not for root',
        capabilities => 'CAP_SYS_ADMIN is free of it'
    }, ask => [
        ['probe: children' => qr/^EAGAIN 0$/, qr/^ok 40$/],
        ['probe-write: children' => qr/^EAGAIN [6-8]$/, qr/^ok 40$/],
        ['probe-write: threads' => qr/^EAGAIN [6-8]$/, qr/^ok 200$/],
    ] },

    { layer => 'cgroup-memory', ask => [
        [\&memory => qr/^MemoryError$/, qr/^ok$/],
    ] },

    { layer => 'cgroup-pids', ask => [
        ['probe: children' => qr/^EAGAIN \d$/, qr/^ok 40$/],
        ['probe-write: children' => qr/^EAGAIN \d$/, qr/^ok 40$/],
    ] },

    { layer => 'cgroup-cpu', ask => [
        [\&cpu => qr/^10[2]?$/, qr/^the supervisor's own$/],
    ] },

    { layer => 'landlock', ask => [
        ['create /tmp/landlock' => qr/^EACCES$/, qr/^ok$/],
        ['write /dev/full' => qr/^EACCES$/, qr/^ok$/],
        [mknod => qr/^EACCES$/, qr/^ok$/],
        ["connect $port" => qr/^EACCES$/, qr/^ok$/],
        ["abstract $abstract" => qr/^EPERM$/, qr/^ok$/],
        [parent => qr/^EPERM$/, qr/^ok$/],
        [mount => qr/^EPERM$/, qr/^ok$/],
    ] },

    { layer => 'seccomp', ask => [
        map({ [$_ => @no] } qw(
            sockets raw packet vsock netlink socketpair abstract-listen
            fork clone unshare chroot mount bind mount-proc fsopen
            open_tree ptrace vm_read vm_write pidfd_open kcmp add_key keyctl
            request_key msg shm sem mq shm_open bpf io_uring_setup
            perf_event_open userfaultfd memfd mmap-exec mprotect-exec
            personality syslog settimeofday reboot priority sethostname-none
            prctl seccomp setns open_by_handle_at )),
        map({ [$_ => qr/^(?:ENOSYS|EPERM)$/, qr/^(?!ENOSYS|EPERM)/] } qw(
            clone3 ioctl fanotify_init inotify_init1 landlock membarrier
            scheduler affinity swapon quotactl acct name_to_handle_at
            move_pages splice )),
        ["exec $setuid" => @no],
        ['create /tmp/seccomp' => @no],
        [int80 => qr/^SIGSYS$/, qr/^ok|ENOSYS$/],
    ] },

    # The same as a program of its own, which needs a folder to lie in.

    { layer => 'rlimits', name => 'rlimits, processes of a program', needs => {
        %folder,
        ids => 'the limit is one of a uid, and not for root',
        capabilities => 'CAP_SYS_ADMIN is free of it'
    }, ask => [
        ['probe-exec: children' => qr/^EAGAIN [4-7]$/, qr/^ok 40$/],
        ['probe-exec: limits' => qr/^core=1 fsize=1048576 nofile=256 nproc=9 /,
                                 qr/nofile=(?!256)/],
    ] },

    { layer => 'cgroup-pids', name => 'cgroup-pids, of a program',
      needs => \%folder, ask => [
        ['probe-exec: children' => qr/^EAGAIN \d$/, qr/^ok 40$/],
    ] },

    { layer => 'landlock', name => 'landlock, of a program', needs => {
        %folder, root => 'the zygote is in it, and in no entry of the tree'
    }, ask => [
        ['probe-exec: exec /zygote' => qr/^EACCES$/, qr/^(?!EACCES)/],
        ['probe-exec: write /dev/zero' => qr/^EACCES$/, qr/^ok$/],
    ] },

    { layer => 'seccomp', name => 'seccomp, of a program', needs => \%folder,
      ask => [
        map({ ["probe-exec: $_" => @no] } qw(
            sockets raw packet vsock netlink socketpair abstract-listen
            unshare chroot mount bind mount-proc fsopen open_tree ptrace
            vm_read vm_write pidfd_open kcmp add_key keyctl request_key msg
            shm sem mq bpf io_uring_setup perf_event_open userfaultfd memfd
            personality syslog settimeofday priority sethostname-none
            core-limit prctl seccomp setns open_by_handle_at )),
        map({ ["probe-exec: $_" => qr/^(?:ENOSYS|EPERM)$/,
                                   qr/^(?!ENOSYS|EPERM)/] } qw(
            clone3 ioctl fanotify_init inotify_init1 landlock membarrier
            scheduler affinity swapon quotactl acct move_pages splice )),
        ['probe-exec: clone' => qr/^ok=1 EPERM=7 \(time\)$/,
                                qr/^(?!ok=1 EPERM=7)/],
        ['probe-exec: int80' => qr/^SIGSYS$/, qr/^ok|ENOSYS$/],
    ] },

    { layer => 'session', ask => [
        [session => qr/^own$/, qr/^shared$/],
    ] },

    { layer => 'descriptors', ask => [
        [descriptors => qr/^0 1 2 3 4 5$/, qr/^0 1 2 3 4 5 \d/],
        [pipes => qr/^pipe< pipe> pipe> pipe< pipe> pipe>$/, qr/pipe> \S/],
    ] },

    { layer => 'environment', ask => [
        [environment => qr/^$/, qr/PROBE=of-the-yard/],
    ] },

    { layer => 'tmp', needs => { mount => 'it is mounted' }, ask => [
        ['probe-write: create /tmp/left' => qr/^ok$/, qr/^ok$/],
        ['probe-write: exists /tmp/left' => qr/^ENOENT$/, qr/^ok$/],
        ['probe-write: flags /tmp' => qr/^rw,nosuid,nodev,noexec$/, qr/^rw$/],
        ['probe-write: fill' => qr/^ENOSPC 1024$/, qr/^ok /],
        ['probe-write: inodes' => qr/^ENOSPC \d+$/, qr/^ok /],
    ] },

    { layer => 'timer', ask => [
        [\&timer => qr/^TimeoutError$/, qr/^ok$/],
    ] },

    { layer => 'output', ask => [
        [\&output => qr/^little$/, qr/^much$/],
    ] },
);


# A child that a job leaves: it ends with the pid namespace of its cell.

sub child_of_cell {
    my ($client) = @_;

    probe($client, 'probe', 'orphan');

    my @left;
    my $ended = wait_for(sub {
        @left = grep { $_->{comm} eq 'probe-orphan' } zygotes();
        return !@left;
    }, 0.5);

    kill KILL => $_->{pid} for @left;

    return $ended ? 'ended' : 'alive';
}


# What a job mounted, as the supervisor sees it.

sub mounted {
    return CodeRemote::Procs::slurp('/proc/' . helper_pid() . '/mountinfo')
           =~ /- tmpfs (probe) / ? $1 : 'nothing';
}


sub namespace {
    my ($name) = @_;

    return sub {
        my $ours = readlink '/proc/' . helper_pid() . "/ns/$name";
        my %seen = map { (readlink("/proc/$_->{pid}/ns/$name") eq $ours
                          ? 'shared' : 'own') => 1 } zygotes();

        return join ' and ', sort keys %seen;
    };
}


# From one running job to another.  The one before may not have ended yet.

my $victims;

sub reach {
    my ($probe) = @_;

    return sub {
        my ($client) = @_;

        my $name = 'victim-' . ++$victims;
        my $victim = $client->start(POST => '/execute?wait=true', {
            language => 'probe', code => "name $name\nsleep 20000"
        });
        my $pid;

        $client->drive(sub {
            my ($found) = grep { $_->{comm} eq $name } zygotes();
            $pid = $found->{inside} if $found;
        });

        my $job = probe($client, 'probe', "$probe $pid");
        $client->abort($victim);

        return $job->{probes}{"$probe $pid"};
    };
}


sub memory {
    my ($client) = @_;

    my $job = probe($client, 'probe', 'memory 200', memory_limit_mb => 32);

    return $job->{probes}{'memory 200'};
}


# The weight of all cells together, and whether they are in that cgroup.

sub cpu {
    my %paths = map { $_ => cpu_cgroup($_) }
                helper_pid(), map { $_->{pid} } zygotes();
    my $own = delete $paths{+helper_pid()};
    my %seen = map { s{(/coderemote-\d+)/.*}{$1}r => 1 } values %paths;

    return 'several' if keys %seen != 1;

    my ($path) = keys %seen;
    return "the supervisor's own" if $path eq $own;

    my ($weight) = map { CodeRemote::Procs::slurp($_) }
                   grep { -e } "$path/cpu.shares", "$path/cpu.weight";

    return $weight =~ s/\s+//r;
}


sub cpu_cgroup {
    my ($pid) = @_;

    my $text = CodeRemote::Procs::slurp("/proc/$pid/cgroup");

    return $text =~ m{^\d+:(?:[^:]*,)?(cpu(?:,[^:]*)?):(.*)$}m
           && -d "/sys/fs/cgroup/$1"
           ? "/sys/fs/cgroup/$1" . ($2 eq '/' ? '' : $2)
           : $text =~ m{^0::(.*)$}m ? "/sys/fs/cgroup$1" : '';
}


sub timer {
    my ($client) = @_;

    my $job = probe($client, 'probe', ['sleep 2500'], timeout_seconds => 1);

    return $job->{probes}{'sleep 2500'};
}


# What the supervisor passes on of 512 KB: the module has a bound of its own.

sub output {
    my ($client) = @_;

    my $before = written();
    probe($client, 'probe', 'output 512');

    return written() - $before < 64 * 1024 ? 'little' : 'much';
}


sub written {
    my $pid = helper_pid();

    # Of the thread: to the process the kernel adds what its dead children did.
    my ($n) = CodeRemote::Procs::slurp("/proc/$pid/task/$pid/io")
              =~ /^wchar: (\d+)$/m;

    return $n;
}


# Asks all, and compares with the answer of the given index.

sub ask {
    my ($client, $entry, $index) = @_;

    for my $question (@{ $entry->{ask} }) {
        my ($what, @want) = @$question;
        my ($name, $got, $said);

        if (ref $what) {
            $name = 'from outside';
            $got = $what->($client);

        } else {
            my ($profile, $line) = $what =~ /^(?:(\S+): )?(.*)$/;
            $name = $what;
            my $job = probe($client, $profile // 'probe', $line);
            $got = $job->{probes}{$line};
            $said = $job->{result}{error};
        }

        like($got, $want[$index], $name) or diag($said);
    }
}


sub without {
    my (@on) = @_;

    my %on = map { $_ => 1 } @on;

    return join ' ', grep { !$on{$_} } layers();
}


sub serve {
    my ($on, $function) = @_;

    my $server = server(install => $install, yard => 1,
                        http => 'coderemote_max_output 4k;',
                        without => without(@$on));

    $server->client->until_ok('/health', sub {
        ($_[0]->json->{status} // '') eq 'healthy'
    });

    $function->($server->client);
    $server->stop('TERM');
    ok(end_all(), 'it ends')
        && Test::More->builder->is_passing or diag($server->error_log);
}


if (my $only = $ENV{LAYERS}) {
    my %only = map { $_ => 1 } split ' ', $only;
    @table = grep { $only{$_->{layer}} } @table;

} else {
    my %known = map { $_->{layer} => 1 } @table;
    is_deeply([grep { !$known{$_} } layers()], [], 'every layer has a test');
}

my %controls;

for my $entry (@table) {
    my @needs = sort keys %{ $entry->{needs} || {} };
    my $name = $entry->{name} // $entry->{layer};

    subtest "$name alone" => sub {
        note("it needs $_: $entry->{needs}{$_}") for @needs;
        serve([$entry->{layer}, @needs], sub { ask($_[0], $entry, 0) });
    };

    push @{ $controls{"@needs"} }, $entry;
}

for my $needs (sort keys %controls) {
    serve([split ' ', $needs], sub {
        for my $entry (@{ $controls{$needs} }) {
            subtest +($entry->{name} // $entry->{layer}) . ', off' => sub {
                ask($_[0], $entry, 1);
            }, $_[0];
        }
    });
}

is_deeply([CodeRemote::Procs::leaks()], [], 'nothing is left');

done_testing();
