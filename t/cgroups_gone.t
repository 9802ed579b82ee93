# Somebody removes the cgroups of a supervisor that serves: it says so, leaves,
# and another one has its own.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

plan skip_all => 'needs root: rootless there are no cgroups' if $> != 0;

my $server = CodeRemote::Server->new->start;
my $client = $server->client;
my $supervisor = $server->supervisor;


# The folders that the slots' processes live in.

sub folders {
    my %dirs = map { $_ => 1 } grep { m{/coderemote-\d+/.} }
               map { values %{ CodeRemote::Procs::cgroups_of($_->{pid}) } }
               $server->kin('slot');

    return keys %dirs;
}

my @folders = folders();
ok(scalar @folders, 'slots have cgroups');

# It is stopped meanwhile: it would fill them again at once.
kill STOP => $supervisor;
kill KILL => map { $_->{pid} } $server->kin('slot'), $server->kin('cell');

my $removed = wait_for(sub { rmdir for @folders; !grep { -d } @folders }, 5);
kill CONT => $supervisor;

SKIP: {
    skip 'the folders cannot be removed here', 4 if !$removed;

    ok(wait_for(sub { !CodeRemote::Procs::alive($supervisor) }, 20),
       'the supervisor leaves');
    like($server->error_log, qr/leaving.*somebody removed its cgroups/,
         'and says why');
    ok(wait_for(sub { $client->run('print(1)')->{status} eq 'completed' }, 20),
       'jobs run again');
    isnt($server->supervisor, $supervisor, 'by another one');
}

$server->finish;

done_testing();
