# Many at once: each gets its own, none is lost, none waits for ever, and the
# service refuses at once what it cannot take.

use strict;
use warnings;

use lib 't/lib';
use Test::More;
use Time::HiRes qw( time );

use CodeRemote::Data qw( data_like );
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

my $server = CodeRemote::Server->new->start;
my $client = $server->client;


# A program whose every output tells whose it is.

sub program {
    my ($n) = @_;

    return "s = input()\n"
           . "x = [$n] * 1000\n"
           . "for i in range(20):\n"
           . "    print('job-$n', i, sum(x), s)\n";
}

sub output {
    my ($n) = @_;

    return join '', map { "job-$n $_ " . $n * 1000 . " in-$n\n" } 0 .. 19;
}


subtest '200 jobs at once from 50 clients, who wait' => sub {
    my @res = $client->all([map {
        [POST => '/execute?wait=true',
         { code => program($_), stdin => "in-$_\n" }]
    } 1 .. 200], clients => 50);

    my @bad = grep {
        my $job = $res[$_ - 1]->json;
        !(ref $job && $job->{status} eq 'completed'
          && $job->{result}{stdout} eq output($_)
          && $job->{result}{stderr} eq '')
    } 1 .. 200;

    is_deeply(\@bad, [], 'each has its own output and nothing of another\'s')
        or diag(map { "$_: " . $res[$_ - 1]->text . "\n" }
                @bad[0 .. ($#bad < 3 ? $#bad : 3)]);

    my %ids = map { ($_->json->{job_id} // '') => 1 } @res;
    is(scalar keys %ids, 200, 'and an id of its own');
};


subtest '200 jobs at once, asked for later' => sub {
    my @res = $client->all([map {
        [POST => '/execute', { code => program($_), stdin => "in-$_\n" }]
    } 1 .. 200], clients => 50);

    is(scalar(grep { $_->{code} != 202 } @res), 0, 'all are accepted');

    my @jobs = $client->all([map {
        [GET => '/execute/jobs/' . ($_->json->{job_id} // 'x') . '?wait=true']
    } @res], clients => 50);

    my @bad = grep {
        my $job = $jobs[$_ - 1]->json;
        !(ref $job && $job->{status} eq 'completed'
          && $job->{result}{stdout} eq output($_))
    } 1 .. 200;

    is_deeply(\@bad, [], 'each has its own output')
        or diag(map { "$_: " . $jobs[$_ - 1]->text . "\n" }
                @bad[0 .. ($#bad < 3 ? $#bad : 3)]);
};


subtest 'good, bad, slow and endless ones together' => sub {
    my @kinds = (
        ["print('ok')", { status => 'completed' }],
        ["1/0", { result => { error_type => 'ZeroDivisionError' } }],
        ["import os", { result => { error_type => 'SecurityError' } }],
        ["x = (", { result => { error_type => 'SyntaxError' } }],
        ["x = bytearray(10**10)",
         { result => { error_type => 'MemoryError' } }],
        ["while True: pass",
         { result => { error_type => 'TimeoutError' } }],
        ["while True: print('z' * 100)",
         { result => { error_type => 'TimeoutError' } }],
        ["import time\ntime.sleep(0.3)\nprint(1)",
         { result => { stdout => "1\n" } }],
    );

    my @res = $client->all([map {
        [POST => '/execute?wait=true',
         { code => $kinds[$_ % @kinds][0], timeout_seconds => 1 }]
    } 0 .. 63], clients => 32);

    # a machine that is busy elsewhere may let a short job meet its second
    my @bad = grep {
        my $job = $res[$_]->json;
        CodeRemote::Data::differences($job, $kinds[$_ % @kinds][1])
        && ($job->{result}{error_type} // '') ne 'TimeoutError'
    } 0 .. 63;

    is_deeply(\@bad, [], 'each ends as it must')
        or diag(map { $kinds[$_ % @kinds][0] . ': ' . $res[$_]->text . "\n" }
                @bad);

    my %right = map { $_ % @kinds => 1 }
                grep { !CodeRemote::Data::differences($res[$_]->json,
                                                      $kinds[$_ % @kinds][1])
                } 0 .. 63;

    is(scalar keys %right, scalar @kinds, 'and of each kind one did exactly');
};

$server->finish;


subtest 'past the bound: refused, at once, and told when to come back' => sub {
    my $s = CodeRemote::Server->new(http => 'coderemote_queue 10;')->start;
    my $c = $s->client;
    my $code = "import time\ntime.sleep(2)\nprint('done')";

    my @res = $c->all([map { [POST => '/execute', { code => $code }] }
                       1 .. 40], clients => 40);

    my @taken = grep { $_->{code} == 202 } @res;
    my @refused = grep { $_->{code} == 429 } @res;

    is(@taken + @refused, 40, 'taken or refused') or diag(map { $_->text } @res);
    is(scalar @taken, 10, 'as many as the bound are taken');

    is(scalar(grep { ($_->{headers}{'retry-after'} // '') !~ /^[1-9]\d*$/ }
              @refused), 0, 'Retry-After');
    is(scalar(grep { $_->{headers}{'content-type'}
                     ne 'application/problem+json' } @refused), 0,
       'as a problem');
    data_like($refused[0]->json, { status => 429, type => 'about:blank',
                                   detail => qr/\S+ \S+/ }, 'which says why');

    # while they were answered none of the taken had ended
    my $last = (sort { $b <=> $a } map { $_->{ended} } @refused)[0];
    my @states = map {
        $c->get('/execute/jobs/' . $_->json->{job_id})->json->{started_at}
    } @taken;
    my @ends = map { $c->finished($_->json->{job_id})->{completed_at} } @taken;
    my $first_end = (sort @ends)[0];
    my @t = gmtime $last;
    my $stamp = sprintf '%04d-%02d-%02dT%02d:%02d:%02d', $t[5] + 1900,
                $t[4] + 1, @t[3, 2, 1, 0];
    ok($stamp le $first_end, 'refused at once')
        or diag("$stamp, then $first_end");

    # synchronous ones, too
    my @sync = $c->all([map { [POST => '/execute?wait=true',
                               { code => $code }] } 1 .. 30], clients => 30);
    my @done = grep { $_->{code} == 200 } @sync;
    is(scalar @done, 10, 'with wait: the bound');
    is(scalar(grep { $_->{code} == 429 } @sync), 20, 'and the rest refused');
    is(scalar(grep { $_->json->{result}{stdout} ne "done\n" } @done), 0,
       'what was taken ended well');

    data_like($c->run('print(1)'), { status => 'completed' },
              'there is room again');

    # a refused job takes no room
    my $ids = grep { $_->{code} == 202 }
              $c->all([map { [POST => '/execute', { code => 'print(1)' }] }
                       1 .. 5], clients => 1);
    is($ids, 5, 'and it does not leak');

    $s->finish;
};


subtest 'a request that waits keeps its input, not its body' => sub {
    my $s = CodeRemote::Server->new(workers => 1)->start;
    my $c = $s->client;
    my $worker = $c->get('/health')->{headers}{'x-worker'};

    my $body = '{"code":"while True: pass","timeout_seconds":20,"stdin":"'
               . '\u0041' x 650_000 . '"}';
    my $type = { 'Content-Type' => 'application/json' };
    my $before = CodeRemote::Procs::rss($worker);

    my @r = map { $c->start(POST => '/execute?wait=true', $body, $type) }
            1 .. 10;

    ok($c->drive(sub {
        return $c->get('/health')->json->{jobs}{accepted} == 10;
    }, 5), 'ten wait')
        or diag($c->get("/health")->text, map { $_->text } @r);

    SKIP: {
        skip 'valgrind keeps what is freed', 1 if CodeRemote::Env::valgrind();

        cmp_ok(CodeRemote::Procs::rss($worker) - $before, '<',
               56 * 1024 * 1024, 'what they sent is not kept twice');
    }

    $c->abort($_) for @r;
    $s->finish;
};


subtest 'a bad request takes no room' => sub {
    my $s = CodeRemote::Server->new(http => 'coderemote_queue 2;')->start;
    my $c = $s->client;

    my @res = $c->all([map { [POST => '/execute', { code => '' }] } 1 .. 50]);
    is(scalar(grep { $_->{code} != 422 } @res), 0, '50 bad ones');

    # clients that go away, either
    for (1 .. 6) {
        my $r = $c->start(POST => '/execute?wait=true',
                          { code => 'while True: pass' });
        $c->step(0.01) for 1 .. 20;
        $c->abort($r);
    }

    ok(wait_for(sub {
        return $c->post('/execute?wait=true',
                        { code => 'print(1)' })->{code} == 200;
    }), 'nor one whose client went away');

    $s->finish;
};

done_testing();
