package CodeRemote::Layers;

# What the tests of the layers share: installations with the runtime of
# t/probe/, servers whose helper leaves layers out, and what probes answered.

use strict;
use warnings;

use CodeRemote::Env ();
use CodeRemote::Procs ();
use CodeRemote::Server ();

use Exporter qw( import );

our @EXPORT_OK = qw( end_all helper_pid installation layers probe probe_names
                     server zygotes );

# All that cr_test.h knows, in the order in which they are put on.
my @layers = qw( user pid mount net ipc uts cgroup-ns root ids capabilities
                 no_new_privs dumpable rlimits cgroup-memory cgroup-pids
                 cgroup-cpu landlock seccomp session descriptors environment
                 tmp timer output );

# Which block of ids is whose, for all supervisors of the machine.
my $lock = '/run/coderemote.uids';


sub layers {
    return @layers;
}


# An installation of its own, of one of make's targets, whose only profiles
# are those of the probes.

sub installation {
    my ($target, $rootless) = @_;

    my $dir = CodeRemote::Env::run_dir() . "/$target";
    my $group = CodeRemote::Env::worker_user() // (split ' ', $))[0];

    CodeRemote::Env::make_install($dir, $target, "GROUP=$group");

    my $etc = "$dir/etc/coderemote";
    unlink grep { !m{/probe[^/]*$} } glob "$etc/runtimes.d/*";

    my $user = CodeRemote::Env::worker_user();
    my $uid = defined $user ? getpwnam $user : $>;

    open my $conf, '>', "$etc/sandbox.conf" or die "$etc: $!\n";
    print $conf "clients = $uid 0\nrootless = $rootless\n";
    close $conf or die "$etc: $!\n";

    return $dir;
}


# A helper in namespaces of its own, where nothing but a new /tmp can be
# written: what a probe does with no layer on goes with them.  Workers of
# root's start it, for it is a script.

sub yard {
    my ($install) = @_;

    my $helper = CodeRemote::Env::helper($install);
    my $script = CodeRemote::Env::run_dir() . '/yard';

    open my $out, '>', $script or die "$script: $!\n";
    print $out <<"_EOC_";
#!/bin/sh
PATH=/usr/sbin:/usr/bin:/sbin:/bin
PROBE=of-the-yard
export PATH PROBE
exec unshare --mount --propagation private --pid --fork --kill-child --ipc \\
    --uts --mount-proc sh -c '
        umask 077; : >> $lock; umask 022
        mount --bind $lock $lock || exit 1
        while read -r _ _ _ _ point _; do
            case \$point in
                /proc|/sys/fs/cgroup*|$lock) ;;
                *) mount -o remount,bind,ro "\$point" || exit 1 ;;
            esac
        done < /proc/self/mountinfo
        mount -t tmpfs -o mode=1777 yard /tmp || exit 1
        hostname yard
        exec "\$0"' $helper
_EOC_
    close $out or die "$script: $!\n";
    chmod 0755, $script;

    return $script;
}


# Options as CodeRemote::Server's, and yard => 1.

sub server {
    my (%opt) = @_;

    my $yard = delete $opt{yard};

    if ($yard) {
        $opt{user} = 'root';
        $opt{helper} = yard($opt{install});
    }

    return CodeRemote::Server->new(workers => 1, %opt)->start;
}


# Runs probes as one job.  Answers the job, with the answers as {probes}: by
# what was asked, line by line.  wrap makes a program of them in a language.

sub probe {
    my ($client, $profile, $lines, %fields) = @_;

    my @lines = ref $lines ? @$lines : $lines;
    my $wrap = delete $fields{wrap} // sub { $_[0] };
    my $job = $client->run($wrap->(join "\n", @lines), language => $profile,
                           %fields);
    my $result = $job->{result} || {};
    my @said = split /\n/, $result->{stdout} // '';

    # What ended the job is the answer of the probe that did not answer.
    my ($end) = ($result->{error} // '') =~ /(SIG[A-Z]+)/;
    $end //= $result->{error_type} // 'nothing';

    $job->{probes} = {
        map {
            my ($name) = split ' ', $lines[$_];
            ($lines[$_] => ($said[$_] // $end) =~ s/^\Q$name\E: ?//r);
        } 0 .. $#lines
    };

    return $job;
}


# The supervisor, and all that lives in its zygotes' namespaces or would: by
# the host's pid, the innermost one, and the name it gave itself.

sub helper_pid {
    my ($pid) = sort { $a <=> $b } map { $_->{pid} }
                grep { $_->{name} eq 'coderemote-sandbox' }
                CodeRemote::Procs::family();
    return $pid;
}


sub zygotes {
    return map {
        +{ pid => $_->{pid}, inside => $_->{ns}[-1],
           comm => CodeRemote::Procs::slurp("/proc/$_->{pid}/comm")
                   =~ s/\n//r }
    } grep { $_->{name} =~ /^zygote-/ } CodeRemote::Procs::family();
}


# Once nginx has ended: the supervisor too, and what outlives it where there
# is no pid namespace.

sub end_all {
    return CodeRemote::Procs::wait_for(sub {
        my $helper = helper_pid();

        kill TERM => $helper if $helper;
        kill KILL => map { $_->{pid} } zygotes();

        return !$helper && !zygotes();
    });
}


# Those that there are, by the sources.

sub probe_names {
    my %names;

    for my $file (glob CodeRemote::Env::root_dir() . '/t/probe/*.c') {
        my $text = CodeRemote::Procs::slurp($file);
        $names{$1} = 1 while $text =~ /^    \{ "([^"]+)", probe_/mg;
        $names{$1} = 1 while $text =~ /^    probe_call\("([^"]+)",/mg;
    }

    return sort keys %names;
}


1;
