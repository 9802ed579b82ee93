# Many cases in one request: each is judged for itself, whatever the others
# do; the job is one job, which takes turns with others'.

use strict;
use warnings;

use lib 't/lib';
use Test::More;
use Time::HiRes qw( time );

use CodeRemote::Data qw( data_like );
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

my $server = CodeRemote::Server->new(
    server => 'coderemote_user $http_x_user;'
)->start;

my $client = $server->client;
my $true = CodeRemote::Client->decode('true');


sub run {
    my ($code, $cases, %fields) = @_;

    return $client->run($code, cases => $cases, %fields);
}


sub verdicts {
    my ($job) = @_;

    return join ' ', map { $_->{verdict} } @{ $job->{result}{cases} || [] };
}


# What a program does is told by its input: a sixth each are right, end in
# another way, write something else, or do more than a case may.

my $mixed = <<'EOT';
what, n = input().split()
print('case', n)
if what == 'raises': raise ValueError(n)
if what == 'exits': exit(3)
if what == 'other': print('more')
if what == 'loops':
    while True: pass
if what == 'floods':
    for _ in range(300): print('x' * 10000)
EOT

my %verdict = (fine => 'passed', blank => 'passed', raises => 'failed',
               exits => 'failed', other => 'wrong', loops => 'failed',
               floods => 'wrong', none => 'passed');


sub mixed {
    my ($what, $n) = @_;

    my %case = (stdin => "$what $n\n", expected_stdout => "case $n\n");

    $case{expected_stdout} = "case $n  \r\n\n" if $what eq 'blank';
    delete $case{expected_stdout} if $what eq 'none';

    return \%case;
}


subtest 'a hundred cases' => sub {
    my @what = map { (qw( fine blank raises exits other none ))[$_ % 6] }
               0 .. 99;
    $what[50] = 'loops';
    $what[51] = 'floods';

    my $job = run($mixed, [map { mixed($what[$_], $_) } 0 .. 99],
                  compare => 'trailing_space',
                  timeout_seconds => 2 * CodeRemote::Env::slow());

    my $passed = grep { $verdict{$_} eq 'passed' } @what;
    my $cases = $job->{result}{cases};

    is(verdicts($job), join(' ', map { $verdict{$_} } @what), 'verdicts');
    data_like($job, { status => 'failed', result => {
        success => CodeRemote::Client->decode('false'),
        error_type => 'CasesFailed', cases_passed => $passed,
        error => 100 - $passed . ' of 100 cases did not pass',
        stdout => '', stderr => '',
        execution_time_ms => sub { $_[0] >= 1900 || 'too short' },
        cpu_time_ms => sub { $_[0] >= 1500 || 'too little' },
        memory_peak_bytes => sub { $_[0] > 0 || 'none' },
    } }, 'the job');

    is(scalar(grep { $cases->[$_]{stdout} !~ /^case $_\n/ } 0 .. 99), 0,
       'each wrote its own');
    data_like($cases->[0], { exit_code => 0, error => undef,
                             error_type => undef, stderr => '' }, 'fine');
    data_like($cases->[2], { exit_code => 1, error_type => 'ValueError',
                             error => '2', stderr => qr/^Traceback/ },
              'raises');
    data_like($cases->[3], { exit_code => 3, error_type => undef }, 'exits');
    data_like($cases->[50], { error_type => 'TimeoutError',
                              timed_out => $true, exit_code => undef },
              'loops');
    data_like($cases->[51], { stdout_truncated => $true, exit_code => 0,
                              stdout => sub { length $_[0] == 16384
                                              || length $_[0] } },
              'floods');
};


subtest 'all pass' => sub {
    my $job = run('print(input())',
                  [map { { stdin => "$_\n", expected_stdout => "$_\n" } }
                   1 .. 40]);

    data_like($job, { status => 'completed', result => {
        success => $true, error => undef, error_type => undef,
        exit_code => 0, cases_passed => 40 } }, 'the job')
        or diag(explain($job));
    is(verdicts($job), join(' ', ('passed') x 40), 'verdicts');
};


