# Models: questions whose clients go away, at every moment of them, and what
# a reload and the end of a worker do to those that are asked.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Model ();
use CodeRemote::Procs qw( alive wait_for );

my $model = CodeRemote::Model->start;
my $server = $model->server(
    workers => 1,
    settings => 'coderemote_analyzer_timeout 20s 15s;'
                . 'coderemote_analyzer_retries 2;'
                . 'coderemote_analyzer_calls 15;'
                . 'coderemote_analyzer_circuit off;',
    more => 'location = /quick { return 200 quick; }',
)->start;

my $client = $server->client;
my $n = 0;


# Some of each: whoever waits for the first byte, for a pause to be over, for
# more of a stream.

sub several {
    my ($times) = @_;

    return map {
        my ($how, $where, $accept) = @$_;
        my $name = $how . ++$n;

        $client->start(POST => $where,
                       { code => "# how: $how\n# name: $name\nprint($n)\n" },
                       { Accept => $accept });

    } ([silent => '/gemini-only', 'application/json'],
       [fail => '/openai-only', 'application/json'],
       [fail_once => '/gemini-only', 'application/json'],
       [slow => '/openai-only', 'text/event-stream'],
       [slow => '/gemini-only', 'application/json']) x $times;
}


sub heard { return scalar(() = $model->heard =~ /^POST /mg) }


sub asked {
    my ($more) = @_;
    my $before = heard();

    return (sub { heard() >= $before + $more });
}


sub open_files {
    my ($worker) = $server->workers;
    return scalar(() = glob "/proc/$worker/fd/*");
}


sub well {
    my $res = $client->post('/gemini-only',
                            { code => "# how: well\n# name: w\nprint(0)\n" });
    return ($res->json || {})->{provider} // $res->text;
}


is(well(), 'gemini', 'a model is asked');

my $before = open_files();

subtest 'clients go away' => sub {

    # each round uses up all the calls that there are

    for (1 .. 4) {
        my $asked = asked(15);
        my @r = several(3);

        ok($client->drive($asked), 'fifteen are asked');
        $client->abort($_) for @r;

        # who has gone is noticed by and by
        ok(wait_for(sub { well() eq 'gemini' }), 'then others can be');
    }

    # libcurl keeps up to sixteen connections for the next
    ok(wait_for(sub { open_files() <= $before + 16 }), 'no descriptor is left')
        or diag(open_files(), " files are open, $before were");
};


subtest 'a reload' => sub {
    my ($old) = $server->workers;
    my $asked = asked(5);
    my @r = several(1);

    ok($client->drive($asked), 'some are asked');
    ok($server->reload, 'a reload');
    is(well(), 'gemini', 'the new worker asks');

    ok($client->drive(sub { !grep { !$_->{done} } @r }), 'all are answered');
    is(join(' ', map { $_->{code} } @r), '504 502 200 200 200', 'as ever')
        or diag(map { $_->text } @r);
    like($r[3]{body}, qr/"time_complexity":"O\(n log n\)"/,
         'a stream to its end');
    ok(wait_for(sub { !alive($old) }), 'then the old worker leaves');
};


my $asked = asked(5);
my @r = several(1);

ok($client->drive($asked), 'some are asked when the worker is ended');
$server->finish('TERM');

$model->stop;
done_testing();
