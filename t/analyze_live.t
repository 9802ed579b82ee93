# Analyses as they are written: server-sent events and WebSockets, several at
# once, stopped, left alone, and over a reload.

use strict;
use warnings;
use utf8;

use lib 't/lib';
use Test::More;

use CodeRemote::Analyzer ();
use CodeRemote::Data qw( data_like );
use CodeRemote::Events;
use CodeRemote::Procs qw( wait_for );
use CodeRemote::WebSocket;

my $yes = $JSON::PP::true;
my $no = $JSON::PP::false;
my $id = qr/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

# A narrative whose pieces end inside a character, and take their time.
my $story = "# chunk ## A\\n\n# wait 20\n# chunk b\\xe2\\x82\n# wait 20\n"
            . "# chunk \\xac c\n# wait 20\n# done O(7)";
my $text = "## A\nb€ c";
my $endless = "# chunk Hm.";

# a small buffer, so that what a client does not read stays with nginx
my $server = CodeRemote::Analyzer::server(
    workers => 2, listen => 'sndbuf=16k')->start;
my $client = $server->client;


sub connection {
    return CodeRemote::WebSocket->new(port => $server->{port}, @_);
}

sub stream {
    my ($path, $code) = @_;

    return CodeRemote::Events->new($client, $path, {
        Accept => 'text/event-stream' }, POST => { code => $code });
}

sub kinds { return join ' ', map { $_->{event} } @_ }

sub cancels { return CodeRemote::Analyzer::cancels($server) }

sub starts { return CodeRemote::Analyzer::starts($server) }


# All that is told of one analysis until its end.

