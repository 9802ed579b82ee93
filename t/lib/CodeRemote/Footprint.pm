package CodeRemote::Footprint;

# What a server takes of the machine while it rests: processes, cgroups,
# mounts, descriptors, files, memory.
#
#   my $before = CodeRemote::Footprint::of($server);
#   ...
#   is_deeply([CodeRemote::Footprint::changes($server, $before)], []);
#
# {lines} is what must be the same again, whichever processes it belongs to;
# {pids}, {supervisor_rss} and {worker_rss} are for tests that know more.

use strict;
use warnings;

use List::Util ();

use CodeRemote::Procs qw( wait_for );

*slurp = \&CodeRemote::Procs::slurp;


# Waits until nothing runs, nothing waits and every slot has its parked cell,
# and answers what there is; undef when it does not come to rest.  What an
# earlier one is given for has time to come back: a zygote that was killed is
# started again with back-off.

sub of {
    my ($server, $before) = @_;

    my ($self, $last);
    my $like = $before ? text($before) : '';
    my $rests = sub { at_rest($server->client->get('/health')->json) };

    wait_for($rests, 30) or return undef;

    wait_for(sub {
        $last = $self;

        # what is looked at is what was at rest
        my $rest = $rests->();
        $self = take($server);

        return $rest && ($before ? text($self) eq $like
                                 : $last && text($self) eq text($last));
    }, 20);

    return $self;
}


# What does not come back to what it was: a list of sentences.

sub changes {
    my ($server, $before) = @_;

    my $now = of($server, $before) or return 'it does not come to rest';

    return differences($before, $now);
}


sub differences {
    my ($before, $after) = @_;

    my %was = map { $_ => 1 } @{ $before->{lines} };
    my %is = map { $_ => 1 } @{ $after->{lines} };

    return ((map { "was: $_" } grep { !$is{$_} } sort keys %was),
            (map { "is: $_" } grep { !$was{$_} } sort keys %is));
}


sub text {
    my ($self) = @_;

    return join "\n", @{ $self->{lines} };
}


sub at_rest {
    my ($health) = @_;

    return 0 if !ref $health || $health->{status} ne 'healthy'
                || $health->{jobs}{accepted};

    return !grep { $_->{ready} != $_->{slots} || $_->{running}
                   || $_->{queued} } @{ $health->{sandbox}{profiles} };
}


sub take {
    my ($server) = @_;

    my $supervisor = $server->supervisor // 0;
    my @workers = $server->workers;

    # A program that a cell has become is none of ours, but a descendant.
    my %name = map { $_->{pid} => $_->{state} eq 'Z' ? 'zombie' : $_->{kind} }
               CodeRemote::Procs::served_by($server->{sock});
    $name{$_} //= slurp("/proc/$_/comm") =~ s/\n//r for tree($supervisor);

    my @lines = (
        (map { "process: $_" } values %name),
        (map { "cgroup: $_" } cgroups(keys %name)),
        (map { "mount: $_" } mounts($server)),
        (map { "mounts of a $name{$_}: " . own_mounts($_) } keys %name),
        (map { "the supervisor's descriptor: $_" } descriptors($supervisor)),
        (map { "a worker's descriptor: $_" } map { descriptors($_) } @workers),
        (map { "file: $_" } files($server->{dir})),
    );

    return {
        lines => [counted(@lines)],
        pids => { supervisor => $supervisor, workers => \@workers },
        supervisor_rss => CodeRemote::Procs::rss($supervisor),
        worker_rss => List::Util::max(map { CodeRemote::Procs::rss($_) }
                                      @workers),
    };
}


# Equal ones once: "3 times a".

sub counted {
    my %count;

    $count{$_}++ for @_;

    return map { "$count{$_} times $_" } sort keys %count;
}


# A process and all below it.

sub tree {
    my ($pid) = @_;

    my @children = map { split ' ', slurp($_) }
                   glob "/proc/$pid/task/*/children";

    return ($pid ? $pid : (), map { tree($_) } @children);
}


# The number of a block of ids is another one's when a supervisor is.

sub any_block {
    my ($path) = @_;

    return $path =~ s{/coderemote-\d+}{/coderemote-N}r;
}


sub descriptors {
    my ($pid) = @_;

    return map { any_block((readlink($_) // 'gone') =~ s/\[?\d+\]?$//r) }
           glob "/proc/$pid/fd/*";
}


# Folders, and the number of processes in each.

sub cgroups {
    my %dirs = map { $_ => 1 } map { CodeRemote::Procs::blocks($_) } @_;
    my @todo = keys %dirs;
    my @found;

    while (defined(my $dir = shift @todo)) {
        push @todo, grep { -d } glob "$dir/*";
        my @in = split ' ', slurp("$dir/cgroup.procs");
        push @found, any_block($dir) . ' has ' . @in;
    }

    return @found;
}


# Others mount, too: those alone that have to do with this one.

sub mounts {
    my ($server) = @_;

    my $install = CodeRemote::Env::install_dir();

    return grep { m{\Q$server->{dir}\E|\Q$install\E|zygote} }
           split /\n/, slurp('/proc/self/mounts');
}


# How many a process has in a namespace of its own.

sub own_mounts {
    my ($pid) = @_;

    return 0 if (readlink("/proc/$pid/ns/mnt") // '')
                eq readlink '/proc/self/ns/mnt';

    return slurp("/proc/$pid/mounts") =~ tr/\n//;
}


sub files {
    my ($dir) = @_;

    return map { -d && !-l ? ($_, files($_)) : $_ } glob "$dir/*";
}


1;
