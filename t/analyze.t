# POST /analyze and GET /analyze/status: the answer, who gives it, and what is
# found in the cache.

use strict;
use warnings;

use lib 't/lib';
use Digest::SHA ();
use Test::More;

use CodeRemote::Analyzer ();
use CodeRemote::Data qw( data_like );
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

my $yes = $JSON::PP::true;
my $no = $JSON::PP::false;
my $loop = "n = int(input())\nfor i in range(n):\n    print(i)\n";

my @keys = qw( success time_complexity space_complexity time_explanation
               space_explanation algorithm_identified suggestions narrative
               error available provider model notice );

my $server = CodeRemote::Analyzer::server(workers => 2, more => <<'_EOC_')
        location /short { coderemote_analyze; coderemote_max_code 20; }
        location /open { coderemote_analyze; coderemote_allow python-open; }
        location /late { coderemote_analyze;
            coderemote_analyzer_builtin_timeout 100ms;
            coderemote_analyzer_builtin_memory 64m; }
        location /limited { coderemote_analyze;
            coderemote_limit_requests 2/m; }
        location /limited-fake { coderemote_analyze; coderemote_analyzer fake;
            coderemote_limit_requests 2/m; }
_EOC_
    ->start;

my $client = $server->client;


sub ask { return CodeRemote::Analyzer::ask($client, @_) }

sub problem {
    my ($res, $code, $detail, $name) = @_;

    is($res->{code}, $code, "$name: $code") or diag($res->text);
    is($res->{headers}{'content-type'}, 'application/problem+json',
       "$name: a problem");
    data_like($res->json, { status => $code + 0, detail => $detail },
              "$name: which says what to do");
}


subtest 'an answer' => sub {
    my $res = ask('/analyze', $loop);

    is($res->{code}, 200, 'the code') or diag($res->text);
    is($res->{headers}{'content-type'}, 'application/json', 'the type');
    is_deeply([sort keys %{ $res->json }], [sort @keys], 'all that is in it');
    data_like($res->json, {
        success => $yes, available => $yes, provider => 'builtin',
        model => undef, error => undef, notice => undef,
        time_complexity => qr/./, space_complexity => qr/./,
        time_explanation => qr/\w+ \w+/, suggestions => sub { ref eq 'ARRAY' },
    }, 'the answer');

    my $res2 = $client->post('/open', { code => $loop,
                                        language => 'python-open' });
    data_like($res2->json, { success => $yes }, 'under another runtime')
        or diag($res2->text);
};


subtest 'a program that is wrong' => sub {
    my $res = ask('/analyze', "for i in range(n)\n    print(i)\n");

    is($res->{code}, 200, 'is answered');
    data_like($res->json, { success => $no, available => $yes,
                            error => qr/line 1/, provider => 'builtin',
                            time_complexity => undef, suggestions => [] },
              'by what is wrong');
};


subtest 'what is not a program' => sub {
    problem($client->post('/analyze', '{', { 'Content-Type' =>
            'application/json' }), 400, qr/JSON/, 'no JSON');
    problem($client->post('/analyze', '', { 'Content-Type' =>
            'application/json' }), 400, qr/empty/, 'nothing');
    problem($client->post('/analyze', 'code=1'), 415, qr/JSON/, 'a form');

    for my $case ([{}, 'code', qr/missing/], [{ code => '' }, 'code', qr/empty/],
                  [{ code => 7 }, 'code', qr/string/],
                  [{ code => "a\0b" }, 'code', qr/NUL/],
                  [{ code => '1', language => 'cobol' }, 'language', qr/cobol/],
                  [{ code => '1', stdin => '' }, 'stdin', qr/not a field/])
    {
        my $res = $client->post('/analyze', $case->[0]);
        problem($res, 422, qr/"errors"/, "$case->[1] $case->[2]");
        data_like($res->json, { errors => [{ field => $case->[1],
                                             message => $case->[2] }] },
                  'which field');
    }

    problem(ask('/short', 'x' x 21), 422, qr/"errors"/, 'too long');
    is(ask('/short', '1' x 20)->{code}, 200, 'just short enough');
};


subtest 'other methods and addresses' => sub {
    for my $method (qw( GET HEAD PUT DELETE )) {
        my $res = $client->request($method => '/analyze');
        is($res->{code}, 405, "$method is not allowed");
        is($res->{headers}{allow}, 'POST', 'but POST');
    }

    my $res = $client->post('/analyze/status', {});
    is($res->{code}, 405, 'a status is not posted');
    is($res->{headers}{allow}, 'GET, HEAD', 'but got');

    problem($client->get('/analyze/stat'), 404, qr{/analyze/status},
            'nothing there');
    problem($client->get('/analyze/status/'), 404, qr{/analyze}, 'nor there');
};


