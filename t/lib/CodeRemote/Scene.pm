package CodeRemote::Scene;

# The setuid helper, started by a caller as the test wants him: t/setuid has
# the programs that play his tricks.
#
#   my $s = CodeRemote::Scene->new(tricks => ['umask=0', 'close=012']);
#   $s->works                     # runs a job through it: a true value
#   $s->end                       # stops it, answers the exit status
#   $s->said                      # what it wrote to stderr

use strict;
use warnings;

use Fcntl ();
use File::Copy ();
use IO::Handle;
use POSIX qw( :sys_wait_h );

use CodeRemote::Env ();
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Wire ();

my ($count, $dir, $owner) = (0, undef, $$);
my %running;


# The programs, where an unprivileged user can run them, and a folder that he
# can write to.

sub prepare {
    my $root = CodeRemote::Env::root_dir();

    CodeRemote::Env::make('setuid-programs');

    $dir = CodeRemote::Env::run_dir() . '/scenes';
    mkdir $dir;

    for my $name (qw( cr_scene cr_attack )) {
        File::Copy::copy("$root/build/setuid/$name", "$dir/$name")
            or die "$dir/$name: $!\n";
        chmod 0755, "$dir/$name";
    }

    mkdir "$dir/own";
    chmod 01777, "$dir/own";

    return $dir;
}


sub attack { return "$dir/cr_attack" }


# Options: as (UID:GID:GROUPS), tricks, program, args, listen (0: no socket as
# descriptor 3), listener and sock (one that is the test's), uid (who connects).

sub new {
    my ($class, %opt) = @_;

    my $self = bless { uid => (getpwnam 'www-data')[2], listen => 1,
                       tricks => [], args => [],
                       program => CodeRemote::Env::helper(), %opt }, $class;

    my $base = sprintf '%s/own/%d', $dir, ++$count;
    my $listener = delete $self->{listener};

    $self->{as} //= "$self->{uid}:" . (getgrnam 'www-data')[2];
    $self->{sock} //= "$base.sock";
    $self->{out} = "$base.out";
    $self->{said} = '';

    pipe $self->{err}, my $err or die "pipe: $!\n";
    $self->{err}->blocking(0);

    # a core would be found there
    my @before = ("as=$self->{as}", "cwd=$dir/own");
    push @before, "listen=$self->{sock}" if $self->{listen};

    my @command = ("$dir/cr_scene", @before, @{ $self->{tricks} }, '--',
                   $self->{program}, @{ $self->{args} });

    my $pid = fork;

    if (!$pid) {
        open STDIN, '<', '/dev/null';
        open STDOUT, '>', $self->{out};
        POSIX::dup2(fileno $err, 2);

        if ($listener) {
            fcntl $listener, Fcntl::F_SETFD(), 0;
            POSIX::dup2(fileno $listener, 3);
        }

        exec { $command[0] } @command or POSIX::_exit(80);
    }

    $self->{pid} = $pid;
    $running{$pid} = $owner;

    return $self;
}


# Collects the process that was started, when it has ended.

sub gone {
    my ($self) = @_;

    return 1 if defined $self->{status};
    return 0 if waitpid($self->{pid}, WNOHANG) != $self->{pid};

    $self->{status} = $?;
    delete $running{$self->{pid}};

    return 1;
}


# Its exit status; 128 and more: it was killed by a signal.

sub status {
    my ($self) = @_;

    wait_for(sub { $self->gone }, 20) or return undef;

    my $status = $self->{status};

    return $status & 127 ? 128 + ($status & 127) : $status >> 8;
}


# No file: a limit of those would hold for what is said, too.

sub said {
    my ($self) = @_;

    while (sysread $self->{err}, my $more, 65536) {
        $self->{said} .= $more;
    }

    return $self->{said};
}


sub wrote { return CodeRemote::Procs::slurp($_[0]{out}) }


# A connection to the supervisor, once it answers; nothing when it ends.

sub connect {
    my ($self, %opt) = @_;

    my $wire;

    wait_for(sub {
        $wire = CodeRemote::Wire->connect($self->{sock}, uid => $self->{uid},
                                          %opt);
        return $wire || $self->gone;
    });

    return $wire && $wire->hello ? $wire : undef;
}


sub works {
    my ($self) = @_;

    $self->{wire} //= $self->connect or return 0;

    my $result = $self->{wire}->run('python', 'print(6 * 7)');
    $self->{result} = $result;

    return $result && $result->{end} eq 'claim'
           && $result->{stdout} eq "42\n" && $result->{stderr} eq '';
}


sub supervisor {
    my ($self) = @_;

    return CodeRemote::Procs::supervisor_of($self->{sock});
}


# A cell of python's that waits for its job: it has no bound of CPU time yet,
# and one of its files, which python-open's has not.

sub cell {
    my ($self) = @_;

    my $pid = $self->supervisor or return;
    my $found;

    wait_for(sub {
        my $status = $self->{wire}->status;

        return 1 if !$status;
        return 0 if !$status->{python}{ready};

        ($found) = grep {
            my $limits = CodeRemote::Procs::slurp("/proc/$_/limits");

            $limits =~ /^Max file size\s+0\s/m
            && $limits =~ /^Max cpu time\s+unlimited\s/m
        } map { $_->{pid} } grep { $_->{kind} eq 'cell' }
          CodeRemote::Procs::kin($pid);

        return $found;
    });

    return $found;
}


# Asks the supervisor to leave, as only root can.

sub end {
    my ($self) = @_;

    my $pid = $self->gone ? undef : $self->supervisor;

    CodeRemote::Procs::family();
    kill TERM => $pid if $pid;
    delete $self->{wire};

    return $self->status;
}


# What the kernel keeps of a process and hands on to what it starts.

sub fingerprint {
    my ($pid) = @_;

    my %print;

    for (split /\n/, CodeRemote::Procs::slurp("/proc/$pid/status")) {
        my ($key, $value) = /^(Groups|NoNewPrivs|Seccomp\w*|Cap\w+|Sig\w+
                               |Shd\w+|Cpus_allowed_list|Mems_allowed_list
                               |Spec\w+|THP_enabled|Umask|TracerPid):
                              \s*(.*?)\s*$/x or next;
        $print{$key} = $value if $key ne 'SigQ';
    }

    for (split /\n/, CodeRemote::Procs::slurp("/proc/$pid/limits")) {
        $print{$1} = "$2 $3"
            if /^(Max .*?)\s{2,}(\S+)\s+(\S+)/;
    }

    for my $name (qw( personality timerslack_ns oom_score_adj
                      coredump_filter ))
    {
        $print{$name} = CodeRemote::Procs::slurp("/proc/$pid/$name");
        chomp $print{$name};
    }

    my $stat = CodeRemote::Procs::slurp("/proc/$pid/stat") =~ s/^.*\) //sr;
    my @stat = split ' ', $stat;

    @print{qw( tty nice priority policy )} = @stat[4, 16, 37, 38];

    my %policies = map { $_ => 1 }
                   CodeRemote::Procs::slurp("/proc/$pid/numa_maps")
                   =~ /^\S+ (\S+)/mg;

    $print{memory} = join ' ', sort keys %policies;
    $print{ionice} = `ionice -p $pid 2>&1`;
    chomp $print{ionice};

    $print{cwd} = readlink("/proc/$pid/cwd") // '';

    return \%print;
}


END {
    local ($?, $@, $!);

    if ($$ == $owner) {
        kill KILL => $_ for keys %running;
    }
}


1;
