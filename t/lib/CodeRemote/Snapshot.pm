package CodeRemote::Snapshot;

# What a supervisor and nginx's workers have while no job runs: processes,
# cgroups, mounts and descriptors.  Two of them are compared as text.
#
#   my @who = ($server->supervisor, $server->workers);
#   my $before = snapshot(@who);
#   ...
#   my @differ = settled($before, @who);

use strict;
use warnings;

use Exporter qw( import );

use CodeRemote::Procs qw( wait_for );

our @EXPORT_OK = qw( snapshot settled );

*slurp = \&CodeRemote::Procs::slurp;


# A process, and whatever program it runs by now, with all below it.

sub tree {
    my ($pid) = @_;

    my @children = map { split ' ', slurp($_) }
                   glob "/proc/$pid/task/*/children";

    return ($pid, map { tree($_) } @children);
}


# Counts equal ones: "3 pipe".

sub counted {
    my %count;

    $count{$_}++ for @_;

    return map { "$count{$_} $_" } sort keys %count;
}


sub descriptors {
    my ($pid) = @_;

    return counted(map { (readlink($_) // 'gone') =~ s/\[?\d+\]?$//r }
                   glob "/proc/$pid/fd/*");
}


# Folders and the number of processes in each, below what is the
# supervisor's; its number is that of its block of ids.

sub cgroups {
    my (@pids) = @_;
    my (%dirs, @found);

    for (map { split /\n/, slurp("/proc/$_/cgroup") } @pids) {
        my ($controllers, $path) = m{^\d+:([^:]*):(.*?/coderemote-\d+)}
            or next;
        $dirs{'/sys/fs/cgroup' . (length $controllers ? "/$controllers" : '')
              . $path} = 1;
    }

    my @todo = sort keys %dirs;

    while (defined(my $dir = shift @todo)) {
        push @todo, grep { -d } glob "$dir/*";
        my @in = split ' ', slurp("$dir/cgroup.procs");
        push @found, "$dir has " . @in;
    }

    return @found;
}


sub snapshot {
    my ($supervisor, @workers) = @_;

    my @tree = tree($supervisor);

    my @said = map { "process: $_" }
               counted(map { slurp("/proc/$_/comm") =~ s/\n//r } @tree);

    push @said, map { "cgroup: $_" } cgroups(@tree);

    push @said, map { "mounts: $_" } counted(map {
        my @mounts = split /\n/, slurp("/proc/$_/mounts");
        @mounts . ' in ' . slurp("/proc/$_/comm") =~ s/\n//r;
    } @tree);

    push @said, map { "supervisor's descriptors: $_" }
                descriptors($supervisor);

    push @said, map { my $pid = $_;
                      map { "descriptors of worker $pid: $_" }
                      descriptors($pid) } @workers;

    return join "\n", @said;
}


# Waits until there is as much as in an earlier one.  Answers what differs.

sub settled {
    my ($before, @who) = @_;
    my $now;

    return if wait_for(sub {
        $now = snapshot(@who);
        return $now eq $before;
    });

    my %was = map { $_ => 1 } split /\n/, $before;
    my %is = map { $_ => 1 } split /\n/, $now;

    return ((map { "was: $_" } grep { !$is{$_} } sort keys %was),
            (map { "is: $_" } grep { !$was{$_} } sort keys %is));
}


1;