subtest 'who would answer' => sub {
    my %want = (
        '/analyze'   => [$yes, 'builtin', undef, undef],
        '/fake'      => [$yes, 'fake', 'fake-1', undef],
        '/away'      => [$yes, 'builtin', undef, 'The fake one is away.'],
        '/away-only' => [$no, 'fake', 'fake-1', 'The fake one is away.'],
    );

    for my $path (sort keys %want) {
        my $res = $client->get("$path/status");
        my %status;

        @status{qw( available provider model reason )} = @{ $want{$path} };
        is($res->{code}, 200, $path);
        is_deeply($res->json, \%status, "$path: the status")
            or diag($res->text);
    }

    is($client->request(HEAD => '/analyze/status')->{code}, 200, 'HEAD');
};


# What the fake analyzer does, and what comes of it with a fallback (of /fake)
# and without one (of /only).

my $error = qr/log tells more/;

my @matrix = (
    ['a result', "# done O(7)",
     { success => $yes, available => $yes, provider => 'fake', notice => undef,
       model => 'fake-1-exact', time_complexity => 'O(7)', error => undef,
       suggestions => ['Try less.', "Or \x{fffd} more."],
       narrative => 'All of it.' }, undef],
    ['a wrong program', "# fail Mind line 3.",
     { success => $no, available => $yes, provider => 'fake',
       error => 'Mind line 3.', notice => undef }, undef],
    ['not available', "# away Gone fishing.",
     { success => $yes, provider => 'builtin', notice => 'Gone fishing.',
       model => undef },
     { success => $no, available => $no, provider => 'fake',
       error => 'Gone fishing.', notice => undef }],
    ['not available, after a while', "# wait 30\n# chunk Well,\n# away Gone.",
     { success => $yes, provider => 'builtin', notice => 'Gone.' },
     { success => $no, available => $no, error => 'Gone.' }],
    ['does not start', '# broken',
     { success => $yes, provider => 'builtin', notice => $error },
     { success => $no, available => $no, provider => 'fake',
       error => $error }],
    ['answers twice', "# done O(7)\n# again",
     { success => $yes, time_complexity => 'O(7)' }, undef],
);

