# GET /ws: every action and every answer, live output and input, and what
# becomes of jobs whose connection goes.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Data qw( data_like );
use CodeRemote::Env ();
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;
use CodeRemote::WebSocket;

my $yes = $JSON::PP::true;
my $no = $JSON::PP::false;
my $none = '00000000-0000-4000-8000-000000000000';
my $id = qr/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
my $time = qr/^20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d\.\d{3}Z$/;

# Lines that are told apart: reads one, answers it.
my $echo = "while True:\n    print('got', input())\n";

my $locations = CodeRemote::Env::locations() . <<'_EOC_';
        location = /few {
            coderemote_websocket;
            coderemote_websocket_jobs 2;
            coderemote_max_stdin 100;
        }

        location = /much {
            coderemote_websocket;
            coderemote_max_output 4m;
        }
_EOC_

# Two workers: what comes from another must be no different.
my $server = CodeRemote::Server->new(
    workers => 2, locations => $locations,
    expected => [qr/unknown process \d+ exited on signal 9/],
    server => 'coderemote_user $http_x_user;'
)->start;
my $client = $server->client;


sub connection {
    my (%opt) = @_;

    return CodeRemote::WebSocket->new(port => $server->{port}, %opt);
}


# A connection that another worker holds: names begin with the worker's.

sub elsewhere {
    my ($ws) = @_;

    for (1 .. 200) {
        my $other = connection();
        return $other if substr($other->name, 0, 10)
                         ne substr($ws->name, 0, 10);
        $other->close;
    }

    BAIL_OUT('one worker took every connection');
}


sub job {
    my ($id) = @_;

    return $client->get("/execute/jobs/$id")->json;
}


# An action that is answered with an error.

sub refused {
    my ($ws, $code, %message) = @_;

    $ws->say(%message);

    my $error = $ws->want('error');

    data_like($error, { type => 'error', code => $code,
                        message => qr/\w+ \w+.*[.]$/,
                        map { $_ => $message{$_} }
                        grep { exists $message{$_} } 'request_id' },
              substr "$message{action}: $code", 0, 60);

    return $error;
}


subtest 'ping' => sub {
    my $ws = connection();

    like($ws->name, qr/^[0-9a-f]{32}$/, 'a name');
    isnt(connection()->name, $ws->name, 'another one has another');

    $ws->say(action => 'ping', request_id => 7);
    data_like($ws->want('pong'), { connection_id => $ws->name,
                                   request_id => 7 }, 'it stays the same');
    ok($ws->close, 'closed');
    is($ws->{code}, 1000, 'as asked for');
};


subtest 'a program, from its acceptance to its result' => sub {
    my $ws = connection();

    $ws->say(action => 'execute', request_id => 'a "name"',
             code => "print('out')\nraise SystemExit(3)", timeout_seconds => 5,
             language => 'python', memory_limit_mb => 64, args => []);

    my $result = $ws->result;
    my @came = @{ $ws->{messages} };

    data_like(shift @came, { type => 'job.accepted', job_id => $id,
                             request_id => 'a "name"' }, 'accepted first');

    my $job = $result->{job_id};
    my @states = grep { $_->{type} eq 'job.status' } @came;

    is((grep { $_->{job_id} ne $job } @came), 0, 'all of one job');
    data_like($states[-1], { status => 'running', timestamp => $time },
              'it runs');
    data_like($came[-2], { type => 'job.output', stream => 'stdout',
                           data => "out\n", seq => 4 }, 'output');
    is($came[-1], $result, 'the result is the last');

    my $want = job($job);
    is_deeply({ %$result{qw( status result )} },
              { %$want{qw( status result )} }, 'the one that HTTP tells');
};


subtest 'a request_id comes back as it was' => sub {
    my $ws = connection();

    for my $request (5, '5', -1, '', "\x{e9}\x{1d11e}", 'x' x 64) {
        $ws->say(action => 'execute', code => '1', request_id => $request);

        my $m = $ws->want('job.accepted');
        is(CodeRemote::Client->encode($m->{request_id}),
           CodeRemote::Client->encode($request), 'the same');
    }

    $ws->say(action => 'execute', code => '1');
    ok(!exists $ws->want('job.accepted')->{request_id}, 'none is none');
};