sub told {
    my ($ws, $request) = @_;

    $ws->pump(sub {
        grep { $_->{type} eq 'analysis.result'
               && $_->{request_id} eq $request } @{ $ws->{messages} }
    });

    return grep { ($_->{request_id} // '') eq $request } @{ $ws->{messages} };
}


subtest 'events' => sub {
    my $es = stream('/fake', $story);
    my @events = $es->finish;
    my $headers = $es->response->{headers};

    is($es->response->{code}, 200, 'the code') or diag($es->response->text);
    is($headers->{'content-type'}, 'text/event-stream', 'the type');
    is($headers->{'cache-control'}, 'no-store', 'nobody keeps it');

    like(kinds(@events),
         qr/^analysis.started(?: analysis.chunk){3} analysis.result$/,
         'the order');
    is_deeply($events[0]{data},
              { type => 'analysis.started', provider => 'fake',
                model => 'fake-1', notice => undef }, 'it begins');
    is(join('', map { $_->{data}{text} // '' } @events), $text,
       'the text, in whole characters');

    my $whole = CodeRemote::Analyzer::ask($client, '/fake', '# done O(7)');
    is_deeply($events[-1]{data},
              { %{ $whole->json }, type => 'analysis.result' },
              'the result is that of POST');
};


subtest 'the builtin one' => sub {
    my @events = stream('/analyze', "for i in range(n): print(i)\n")->finish;

    is($events[0]{event}, 'analysis.started', 'it begins');
    data_like($events[-1], { event => 'analysis.result', data => {
        success => $yes, provider => 'builtin' } }, 'and ends');
    is(join('', map { $_->{data}{text} // '' } @events),
       $events[-1]{data}{narrative} // '', 'all of its narrative came');
};


subtest 'which answer is asked for' => sub {
    my %want = ('text/event-stream' => 1, 'TEXT/event-stream;q=0.5' => 1,
                'application/json, text/event-stream' => 1,
                'text/event-stream;q=0' => 0, 'text/event-streams' => 0,
                'text/event-stream ; q=0.00' => 0, '*/*' => 0,
                'text/*' => 0, 'application/json' => 0, '' => 0);

    for my $accept (sort keys %want) {
        my $res = CodeRemote::Analyzer::ask($client, '/fake', '# done O(7)',
                                            { Accept => $accept });
        is($res->{headers}{'content-type'},
           $want{$accept} ? 'text/event-stream' : 'application/json',
           "\"$accept\"");
    }
};


subtest 'another analyzer takes over' => sub {
    my @events = stream('/fake', "# chunk Gar\n# wait 20\n# away Gone.")
                 ->finish;
    my @started = grep { $_->{event} eq 'analysis.started' } @events;

    is_deeply([map { $_->{data}{provider} } @started], ['fake', 'builtin'],
              'both begin');
    is($started[1]{data}{notice}, 'Gone.', 'with the reason');
    data_like($events[-1]{data}, { success => $yes, provider => 'builtin',
                                   notice => 'Gone.' }, 'and one ends');
};


subtest 'what cannot begin is no stream' => sub {
    my $es = stream('/only', '# refuse 429');
    $es->finish;
    is($es->response->{code}, 429, 'refused');
    is($es->response->{headers}{'content-type'}, 'application/problem+json',
       'as a problem');

    my @events = stream('/only', '# busy 9')->finish;
    data_like($events[-1], { event => 'analysis.result', data => {
        success => $no, available => $no, error => qr/busy/ } },
        'what began ends as events');
};


subtest 'much of it, to who reads slowly' => sub {
    my $ws = connection(buffer => 4096);

    $ws->say(action => 'analyze', request_id => 'big',
             code => join "\n", ('# big 20000') x 20, '# done O(7)');
    $ws->say(action => 'ping');
    ok(wait_for(sub { starts() > 0 }), 'it runs');

    my @told = told($ws, 'big');
    is(length(join '', map { $_->{text} // '' } @told), 256 * 1024,
       'as much as is kept');
    is($told[-1]{type}, 'analysis.result', 'and the result');
    is(scalar(grep { $_->{bytes} > 65536 } @told), 0, 'in pieces');

    my @events = stream('/fake', join "\n", ('# big 20000') x 20,
                        '# done O(7)')->finish;
    is(length(join '', map { $_->{data}{text} // '' } @events), 256 * 1024,
       'as events, too');
};


subtest 'over a WebSocket' => sub {
    my $ws = connection();

    $ws->say(action => 'analyze', request_id => 'a "name"', code => $story);
    my @told = told($ws, 'a "name"');

    is(join(' ', map { $_->{type} } @told),
       'analysis.started analysis.chunk analysis.chunk analysis.chunk '
       . 'analysis.result', 'the order');
    is(join('', map { $_->{text} // '' } @told), $text, 'the text');
    like($told[0]{analysis_id}, $id, 'a name');
    is(scalar(grep { $_->{analysis_id} ne $told[0]{analysis_id} } @told), 0,
       'the same in all');
    data_like($told[0], { provider => 'fake', model => 'fake-1' }, 'who');
    data_like($told[-1], { success => $yes, time_complexity => 'O(7)',
                           narrative => 'All of it.', error => undef,
                           model => 'fake-1-exact' }, 'the result');

    $ws->say(action => 'analyze', request_id => 2,
             code => "# away Gone.\nfor i in range(n): pass\n");
    @told = told($ws, 2);
    data_like($told[-1], { success => $yes, provider => 'builtin',
                           notice => 'Gone.' }, 'one that falls back');

    $ws->say(action => 'analyze', code => "# done O(8)");
    my $m = $ws->want('analysis.result');
    $m = $ws->want('analysis.result') while $m && exists $m->{request_id};
    data_like($m, { time_complexity => 'O(8)' }, 'without a request_id');
};


subtest 'what is wrong' => sub {
    my $ws = connection(path => '/ws-only');

    for my $case ([{}, 'bad_field'], [{ code => '' }, 'bad_field'],
                  [{ code => '1', detach => $yes }, 'bad_field'],
                  [{ code => '# refuse 429' }, 'refused'],
                  [{ code => '# refuse 503' }, 'sandbox_unavailable'])
    {
        $ws->say(action => 'analyze', request_id => 7, %{ $case->[0] });
        my $error = $ws->want('error');
        data_like($error, { code => $case->[1], request_id => 7 },
                  "$case->[1]");
    }

    $ws->say(action => 'cancel', analysis_id => 'x');
    is($ws->want('error')->{code}, 'not_found', 'none to stop');
    $ws->say(action => 'cancel', analysis_id => 7);
    is($ws->want('error')->{code}, 'bad_field', 'no name');
    $ws->say(action => 'cancel', analysis_id => 'x', job_id => 'x');
    is($ws->want('error')->{code}, 'bad_field', 'two names');
};


subtest 'several, and jobs beside them' => sub {
    my $ws = connection(path => '/ws-only');

    $ws->say(action => 'analyze', request_id => $_, code => $endless) for 1, 2;
    is($ws->want('analysis.started')->{request_id}, 1, 'one');
    is($ws->want('analysis.started')->{request_id}, 2, 'two');

    $ws->say(action => 'analyze', request_id => 3, code => $endless);
    data_like($ws->want('error'), { code => 'too_many_jobs',
                                    request_id => 3 }, 'no third');
    $ws->say(action => 'execute', request_id => 4, code => 'pass');
    is($ws->want('error')->{code}, 'too_many_jobs', 'no job either');

    my $n = cancels();
    my ($one) = grep { $_->{type} eq 'analysis.started' } @{ $ws->{messages} };

    $ws->say(action => 'cancel', analysis_id => $one->{analysis_id});
    data_like($ws->want('analysis.result'),
              { request_id => 1, analysis_id => $one->{analysis_id},
                success => $no, error => 'The analysis was stopped.' },
              'one is stopped');
    is(cancels(), $n + 1, 'really');

    my $job = $ws->execute(code => 'print(1)');
    data_like($ws->result($job), { status => 'completed' },
              'there is room for a job');

    $n = cancels();
    $ws->drop;
    ok(wait_for(sub { cancels() == $n + 1 }), 'the other one goes with it');
};


subtest 'clients that go away' => sub {
    my $n = cancels();
    my @es = map { stream('/only', $endless) } 1 .. 5;

    $client->drive(sub { !grep { ($_->body // '') !~ /Hm[.]/ } @es }, 20);
    $client->abort($_->response) for @es;

    ok(wait_for(sub { cancels() == $n + 5 }), 'their analyses are stopped');

    # of the builtin one the job is
    my $r = $client->start(POST => '/analyze', { code => 'x = 1' });
    $client->abort($r);
    ok(wait_for(sub {
        my $res = $client->get('/health')->json;
        return $res->{jobs}{accepted} == 0;
    }), 'and no job is left');
};


subtest 'other clients' => sub {
    require CodeRemote::Live;

    for my $program (CodeRemote::Live::programs()) {
        my $missing = CodeRemote::Live::missing($program);

        SKIP: {
            skip $missing, 1 if defined $missing;

            my $live = CodeRemote::Live->new($program, server => $server);
            my $ws = $live->open;

            $ws->send({ action => 'analyze', request_id => 1,
                        code => $story });
            CodeRemote::Live::drive(sub {
                grep { $_->{type} eq 'analysis.result' } @{ $ws->{messages} }
            }, 20);

            my @told = @{ $ws->{messages} };

            is(join('', map { $_->{text} // '' } @told), $text,
               "$program: the text");
            data_like($told[-1], { type => 'analysis.result',
                                   time_complexity => 'O(7)' },
                      "$program: the result");
            $live->end;
        }
    }
};


subtest 'a reload' => sub {
    my $long = "# chunk Well\n# wait 1500\n# chunk , done.\n# done O(7)";
    my $ws = connection();
    my $before = starts();

    $ws->say(action => 'analyze', request_id => 'r', code => $long);
    my $es = stream('/fake', $long);
    my $r = $client->start(POST => '/fake', { code => $long });

    $client->drive(sub { starts() == $before + 3 }, 20);
    ok($server->reload, 'while they run');

    $ws->say(action => 'ping');
    my @told = told($ws, 'r');
    is(join('', map { $_->{text} // '' } @told), 'Well, done.',
       'the WebSocket is told all');
    ok($ws->pump(sub { $ws->{closed} }), 'and then closed');
    is($ws->{code}, 1001, 'for the worker stops');

    is(kinds($es->finish), 'analysis.started analysis.chunk analysis.chunk '
       . 'analysis.result', 'the stream, too');
    $client->drive(sub { $r->{done} });
    data_like($r->json, { time_complexity => 'O(7)' }, 'and the answer');
};

$server->finish;
done_testing();
