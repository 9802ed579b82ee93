# What a result tells of artifacts and cases, over each way that it comes: GET,
# a WebSocket, an event stream; and what is left out of a message that would be
# too long.

use strict;
use warnings;

use lib 't/lib';
use JSON::PP ();
use Test::More;

use CodeRemote::Data qw( data_like );
use CodeRemote::Events;
use CodeRemote::Server;
use CodeRemote::WebSocket;

use constant MESSAGE => 256 * 1024;

my ($true, $false) = ($JSON::PP::true, $JSON::PP::false);

my $locations = CodeRemote::Env::locations();

$locations =~ s/coderemote_websocket;/$& coderemote_websocket_message 4m;/;

my $server = CodeRemote::Server->new(locations => $locations)->start;
my $client = $server->client;
my %open = (language => 'python-open');


# The result of one program as GET, a WebSocket and an event stream tell it.

sub results {
    my ($code, %fields) = @_;

    my $ws = CodeRemote::WebSocket->new(port => $server->{port});
    my $id = $ws->execute(code => $code, %open, %fields);
    my $message = $ws->result($id);
    my $events = CodeRemote::Events->new($client, "/execute/jobs/$id/events");
    my @events = $events->finish;

    for ($message, $events[-1]{data}) {
        cmp_ok(length CodeRemote::Client->encode($_), '<=', MESSAGE,
               'what is told is short');
    }

    $ws->close;

    return ($client->get("/execute/jobs/$id?wait=true")->json->{result},
            $message->{result}, $events[-1]{data}{result});
}


sub names {
    my ($result) = @_;

    return join ' ', sort map { $_->{name} } @{ $result->{artifacts} };
}


sub verdicts {
    my ($result) = @_;

    return join ' ', map { $_->{verdict} } @{ $result->{cases} };
}


subtest 'artifacts' => sub {
    my @results = results("open('a', 'w').write('x')\nprint(1)",
                          artifacts => ['a']);

    data_like($_, { stdout => "1\n", cases => undef, cases_passed => undef,
                    compile_time_ms => undef,
                    artifacts => [{ name => 'a', size => 1, content => 'x',
                                    encoding => 'utf8',
                                    left_out => $false }] }, 'each has it')
        for @results;
};


subtest 'artifacts that fit no message' => sub {
    my ($whole, @brief) = results(<<'_EOC_', artifacts => ['*']);
open('text', 'w').write('x' * 200000)
open('bytes', 'wb').write(bytes(100000))
print(1)
_EOC_

    is(names($whole), 'bytes text', 'GET');
    is_deeply([sort map { length $_->{content} } @{ $whole->{artifacts} }],
              [133336, 200000], 'GET has their contents');

    for (@brief) {
        is(names($_), 'bytes text', 'a message names them');
        is($_->{stdout}, "1\n", 'and has the output');
        is_deeply([map { $_->{content} } @{ $_->{artifacts} }],
                  [undef, undef], 'without contents');
        is_deeply([map { $_->{left_out} } @{ $_->{artifacts} }],
                  [$false, $false], 'that were not left out');
    }
};


subtest 'output that fits no message, beside artifacts' => sub {
    my ($whole, @brief) = results(<<'_EOC_', artifacts => ['*']);
open('a', 'w').write('x')
print('x' * 300000)
_EOC_

    is(length $whole->{stdout}, 300001, 'GET has the output');
    is($whole->{artifacts}[0]{content}, 'x', 'and the artifact');

    data_like($_, { stdout => undef, stderr => undef,
                    artifacts => [{ name => 'a', size => 1,
                                    content => undef }] }, 'a message')
        for @brief;
};


subtest 'output that just fits, beside artifacts that do not' => sub {
    my ($whole, @brief) = results(<<'_EOC_', artifacts => ['*']);
open('a', 'w').write('x' * 100000)
print('x' * 200000)
_EOC_

    is(length $whole->{artifacts}[0]{content}, 100000, 'GET has all');

    for (@brief) {
        is(length $_->{stdout}, 200001, 'a message has the output');
        data_like($_->{artifacts}, [{ name => 'a', content => undef }],
                  'and names the artifact');
    }
};


my $square = 'print(int(input()) ** 2)';

subtest 'cases' => sub {
    my @results = results($square, cases => [
        { stdin => "3\n", expected_stdout => "9\n" },
        { stdin => "4\n", expected_stdout => "15\n" },
        { stdin => "x\n", expected_stdout => "16\n" },
        { stdin => "5\n" },
    ]);

    for (@results) {
        data_like($_, {
            success => $false, error_type => 'CasesFailed',
            error => '2 of 4 cases did not pass', cases_passed => 2,
            artifacts => [], stdout => '', exit_code => sub { 1 },
            cases => [
                { verdict => 'passed', stdout => "9\n", stderr => '',
                  stdout_truncated => $false, stderr_truncated => $false,
                  error => undef, error_type => undef, exit_code => 0,
                  signal => undef, timed_out => $false,
                  execution_time_ms => qr/^\d/, cpu_time_ms => qr/^\d/,
                  memory_peak_bytes => qr/^\d/ },
                { verdict => 'wrong', stdout => "16\n", error_type => undef },
                { verdict => 'failed', stdout => '', exit_code => 1,
                  error_type => 'ValueError', stderr => qr/Traceback/ },
                { verdict => 'passed', stdout => "25\n" },
            ] }, 'each has them, in their order');
    }
};


