# A job's life over HTTP: asked for, waited for, stopped, forgotten.

use strict;
use warnings;

use lib 't/lib';
use Test::More;
use Time::HiRes qw( time );

use CodeRemote::Data qw( data_like );
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

my $T = $JSON::PP::true;
my $F = $JSON::PP::false;

my $ended = qr/^(?:completed|failed|cancelled)$/;
my $loop = "print('begun')\nwhile True:\n    pass\n";

my $server = CodeRemote::Server->new->start;
my $client = $server->client;


sub post {
    my ($code, %fields) = @_;

    my $res = $client->post('/execute', { code => $code, %fields });

    is($res->{code}, 202, 'accepted') or diag($res->text);

    return $res->json->{job_id};
}


sub status {
    my ($id) = @_;

    return $client->get("/execute/jobs/$id")->json;
}


sub running {
    my ($id) = @_;

    ok(wait_for(sub { status($id)->{status} eq 'running' }), 'it runs');
}


subtest 'accepted, then asked for' => sub {
    my $res = $client->post('/execute', { code => 'print("x" * 3)' });

    is($res->{code}, 202, 'accepted');
    my $id = $res->json->{job_id};
    is($res->{headers}{location} =~ s{^https?://[^/]*}{}r,
       "/execute/jobs/$id", 'Location');

    my $job = $client->finished($id);

    data_like($job, { job_id => $id, status => 'completed',
                      result => { stdout => "xxx\n", success => $T } },
              'the job');
    ok($job->{created_at} le $job->{started_at}
       && $job->{started_at} le $job->{completed_at}, 'times in order')
        or diag("$job->{created_at} $job->{started_at} $job->{completed_at}");

    my $again = $client->get("/execute/jobs/$id");
    is_deeply($again->json, $job, 'asked again: the same');
    is($again->{headers}{'content-type'}, 'application/json', 'its type');
    like($again->{headers}{'cache-control'} // 'no-store', qr/no-store/,
         'nobody keeps it');

    my $head = $client->request(HEAD => "/execute/jobs/$id");
    ok($head->{code} == 200 && $head->{body} eq '', 'HEAD') or diag($head->text);
};


subtest 'while it runs' => sub {
    my $id = post("print('a')\nimport time\ntime.sleep(60)\n");
    running($id);

    data_like(status($id), { job_id => $id, status => 'running',
                             started_at => qr/Z$/, completed_at => undef,
                             result => undef },
              'the job has no result yet');

    is($client->delete("/execute/jobs/$id")->{code} =~ /^20[024]$/, 1,
       'DELETE');

    data_like($client->finished($id),
              { status => 'cancelled',
                result => { success => $F, timed_out => $F } },
              'it was cancelled');
};


subtest 'what a stopped job has printed is kept' => sub {
    my $id = post("print('whole')\nprint('half', end='')\n"
                  . "while True:\n    pass\n");
    running($id);

    # the job has printed by the time it has burnt some CPU
    ok(wait_for(sub {
        return CodeRemote::Procs::cpu_ticks(
            map { $_->{pid} } $server->kin('cell')) > 20;
    }), 'it works');

    $client->delete("/execute/jobs/$id");

    data_like($client->finished($id),
              { status => 'cancelled',
                result => { stdout => "whole\nhalf" } },
              'the output');
};


subtest 'DELETE of a done job forgets it' => sub {
    my $id = post('print(1)');
    $client->finished($id);

    like($client->delete("/execute/jobs/$id")->{code}, qr/^20[04]$/,
         'DELETE');

    for my $method (qw( GET DELETE )) {
        my $res = $client->request($method => "/execute/jobs/$id");
        is($res->{code}, 404, "$method afterwards");
        is($res->{headers}{'content-type'}, 'application/problem+json',
           'as a problem');
    }
};


subtest 'DELETE twice of a running job' => sub {
    my $id = post($loop);
    running($id);

    my @r = map { $client->start(DELETE => "/execute/jobs/$id") } 1 .. 4;
    ok($client->drive(sub { !grep { !$_->{done} } @r }), 'all are answered');
    is(scalar(grep { $_->{code} !~ /^(?:20[024]|404|409)$/ } @r), 0,
       'soundly') or diag(map { $_->text } @r);

    my $job = $client->finished($id);
    ok(!defined $job->{status} || $job->{status} =~ /cancelled|404/,
       'it is cancelled or forgotten');
};


subtest 'DELETE of a job that waits' => sub {
    # more than there are slots, so that the last ones wait
    my @ids = map { post($loop, timeout_seconds => 30) } 1 .. 40;
    my $last = $ids[-1];

    is(status($last)->{status}, 'queued', 'it waits');
    $client->delete("/execute/jobs/$last");

    data_like($client->finished($last),
              { status => 'cancelled', started_at => undef },
              'it was never started');

    $client->delete("/execute/jobs/$_") for @ids[0 .. $#ids - 1];

    my @jobs = map { $client->finished($_) } @ids[0 .. $#ids - 1];
    is(scalar(grep { $_->{status} ne 'cancelled' } @jobs), 0,
       'the others, too');
};


subtest 'GET that waits' => sub {
    my $id = post("import time\ntime.sleep(0.5)\nprint('ok')");

    my $res = $client->get("/execute/jobs/$id?wait=true");
    is($res->{code}, 200, 'answered when it is done');
    data_like($res->json, { status => 'completed',
                            result => { stdout => "ok\n" } }, 'the job');

    $id = post("import time\ntime.sleep(0.5)\nprint('ok')");
    $res = $client->get("/execute/jobs/$id", undef, { Prefer => 'wait=10' });
    data_like($res->json, { status => 'completed' }, 'Prefer');

    $id = post($loop);
    $res = $client->get("/execute/jobs/$id?wait=1");
    is($res->{code}, 200, 'time is up');
    data_like($res->json, { status => qr/^(?:queued|running)$/,
                            result => undef }, 'as it is then');

    # several wait for one
    my @r = map { $client->start(GET => "/execute/jobs/$id?wait=true") }
            1 .. 6;
    $client->delete("/execute/jobs/$id");
    ok($client->drive(sub { !grep { !$_->{done} } @r }), 'all are answered');
    is(scalar(grep { ($_->json->{status} // '') ne 'cancelled' } @r), 0,
       'with the end') or diag(map { $_->text . "\n" } @r);
};


subtest 'a client that goes away stops its synchronous job' => sub {
    my @r = map { $client->start(POST => '/execute?wait=true',
                                 { code => $loop, timeout_seconds => 30 }) }
            1 .. 3;

    ok(wait_for(sub {
        $client->step(0.01);
        my $j = $client->get('/health')->json;
        return CodeRemote::Procs::cpu_ticks(
            map { $_->{pid} } $server->kin('cell')) > 20;
    }), 'they run');

    $client->abort($_) for @r;

    # no cell burns CPU any more
    ok(wait_for(sub {
        my $before = CodeRemote::Procs::cpu_ticks(
            map { $_->{pid} } $server->kin('cell'));
        select undef, undef, undef, 0.2;
        my $after = CodeRemote::Procs::cpu_ticks(
            map { $_->{pid} } $server->kin('cell'));
        return $after <= $before;
    }), 'none of them goes on');

    data_like($client->run('print(1)'), { status => 'completed' },
              'the next job works');
};


subtest 'a client that goes away from an asynchronous job leaves it' => sub {
    my $id = post("import time\ntime.sleep(1)\nprint('ok')");
    my $r = $client->start(GET => "/execute/jobs/$id?wait=true");

    $client->step(0.05) for 1 .. 3;
    $client->abort($r);

    data_like($client->finished($id), { status => 'completed' },
              'it ended by itself');
};


subtest 'a half-sent request' => sub {
    my @r = map {
        $client->start_raw("POST /execute HTTP/1.1\r\nHost: x\r\n"
                           . "Content-Type: application/json\r\n"
                           . "Content-Length: 100\r\n\r\n{\"code\":")
    } 1 .. 20;

    $client->step(0.02) for 1 .. 5;
    $client->abort($_) for @r;

    data_like($client->run('print(1)'), { status => 'completed' },
              'the next job works');
};

$server->finish;


subtest 'done jobs are forgotten in time' => sub {
    my $s = CodeRemote::Server->new(http => 'coderemote_job_ttl 1s;')->start;
    $client = $s->client;

    my $id = post('print(1)');
    data_like($client->finished($id), { status => 'completed' }, 'done');

    ok(wait_for(sub {
        return $client->get("/execute/jobs/$id")->{code} == 404;
    }, 15), 'forgotten');

    $id = post("import time\ntime.sleep(3)\nprint('ok')");
    data_like($client->finished($id), { status => 'completed' },
              'a running one never is');

    $s->finish;
};


subtest 'a full store forgets the oldest done jobs' => sub {
    my $s = CodeRemote::Server->new(zone => 'coderemote 2m')->start;
    $client = $s->client;

    my $long = post("import time\nprint('begun')\ntime.sleep(29)\n");
    my $code = "print('x' * 200_000)";
    my @ids;

    for (1 .. 30) {
        my $res = $client->post('/execute?wait=true', { code => $code });
        is($res->{code}, 200, "job $_") or diag($res->text), last;
        is(length $res->json->{result}{stdout}, 200_001, 'its output');
        push @ids, $res->json->{job_id};
    }

    is($client->get("/execute/jobs/$ids[0]")->{code}, 404,
       'the oldest is forgotten');
    is($client->get("/execute/jobs/$ids[-1]")->{code}, 200,
       'the youngest is not');
    data_like($client->get("/execute/jobs/$long")->json,
              { status => 'running' }, 'nor one that runs');
    data_like($client->delete("/execute/jobs/$long")->json,
              { status => 'cancelled', result => { stdout => "begun\n" } },
              'and what it wrote is kept');

    $s->finish;
};

done_testing();
