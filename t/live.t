# The WebSocket as those use it who have a client already: output while it is
# printed, typing into a running program, stopping it; with two clients that
# others wrote.  Figures are told, none is asserted.

use strict;
use warnings;
use utf8;

use lib 't/lib';
use Encode ();
use List::Util qw( max );
use Test::More;
use Time::HiRes qw( time );

use CodeRemote::Data qw( data_like );
use CodeRemote::Live qw( drive );
use CodeRemote::Procs;
use CodeRemote::Server;

binmode $_, ':encoding(UTF-8)'
    for map { Test::More->builder->$_ } qw( output failure_output );

my $dir = CodeRemote::Env::run_dir();
my $tls = CodeRemote::Env::free_port();

my $server = CodeRemote::Server->new(
    system("openssl req -x509 -newkey rsa:2048 -keyout $dir/key.pem"
           . " -out $dir/cert.pem -days 2 -nodes -subj /CN=localhost"
           . " -addext subjectAltName=IP:127.0.0.1 >/dev/null 2>&1") == 0
        ? (server => <<"_EOC_") : ()
listen 127.0.0.1:$tls ssl;
ssl_certificate $dir/cert.pem;
ssl_certificate_key $dir/key.pem;
_EOC_
)->start;

my $client = $server->client;


sub text {
    my ($job, $stream) = @_;

    return Encode::decode_utf8($job->{text}{$stream // 'stdout'});
}


# Waits for the result of what was asked for.

sub ends {
    my ($ws, $request, $want, $name) = @_;

    my $ok = drive(sub { $ws->result_of($request) }, 20);

    ok($ok, "$name: there is a result") or diag(explain($ws->{messages}));
    data_like($ws->result_of($request), $want, $name) if $ok;

    return $ws->job_of($request);
}


sub well {
    my ($ws) = @_;

    is_deeply($ws->{bad}, [], 'nothing was told that must not be');
    is_deeply($ws->{errors}, [], 'nor was there an error');
}


sub handshake {
    my ($live) = @_;

    my $ws = $live->open;

    is($ws->{open}{protocol}, 'coderemote', 'the subprotocol');
    is_deeply($ws->{open}{extensions}, [],
              'permessage-deflate was offered and is not used');

    ok(CodeRemote::Live::settle($ws), 'it answers a ping');
    like($ws->{id}, qr/^[0-9a-f]{32}$/, 'with the name of the connection');

    $ws->tell('close');
    ok(drive(sub { $ws->{closed} }), 'it closes');
    is($ws->{closed}{code}, 1000, 'as it was asked to');

    my $plain = $live->open(1, protocols => []);
    is($plain->{open}{protocol}, '', 'who asks for no subprotocol gets none');

    my $same = $live->open(1, origin => "http://127.0.0.1:$server->{port}");
    ok($same->{open}, 'a page of this host is let in');

    like($live->refused(origin => 'http://elsewhere.example'), qr/\b403\b/,
         'one of another is not');

    $_->tell('close') for $plain, $same;
}


# Half of the lines end without a newline: what is flushed comes, too.

my $dots = <<'_EOC_';
import time
for i in range(25):
    print(f'{i} {time.time():.6f} .', end='\n' if i % 2 else ' ', flush=True)
    time.sleep(0.2)
_EOC_

sub dots {
    my ($live) = @_;

    my $ws = $live->open;
    my $job = ends($ws, $ws->execute($dots), { status => 'completed' },
                   'dots');
    my ($text, @seen, @late) = '';

    for my $piece (@{ $job->{pieces} }) {
        my ($stream, $bytes, $at) = @$piece;

        $text .= $bytes;

        while ($text =~ s/^\s*(\d+) ([\d.]+) \.//) {
            push @seen, $1;
            push @late, 1000 * ($at - $2);
        }
    }

    is_deeply(\@seen, [0 .. 24], 'each came, in order');
    is_deeply($job->{status}[-1], 'running', 'after it was said to run');
    well($ws);

    @late = sort { $a <=> $b } @late;
    diag(sprintf '%s: 25 dots in %d messages, after %.1f ms at the median,'
         . ' %.1f at most', $live->{name}, scalar @{ $job->{pieces} },
         @late[12, 24]) if @late == 25;
}


my $game = <<'_EOC_';
import random
secret = random.randint(1, 100)
tries = 0
while True:
    try:
        guess = int(input('guess: '))
    except ValueError:
        print('a number, please')
        continue
    tries += 1
    if guess == secret:
        print('found after', tries)
        break
    print('higher' if guess < secret else 'lower')
_EOC_

sub guessing_game {
    my ($live) = @_;

    my $ws = $live->open;
    my $request = $ws->execute($game);
    my ($low, $high, $played, @said) = (1, 100, '');
    my @guesses = 'seven';

    while (@said < 12) {
        my $text = '';

        drive(sub {
            $text = $ws->job_of($request) ? text($ws->job_of($request)) : '';
            return $ws->result_of($request)
                   || substr($text, length $played) =~ /guess: \z/;
        }) or last;

        push @said, substr $text, length $played;
        $played = $text;

        last if $ws->result_of($request);

        $low = $guesses[-1] + 1 if $said[-1] =~ /^higher/;
        $high = $guesses[-1] - 1 if $said[-1] =~ /^lower/;
        push @guesses, int(($low + $high) / 2) if @said > 1;

        $ws->send({ action => 'stdin', data => "$guesses[-1]\n",
                    job_id => $ws->{accepted}{$request} });
    }

    ends($ws, $request, { status => 'completed', result => {
        stdout => qr/\Aguess:\ a\ number,\ please\n
                     (?:guess:\ (?:higher|lower)\n)*
                     guess:\ found\ after\ ${\ $#guesses }\n\z/x
    } }, 'the game is played to its end');

    well($ws);
}


sub input_ends {
    my ($live) = @_;

    my $ws = $live->open;
    my $code = "try:\n    while True:\n        print('<' + input('? ') + '>')\n"
               . "except EOFError:\n    print('over')\n";
    my $request = $ws->execute($code);

    drive(sub { $ws->job_of($request) });
    my $id = $ws->{accepted}{$request};

    $ws->send({ action => 'stdin', job_id => $id, data => 'h' });
    $ws->send({ action => 'stdin', job_id => $id, data => "é\n漢" });
    $ws->send({ action => 'stdin', job_id => $id, data => "字\n", eof =>
                JSON::PP::true });

    ends($ws, $request, { status => 'completed', result => {
        stdout => "? <hé>\n? <漢字>\n? over\n"
    } }, 'input ends');

    ends($ws, $ws->execute($code, stdin => "all\n"), {
        status => 'completed', result => { stdout => "? <all>\n? over\n" }
    }, 'what comes with the program is all of it');

    well($ws);
}


sub cancel {
    my ($live) = @_;

    my $ws = $live->open;

    for my $does ('pass', 'time.sleep(1)', 'print(input())') {
        my $request = $ws->execute("import time\nprint('on')\n"
                                   . "while True:\n    $does\n");

        drive(sub {
            my $job = $ws->job_of($request);
            return $job && $job->{text}{stdout} eq "on\n";
        }) or last;

        my $sent = time;
        $ws->send({ action => 'cancel',
                    job_id => $ws->{accepted}{$request} });
        ends($ws, $request, { status => 'cancelled',
                              result => { stdout => "on\n" } }, $does);

        diag(sprintf '%s: cancelled after %.1f ms: %s', $live->{name},
             1000 * ($ws->result_of($request)->{at} - $sent), $does);
    }

    well($ws);
}


# Closing the socket stops what it had started, but not what it let go.

sub leaves {
    my ($live) = @_;

    my $code = "import time\nprint('on')\n"
               . "time.sleep(0.3)\nprint('still')\nprint(input())";

    for my $way (qw( close drop )) {
        my $ws = $live->open;
        my $stays = $ws->execute($code, detach => JSON::PP::true);
        my $goes = $ws->execute($code);

        ok(drive(sub {
            return 2 == grep { $_ && $_->{text}{stdout} =~ /on/ }
                        map { $ws->job_of($_) } $stays, $goes;
        }), "$way: both run") or return;

        $ws->tell($way);
        well($ws);

        data_like($client->finished($ws->{accepted}{$goes}),
                  { status => 'cancelled' }, 'its job is stopped');

        my $other = $live->open;
        my $id = $ws->{accepted}{$stays};
        $other->subscribe($id);
        $other->send({ action => 'stdin', job_id => $id, data => "here\n" });

        ok(drive(sub { $other->{jobs}{$id}{result} }), 'the other one goes on');
        is($other->{jobs}{$id}{text}{stdout}, "on\nstill\nhere\n",
           'and can be used by another connection');
        well($other);
    }
}


my $much = <<'_EOC_';
for i in range(9000):
    print(f'{i} ½ 漢字 🐍')
_EOC_

sub letters {
    my ($live) = @_;

    my $ws = $live->open;
    my $job = ends($ws, $ws->execute($much), { status => 'completed' },
                   'much in many alphabets');

    is(text($job), join('', map { "$_ ½ 漢字 🐍\n" } 0 .. 8999),
       'all of it, in order');
    cmp_ok(max(map { length $_->[1] } @{ $job->{pieces} }), '<=', 32768,
           'in pieces of bounded size');
    well($ws);
}


sub over_tls {
    my ($live) = @_;

    plan skip_all => 'there is no openssl to make a certificate with'
        if !$server->{server};

    my $ws = $live->open(1, url => "wss://127.0.0.1:$tls/ws",
                         ca => "$dir/cert.pem");

    ends($ws, $ws->execute("print(input('name? '))", stdin => "Ada\n"),
         { status => 'completed', result => { stdout => "name? Ada\n" } },
         'a program runs');

    my $job = ends($ws, $ws->execute($much), { status => 'completed' }, 'much');
    is(length text($job), 106890, 'all of it');
    well($ws);
}


for my $name (CodeRemote::Live::programs()) {
    my $missing = CodeRemote::Live::missing($name);

    if (defined $missing) {
        subtest $name => sub { plan skip_all => $missing };
        next;
    }

    my $live = CodeRemote::Live->new($name, server => $server);

    for (['the handshake', \&handshake], ['dots', \&dots],
         ['a guessing game', \&guessing_game], ['input ends', \&input_ends],
         ['cancel', \&cancel], ['clients that leave', \&leaves],
         ['letters', \&letters], ['TLS', \&over_tls])
    {
        my ($what, $check) = @$_;
        subtest "$name: $what" => sub { $check->($live) };
    }

    $live->end;
}

$server->finish;
done_testing();