subtest 'cases that all pass, with blanks in between' => sub {
    my ($result) = results('import sys; print(*sys.argv[1:], " ")', cases => [
        { args => ['a', 'b'], expected_stdout => 'a b' },
        { args => [], expected_stdout => "\n\n" },
    ], compare => 'trailing_space', stop_on_failure => $true);

    data_like($result, { success => $true, cases_passed => 2, error => undef,
                         error_type => undef,
                         cases => [map { { verdict => 'passed' } } 1, 2] },
              'passed');

    ($result) = results('print("a ")', cases => [{ expected_stdout => 'a' }]);

    data_like($result, { success => $false, cases_passed => 0,
                         cases => [{ verdict => 'wrong' }] }, 'exactly');
};


subtest 'a case whose output is no UTF-8, or is long' => sub {
    my ($result) = results(<<'_EOC_', cases => [{ args => ['1'] }, {}]);
import sys
if len(sys.argv) > 1:
    sys.stdout.buffer.write(b'a\xffb')
else:
    print('x' * 100000)
_EOC_

    data_like($result->{cases}, [
        { stdout => "a\x{fffd}b", stdout_truncated => $false },
        { verdict => 'passed', stdout => qr/^x{10000,50000}$/,
          stdout_truncated => $true },
    ], 'as that of a job');
};


subtest 'stop_on_failure' => sub {
    my ($result) = results($square, stop_on_failure => $true, cases => [
        { stdin => "x\n" },
        map { { stdin => "$_\n", expected_stdout => $_ ** 2 . "\n" } } 1 .. 60
    ]);

    like(verdicts($result), qr/^failed (?:passed |skipped )*skipped$/,
         'the others are skipped');

    my ($skipped) = grep { $_->{verdict} eq 'skipped' } @{ $result->{cases} };

    data_like($skipped, { stdout => '', stderr => '', error => undef,
                          exit_code => undef, execution_time_ms => undef,
                          timed_out => $false }, 'nothing is told of them');
    is_deeply([sort keys %$skipped], [sort keys %{ $result->{cases}[0] }],
              'with the same members');
};


subtest 'cases whose output fits no message' => sub {
    my ($whole, @brief) = results('print("x" * 10000)',
                                  cases => [({}) x 40]);

    is(scalar(grep { length $_->{stdout} == 10001 } @{ $whole->{cases} }), 40,
       'GET has all');

    data_like($_, { cases_passed => 40,
                    cases => [({ verdict => 'passed', stdout => undef,
                                 stderr => undef }) x 40] },
              'a message has their verdicts') for @brief;
};


subtest 'more cases than fit a message' => sub {
    my ($whole, @brief) = results('raise ValueError("x" * 8000)',
                                  cases => [({}) x 40]);

    is(scalar(grep { $_->{error} eq 'x' x 8000 } @{ $whole->{cases} }), 40,
       'GET has all');

    data_like($_, { error => '40 of 40 cases did not pass',
                    cases => undef, cases_passed => 0 },
              'a message has their number') for @brief;
};


subtest 'the input of cases is whole' => sub {
    my $ws = CodeRemote::WebSocket->new(port => $server->{port});
    my $id = $ws->execute(code => "while True: pass", cases => [{}],
                          %open);

    $ws->want('job.status', $id);
    $ws->say(action => 'stdin', job_id => $id, data => "x\n");
    is($ws->want('error')->{code}, 'stdin_closed', 'nothing can follow');

    $ws->say(action => 'cancel', job_id => $id);
    is($ws->result($id)->{status}, 'cancelled', 'it can be stopped');
    $ws->close;
};


subtest 'what is wrong, over a WebSocket' => sub {
    my $ws = CodeRemote::WebSocket->new(port => $server->{port});

    $ws->say(action => 'execute', code => 'x', request_id => 7, %open,
             files => [{ name => '../x', content => '' }]);

    data_like($ws->want('error'), { code => 'bad_field', request_id => 7,
                                    errors => [{ field => 'files[0].name' }] },
              'is told as by POST');

    my $id = $ws->execute(code => "print(open('a').read())", %open,
                          files => [{ name => 'a', content => 'QUI=',
                                      encoding => 'base64' }]);
    is($ws->result($id)->{result}{stdout}, "AB\n", 'and what is right runs');
    $ws->close;
};

$server->finish;
done_testing();