subtest 'what is no message' => sub {
    my $ws = connection();

    for ('', '{', 'nul', '[]', '"ping"', '12', '{"action":"ping"} x',
         '{"action":"ping","action":"ping"}', '{"action":"\ud800"}',
         '[' . '{},' x 20_000 . '{}]')
    {
        $ws->say($_);
        data_like($ws->want('.*'), { type => 'error', code => 'bad_message',
                                     message => qr/^The message .*[.]$/ },
                  'bad: ' . substr $_, 0, 40);
    }

    for ('{}', '{"action":1}', '{"action":null}', '{"action":"Ping"}',
         '{"action":"analyse"}', '{"action":"ping\u0000"}')
    {
        $ws->say($_);
        data_like($ws->want('.*'),
                  { type => 'error', code => 'unknown_action',
                    message => qr/ping, execute, stdin, cancel/ },
                  "bad: $_");
    }

    my $error = refused($ws, 'unknown_action', action => 'x' x 1000,
                        request_id => 9);
    cmp_ok($error->{bytes}, '<', 300, 'what came is not sent back');

    ok($ws->execute(code => '1'), 'the connection stays');
};


subtest 'fields are checked as those of POST /execute' => sub {
    my $ws = connection();

    for my $fields ({}, { code => 1 }, { code => '' }, { code => "a\0" },
                    { code => 'x' x 20_000 }, { code => '1', language => 'c' },
                    { code => '1', args => [1] },
                    { code => '1', args => ['x'] },
                    { code => '1', stdin => 5, timeout_seconds => 1e9,
                      memory_limit_mb => 'much' },
                    { code => '1', timeout => 3, ('y' x 100) => 1 })
    {
        my $problem = $client->post('/execute', $fields)->json;
        my $error = refused($ws, 'bad_field', action => 'execute', %$fields);

        is_deeply($error->{errors}, $problem->{errors}, 'the same errors');
        is($error->{message}, $problem->{detail}, 'the same sentence');
    }
};


subtest 'fields of messages alone' => sub {
    my $ws = connection();
    my @job = (job_id => $none);

    for (['detach', action => 'execute', code => '1', detach => 1],
         ['connection_id', action => 'execute', code => '1',
          connection_id => $ws->name],
         ['job_id', action => 'cancel'],
         ['job_id', action => 'subscribe', job_id => 1],
         ['data', action => 'stdin', @job, data => 1],
         ['eof', action => 'stdin', @job, eof => 'yes'],
         ['seq', action => 'subscribe', @job, seq => -1],
         ['seq', action => 'subscribe', @job, seq => '1'],
         ['seq', action => 'unsubscribe', @job, seq => 1],
         ['code', action => 'ping', code => '1'])
    {
        my ($field, @message) = @$_;

        my $error = refused($ws, 'bad_field', @message);
        data_like($error->{errors}, [{ field => $field, message => qr/\w/ }],
                  $field);
    }

    for my $request (1.5, $yes, {}, 'x' x 65, undef) {
        $ws->say(action => 'ping', request_id => $request);

        my $error = $ws->want('error');
        data_like($error, { code => 'bad_field',
                            errors => [{ field => 'request_id' }] },
                  'request_id');
        ok(!exists $error->{request_id}, 'it is not sent back');
    }
};


subtest 'a job that there is not' => sub {
    my $ws = connection();

    for my $job ($none, 'x', uc $none, '') {
        is(refused($ws, 'not_found', action => $_, job_id => $job,
                   request_id => 1)->{job_id}, $job, 'named')
            for qw( stdin cancel subscribe );

        refused($ws, 'not_subscribed', action => 'unsubscribe',
                job_id => $job);
    }

    my $error = refused($ws, 'not_found', action => 'cancel',
                        job_id => 'x' x 65);
    ok(!exists $error->{job_id}, 'a long one is not sent back');
};


