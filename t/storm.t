# Jobs of all sorts while every kind of process is killed, again and again, at
# moments that a seed decides: what was accepted ends, each with a reason, and
# afterwards everything is as it was.
#
#   CR_STORM   jobs (default: 1500)
#   CR_SEED    decides jobs, kills and their moments (default: any)

use strict;
use warnings;

use lib 't/lib';
use Test::More;
use Time::HiRes qw( time );

use CodeRemote::Data qw( data_like );
use CodeRemote::Footprint;
use CodeRemote::Killer;
use CodeRemote::Load;
use CodeRemote::Procs;
use CodeRemote::Server;

my $jobs = $ENV{CR_STORM} || 1500;
my $seed = $ENV{CR_SEED} // int rand 1_000_000;
my $queue = 70;
my $clients = 80;

diag("CR_SEED=$seed CR_STORM=$jobs");

# A job ends by its own time or by what comes of the kills: a supervisor that
# is away for 10 s at most, a runtime's start with its back-off.
my $deadline = 120 + $jobs / 10;

my $server = CodeRemote::Server->new(zone => 'coderemote 8m',
                                     http => "coderemote_queue $queue;");
$server->{expected} = [qr/exited on signal 9/, qr/was locked by/];
$server->start;

my $client = $server->client;


# Kinds of processes, and how much more often one is killed than another.  A
# kind that cannot be seen, as another user's cells without root, is left out.

my %kinds = (cell => 40, slot => 20, zygote => 8, init => 5, supervisor => 4,
             worker => 4);

sub kinds {
    my %seen = map { $_->{kind} => 1 }
               CodeRemote::Procs::served_by($server->{sock});

    return { map { $_ => $kinds{$_} } grep { $seen{$_} || $_ eq 'worker' } @_ };
}


sub storm {
    my ($name, $n, $weights) = @_;

    my $start = time;
    my $killer = CodeRemote::Killer->new(server => $server,
                                         seed => "$seed $name",
                                         weights => $weights);
    my $load = CodeRemote::Load->new(server => $server, killer => $killer,
                                     seed => "$seed $name",
                                     clients => $clients);

    ok($load->run($n, $deadline), 'every job has ended');
    is(scalar @{ $load->{bad} }, 0, 'each as it should, or with a reason')
        or diag(join "\n", @{ $load->{bad} });

    my $count = $load->{count};
    my $sum = 0;
    $sum += $_ for values %$count;
    is($sum, $n, 'none is missing');

    my @never = grep { !$killer->{count}{$_} } sort keys %$weights;
    is_deeply(\@never, [], 'each kind of process was killed');

    diag(sprintf '%s: %d jobs in %.1f s: %s; refused: %s; killed: %s', $name,
         $n, time - $start, CodeRemote::Load::told($count),
         CodeRemote::Load::told($load->{refused}),
         CodeRemote::Load::told($killer->{count}));
    diag(map { "  $load->{reasons}{$_}: $_\n" } sort keys %{ $load->{reasons} });
}


# Everything is back to what it was, but for memory: what grew under the load
# is kept by the heap.  The supervisor had the output of all jobs at once in
# its queues, 20 KB of each at most; a worker had their requests, of 40 KB at
# most, each with its connection's buffers, and as many answers.

sub as_before {
    my ($before, $after) = @_;

    is_deeply([CodeRemote::Footprint::differences($before, $after)], [],
              'processes, cgroups, mounts, descriptors, files');

    for (['supervisor_rss', $clients * 20_000],
         ['worker_rss', $clients * 2 * 40_000])
    {
        my ($key, $allowed) = @$_;

        diag("$key: $before->{$key}, then $after->{$key}");
        cmp_ok($after->{$key}, '<=', $before->{$key} + $allowed, $key);
    }
}


# The queue takes as many as ever, and gives them up again.

sub admits {
    my @ids = grep { defined } map {
        $client->post('/execute', { code => 'while True: pass' })
               ->json->{job_id};
    } 1 .. $queue + 5;

    is(scalar @ids, $queue, 'as many jobs are accepted as ever');

    my @res = $client->all([map { [DELETE => "/execute/jobs/$_"] } @ids]);
    is(scalar(grep { $client->finished($_)->{status} ne 'cancelled' } @ids), 0,
       'and all can be stopped');
}


sub serves {
    for my $language (qw( python python-open )) {
        data_like($client->run('print(6 * 7)', language => $language),
                  { status => 'completed', result => { stdout => "42\n" } },
                  "a job runs: $language");
    }
}


my $before = CodeRemote::Footprint::of($server)
    or BAIL_OUT('the server does not come to rest');

for (['everything', 0.6, keys %kinds],
     ['what is below the supervisor', 0.4, qw( cell slot zygote init )])
{
    my ($name, $part, @kinds) = @$_;

    subtest "kills: $name" => sub {
        my $start = CodeRemote::Footprint::take($server);

        storm($name, int($jobs * $part), kinds(@kinds));

        my $after = CodeRemote::Footprint::of($server, $before);
        ok($after, 'all is well, nothing runs, every slot has a parked cell')
            or diag($client->get('/health')->text);

        as_before($before, $after) if $after;

        is_deeply($after->{pids}, $start->{pids},
                  'the supervisor and the workers are the same')
            if !grep { $_ eq 'supervisor' } @kinds;

        serves();
        admits();
    };
}

$server->finish;

done_testing();
