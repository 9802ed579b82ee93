package CodeRemote::Procs;

# The processes of the installation under test, found by what they execute,
# and what they must not leave behind.

use strict;
use warnings;

use Exporter qw( import );
use Fcntl qw( F_GETLK F_UNLCK F_WRLCK SEEK_SET );
use Time::HiRes qw( time );

use CodeRemote::Env ();

our @EXPORT_OK = qw( family supervisor_of kin wait_for alive note leaks
                     cpu_ticks rss );

my %ours;        # "dev:inode" of our executables, to their names
my %cgroups;     # folders "coderemote-N" that our processes were seen in,
                 # to their inodes: a name is used again
my %before;      # our processes that were there before the test


sub executables {
    return \%ours if %ours;

    my $dir = CodeRemote::Env::install_dir() . '/libexec/coderemote';

    for my $path (glob "$dir/*") {
        my @st = stat $path or next;
        $ours{"$st[0]:$st[1]"} = $path =~ s{.*/}{}r;
    }

    return \%ours;
}


# Another installation's executables count as ours from now on.

sub also {
    my ($dir) = @_;

    executables();

    for my $path (glob "$dir/libexec/coderemote/*") {
        my @st = stat $path or next;
        $ours{"$st[0]:$st[1]"} = $path =~ s{.*/}{}r;
    }
}


sub slurp {
    my ($path) = @_;

    open my $in, '<', $path or return '';
    local $/;
    return scalar(<$in>) // '';
}


# The folders of a process's cgroups, by their controllers: v1 mounts each in a
# folder of its own, v2 has one tree.

sub cgroups_of {
    my ($pid) = @_;

    my %dirs;

    for (split /\n/, slurp("/proc/$pid/cgroup")) {
        my ($controllers, $path) = m{^\d+:([^:]*):(.*)$} or next;
        $dirs{$controllers} = '/sys/fs/cgroup'
            . (length $controllers ? "/$controllers" : '') . $path;
    }

    return \%dirs;
}


# Those of the block of its supervisor.

sub blocks {
    my ($pid) = @_;

    return map { m{^(.*?/coderemote-\d+)} } values %{ cgroups_of($pid) };
}


sub note_cgroups {
    my ($pid) = @_;

    for my $dir (blocks($pid)) {
        my ($inode) = (stat $dir)[1];
        $cgroups{$dir} = $inode if defined $inode;
    }
}


# All processes of ours: { pid, ppid, name, kind, state, ns }.  kind:
# supervisor, init (pid 1 of a zygote's namespace), zygote (pid 2 there), slot
# (another process there), cell (in a namespace of its own below).

sub family {
    my $ours = executables();
    my @found;

    for my $dir (glob '/proc/[0-9]*') {
        my @st = stat "$dir/exe" or next;
        my $name = $ours->{"$st[0]:$st[1]"} or next;
        my $status = slurp("$dir/status") or next;

        my ($pid) = $dir =~ /(\d+)$/;
        my ($ppid) = $status =~ /^PPid:\s+(\d+)/m;
        my ($state) = $status =~ /^State:\s+(\S)/m;
        my ($ns) = $status =~ /^NSpid:\s+(.*)/m;
        my @ns = split ' ', $ns // $pid;

        my $kind = $name eq 'coderemote-sandbox' && @ns == 1 ? 'supervisor'
                 : @ns > 2      ? 'cell'
                 : @ns == 1     ? 'other'
                 : $ns[1] == 1  ? 'init'
                 : $ns[1] == 2  ? 'zygote'
                 :                'slot';

        note_cgroups($pid) if !$before{$pid};

        push @found, { pid => $pid, ppid => $ppid, name => $name,
                       kind => $kind, state => $state, ns => \@ns };
    }

    return @found;
}


# Those of the list that have the socket as descriptor 3: the supervisor that
# serves it, and for a moment one that is about to find that out.

sub supervisors {
    my ($path, @all) = @_;

    my %inodes;

    for (split /\n/, slurp('/proc/net/unix')) {
        my @f = split ' ', $_, 8;
        $inodes{$f[6]} = 1 if defined $f[7] && $f[7] eq $path;
    }

    my @holders = grep {
        my $link = readlink("/proc/$_->{pid}/fd/3") // '';
        $link =~ /^socket:\[(\d+)\]$/ && $inodes{$1};
    } grep { $_->{kind} eq 'supervisor' } @all;

    # what it forks to start a zygote has all of its descriptors

    my %own = map { $_->{pid} => 1 } @holders;

    return grep { !$own{$_->{ppid}} } @holders;
}


sub supervisor_of {
    my ($path) = @_;

    my ($p) = supervisors($path, family());

    return $p ? $p->{pid} : undef;
}


# Those of the list that are among the pids, or descend from them.