subtest 'live, with input' => sub {
    my $ws = connection();

    my $job = $ws->execute(code => <<'_EOC_');
secret = 37
print('I know a number.')
while True:
    guess = int(input('Guess: '))
    if guess == secret:
        break
    print('more' if guess < secret else 'less')
print('Yes!')
input()
_EOC_

    my ($low, $high) = (1, 100);

    for my $turn (1 .. 7) {
        my $guess = int(($low + $high) / 2);

        ok($ws->pump(sub {
            my @asked = ($ws->output($job) // '') =~ /Guess: /g;
            return @asked == $turn;
        }), 'it asks');

        $ws->say(action => 'stdin', job_id => $job, data => "$guess\n");

        $ws->pump(sub { ($ws->output($job) // '')
                        =~ /(?:Guess: (?:more|less|Yes!)\n.*){$turn}/s });

        my ($said) = $ws->output($job) =~ /(more|less|Yes!)\n(?:Guess: )?\z/;

        last if $said eq 'Yes!';
        $said eq 'more' ? ($low = $guess + 1) : ($high = $guess - 1);
    }

    like($ws->output($job), qr/\AI know a number[.]\n.*Yes!\n\z/s, 'won');

    $ws->say(action => 'stdin', job_id => $job, eof => $yes);

    my $result = $ws->result($job);
    data_like($result, { status => 'failed',
                         result => { error_type => 'EOFError',
                                     stdout => $ws->output($job),
                                     stderr => $ws->output($job, 'stderr') } },
              'EOFError, and the whole output was told');

    refused($ws, 'job_done', action => 'stdin', job_id => $job, data => 'x');
};


subtest 'input' => sub {
    my $ws = connection();
    my $line = "\x{e9}\x{20ac}\x{1d11e}\0|";

    my $job = $ws->execute(code => $echo);
    $ws->say(action => 'stdin', job_id => $job, data => $_)
        for $line, '', "\n", "two\nthree\nfo";
    $ws->say(action => 'stdin', job_id => $job, data => 'ur', eof => $yes);

    is($ws->result($job)->{result}{stdout},
       join('', map { "got $_\n" } $line, qw( two three four )),
       'in any pieces');

    $job = $ws->execute(code => "print(input())\ninput()", stdin => 'all');
    data_like($ws->result($job), { result => { stdout => "all\n",
                                               error_type => 'EOFError' } },
              'what comes with the program is all of it');

    $job = $ws->execute(code => "import time\ntime.sleep(30)", stdin => '');
    refused($ws, 'stdin_closed', action => 'stdin', job_id => $job,
            data => 'x');
    $ws->say(action => 'cancel', job_id => $job);

    $job = $ws->execute(code => "import time\ntime.sleep(30)");
    $ws->say(action => 'stdin', job_id => $job, data => 'x', eof => $yes);
    $ws->{messages} = [];
    refused($ws, 'stdin_closed', action => 'stdin', job_id => $job);
    $ws->close;
};


subtest 'input is bounded' => sub {
    my $ws = connection(path => '/few');

    my $job = $ws->execute(code => $echo);
    my $text = 'x' x 59 . "\n";

    $ws->say(action => 'stdin', job_id => $job, data => $text);
    ok($ws->want('job.output', $job), 'some');

    $ws->pump(sub { $ws->output($job) =~ /\n\z/ });
    $ws->{messages} = [];

    refused($ws, 'stdin_full', action => 'stdin', job_id => $job,
            data => $text);

    $ws->say(action => 'stdin', job_id => $job, data => "end\n", eof => $yes);
    like($ws->result($job)->{result}{stdout}, qr/\Agot x{59}\ngot end\n\z/,
         'what was too much was not taken');
};


subtest 'characters come whole' => sub {
    my $ws = connection();

    my $job = $ws->execute(language => 'python-open', code => <<'_EOC_');
import os
for b in (b'a\xe2', b'\x82', b'\xac\xff\xf0\x9d'):
    os.write(1, b)
    os.write(2, b'.')
    input()
os.write(1, b'\x84\x9e|\xe2\x82')
_EOC_

    for my $dots (1 .. 3) {
        ok($ws->pump(sub {
            my @m = grep { $_->{stream} eq 'stderr' }
                    $ws->of($job, 'job.output');
            return @m == $dots;
        }), 'written');

        my $text = join '', map { $_->{data} }
                   grep { $_->{stream} eq 'stdout' }
                   $ws->of($job, 'job.output');
        is($text, ('', 'a', 'a', "a\x{20ac}\x{fffd}")[$dots],
           'what is whole');

        $ws->say(action => 'stdin', job_id => $job, data => "\n");
    }

    my $result = $ws->result($job);
    my @m = $ws->of($job, 'job.output');

    is(join('', map { $_->{data} } grep { $_->{stream} eq 'stdout' } @m),
       "a\x{20ac}\x{fffd}\x{1d11e}|\x{fffd}", 'all of it in the end');
    is($result->{result}{stdout}, "a\x{20ac}\x{fffd}\x{1d11e}|\x{fffd}",
       'as in the result');
    is($m[-1]{seq}, 12 + 3, 'seq counts the bytes that were written');
};


subtest 'a late subscriber misses nothing' => sub {
    my $ws = connection();
    my $job = $ws->execute(code => $echo);

    for my $n (1 .. 3) {
        $ws->say(action => 'stdin', job_id => $job, data => "$n\n");
        $ws->pump(sub { ($ws->output($job) // '') =~ /got $n\n/ });
    }

    my @late = (connection(), elsewhere($ws));

    for my $late (@late) {
        my $want = $ws->output($job);

        $late->say(action => 'subscribe', job_id => $job);

        my $first = $late->want('job[.].*');
        data_like($first, { type => 'job.status', job_id => $job,
                            status => 'running', timestamp => $time },
                  'its status first');
        ok($late->pump(sub { $late->output($job) eq $want }),
           'what was written before');
        refused($late, 'already_subscribed', action => 'subscribe',
                job_id => $job);

        # whoever may see it may feed it, through any worker
        $late->say(action => 'stdin', job_id => $job, data => "late\n");
        $want .= "got late\n";

        ok($_->pump(sub { $_->output($job) eq $want }), 'then the rest')
            for $late, $ws;
    }

    # in the middle, between two messages and within one
    my $whole = $ws->output($job);
    my @seq = (0, 6, 9, length $whole);

    my @again = map {
        my $late = connection();
        $late->say(action => 'subscribe', job_id => $job, seq => $_);
        $late;
    } @seq;

    $ws->say(action => 'stdin', job_id => $job, data => "5\n", eof => $yes);
    my $result = $ws->result($job)->{result};

    for my $late (@late, @again) {
        is_deeply($late->result($job)->{result}, $result, 'the result');
    }

    for my $i (0 .. $#seq) {
        is(join('', map { $_->{data} } grep { $_->{stream} eq 'stdout' }
                    $again[$i]->of($job, 'job.output')),
           substr($result->{stdout}, $seq[$i]), "from $seq[$i] on");
    }
};


subtest 'a job that is done' => sub {
    my $job = $client->post('/execute?wait=true',
                            { code => "print('x' * 100)" })->json->{job_id};
    my $ws = connection();

    for (1 .. 2) {
        $ws->{messages} = [];
        $ws->say(action => 'subscribe', job_id => $job);
        ok($ws->result($job), 'its result');

        my @types = map { $_->{type} } $ws->of($job);
        like("@types", qr/^job[.]status (?:job[.]output )+job[.]result$/,
             'after its status and its output');
        is($ws->output($job), 'x' x 100 . "\n", 'all of it');
    }

    refused($ws, 'not_subscribed', action => 'unsubscribe', job_id => $job);
    refused($ws, 'job_done', action => 'cancel', job_id => $job);
};


subtest 'cancel' => sub {
    my $ws = connection();
    my $other = elsewhere($ws);

    for my $stops ($ws, $other) {
        my $job = $ws->execute(code => "print('on')\nwhile True:\n    pass");
        $other->say(action => 'subscribe', job_id => $job);
        ok($_->want('job.output', $job), 'it runs') for $ws, $other;

        $stops->say(action => 'cancel', job_id => $job);

        data_like($_->result($job), { status => 'cancelled',
                                      result => { stdout => "on\n" } },
                  'cancelled') for $ws, $other;
    }
};


# Which jobs end with the connection: those that it started and is attached
# to.  All run until they get input, and this connection's alone can be fed.

subtest 'when the connection goes' => sub {
    for my $how (qw( close drop )) {
        my $ws = connection();
        my $watch = elsewhere($ws);

        my $attached = $ws->execute(code => $echo);
        my $detached = $ws->execute(code => $echo, detach => $yes);
        my $left = $ws->execute(code => $echo);
        my $posted = $client->post('/execute', {
            code => "import time\nprint(1)\ntime.sleep(20)",
            connection_id => $ws->name })->json->{job_id};

        $ws->say(action => 'unsubscribe', job_id => $left, request_id => 4);
        data_like($ws->want('unsubscribed'), { job_id => $left,
                                               request_id => 4 },
                  'unsubscribed');
        refused($ws, 'not_subscribed', action => 'unsubscribe',
                job_id => $left);

        ok($ws->want('job.output', $posted), 'the posted one reports');

        $watch->say(action => 'subscribe', job_id => $_)
            for $attached, $detached, $left, $posted;
        ok($watch->want('job.status', $_), 'watched')
            for $attached, $detached, $left, $posted;

        $ws->$how;

        data_like($watch->result($attached), { status => 'cancelled' },
                  "$how: the attached one is stopped");

        $watch->say(action => 'stdin', job_id => $_, data => "x\n",
                    eof => $yes) for $detached, $left;
        data_like($watch->result($_), { result => { stdout => "got x\n" } },
                  'the others go on') for $detached, $left;

        is(job($posted)->{status}, 'running', 'as does the posted one');
        $watch->say(action => 'cancel', job_id => $posted);
        $watch->result($posted);
    }
};


subtest 'limits of a connection' => sub {
    my $ws = connection(path => '/few');

    my @jobs = map { $ws->execute(code => $echo) } 1 .. 2;
    my $third = $client->post('/execute', { code => "print(3)" })
                ->json->{job_id};

    $ws->pump(sub { 2 == grep { ($_->{status} // '') eq 'running' }
                         @{ $ws->{messages} } });
    $ws->{messages} = [];

    refused($ws, 'too_many_jobs', action => 'execute', code => '1',
            request_id => 3);
    refused($ws, 'too_many_jobs', action => 'subscribe', job_id => $third);

    # what reports here waits for its turn
    my @posted = map {
        $client->post('/execute', { code => "print($_)",
                                    connection_id => $ws->name })
               ->json->{job_id}
    } 1 .. 5;

    $client->finished($_) for @posted;
    $ws->settle;
    is(scalar(map { $ws->of($_) } @posted), 0, 'not yet');

    $ws->say(action => 'subscribe', job_id => $posted[0]);
    is($ws->want('error')->{code}, 'too_many_jobs', 'nor if it is asked for');

    $ws->say(action => 'stdin', job_id => $jobs[0], eof => $yes);
    ok($ws->result($jobs[0]), 'one ends');

    is($ws->result($posted[$_ - 1])->{result}{stdout}, "$_\n", 'it reports')
        for 1 .. 5;
    is($ws->output($posted[$_ - 1]), "$_\n", 'in full') for 1 .. 5;

    $ws->say(action => 'subscribe', job_id => $third);
    ok($ws->result($third), 'now there is room');

    my $fourth = $ws->execute(code => 'print(4)');
    is($ws->result($fourth)->{result}{stdout}, "4\n", 'again');
    $ws->close;
};


subtest 'large results' => sub {
    my $ws = connection();
    my $code = "print(('y' * 99 + chr(10)) * %d, end='')";

    my $job = $ws->execute(code => sprintf($code, 2000));
    my $result = $ws->result($job);
    is(length $result->{result}{stdout}, 200_000, 'what fits is in it');
    is($result->{result}{stdout}, $ws->output($job), 'and was told before');

    $job = $ws->execute(code => sprintf($code, 3000));
    data_like($ws->result($job)->{result},
              { stdout => undef, stderr => undef, exit_code => 0,
                stdout_truncated => $no }, 'what does not is null');
    is($ws->output($job), ('y' x 99 . "\n") x 3000, 'and was told before');

    # each byte takes six in JSON
    $job = $ws->execute(code => "print(chr(1) * 60000)");
    is($ws->result($job)->{result}{stdout}, undef, 'as it is written');
    is($ws->output($job), "\1" x 60000 . "\n", 'all the same');

    is((grep { $_->{bytes} > 256 * 1024 } @{ $ws->{messages} }), 0,
       'no message is over 256 KB');
    $ws->close;
};


subtest 'a loud job beside a quiet one' => sub {
    my ($loud, $quiet) = map {
        $client->post('/execute?wait=true', { code => "print('z' * $_)" })
               ->json->{job_id}
    } 900_000, 1;

    # a client that is slow enough for the first to be in the way
    my $ws = connection(buffer => 4096);

    $ws->say(action => 'subscribe', job_id => $_) for $loud, $quiet;

    ok($ws->result($quiet), 'the quiet one is told');
    ok(!grep({ $_->{type} eq 'job.result' } $ws->of($loud)),
       'before all is told of the loud one');
    ok($ws->result($loud), 'which is told, too');
    is(length $ws->output($loud), 900_001, 'in full');
    $ws->close;
};


# The same program, which is waited for by somebody who reads, tells when this
# one would have ended.

subtest 'a client that does not read' => sub {
    my $lines = 30_000;
    my $code = "for i in range($lines):\n    print(f'{i:099}')";
    my $want = join '', map { sprintf "%099d\n", $_ } 0 .. $lines - 1;

    my $slow = connection(path => '/much', buffer => 4096);
    my $watch = connection();
    my $other = connection();

    my $job = $slow->execute(code => $code);

    data_like($client->run($code), { status => 'completed' },
              'another one prints as much');

    for (1 .. 5) {
        my $id = $other->execute(code => "print('quick')");
        is($other->result($id)->{result}{stdout}, "quick\n", 'others run');
    }

    is(job($job)->{status}, 'running', 'its own has to wait');

    $watch->say(action => 'subscribe', job_id => $job);
    $watch->want('job.output', $job);
    ok($watch->settle, 'who watches sees it all');

    my $seq = ($watch->of($job, 'job.output'))[-1]{seq};
    cmp_ok($seq, '<', length($want) / 2, 'little was printed meanwhile');
    note("$seq bytes were printed");

    ok($slow->result($job, 60), 'then it reads');
    ok($slow->output($job) eq $want, 'and gets all of it, once');
    ok($watch->result($job, 60), 'who watched, too');
    ok($watch->output($job) eq $want, 'all of it, once');
};


subtest 'the sandbox dies' => sub {
    my $ws = connection();
    my $job = $ws->execute(code => $echo);

    $ws->say(action => 'stdin', job_id => $job, data => "a\n");
    $ws->want('job.output', $job);

    kill KILL => $server->supervisor;

    data_like($ws->result($job), { status => 'failed',
                                   result => { error_type => 'SandboxError',
                                               stdout => qr/\Agot/ } },
              'its job is failed');

    $ws->{messages} = [];
    $ws->say(action => 'execute', request_id => $_, code => "print($_)")
        for 1 .. 3;

    my @answers = map { $ws->want('job.accepted|error') } 1 .. 3;

    is_deeply([map { $_->{request_id} } @answers], [1, 2, 3],
              'the next ones are answered in order');

    for (@answers) {
        if ($_->{type} eq 'error') {
            is($_->{code}, 'sandbox_unavailable', 'not back within a second');
            next;
        }

        is($ws->result($_->{job_id})->{result}{stdout},
           "$_->{request_id}\n", 'and run');
    }

    is($server->healthy->{code}, 200, 'it is back');
    $ws->close;
};


subtest 'whose job it is' => sub {
    my $ann = connection(headers => { 'X-User' => 'ann' });
    my $bob = connection(headers => { 'X-User' => 'bob' });
    my $job = $ann->execute(code => $echo);

    refused($bob, 'not_found', action => $_, job_id => $job)
        for qw( stdin cancel subscribe );

    my %as = map { $_ => $server->client(headers => { 'X-User' => $_ }) }
             qw( ann bob );
    my @ids;

    for (qw( bob ann )) {
        my $res = $as{$_}->post('/execute', { code => "print('$_')",
                                              connection_id => $ann->name });
        is($res->{code}, 202, "$_ posts");
        push @ids, $res->json->{job_id};
        $as{$_}->finished($ids[-1]);
    }

    is($ann->result($ids[1])->{result}{stdout}, "ann\n", 'her own reports');
    $ann->settle;
    is(scalar($ann->of($ids[0])), 0, 'his does not');

    my $res = $client->post('/execute', { code => 'print(1)',
                                          connection_id => 'f' x 32 });
    is($res->{code}, 202, 'nobody\'s connection is nobody\'s matter');

    $ann->say(action => 'stdin', job_id => $job, data => "x\n", eof => $yes);
    like($ann->result($job)->{result}{stdout}, qr/got x/, 'hers goes on');
};


$server->finish;


subtest 'jobs that were posted report, whatever worker took them' => sub {
    my $s = CodeRemote::Server->new(workers => 4)->start;
    my @ws = map { CodeRemote::WebSocket->new(port => $s->{port}) } 1 .. 6;
    my $n = 120;
    my %of;

    my @requests = map {
        [POST => '/execute', {
            code => $_ % 2 ? "print($_)"
                  : "import time\nprint($_)\ntime.sleep(0.05)\nprint('end')",
            connection_id => $ws[$_ % @ws]->name }]
    } 0 .. $n - 1;

    my @res = $s->client->all(\@requests, clients => 20);
    my %workers = map { $_->{headers}{'x-worker'} => 1 } @res;

    is((grep { $_->{code} != 202 } @res), 0, 'all are accepted');
    cmp_ok(scalar(keys %workers), '>', 1, 'by several workers');

    for my $i (0 .. $n - 1) {
        my $job = $res[$i]->json->{job_id};
        my $ws = $ws[$i % @ws];

        $ws->result($job) or fail("job $i has no result");
        $of{$job} = $i;
    }

    $_->settle for @ws;

    my (@wrong, %results);

    for my $k (0 .. $#ws) {
        my %told = map { $_->{job_id} => 1 }
                   grep { exists $_->{job_id} } @{ $ws[$k]{messages} };

        for my $job (keys %told) {
            my $i = $of{$job};
            my @m = $ws[$k]->of($job);
            my $types = join ' ', map { $_->{type} } @m;
            my $want = $i % 2 ? "$i\n" : "$i\nend\n";

            $results{$job}++;
            push @wrong, "job $i: $types"
                if $i % @ws != $k || $ws[$k]->output($job) ne $want
                   || $types !~ /^(job[.]status )+(job[.]output )+job[.]result$/;
        }
    }

    is_deeply(\@wrong, [], 'each on its connection, in order, once');
    is(scalar(keys %results), $n, 'all of them');

    $s->finish(undef, 'four workers');
};


subtest 'no sandbox at all' => sub {
    my $s = CodeRemote::Server->new(helper => '/nonexistent/helper',
                                    workers => 1,
                                    http => 'coderemote_websocket_jobs 2;');
    $s->start(health => 0);
    my $ws = CodeRemote::WebSocket->new(port => $s->{port});

    $ws->say(action => 'execute', request_id => $_, code => '1') for 1 .. 3;
    $ws->say(action => 'ping');

    my @came = map { $ws->want('.*') } 1 .. 4;

    data_like(\@came, [
        { code => 'too_many_jobs', request_id => 3 },
        { type => 'pong' },
        { code => 'sandbox_unavailable', request_id => 1,
          message => $s->client->post('/execute', { code => '1' })
                     ->json->{detail} },
        { code => 'sandbox_unavailable', request_id => 2 },
    ], 'it is waited for, and nothing else waits');

    $ws->say(action => 'execute', code => '1');
    ok($ws->close, 'who waits can go');

    $s->finish(undef, 'no sandbox');
};


subtest 'too many jobs for the server' => sub {
    my $s = CodeRemote::Server->new(http => 'coderemote_queue 2;')->start;
    my $ws = CodeRemote::WebSocket->new(port => $s->{port});

    my @jobs = map { $ws->execute(code => $echo) } 1 .. 2;

    $ws->say(action => 'execute', code => '1', request_id => 'x');
    data_like($ws->want('error'),
              { code => 'queue_full', request_id => 'x', retry_after => 1,
                message => $s->client->post('/execute', { code => '1' })
                           ->json->{detail} }, 'queue_full, as over HTTP');

    $ws->say(action => 'cancel', job_id => $_) for @jobs;
    $ws->result($_) for @jobs;

    $ws->close;
    $s->finish(undef, 'a full server');
};


subtest 'no room for a job' => sub {
    my $s = CodeRemote::Server->new(http => 'coderemote_queue 4096;',
                                    zone => 'coderemote 1m')->start;
    my $ws = CodeRemote::WebSocket->new(port => $s->{port});
    my $res;

    for (1 .. 4096) {
        $res = $s->client->post('/execute', { code => "while True:\n    1" });
        last if $res->{code} != 202;
    }

    is($res->{code}, 503, 'the zone is full of unfinished jobs');

    refused($ws, 'refused', action => 'execute', code => '1');
    is($ws->{messages}[-1]{message}, $res->json->{detail}, 'as over HTTP');

    $ws->close;
    $s->finish('TERM', 'a full zone');
};


subtest 'a worker that goes' => sub {
    my $s = CodeRemote::Server->new(workers => 1)->start;
    my ($idle, $ws) = map { CodeRemote::WebSocket->new(port => $s->{port}) }
                      1 .. 2;

    my $job = $ws->execute(code => $echo);
    ok($ws->want('job.status', $job), 'a job runs');

    my $name = $ws->name;

    ok($s->reload, 'reload');
    ok($idle->pump(sub { $idle->{closed} }), 'who has no job is sent away');
    is($idle->{code}, 1001, 'Close 1001');

    $ws->{messages} = [];
    refused($ws, 'going_away', action => 'execute', code => '1');
    refused($ws, 'going_away', action => 'subscribe', job_id => $job);

    # one after the other, these would keep the worker for ever
    my $posted = $s->client->post('/execute', { code => "while True:\n    1",
                                                connection_id => $name });
    data_like($ws->want('error'), { code => 'going_away',
                                    job_id => $posted->json->{job_id} },
              'a job that reports to it is not followed any more');

    $ws->say(action => 'stdin', job_id => $job, data => "x\n", eof => $yes);
    is($ws->result($job)->{result}{stdout}, "got x\n", 'the job goes on');
    ok($ws->pump(sub { $ws->{closed} }), 'then its client is sent away, too');
    is($ws->{code}, 1001, 'Close 1001');

    $s->client->delete("/execute/jobs/" . $posted->json->{job_id});
    $s->finish(undef, 'reload');
};

done_testing();