for my $row (@matrix) {
    my ($name, $code, $with, $without) = @$row;

    subtest "an analyzer: $name" => sub {
        my $res = ask('/fake', $code);
        is($res->{code}, 200, 'with a fallback') or diag($res->text);
        data_like($res->json, $with, 'its answer');

        $res = ask('/only', $code);
        is($res->{code}, 200, 'without') or diag($res->text);
        data_like($res->json, $without // $with, 'its answer');
        is_deeply([sort keys %{ $res->json }], [sort @keys], 'with all in it');
    };
}

like($server->error_log, qr/\[error\].*"fake" answered twice/,
     'who answers twice is told of');


subtest 'an analyzer that is busy' => sub {
    data_like(ask('/fake', '# busy 9')->json,
              { success => $yes, provider => 'builtin',
                notice => 'The fake one is busy.' }, 'with a fallback');

    my $res = ask('/only', '# busy 9');
    problem($res, 503, qr/is busy/, 'without');
    is($res->{headers}{'retry-after'}, 9, 'Retry-After');
};


subtest 'an analyzer that refuses' => sub {
    for my $path (qw( /fake /only )) {
        my $res = ask($path, '# refuse 429');
        problem($res, 429, qr/Ask somebody else/, $path);
        is($res->{headers}{'retry-after'}, 7, 'Retry-After');
    }
};


subtest 'an analyzer that never answers' => sub {
    my $cancels = CodeRemote::Analyzer::cancels($server);

    data_like(ask('/hasty', '# chunk Hm.')->json,
              { success => $yes, provider => 'builtin',
                notice => qr/did not answer in time/ }, 'with a fallback');
    data_like(ask('/hasty-only', '# chunk Hm.')->json,
              { success => $no, available => $no, provider => 'fake',
                error => qr/did not answer in time/ }, 'without');

    is(CodeRemote::Analyzer::cancels($server), $cancels + 2,
       'and is told that nobody waits');
};


subtest 'one that is not available is not asked' => sub {
    my $starts = CodeRemote::Analyzer::starts($server);

    data_like(ask('/away', '# done O(7)')->json,
              { success => $yes, provider => 'builtin',
                notice => 'The fake one is away.' }, 'the other one is');
    is(CodeRemote::Analyzer::starts($server), $starts, 'only the other one');

    data_like(ask('/away-only', '# done O(7)')->json,
              { success => $yes, provider => 'fake' },
              'but if there is none, for it may be by now');
};


subtest 'a client that goes away' => sub {
    my $cancels = CodeRemote::Analyzer::cancels($server);

    for my $path (qw( /fake /only )) {
        my $r = $client->start(POST => $path, { code => '# chunk Hm.' });
        my $n = CodeRemote::Analyzer::starts($server);

        $client->drive(sub { CodeRemote::Analyzer::starts($server) > $n }, 5);
        $client->abort($r);
    }

    ok(wait_for(sub { CodeRemote::Analyzer::cancels($server)
                      == $cancels + 2 }), 'its analyses are stopped');
};


subtest 'limits of a user' => sub {
    for my $path (qw( /limited /limited-fake )) {
        my $user = { 'X-User' => "ann$path" };
        my $code = $path =~ /fake/ ? '# done O(7)' : $loop;

        for (1 .. 2) {
            my $res = ask($path, $code, $user);
            is($res->{code}, 200, "$path: one that may be");
            like($res->{headers}{ratelimit} // '', qr/requests/,
                 "$path: how many are left");
        }

        my $res = ask($path, $code, $user);
        problem($res, 429, qr/2 programs a minute/, "$path: one too many");
        ok($res->{headers}{'retry-after'}, 'Retry-After');
        is(ask($path, $code, { 'X-User' => "bob$path" })->{code}, 200,
           "$path: another user's");
    }
};


$server->finish;


subtest 'a full queue' => sub {
    my $s = CodeRemote::Analyzer::server(http => 'coderemote_queue 1;')->start;
    my $c = $s->client;
    my $job = $c->post('/execute', { code => "import time\ntime.sleep(60)" });

    is($job->{code}, 202, 'a job that fills it');

    for my $path (qw( /analyze /away )) {
        my $res = CodeRemote::Analyzer::ask($c, $path, $loop);
        problem($res, 429, qr/Too many jobs/, $path);
        is($res->{headers}{'retry-after'}, 1, 'Retry-After');
    }

    is(CodeRemote::Analyzer::ask($c, '/fake', '# done O(7)')->{code}, 200,
       'an analyzer that needs no job');

    $c->delete($job->{headers}{location});
    $c->finished($job->json->{job_id});
    is(CodeRemote::Analyzer::ask($c, '/analyze', $loop)->{code}, 200,
       'and then there is room');
    $s->finish;
};


subtest 'without a sandbox' => sub {
    my $s = CodeRemote::Analyzer::server(
        helper => '/nonexistent', expected => [qr/nonexistent/])
        ->start(health => 0);
    my $c = $s->client;

    for my $path (qw( /analyze /away )) {
        my $res = CodeRemote::Analyzer::ask($c, $path, $loop);
        problem($res, 503, qr/sandbox is not there/, $path);
        is($res->{headers}{'retry-after'}, 1, 'Retry-After');
    }

    data_like(CodeRemote::Analyzer::ask($c, '/fake', '# done O(7)')->json,
              { success => $yes }, 'an analyzer that needs none');
    problem(CodeRemote::Analyzer::ask($c, '/fake', '# away Gone.'), 503,
            qr/sandbox is not there/, 'one that does not answer');

    data_like($c->get('/analyze/status')->json,
              { available => $no, provider => 'builtin',
                reason => qr/sandbox is not there/ }, 'the status says it');
    data_like($c->get('/away/status')->json,
              { available => $no, reason => qr/sandbox is not there/ },
              'of a fallback, too');
    $s->finish;
};


subtest 'a sandbox that dies' => sub {
    my $s = CodeRemote::Analyzer::server(
        expected => [qr/unknown process \d+ exited on signal 9/])->start;
    my $c = $s->client;
    my @running = map { $c->start(POST => '/analyze', { code => $loop }) }
                  1 .. 30;

    kill KILL => $s->supervisor;
    $c->drive(sub { !grep { !$_->{done} } @running });

    my %codes;
    $codes{$_->{code}}++ for @running;

    is($codes{0} // 0, 0, 'each analysis is answered');
    is(($codes{200} // 0) + ($codes{503} // 0), 30, 'or refused for now')
        or diag(explain(\%codes));

    $s->healthy;
    is(CodeRemote::Analyzer::ask($c, '/analyze', $loop)->{code}, 200,
       'the next one is answered');
    $s->finish;
};


subtest 'variables' => sub {
    my $s = CodeRemote::Analyzer::server(more => <<'_EOC_',
        location /named { coderemote_analyze;
            add_header X-Analyzer $coderemote_analyzer;
            add_header X-Runtime $coderemote_runtime;
            add_header X-Digest $coderemote_code_sha256; }
_EOC_
    )->start;

    my $res = CodeRemote::Analyzer::ask($s->client, '/named', 'pass');

    is($res->{headers}{'x-analyzer'}, 'builtin', '$coderemote_analyzer');
    is($res->{headers}{'x-runtime'}, 'python', '$coderemote_runtime');
    is($res->{headers}{'x-digest'}, Digest::SHA::sha256_hex('pass'),
       '$coderemote_code_sha256');
    $s->finish;
};

done_testing();
