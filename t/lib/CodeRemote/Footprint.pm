package CodeRemote::Footprint;

# What a server takes of the machine while it rests: processes, cgroups,
# mounts, descriptors, memory, files.

use strict;
use warnings;

use List::Util ();

use CodeRemote::Procs qw( wait_for );


# Waits until nothing runs, nothing waits and every slot has its parked cell,
# and answers what there is; undef when it does not come to rest.  What an
# earlier one is given for has time to come back: a zygote that was killed is
# started again with back-off.

sub of {
    my ($server, $before) = @_;

    my ($self, $last);
    my $like = $before ? text($before) : '';

    wait_for(sub {
        return at_rest($server->client->get('/health')->json);
    }, 30) or return undef;

    wait_for(sub {
        $last = $self;
        $self = take($server);

        return $before ? text($self) eq $like
                       : $last && text($self) eq text($last);
    }, 20);

    return $self;
}


sub text {
    my ($self) = @_;

    return CodeRemote::Client->encode(plain($self));
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
    my @family = CodeRemote::Procs::served_by($server->{sock});
    my %kinds;

    $kinds{$_->{kind}}++ for @family;

    return {
        processes => \%kinds,
        zombies => scalar(grep { $_->{state} eq 'Z' } @family),
        cgroups => scalar cgroups(map { $_->{pid} } @family),
        mounts => [mounts($server)],
        files => [sort map { files($_) } $server->{dir}],
        supervisor_fds => descriptors($supervisor),
        worker_fds => [sort { $a <=> $b } map { descriptors($_) } @workers],
        pids => { supervisor => $supervisor, workers => \@workers },
        supervisor_rss => CodeRemote::Procs::rss($supervisor),
        worker_rss => List::Util::max(map { CodeRemote::Procs::rss($_) }
                                      @workers),
    };
}


# Without what differs from one process to the next of its kind.

sub plain {
    my ($self) = @_;

    return { map { $_ => $self->{$_} }
             qw( processes zombies cgroups mounts files supervisor_fds
                 worker_fds ) };
}


sub descriptors {
    my ($pid) = @_;

    opendir my $dir, "/proc/$pid/fd" or return 0;

    return scalar(grep { /^\d/ } readdir $dir);
}


# All folders of the supervisors' cgroups, those of dead ones beside them too.

sub cgroups {
    my %parents;

    for my $pid (@_) {
        for (split /\n/, CodeRemote::Procs::slurp("/proc/$pid/cgroup")) {
            my ($controllers, $path) = m{^\d+:([^:]*):(.*?/coderemote-\d+)}
                or next;
            $parents{'/sys/fs/cgroup' . (length $controllers
                                         ? "/$controllers" : '') . $path} = 1;
        }
    }

    return map { ($_, glob "$_/*/") } keys %parents;
}


# Others mount, too: those alone that have to do with this one.

sub mounts {
    my ($server) = @_;

    my $install = CodeRemote::Env::install_dir();

    return grep { m{\Q$server->{dir}\E|\Q$install\E|zygote} }
           split /\n/, CodeRemote::Procs::slurp('/proc/self/mounts');
}


sub files {
    my ($dir) = @_;

    return map { -d && !-l ? ($_, files($_)) : $_ } glob "$dir/*";
}


1;