subtest 'bytes are compared, and blanks count where nothing is said' => sub {
    my @cases = ({ expected_stdout => "a \n" }, { expected_stdout => "a\n" },
                 { expected_stdout => "a \n\n" }, { expected_stdout => '' });

    is(verdicts(run("print('a ')", \@cases)), 'passed wrong wrong wrong',
       'exact');
    is(verdicts(run("print('a ')", \@cases, compare => 'trailing_space')),
       'passed passed passed wrong', 'trailing_space');
    is(verdicts(run("print('\x{e9}\x{20ac}')",
                    [{ expected_stdout => "\x{e9}\x{20ac}\n" },
                     { expected_stdout => "\x{e8}\x{20ac}\n" }])),
       'passed wrong', 'UTF-8');

    my $open = run("import os\nos.write(1, b'\\xff\\n')",
                   [{ expected_stdout => "\x{fffd}\n" }],
                   language => 'python-open');
    is(verdicts($open), 'wrong', 'what is no UTF-8 is no U+FFFD');
    is($open->{result}{cases}[0]{stdout}, "\x{fffd}\n", 'but shown as one');
};


subtest 'arguments, crashes, and a limit of memory for each' => sub {
    my $code = <<'EOT';
import os, sys
what = sys.argv[1]
if what == 'abort': os.abort()
if what == 'memory': x = bytearray(1 << 30)
print(what, len(sys.stdin.read()))
EOT
    my $job = run($code, [{ args => ['plain'], expected_stdout => "plain 0\n" },
                          { args => ['abort'] }, { args => ['memory'] },
                          { args => ['long'], stdin => 'x' x 100_000,
                            expected_stdout => "long 100000\n" }],
                  language => 'python-open', memory_limit_mb => 64);

    is(verdicts($job), 'passed failed failed passed', 'verdicts');

    my $cases = $job->{result}{cases};
    is($cases->[1]{exit_code}, 134, 'an init cannot die of its own signal');
    is($cases->[2]{error_type}, 'MemoryError', 'too much memory');
};


subtest 'a program that is none' => sub {
    my $job = run('print(', [({}) x 3]);

    is(verdicts($job), 'failed failed failed', 'verdicts');
    is($job->{result}{cases}[0]{error_type}, 'SyntaxError', 'and why');

    is(run('eval("1")', [{}])->{result}{cases}[0]{error_type},
       'SecurityError', 'or a forbidden one');
};


# What is under way when one fails is stopped, what is not does not begin.

subtest 'stop at the first that fails' => sub {
    my $code = "import time\nn = int(input())\nif n == 3: raise ValueError\n"
               . "if n > 3: time.sleep(20)\n";
    my $start = time;
    my $job = run($code, [map { { stdin => "$_\n" } } 0 .. 79],
                  stop_on_failure => $true);

    my @verdicts = split ' ', verdicts($job);

    is(scalar @verdicts, 80, 'all are told');
    is($verdicts[3], 'failed', 'the one that failed');
    is(scalar(grep { $_ ne 'skipped' } @verdicts[4 .. 79]), 0,
       'those behind it are skipped');
    is($job->{result}{cases}[79]{exit_code}, undef, 'and have no outcome');
    like($job->{result}{error},
         qr/^1 of 80 cases did not pass, 7[6-9] were skipped$/, 'the error');
    is($job->{status}, 'failed', 'and so is the job');
    note(sprintf 'after %.0f ms', (time - $start) * 1000);
};


sub begun {
    my ($who, $n) = @_;

    my $res = $who->post('/execute', {
        code => "import time\ntime.sleep(20)", cases => [({}) x $n] });
    is($res->{code}, 202, 'accepted') or diag($res->text);

    my $id = $res->json->{job_id};

    ok(wait_for(sub {
        $who->get("/execute/jobs/$id")->json->{status} eq 'running';
    }), 'it runs');

    return $id;
}


subtest 'a job that is stopped' => sub {
    my $id = begun($client, 60);

    is($client->delete("/execute/jobs/$id")->{code}, 200, 'asked to stop');

    my $job = $client->finished($id);
    data_like($job, { status => 'cancelled', result => {
        cases_passed => 0, error => 'the job was stopped' } }, 'the job');
    is(verdicts($job), join(' ', ('skipped') x 60), 'no case has a verdict');
    is($client->run('print(1)')->{status}, 'completed', 'others run');
};