sub descendants {
    my ($pids, @all) = @_;

    my %in = map { $_ => 1 } @$pids;
    my $n;

    do {
        $n = keys %in;
        $in{$_->{pid}} = 1 for grep { $in{$_->{ppid}} } @all;
    } while (keys %in > $n);

    return grep { $in{$_->{pid}} } @all;
}


# A supervisor's descendants.

sub kin {
    my ($supervisor) = @_;

    return grep { $_->{pid} != $supervisor } descendants([$supervisor],
                                                         family());
}


# All that serve a socket: its supervisors and their descendants.

sub served_by {
    my ($path) = @_;

    my @all = family();

    return descendants([map { $_->{pid} } supervisors($path, @all)], @all);
}


sub alive {
    my ($pid) = @_;

    return slurp("/proc/$pid/status") =~ /^State:\s+[^ZX]/m ? 1 : 0;
}


# Polls until $check is true.  Answers what it answered, or 0 when the
# deadline, in seconds, has passed.

sub wait_for {
    my ($check, $deadline) = @_;

    my $end = time + ($deadline || 10) * CodeRemote::Env::slow();

    for ( ;; ) {
        my $rc = $check->();
        return $rc if $rc;
        return 0 if time > $end;
        select undef, undef, undef, 0.02;
    }
}


# CPU time, in clock ticks, and resident bytes, of a list of pids.

sub cpu_ticks {
    my $ticks = 0;

    for my $pid (@_) {
        my $stat = slurp("/proc/$pid/stat");
        $stat =~ s/^.*\) // or next;
        my @f = split ' ', $stat;
        $ticks += $f[11] + $f[12];
    }

    return $ticks;
}


# Those of a process in so many seconds: one that spins has a hundred in each.

sub ticks_in {
    my ($seconds, $pid) = @_;

    my $before = cpu_ticks($pid);
    select undef, undef, undef, $seconds;

    return cpu_ticks($pid) - $before;
}


sub rss {
    my $pages = 0;

    for my $pid (@_) {
        my @f = split ' ', slurp("/proc/$pid/statm");
        $pages += ($f[1] // 0) - ($f[2] // 0);
    }

    return $pages * 4096;
}


# Called before anything is started.

sub note {
    %before = map { $_->{pid} => 1 } family();
    %cgroups = ();
}


# A supervisor's block of ids is a locked byte.  Asks for its lock, or with
# F_SETLK takes it, as somebody's for as long as the handle is open.

sub lock_block {
    my ($handle, $command, $block) = @_;

    my $lock = pack 's s x4 q q i x4', F_WRLCK, SEEK_SET, $block, 1, 0;

    return 0 if !fcntl $handle, $command, $lock;
    return unpack('s', $lock) != F_UNLCK;
}


# Nobody sweeps what has the name of a block that another supervisor has by
# now, perhaps one with a folder elsewhere.

sub block_held {
    my ($block) = @_;

    open my $blocks, '<', '/run/coderemote.uids' or return 0;

    return lock_block($blocks, F_GETLK, $block);
}


sub cgroups_left {
    my @left;

    for my $dir (sort keys %cgroups) {
        next if ((stat $dir)[1] // 0) != $cgroups{$dir};

        # a block is used again: by now it may be somebody else's
        my @pids = split ' ', join ' ', map { slurp($_) }
                   glob("$dir/cgroup.procs $dir/*/cgroup.procs");
        my $ours = executables();
        my @foreign = grep {
            my @st = stat "/proc/$_/exe";
            @st && !$ours->{"$st[0]:$st[1]"};
        } @pids;

        push @left, "cgroup $dir"
            if !@foreign && !block_held($dir =~ /(\d+)$/);
    }

    return @left;
}


# What is left of ours once everything was stopped: a list of sentences.

sub leaks {
    my (%opt) = @_;

    my $find = sub {
        my @left;

        for my $p (family()) {
            next if $before{$p->{pid}};
            push @left, "process $p->{pid} ($p->{name}, $p->{kind}, "
                        . "$p->{state})";
        }

        push @left, cgroups_left();

        my $run = CodeRemote::Env::run_dir();
        my $lib = CodeRemote::Env::install_dir() . '/libexec';

        for (split /\n/, slurp('/proc/self/mounts')) {
            push @left, "mount $_" if m{\Q$run\E|\Q$lib\E};
        }

        for my $sock (@{ $opt{sockets} || [] }) {
            push @left, "socket $sock" if -e $sock;
            push @left, "a listener at $sock"
                if slurp('/proc/net/unix') =~ m{ \Q$sock\E$}m;
        }

        return @left;
    };

    my @left;

    wait_for(sub { @left = $find->(); return !@left }, $opt{deadline} || 5);

    return @left;
}


1;
