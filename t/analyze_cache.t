# Results that were found before: whose they are, how long they are kept, and
# what outlives a reload, a full zone and a killed worker.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Analyzer ();
use CodeRemote::Data qw( data_like );
use CodeRemote::Procs qw( wait_for );

my $yes = $JSON::PP::true;

my $more = <<'_EOC_';
        location /other-model { coderemote_analyze; coderemote_analyzer fake;
            fake_model fake-2; }
        location /other-prompt { coderemote_analyze; coderemote_analyzer fake;
            fake_prompt 0123; }
        location /gone { coderemote_analyze; coderemote_analyzer fake;
            fake_away on; }
_EOC_

my ($server, $client);


sub begin {
    my ($cache) = @_;

    $server = CodeRemote::Analyzer::server(
        workers => 2, more => $more,
        http => "coderemote_analyze_cache results $cache;",
        expected => [qr/exited on signal 9/])->start;
    $client = $server->client;
}


sub starts { return CodeRemote::Analyzer::starts($server) }


# Asks, and tells as a test how often the analyzer had to be asked for it.

sub ask {
    my ($name, $n, $path, $code, %opt) = @_;

    my $before = starts();
    my $res = $client->post($path, { code => $code,
                                     %{ $opt{fields} || {} } },
                            $opt{headers});

    is($res->{code}, 200, $name) or diag($res->text);
    is(starts() - $before, $n, "$name: the analyzer was asked $n times");

    return $res;
}


begin('1m');

subtest 'what was found before' => sub {
    my $code = "# chunk Well.\n# done O(7)";
    my $first = ask('the first', 1, '/fake', $code);

    # from both workers
    for (1 .. 8) {
        is_deeply(ask('again', 0, '/fake', $code)->json, $first->json,
                  'the same answer');
    }

    ask('for somebody else', 0, '/fake', $code, headers => { 'X-User' => 'x' });
    ask('elsewhere', 0, '/only', $code);
    ask('while the analyzer is away', 0, '/gone', $code);
    ask('another program', 1, '/fake', "$code ");
    ask('another language', 1, '/fake', $code,
        fields => { language => 'python-open' });
    ask('another model', 1, '/other-model', $code);
    ask('another prompt', 1, '/other-prompt', $code);
    ask('that model again', 0, '/other-model', $code);
    ask('that prompt again', 0, '/other-prompt', $code);
};


subtest 'as events' => sub {
    my $code = '# chunk Long.\n# done O(8)';
    $code =~ s/\\n/\n/;

    ask('the first', 1, '/fake', $code);
    my $res = ask('again', 0, '/fake', $code,
                  headers => { Accept => 'text/event-stream' });

    is(join(' ', $res->{body} =~ /^event: (.*)$/mg),
       'analysis.started analysis.chunk analysis.result', 'the same events');
    like($res->{body}, qr/"text":"All of it[.]"/, 'with the narrative');
};


subtest 'what is not kept' => sub {
    for my $code ('# fail Mind line 3.', '# broken', '# away Gone.') {
        ask("$code: $_", 1, '/only', $code) for 1 .. 2;
    }
};


subtest 'the builtin one' => sub {
    my $code = "for i in range(n): print(i)\n";
    my $one = ask('the first', 0, '/analyze', $code)->json;
    my $cpu = $client->get('/health')->json;

    is_deeply(ask('again', 0, '/analyze', $code)->json, $one, 'the same');

    # what an analyzer that is away leaves to it is found as its own
    data_like(ask('as a fallback', 0, '/gone', $code)->json,
              { provider => 'builtin', notice => 'The fake one is away.' },
              'with the reason of now');
};


subtest 'over a reload' => sub {
    ok($server->reload, 'loaded anew');
    ask('a result', 0, '/fake', "# chunk Well.\n# done O(7)");
};


subtest 'workers that are killed' => sub {
    my %old = map { $_ => 1 } $server->workers;

    # at any instruction: some of it may be gone, and nothing is broken
    for my $round (1 .. 5) {
        my @requests = map { [POST => '/fake', { code => "# done O($_)" }] }
                       map { int rand 50 } 1 .. 100;
        my @running = map { $client->start(@$_) } @requests;

        my ($worker) = $server->workers;
        $client->drive(sub { grep { $_->{done} } @running }, 5);
        kill KILL => $worker;
        $client->drive(sub { !grep { !$_->{done} } @running }, 30);
        ok(wait_for(sub { scalar($server->workers) == 2 }), 'two workers');
    }

    ask('a new one', 1, '/fake', '# done O(new)');
    ask('which is kept', 0, '/fake', '# done O(new)');
};

$server->finish;


subtest 'a full zone' => sub {
    begin('64k');

    my $wide = 'x' x 8000;
    my $code = sub { "# done O($_[0])\n#" . $_[0] };

    ask("number $_", 1, '/fake', $code->($_)) for 1 .. 20;
    ask('the last is there', 0, '/fake', $code->(20));

    # one that is asked for again and again stays, while others come and go
    for my $n (21 .. 400) {
        $client->post('/fake', { code => $code->($n) });
        $client->post('/fake', { code => $code->(20) });
    }

    ask('what is used stays', 0, '/fake', $code->(20));
    ask('what is not goes', 1, '/fake', $code->(1));

    $server->finish;
};


subtest 'for a time' => sub {
    begin('1m 1s');

    ask('the first', 1, '/fake', '# done O(7)');

    my $before = starts();
    ok(wait_for(sub {
        $client->post('/fake', { code => '# done O(7)' });
        return starts() > $before;
    }), 'it is asked for again after that');

    $server->finish;
};

done_testing();
