# coderemote_lower: limits by variables.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Env;
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;
use CodeRemote::WebSocket;

my @wrong = (
    ['', qr/invalid number of arguments in "coderemote_lower"/],
    ['timeout=0', qr/"timeout=0" must be a time from 1ms on, or a variable/],
    ['timeout=', qr/"timeout=" must be a time from 1ms on, or a variable/],
    ['memory=8m', qr/"memory=8m" must be a size from 16m on, or a variable/],
    ['memory=lots', qr/"memory=lots" must be a size from 16m on/],
    ['output=1', qr/invalid parameter "output=1": timeout= with a time or/],
    ['timeout=1s timeout=2s', qr/"coderemote_lower" directive is duplicate/],
);

my $checked = CodeRemote::Server->new;

for my $case (@wrong) {
    $checked->configure(http => "coderemote_lower $case->[0];");
    my @command = $checked->nginx('-t');
    like(`@command 2>&1`, qr/$case->[1].* in \S+nginx\.conf:\d+/,
         "refused: '$case->[0]'");
}

my $server = CodeRemote::Server->new(
    http => 'map $http_x_plan $most { default ""; small 300ms; bad soon; }'
            . 'coderemote_lower timeout=$most;',
    locations => CodeRemote::Env::locations() . <<'_EOC_');
        location /fixed { coderemote_execute;
            coderemote_lower timeout=400ms memory=24m; }
        location /memory { coderemote_execute;
            coderemote_lower memory=$arg_memory; }
        location /much { coderemote_execute; coderemote_timeout 500ms;
            coderemote_lower timeout=10m memory=16384m; }
_EOC_
$server->start;

my $client = $server->client;
my $sleep = { code => "import time\ntime.sleep(600)" };


# What came of a program in a location, in its plan.

sub ran {
    my ($path, $fields, $plan) = @_;

    my $res = $client->post("$path", $fields,
                            { 'X-Plan' => $plan // 'large' });

    return $res->{code} == 200 ? $res->json->{result} : $res;
}


subtest 'time' => sub {
    my $r = ran('/execute?wait=true', $sleep, 'small');

    is($r->{error_type}, 'TimeoutError', 'lowered');
    cmp_ok($r->{execution_time_ms}, '<', 20000, 'to less than the 30 s');

    my $res = ran('/execute?wait=1', $sleep);
    is($res->{code}, 202, 'an empty value lowers nothing');
    $client->delete('/execute/jobs/' . $res->json->{job_id});

    is(ran('/execute?wait=true', { code => 'print(1)' }, 'small')->{stdout},
       "1\n", 'who needs no more has no less');
    is(ran('/fixed?wait=true', $sleep)->{error_type}, 'TimeoutError',
       'without a variable');
    is(ran('/much?wait=true', $sleep)->{error_type}, 'TimeoutError',
       'never raised');
    is(ran('/execute?wait=true', { %$sleep, timeout_seconds => 0.2 }, '')
       ->{error_type}, 'TimeoutError', 'nor is what was asked for');
};


subtest 'memory' => sub {
    my $eat = { code => 'x = bytearray(60 * 1024 * 1024)' };

    ok(ran('/memory?wait=true', $eat)->{success}, 'not lowered');
    is(ran('/memory?wait=true&memory=32m', $eat)->{error_type}, 'MemoryError',
       'lowered');
    is(ran('/fixed?wait=true', $eat)->{error_type}, 'MemoryError',
       'without a variable');
};


subtest 'what is no limit' => sub {
    is(ran('/execute', $sleep, 'bad')->{code}, 500, 'a time');
    is(ran('/memory?memory=1k', $sleep)->{code}, 500, 'a size');
    like($server->error_log,
         qr/"coderemote_lower" got "soon", which is no such limit/,
         'is logged');
};


subtest 'over a WebSocket' => sub {
    my $ws = CodeRemote::WebSocket->new(port => $server->{port},
                                        headers => { 'X-Plan' => 'small' });
    my $id = $ws->execute(%$sleep);

    is($ws->result($id)->{result}{error_type}, 'TimeoutError', 'lowered');
    $ws->close;
};

$server->finish;
done_testing();
