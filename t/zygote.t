# What the processes of a runtime hold, seen from outside.  Jobs never reach a
# zygote; what it has not is what somebody who did would not have either.

use strict;
use warnings;

use lib 't/lib';
use IO::Select;
use IO::Socket::UNIX;
use Test::More;

use CodeRemote::Procs;
use CodeRemote::Server;

plan skip_all => 'without root a cell has the ids of the user'
    if $> != 0;

# setpcap, setgid, setuid and sys_admin, in a namespace of its own
my $CAPS = 1 << 6 | 1 << 7 | 1 << 8 | 1 << 21;

my $server = CodeRemote::Server->new->start;

$server->client->run('print(1)', language => $_) for qw( python python-open );


sub status {
    my ($pid) = @_;

    return { CodeRemote::Procs::slurp("/proc/$pid/status")
             =~ /^(\w+):[ \t]*(.*)$/mg };
}


my %seen;

for my $process (map { $server->kin($_) } qw( zygote slot cell )) {
    my ($pid, $kind) = @$process{qw( pid kind )};

    my $is = status($pid);
    next if !$is->{Uid} || $is->{State} =~ /^Z/;

    my $caps = $kind eq 'cell' ? 0 : $CAPS;
    my ($uid) = $is->{Uid} =~ /(\d+)/;

    # a cell that is on its way to be parked is between the two
    next if $kind eq 'cell' && $is->{Seccomp_filters} < 2;

    my @wrong = (
        (map { "$_ is $is->{$_}" }
         grep { hex $is->{$_} != $caps } qw( CapPrm CapEff )),
        (map { "$_ is $is->{$_}" }
         grep { hex $is->{$_} } qw( CapInh CapBnd CapAmb )),
        $is->{NoNewPrivs} ? () : 'it could gain privileges',
        $is->{Seccomp} == 2 ? () : 'it has no filter',
        $uid >= 0x70000000 ? () : "its uid is $uid",
        $is->{Groups} =~ /\d/ ? "its groups are $is->{Groups}" : (),
        CodeRemote::Procs::slurp("/proc/$pid/oom_score_adj") =~ /^(?:1000\n)?$/
            ? () : 'others would die for it without memory',
    );

    $seen{$kind}++;

    if ($kind ne 'cell') {
        like(readlink "/proc/$pid/fd/2", qr/^pipe:/,
             '... and its errors go to no log of the machine');
    }

    ok(!@wrong, "$kind $pid") or diag(join "\n", @wrong);

    if ($kind eq 'zygote') {
        open my $in, '-|', 'nsenter', "--cgroup=/proc/$pid/ns/cgroup", 'cat',
                           "/proc/$pid/cgroup" or die "nsenter: $!\n";
        my @cgroups = <$in>;

        ok(@cgroups && !grep({ !m{:/$} } @cgroups),
           '... and sees no cgroup above its own') or diag(@cgroups);
    }
}

ok($seen{$_}, "there is a $_") for qw( zygote slot cell );

# setgid and setuid, and sys_admin where user namespaces are restricted
like(status($server->supervisor)->{$_}, qr/^0{10}[02]0{3}c0$/,
     "the supervisor's $_") for qw( CapPrm CapEff CapBnd );

# Root itself may enter the folder of the socket, and is no client.
my $socket = IO::Socket::UNIX->new(Peer => $server->{sock});

ok($socket && IO::Select->new($socket)->can_read(5 * CodeRemote::Env::slow())
   && !sysread($socket, my $byte, 1), 'who is no client is not heard');
ok(CodeRemote::Procs::wait_for(sub {
    $server->error_log =~ /a connection by uid 0 is refused/;
}, 5), 'and it is told why');

$server->finish;
done_testing();
