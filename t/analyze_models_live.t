# Models: how fast their first words come, what a worker keeps of a key, when a
# server is asked no more, and what becomes of analyses that are given up.

use strict;
use warnings;
no warnings qw( portable );     # addresses have 64 bits

use lib 't/lib';
use Test::More;
use List::Util qw( max );
use Time::HiRes qw( time );

use CodeRemote::Data qw( data_like );
use CodeRemote::Env;
use CodeRemote::Events;
use CodeRemote::Model ();
use CodeRemote::Procs qw( wait_for );
use CodeRemote::WebSocket;

my $yes = $JSON::PP::true;
my $no = $JSON::PP::false;
my $key = $CodeRemote::Model::KEY;
my $dir = CodeRemote::Env::run_dir();

# Times that nothing here could wait for: a timer that is left would be seen
# when nginx stops.
my $settings = 'coderemote_analyzer_timeout 60s 30s;'
               . ' coderemote_analyzer_retries 0;';

my $model = CodeRemote::Model->start;

$ENV{CR_TEST_KEY} = $key;
CodeRemote::Model::write_key("$dir/wrong", "sk-wrong-abcdefghijkl-9876543210\n");

my $url = "coderemote_analyzer_url http://127.0.0.1:$model->{port}/v;";

my $server = $model->server(workers => 1, settings => $settings,
    more => <<"_EOC_")->start;
        location /wrong { coderemote_analyze; coderemote_analyzer gemini;
            coderemote_analyzer_key_file $dir/wrong; }
        location /wrong-openai { coderemote_analyze;
            coderemote_analyzer openai;
            coderemote_analyzer_key_file $dir/wrong; }
        location /env { coderemote_analyze; coderemote_analyzer openai;
            coderemote_analyzer_key_env CR_TEST_KEY; }
        location /circuit { coderemote_analyze;
            coderemote_analyzer openai fallback=off;
            coderemote_analyzer_circuit 2 1s; }
        location /few { coderemote_analyze;
            coderemote_analyzer openai fallback=off;
            coderemote_analyzer_calls 2; }
        location /refused { coderemote_analyze;
            coderemote_analyzer gemini fallback=off;
            coderemote_analyzer_url http://127.0.0.1:1/; }
        location /builtin { coderemote_analyze; }
_EOC_

my $client = $server->client;
my $loop = "for i in range(n):\n    print(i)\n";


sub program { my ($how, $more) = @_; return "# how: $how\n$loop" . ($more // '') }

sub ask {
    my ($where, $how, $more) = @_;

    return $client->post("/$where", { code => program($how, $more) });
}


# What of a process's memory has this, and would be dumped or would not.

sub in_memory {
    my ($pid, $text) = @_;

    my %found = (dumped => 0, hidden => 0);
    my ($from, $to, $readable);

    open my $mem, '<:raw', "/proc/$pid/mem" or die "/proc/$pid/mem: $!\n";

    for my $line (split /\n/, CodeRemote::Procs::slurp("/proc/$pid/smaps")) {

        if ($line =~ /^([0-9a-f]+)-([0-9a-f]+) (r?)/) {
            ($from, $to, $readable) = (hex $1, hex $2, length $3);
        }

        next if $line !~ /^VmFlags:(.*)/ || !$readable || $to - $from > 1 << 27;
        my $flags = $1;

        sysseek $mem, $from, 0 or next;
        sysread $mem, my $bytes, $to - $from or next;

        $found{$flags =~ /\bdd\b/ ? 'hidden' : 'dumped'}
            += () = $bytes =~ /\Q$text\E/g;
    }

    return \%found;
}


subtest 'the key in a worker' => sub {
    my ($worker) = $server->workers;

    my $found = in_memory($worker, $key);

    cmp_ok($found->{hidden}, '>', 0, 'is where no core dump has it');
    is($found->{dumped}, 0, 'and nowhere else')
        or diag(explain($found));
    unlike(CodeRemote::Procs::slurp("/proc/$worker/environ"), qr/\Q$key\E/,
           'nor in its environment');

    data_like(ask('env', 'well')->json, { success => $yes,
                                          provider => 'openai' },
              'that from the environment is used');
    data_like(ask('gemini', 'well')->json, { success => $yes },
              'that of the file as well');

    $found = in_memory($worker, $key);
    diag("after two calls the key is $found->{dumped} times where a core dump "
         . 'would have it');
};


subtest 'status' => sub {
    for (['gemini', qr/^gemini-/], ['openai', qr/^gpt-/]) {
        my ($name, $its) = @$_;
        my $res = $client->get("/$name/status");

        data_like($res->json, { available => $yes, provider => $name,
                                model => $its, reason => undef }, $name);
        unlike($res->{body}, qr/abcdefgh/, 'has no key');
    }
};


subtest 'a wrong key' => sub {
    for (['wrong', 'gemini'], ['wrong-openai', 'openai']) {
        my ($where, $name) = @$_;
        my $res = ask($where, 'well');

        is($res->{code}, 200, "$name: 200");
        data_like($res->json, {
            success => $no, provider => $name, available => $yes,
            error => qr/does not accept the key; .* must set one/ },
            'a clear error') or diag($res->text);
        unlike($res->{body}, qr/wrong|abcdefgh|9876/, 'without the key');
    }
};


subtest 'first words' => sub {
    my %late;

    for my $name (qw( gemini openai )) {
        my $ws = CodeRemote::WebSocket->new(port => $server->{port},
                                            path => "/ws-$name");

        for my $n (1 .. 5) {
            $ws->say(action => 'analyze', request_id => "r$n",
                     code => program('slow', "# $n"));

            my $m = $ws->want('analysis.started');
            data_like($m, { provider => $name, request_id => "r$n" },
                      "$name: it is begun");

            for my $i (1 .. 5) {
                $m = $ws->want('analysis.chunk');
                my $now = time;

                my ($sent) = ($m->{text} // '') =~ /^at ([\d.]+)\n$/;
                ok($sent, "$name: words that came alone") or next;
                push @{ $late{$name} }, $now - $sent;
                push @{ $late{"$name, the first"} }, $now - $sent if $i == 1;
            }

            data_like($ws->want('analysis.result'), {
                success => $yes, time_complexity => 'O(n log n)',
                narrative => qr/^(?:at [\d.]+\n){5}/ }, "$name: the result");
        }

        $ws->close;
    }

    my $es = CodeRemote::Events->new($client, '/gemini',
        { Accept => 'text/event-stream' }, 'POST',
        { code => program('slow', '# events') });
    my $seen = 0;

    $es->until(sub {
        my @chunks = grep { $_->{event} eq 'analysis.chunk' } $es->events;

        if (@chunks > $seen) {
            my ($sent) = $chunks[-1]{data}{text} =~ /at ([\d.]+)/;
            push @{ $late{'events'} }, time - $sent if $sent;
            $seen = @chunks;
        }

        return $es->done;
    });

    data_like(($es->events)[-1]{data}, { success => $yes,
              time_complexity => 'O(n log n)' }, 'over events');

    for my $what (sort keys %late) {
        my @all = sort { $a <=> $b } @{ $late{$what} };

        diag(sprintf '%s: from the server\'s sending to the client, %d times: '
             . 'median %.2f ms, at most %.2f ms', $what, scalar @all,
             1000 * $all[@all / 2], 1000 * $all[-1]);
    }
};


subtest 'a server that fails' => sub {
    my $more = "# name: circuit\n";
    my $asked = "$dir/asked-openai-circuit";

    for (1 .. 2) {
        my $res = ask('circuit', 'fail', "$more# $_");
        is($res->{code}, 502, 'is asked') or diag($res->text);
    }

    is(-s $asked, 2, 'twice');
    data_like($client->get('/circuit/status')->json,
              { available => $no, reason => qr/left alone for a while/ },
              'status tells');

    for (1 .. 3) {
        my $res = ask('circuit', 'fail', $more);

        is($res->{code}, 503, 'then it is not') or diag($res->text);
        data_like($res->json, { detail => qr/left alone for a while/ },
                  'and why');
        cmp_ok($res->{headers}{'retry-after'} // 0, '>', 0,
               'and when to come again');
    }

    is(-s $asked, 2, 'it heard nothing');
    data_like($client->get('/openai/status')->json, { available => $yes },
              'other locations are not concerned');

    my $again = sub {
        return wait_for(sub {
            return $client->get('/circuit/status')->json->{available};
        }, 5);
    };

    ok($again->(), 'after a while it may be asked');
    is(ask('circuit', 'fail', $more)->{code}, 502, 'once');
    is(ask('circuit', 'fail', $more)->{code}, 503, 'and no more');
    is(-s $asked, 3, 'it heard that one');

    ok($again->(), 'after another while');
    data_like(ask('circuit', 'well')->json, { success => $yes },
              'it answers');
    data_like(ask('circuit', 'well', '# more')->json, { success => $yes },
              'and is asked again');
};


subtest 'too many calls' => sub {
    my @wait = map {
        CodeRemote::Events->new($client, '/few',
            { Accept => 'text/event-stream' }, 'POST',
            { code => program('silent', "# $_") })
    } 1 .. 2;

    $client->drive(sub { !grep { ($_->body // '') !~ /Well/ } @wait });

    my $res = ask('few', 'well');

    is($res->{code}, 503, 'one more') or diag($res->text);
    data_like($res->json, { detail => qr/about too many programs/ },
              'and why');
    data_like(ask('openai', 'well')->json, { success => $yes },
              'other locations are not concerned');

    $client->abort($_->response) for @wait;

    ok(wait_for(sub { ask('few', 'well')->{code} == 200 }, 10),
       'analyses that are given up make room');
};


subtest 'nobody there' => sub {
    my $res = ask('refused', 'well');

    is($res->{code}, 503, 'is told') or diag($res->text);
    data_like($res->json, { detail => qr/cannot be reached/ }, 'and why');
};


subtest 'given up over a WebSocket' => sub {
    my ($worker) = $server->workers;
    my $connections = sub {
        my $port = sprintf '%04X', $model->{port};
        return scalar grep { /:$port 01 / } split /\n/,
               CodeRemote::Procs::slurp("/proc/$worker/net/tcp");
    };

    my $before = $connections->();

    my $ws = CodeRemote::WebSocket->new(port => $server->{port},
                                        path => '/ws-openai');
    $ws->say(action => 'analyze', request_id => 'a',
             code => program('silent'));
    data_like($ws->want('analysis.chunk'), { text => 'Well' }, 'it began');
    $ws->drop;

    ok(wait_for(sub { $connections->() <= $before }, 10),
       'the model\'s connection ends');
};


subtest 'a reload' => sub {
    my $waits = $client->start(POST => '/gemini',
                               { code => program('slow', '# reload') });

    $client->drive(sub { 0 }, 0.05 / CodeRemote::Env::slow());
    ok($server->reload, 'while a model speaks');
    $client->drive(sub { $waits->{done} });
    data_like($waits->json, { success => $yes,
                              narrative => qr/^(?:at [\d.]+\n){5}/ },
              'is not its end') or diag($waits->text);
    data_like(ask('env', 'well')->json, { success => $yes },
              'and a variable has its key still');
};


my $log = $server->error_log . $server->access_log;

unlike($log, qr/\Q$key\E|abcdefgh|9876543210/, 'no key is in a log');

my $at = time;
$server->finish;
diag(sprintf 'it stopped within %.1f s, and no timer of 30 s is left',
     time - $at);


# Nothing is set up.

$server = CodeRemote::Server->new(workers => 1,
    locations => CodeRemote::Env::locations()
        . 'location /analyze { coderemote_analyze; }'
        . 'location /none { coderemote_analyze; coderemote_analyzer gemini; }')
    ->start;
$client = $server->client;

data_like($client->get('/analyze/status')->json,
          { available => $yes, provider => 'builtin' }, 'without a key');
data_like($client->post('/analyze', { code => $loop })->json,
          { success => $yes, provider => 'builtin' }, 'analyses work');
data_like($client->get('/none/status')->json,
          { available => $yes, provider => 'builtin',
            reason => qr/gives it a key by coderemote_analyzer_key_file/ },
          'a model without a key tells who answers for it, and why');
data_like($client->post('/none', { code => $loop })->json,
          { success => $yes, provider => 'builtin',
            notice => qr/No model is set up here/ },
          'and another analyzer answers');

$server->finish;
$model->stop;

done_testing();