sub running {
    my $running = 0;

    $running += $_->{running}
        for @{ $client->get('/health')->json->{sandbox}{profiles} };

    return $running;
}


subtest 'a client that goes away' => sub {
    my $r = $client->start(POST => '/execute?wait=true', {
        code => "import time\ntime.sleep(20)", cases => [({}) x 30] });

    ok(wait_for(sub { running() > 3 }), 'some run');
    $client->abort($r);
    ok(wait_for(sub { running() == 0 }), 'none runs any more');
};


# One user's hundred fill every slot; another's job waits for its turn alone.

subtest 'turns' => sub {
    my $ann = $server->client(headers => { 'X-User' => 'ann' });
    my $bob = $server->client(headers => { 'X-User' => 'bob' });

    my $res = $ann->post('/execute', {
        code => "import time\ntime.sleep(0.2)", cases => [({}) x 100] });
    my $id = $res->json->{job_id};

    ok(wait_for(sub {
        $ann->get("/execute/jobs/$id")->json->{status} eq 'running';
    }), 'hundred cases run');

    my $job = $bob->run('print(1)');
    is($job->{status}, 'completed', 'another\'s job has ended');
    is($ann->get("/execute/jobs/$id")->json->{status}, 'running',
       'and the cases have not');

    is($ann->finished($id)->{result}{cases_passed}, 100, 'they do');
};


subtest 'a sandbox that dies' => sub {
    my $id = begun($client, 40);

    kill KILL => $server->supervisor;

    data_like($client->finished($id), { status => 'failed', result => {
        error_type => 'SandboxError',
        error => 'the sandbox ended while the job ran' } }, 'the job');

    ok(wait_for(sub {
        ($client->run('print(1)', cases => [{}]) || {})->{status}
            eq 'completed';
    }, 10), 'the next one runs');
};


subtest 'a worker that dies' => sub {
    my $id = begun($client, 40);

    my @workers = $server->workers;
    kill KILL => @workers;

    ok(wait_for(sub {
        my @now = $server->workers;
        return @now == @workers && !grep { my $pid = $_; grep { $_ == $pid }
                                           @workers } @now;
    }), 'nginx starts others');

    data_like($client->finished($id), { status => 'failed', result => {
        error_type => 'SandboxError', error => qr/worker/ } }, 'the job');

    ok(wait_for(sub {
        ($client->run('print(1)', cases => [{}]) || {})->{status}
            eq 'completed';
    }, 10), 'the next one runs');
};


# What it is for.  The same work in as many requests, one by one and together;
# the median of three.

subtest 'hundred at once' => sub {
    my @input = map { "$_\n" } 1 .. 100;
    my %seconds;

    my $job = run('print(int(input()) * 2)',
                  [map { { stdin => "$_\n",
                           expected_stdout => 2 * $_ . "\n" } } 1 .. 100]);
    is($job->{result}{cases_passed}, 100, 'all are right');

    for my $how (('one request', 'one by one', '16 together') x 3) {
        my $start = time;

        if ($how eq 'one request') {
            run('print(int(input()) * 2)', [map { { stdin => $_ } } @input]);

        } else {
            my @res = $client->all(
                [map { [POST => '/execute?wait=true',
                        { code => 'print(int(input()) * 2)',
                          stdin => $_ }] } @input],
                clients => $how eq 'one by one' ? 1 : 16);
            is(scalar(grep { $_->{code} != 200 } @res), 0, $how);
        }

        push @{ $seconds{$how} }, time - $start;
    }

    $_ = (sort { $a <=> $b } @$_)[1] for values %seconds;

    diag(sprintf '100 cases: one request %.0f ms; requests, one by one %.0f '
                 . 'ms (%.1f times), 16 together %.0f ms (%.1f times)',
                 1000 * $seconds{'one request'},
                 map { (1000 * $seconds{$_},
                        $seconds{$_} / $seconds{'one request'}) }
                 'one by one', '16 together');
};


push @{ $server->{expected} }, qr/exited on signal 9/;
$server->finish;
done_testing();
