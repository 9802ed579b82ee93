# Reload, quit and deaths with 100 connections open: idle ones, ones whose jobs
# run, and ones that watch jobs that were posted over HTTP.

use strict;
use warnings;

use lib 't/lib';
use List::Util qw( max min );
use Test::More;
use Time::HiRes qw( time );

use CodeRemote::Data qw( data_like );
use CodeRemote::Live qw( drive );
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

my ($program) = grep { !defined CodeRemote::Live::missing($_) }
                CodeRemote::Live::programs();

plan skip_all => 'none of the clients is there' if !defined $program;

# Ends when it is told to, over its connection or by the time it takes.
my $asks = "print('begun')\nprint('got ' + input())\n";
my $takes = "import time\nprint('begun')\ntime.sleep(%d)\nprint('ended')\n";

my ($server, $client, $live);


sub begin {
    $server = CodeRemote::Server->new(listen => 'reuseport')->start;
    $client = $server->client;
    $live = CodeRemote::Live->new($program, server => $server);
}


# 100 connections: { idle, asks (each with its job's request), watches (each
# with the job that it reports on), posted (the ids of jobs, which take so many
# seconds) }.

sub scene {
    my ($seconds) = @_;

    my %job = (code => sprintf($takes, $seconds // 3),
               language => 'python-open');
    my @all = $live->open(100);

    ok(CodeRemote::Live::settle(@all), '100 connections, with names');

    my $scene = { all => [@all], posted => [] };

    $scene->{asks} = [splice @all, 0, 5];
    $scene->{watches} = [splice @all, 0, 5];
    $scene->{idle} = [@all];

    $_->{request} = $_->execute($asks) for @{ $scene->{asks} };

    for my $i (0 .. 4) {
        my $ws = $scene->{watches}[$i];
        my $res = $client->post('/execute', {
            %job,

            # some are named with the job, some subscribe to it
            $i % 2 ? (connection_id => $ws->{id}) : ()
        });

        $ws->{job} = $res->json->{job_id};
        $ws->subscribe($ws->{job}) if !($i % 2);
        push @{ $scene->{posted} }, $ws->{job};
    }

    # one that nobody watches
    push @{ $scene->{posted} },
         $client->post('/execute', \%job)->json->{job_id};

    ok(drive(sub { !grep { !begun($_) } own($scene), watched($scene) },
             20), 'their jobs run');

    return $scene;
}


# What the connections were told of their jobs.

sub own {
    my ($scene) = @_;

    return map { scalar $_->job_of($_->{request}) } @{ $scene->{asks} };
}


sub watched {
    my ($scene) = @_;

    return map { $_->{jobs}{$_->{job}} } @{ $scene->{watches} };
}


sub begun {
    my ($job) = @_;

    return $job && $job->{text}{stdout} =~ /^begun\n/;
}


sub all_closed {
    return !grep { !$_->{closed} } @_;
}


# How they were closed, as text: counts by code.

sub codes {
    my %codes;

    $codes{ ($_->{closed} || { code => 'none' })->{code} }++ for @_;

    return join ', ', map { "$codes{$_} with $_" } sort keys %codes;
}


# Idle ones are told at once, the others when their jobs are over.

sub idle_close {
    my ($scene) = @_;

    my ($idle, $asks) = @$scene{qw( idle asks )};
    my $start = time;

    ok(drive(sub { all_closed(@$idle) }, 20), 'idle connections are closed');
    is(codes(@$idle), @$idle . ' with 1001', 'as going away');
    diag(sprintf 'idle connections were closed after %.0f to %.0f ms',
         map { 1000 * ($_ - $start) }
         min(map { $_->{closed}{at} } @$idle),
         max(map { $_->{closed}{at} } @$idle)) if all_closed(@$idle);

    is(scalar(grep { $_->{closed} } @$asks), 0,
       'those whose jobs run are open');
}


sub no_more_jobs {
    my ($ws) = @_;

    my $id = $ws->{accepted}{$ws->{request}};

    $ws->execute("print('too late')");
    $ws->send({ action => 'subscribe', job_id => $id });

    ok(drive(sub { @{ $ws->{errors} } == 2 }), 'refused')
        or diag(explain($ws->{messages}));
    is($_->{code}, 'going_away', 'for it is going away')
        for @{ $ws->{errors} };
}


# Their jobs go on, are talked to, and end; then they are closed, too.

sub jobs_end {
    my ($scene) = @_;

    for my $ws (@{ $scene->{asks} }) {
        $ws->send({ action => 'stdin', data => "it\n",
                    job_id => $ws->{accepted}{$ws->{request}} });
    }

    my @rest = (@{ $scene->{asks} }, @{ $scene->{watches} });

    ok(drive(sub { all_closed(@rest) }, 20), 'the rest is closed');
    is(codes(@rest), @rest . ' with 1001', 'as going away');

    my @jobs = ((map { [$_, "begun\ngot it\n"] } own($scene)),
                (map { [$_, "begun\nended\n"] } watched($scene)));

    my @bad = grep {
        my ($job, $want) = @$_;
        !($job->{result} && $job->{result}{status} eq 'completed'
          && $job->{text}{stdout} eq $want)
    } @jobs;

    is(scalar @bad, 0, 'after the results of all jobs')
        or diag(explain($bad[0][0]));
    is_deeply([CodeRemote::Live::complaints(@{ $scene->{all} })], [],
              'nothing was told that must not be');
}


begin();

subtest 'reload' => sub {
    my $scene = scene();
    my @old = $server->workers;

    ok($server->reload, 'reloaded');
    idle_close($scene);
    no_more_jobs($scene->{asks}[0]);

    my $new = $live->open;
    my $request = $new->execute("print('new')");
    ok(drive(sub { $new->result_of($request) }), 'new workers serve');

    # a job of the old workers, over a new one
    my $other = $scene->{asks}[1];
    my $id = $other->{accepted}{$other->{request}};
    $new->subscribe($id);
    ok(drive(sub { begun($new->{jobs}{$id}) }), 'also what the old ones run');

    jobs_end($scene);
    ok(drive(sub { $new->{jobs}{$id}{result} }), 'to its end');
    is($new->{jobs}{$id}{text}{stdout}, "begun\ngot it\n", 'all of it');
    is_deeply($new->{bad}, [], 'once');

    for my $job (@{ $scene->{posted} }) {
        data_like($client->finished($job), {
            status => 'completed', result => { stdout => "begun\nended\n" }
        }, 'what was posted can be fetched');
    }

    my $start = time;
    ok(wait_for(sub { !grep { CodeRemote::Procs::alive($_) } @old }, 10),
       'the old workers leave');
    diag(sprintf 'the old workers left after %.0f ms', 1000 * (time - $start));

    $new->tell('close');
};


# Its shutdown must not wait for a job that asks, for its client is gone.

subtest 'a client leaves a worker that shuts down' => sub {
    my @old = $server->workers;
    my @own = $live->open(2);

    $_->{request} = $_->execute($asks) for @own;
    ok(drive(sub { !grep { !begun($_->job_of($_->{request})) } @own }),
       'jobs run');

    ok($server->reload, 'reloaded');
    $own[0]->tell('close');
    $own[1]->tell('drop');

    for my $ws (@own) {
        data_like($client->finished($ws->{accepted}{$ws->{request}}),
                  { status => 'cancelled' }, 'its job is stopped');
    }

    ok(wait_for(sub { !grep { CodeRemote::Procs::alive($_) } @old }, 10),
       'and the old workers leave');
};


subtest 'quit' => sub {
    my $scene = scene();

    kill QUIT => $server->master;
    idle_close($scene);
    jobs_end($scene);
};

$live->end;
$server->finish(undef, 'quit');


begin();
$server->{expected} = [qr/exited on signal 9/, qr/was locked by/];

subtest 'a worker is killed' => sub {
    my $scene = scene();
    my ($victim) = $server->workers;
    my @lost = grep { $_->{open}{worker} == $victim } @{ $scene->{all} };
    my @kept = grep { $_->{open}{worker} != $victim } @{ $scene->{all} };
    my %lost = map { $_->{name} => 1 } @lost;

    cmp_ok(scalar @lost, '>', 0, 'it has connections');
    kill KILL => $victim;

    ok(drive(sub { all_closed(@lost) }, 20), 'they are lost');
    is(codes(@lost), @lost . ' with 1006', 'without a word');
    is(scalar(grep { $_->{closed} } @kept), 0, 'the others are open');

    my @own = grep { !$lost{$_->{name}} } @{ $scene->{asks} };

    for my $ws (@own) {
        $ws->send({ action => 'stdin', data => "it\n",
                    job_id => $ws->{accepted}{$ws->{request}} });
    }

    ok(drive(sub { !grep { !$_->result_of($_->{request}) } @own }, 20),
       'jobs of other connections go on');
    is(scalar(grep { $_->job_of($_->{request})->{text}{stdout}
                     ne "begun\ngot it\n" } @own), 0, 'to their end');

    # those posted to it, or to another
    my @watch = grep { !$lost{$_->{name}} } @{ $scene->{watches} };

    ok(drive(sub { !grep { !$_->{jobs}{$_->{job}}{result} } @watch }, 20),
       'what was posted ends for all who watch');

    my @bad = grep {
        my $r = $_->{jobs}{$_->{job}}{result};
        !($r->{status} eq 'completed'
          || $r->{status} eq 'failed' && $r->{result}{error} =~ /worker/);
    } @watch;

    is(scalar @bad, 0, 'well, or with the reason')
        or diag(explain($bad[0]{messages}));
    is_deeply([CodeRemote::Live::complaints(@kept)], [],
              'nothing was told that must not be');

    $_->tell('drop') for @kept;
    ok(wait_for(sub { $client->get('/health')->json->{jobs}{accepted} == 0 }),
       'no job is left');
};


subtest 'the supervisor is killed' => sub {
    my $scene = scene(20);

    kill KILL => $server->supervisor;

    my @jobs = (own($scene), watched($scene));

    ok(drive(sub { !grep { !$_->{result} } @jobs }, 20),
       'every job that ran has a result');

    for (@jobs) {
        data_like($_->{result}, {
            status => 'failed',
            result => { error_type => 'SandboxError', error => qr/\S+ \S+/,
                        stdout => "begun\n" }
        }, 'failed, with the reason');
    }

    is(scalar(grep { $_->{closed} } @{ $scene->{all} }), 0,
       'every connection is open');
    is($server->healthy->{code}, 200, 'the sandbox is back');

    my $ws = $scene->{idle}[0];
    my $request = $ws->execute("print('again')");
    ok(drive(sub { $ws->result_of($request) }, 20), 'a job runs');
    is($ws->result_of($request)->{status}, 'completed', 'to its end');
    is_deeply([CodeRemote::Live::complaints(@{ $scene->{all} })], [],
              'nothing was told that must not be');

    $_->tell('drop') for @{ $scene->{all} };
};


# As good as it can be: nginx leaves at once.

subtest 'terminate' => sub {
    my $scene = scene();

    ok($server->stop('TERM'), 'nginx stops');
    ok(drive(sub { all_closed(@{ $scene->{all} }) }, 20),
       'every connection is over');
    diag('TERM: ' . codes(@{ $scene->{all} }));
};

$live->end;
$server->finish(undef, 'terminate');
done_testing();
