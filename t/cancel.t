# What one worker knows of another's jobs: everything.  The doorbell between
# them is what these requests depend on.

use strict;
use warnings;

use lib 't/lib';
use Test::More;
use Time::HiRes qw( time );

use CodeRemote::Data qw( data_like );
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

# print() writes the line and its end one after the other.
my $loop = "print('begun')\nwhile True:\n    pass\n";

# This suite is about two workers, whatever the others run with.
my $server = CodeRemote::Server->new(workers => 2)->start;
my $client = $server->client;


sub post {
    my ($code) = @_;

    my $res = $client->post('/execute', { code => $code });
    is($res->{code}, 202, 'accepted') or diag($res->text);

    return ($res->json->{job_id}, $res->{headers}{'x-worker'});
}


# The same request, answered by the other worker.

sub other {
    my ($worker, @request) = @_;

    my $res = $server->by_other_worker($worker, @request);

    ok($res, "another worker than $worker answers")
        or BAIL_OUT('one worker took every connection');

    return $res;
}


# DELETE of an id of nobody's tells which worker one talks to; it is the next
# connection that counts, so it is tried until it went well.

sub elsewhere {
    my ($worker, $method, $path) = @_;

    for (1 .. 200) {
        my $res = $client->request($method => $path);
        return $res if $res->{headers}{'x-worker'} != $worker;
    }

    return undef;
}


subtest 'a job is seen by every worker' => sub {
    for (1 .. 5) {
        my ($id, $worker) = post("print('here')");
        $client->finished($id);

        my $res = other($worker, GET => "/execute/jobs/$id");
        data_like($res->json, { status => 'completed',
                                result => { stdout => "here\n" } },
                  'the job');
    }
};


subtest 'another worker waits for the end' => sub {
    my ($id, $worker) = post("import time\ntime.sleep(0.5)\nprint('ok')");

    my $res = other($worker, GET => "/execute/jobs/$id?wait=true");
    is($res->{code}, 200, 'answered');
    data_like($res->json, { status => 'completed',
                            result => { stdout => "ok\n" } }, 'the job');
};


# Whoever is not told of the end finds it within a second, too late for this.

subtest 'some stop waiting, the others are told at once' => sub {
    my ($id) = post("import time\ntime.sleep(1.5)");

    my @long = map { $client->start(GET => "/execute/jobs/$id?wait=true") }
               1 .. 40;
    my @short = map { $client->start(GET => "/execute/jobs/$id?wait=0.2") }
                1 .. 40;

    ok($client->drive(sub { !grep { !$_->{done} } @short }, 10),
       'some have waited enough');

    my $first;

    ok($client->drive(sub {
        my $left = grep { !$_->{done} } @long;
        $first //= time if $left < @long;
        return !$left;
    }, 10), 'the others are answered');

    cmp_ok(time - $first, '<', 0.3 * CodeRemote::Env::slow(), 'together');

    my %workers;
    $workers{$_->{headers}{'x-worker'}}++ for @long;
    note(join ' ', values %workers);
};


subtest 'another worker sees it run' => sub {
    my ($id, $worker) = post($loop);

    my $res;
    ok(wait_for(sub {
        $res = elsewhere($worker, GET => "/execute/jobs/$id");
        return $res && $res->json->{status} eq 'running';
    }), 'running') or diag($res ? $res->text : '');

    $client->delete("/execute/jobs/$id");
    data_like($client->finished($id), { status => 'cancelled' }, 'stopped');
};


# A DELETE may meet the owner by chance: with 12 jobs, each stopped by the
# first connection there is, one that met the other worker is next to certain,
# and it is counted.

subtest 'DELETE on one worker stops a job of another' => sub {
    my $crossed = 0;

    for (1 .. 60) {
        last if $crossed >= 4;

        my ($id, $worker) = post($loop);

        ok(wait_for(sub {
            $client->get("/execute/jobs/$id")->json->{status} eq 'running'
        }), 'it runs');

        my $res = $client->delete("/execute/jobs/$id");
        like($res->{code}, qr/^20[024]$/, 'DELETE');
        $crossed++ if $res->{headers}{'x-worker'} != $worker;

        data_like($client->finished($id, 10),
                  { status => 'cancelled',
                    result => { stdout => qr/^(?:begun\n?)?\z/ } },
                  'it is cancelled');
    }

    cmp_ok($crossed, '>=', 4, 'four of them on the other worker');
};


subtest 'many at once, across both' => sub {
    my @jobs = map { [post($loop)] } 1 .. 24;
    my @r = map { $client->start(DELETE => "/execute/jobs/$_->[0]") } @jobs;

    ok($client->drive(sub { !grep { !$_->{done} } @r }), 'all are answered');

    my @states = map { $client->finished($_->[0], 15)->{status} } @jobs;
    is_deeply([grep { $_ ne 'cancelled' } @states], [], 'all are cancelled');
};


subtest 'a synchronous request ends when another worker stops its job' => sub {
    my $r = $client->start(POST => '/execute?wait=true',
                           { code => $loop, timeout_seconds => 30 });

    # its id is known to nobody but the answer, so it is the health that tells
    # when it runs; then a second one is posted, stopped and waited for
    my ($id) = post($loop);
    my $waiting = $client->start(GET => "/execute/jobs/$id?wait=true");

    ok(wait_for(sub {
        $client->step(0.01);
        $client->get("/execute/jobs/$id")->json->{status} eq 'running'
    }), 'they run');

    $client->delete("/execute/jobs/$id");
    ok($client->drive(sub { $waiting->{done} }, 10), 'the waiter is answered');
    data_like($waiting->json, { status => 'cancelled' }, 'with the end');

    ok(!$r->{done}, 'the other one goes on');
    $client->abort($r);
};


subtest 'DELETE on one worker forgets a done job of another' => sub {
    my ($id, $worker) = post('print(1)');
    $client->finished($id);

    my $res = elsewhere($worker, DELETE => "/execute/jobs/$id");

    # when the owner took it first there is nothing left to forget
    ok(!$res || $res->{code} =~ /^(?:20[04]|404)$/, 'DELETE');
    is($client->get("/execute/jobs/$id")->{code}, 404, 'forgotten')
        for 1 .. 10;
};

$server->finish;
done_testing();
