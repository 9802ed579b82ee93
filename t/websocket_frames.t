# RFC 6455, from the opening handshake on, in frames that are written by hand:
# what is wrong, what is too much, what takes too long, and that a connection
# ends as it should.  t/autobahn.t has what is right, and more that is wrong.

use strict;
use warnings;

use lib 't/lib';
use IO::Select;
use Test::More;

use CodeRemote::Frames qw( :all );
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

my %locations = (
    '/small' => 'coderemote_websocket_message 1k;',
    '/ping'  => 'coderemote_websocket_ping 100ms;',
    '/slow'  => 'coderemote_websocket_ping 2s;',
    '/idle'  => 'coderemote_websocket_idle 300ms;',
    '/quiet' => 'coderemote_websocket_idle 0; coderemote_websocket_ping 0;',
);

my $server = CodeRemote::Server->new(
    server => join "\n", map { "location = $_ { coderemote_websocket;"
                               . " $locations{$_} }" } sort keys %locations,
)->start;


sub ws {
    my (%opt) = @_;

    return CodeRemote::Frames->connect(port => $server->{port}, %opt);
}


# Writes it, whole and byte by byte, to a connection each.  Answers what must
# be the same both times.

sub says {
    my ($bytes, @expected) = @_;

    my $name = pop @expected;

    for my $chop (undef, 1) {
        my $ws = ws();

        $ws->write($bytes, $chop);
        is_deeply([$ws->rest], \@expected,
                  $name . ($chop ? ', byte by byte' : ''));
        is($ws->{over}, 'end', "$name: and the connection ends");
    }
}


# --- Unmasked, reserved, malformed

my $ping = say_ping();

says(frame(TEXT, $ping, mask => ''),
     'close 1002 a frame is not masked', 'an unmasked frame');
says(frame(PING, '', mask => ''),
     'close 1002 a frame is not masked', 'an unmasked ping without payload');
says(frame(TEXT, 'x' x 300, mask => ''),
     'close 1002 a frame is not masked', 'an unmasked longer frame');

says(frame(TEXT, $ping, rsv => $_),
     'close 1002 a reserved bit is set', "reserved bits $_") for 1 .. 7;
says(frame(PING, '', rsv => 4),
     'close 1002 a reserved bit is set', 'a reserved bit of a ping');

says(frame($_, 'x'), 'close 1002 the opcode is reserved', "opcode $_")
    for 3 .. 7, 11 .. 15;

says(frame(TEXT, 'x' x $_->[0], form => $_->[1]),
     'close 1002 the header of a frame is malformed',
     "a length of $_->[0] in $_->[1] bytes")
    for [0, 3], [125, 3], [0, 9], [125, 9], [126, 9], [65535, 9];

says(frame(TEXT, '', form => 9, length => 1 << 63),
     'close 1002 the header of a frame is malformed',
     'a length with its highest bit set');

says(frame(BINARY, ''), 'close 1003 messages are text', 'a binary message');
says(frame(BINARY, 'x', fin => 0), 'close 1003 messages are text',
     'the beginning of a binary message');


# --- Control frames

says(frame($_, 'x' x 126), 'close 1002 the header of a frame is malformed',
     "opcode $_ of 126 bytes") for CLOSE, PING, PONG;
says(frame($_, '', fin => 0), 'close 1002 the header of a frame is malformed',
     "opcode $_ in fragments") for CLOSE, PING, PONG;

says(frame(PING, 'x' x 125) . close_frame(1000), 'pong ' . 'x' x 125,
     'close 1000', 'a ping of 125 bytes');
says(frame(PONG, 'x' x 125) . close_frame(1000), 'close 1000',
     'a pong that nobody asked for');


# --- Fragments

my @parts = (substr($ping, 0, 5), '', substr($ping, 5, 5), substr $ping, 10);

is_deeply([do { my $ws = ws(); $ws->write(join('', fragments(@parts)), $_);
                $ws->goodbye }],
          ['pong', 'close 1000'], 'fragments, ' . ($_ // 'all') . ' at a time')
    for undef, 1, 2, 7;

subtest 'control frames between fragments' => sub {
    my $ws = ws();
    my @fragments = fragments(@parts);

    for my $i (0 .. $#fragments) {
        $ws->write(frame(PING, "p$i"));
        is($ws->next, "pong p$i", "a ping before fragment $i");
        $ws->write($fragments[$i]);
        $ws->write(frame(PONG, 'x'));
    }

    is_deeply([$ws->goodbye], ['pong', 'close 1000'], 'the message is whole');
};

says(frame(CONT, 'x'), 'close 1002 there is no message to continue',
     'a fragment of nothing');
says(frame(TEXT, 'x', fin => 0) . frame(TEXT, 'y'),
     'close 1002 a message begins within another', 'a message in a message');


# --- Text

my $bad = 'close 1007 the text is not UTF-8';

says(frame(TEXT, "\xff"), $bad, 'no UTF-8');
says(frame(TEXT, "abc\xed\xa0\x80"), $bad, 'a surrogate');
says(frame(TEXT, "abc\xc3"), $bad, 'a character that is cut off');
says(frame(TEXT, "\xc3", fin => 0) . frame(CONT, "\xc3"), $bad,
     'a character that another fragment continues wrongly');
says(frame(TEXT, "x\xf4\x90", fin => 0, length => 1000), $bad,
     'what cannot become UTF-8 any more, in a frame that has only begun');


# --- Sizes

for my $case ([1024, 'pong', 'close 1000'], [1025, 'close 1009']) {
    my ($bytes, @expected) = @$case;

    for my $pieces (1, 2, 10) {
        my $text = say_ping($bytes);
        my $n = int $bytes / $pieces;
        my @list = map { substr $text, $_ * $n,
                         $_ == $pieces - 1 ? $bytes : $n } 0 .. $pieces - 1;

        my $ws = CodeRemote::Frames->open(port => $server->{port});

        $ws->write(CodeRemote::Frames::request() =~ s{/ws}{/small}r);
        $ws->opened or die $ws->{head};
        $ws->write(join '', fragments(@list));

        is_deeply([$ws->goodbye], \@expected,
                  "$bytes bytes of 1024 in $pieces frames");
    }
}

says(frame(TEXT, 'x', length => $_), 'close 1009 the message is too big',
     "a frame that tells of $_ bytes")
    for 256 * 1024 + 1, 1 << 31, 1 << 32, (1 << 63) - 1;

subtest 'memory grows with what comes, not with what is told of' => sub {
    my @workers = $server->workers;
    my $before = CodeRemote::Procs::rss(@workers);

    my @ws = map { ws() } 1 .. 200;

    $_->write(substr frame(TEXT, 'x', length => 256 * 1024), 0, 15) for @ws;

    # each has taken it once it answered a ping on a connection of its own
    ok((grep { my $w = ws(); $w->write(frame(PING, '')); $w->next } 1 .. 20),
       'the others are served');

    my $grown = CodeRemote::Procs::rss(@workers) - $before;

    cmp_ok($grown, '<', 200 * 32 * 1024, "$grown bytes for 200 connections");
};


# --- The end

says(close_frame(@$_), $_->[0] ? "close $_->[0]" : 'close',
     'Close ' . join ' ', map { $_ // '(none)' } @$_)
    for [], [1000], [1001, 'bye'], [1011, "\xc3\xa4" x 61], [1012], [1014],
        [3000], [4999, 'x' x 123];

says(close_frame($_), 'close 1002 the code of a Close is not valid',
     "Close $_")
    for 0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535;

says(frame(CLOSE, "\x03"), 'close 1002 the code of a Close is cut off',
     'a Close of one byte');
says(close_frame(1000, "\xff"),
     'close 1007 the reason of a Close is not UTF-8', 'a reason that is none');
says(close_frame(1000, "abc\xe2\x82"),
     'close 1007 the reason of a Close is not UTF-8', 'a reason that is cut');

says(close_frame(1000) . frame(PING, 'x') . frame(TEXT, $ping)
     . close_frame(1001), 'close 1000', 'nothing counts after a Close');
says(frame(TEXT, substr($ping, 0, 5), fin => 0) . close_frame(1000),
     'close 1000', 'a Close within a message');

subtest 'a client that goes without a word' => sub {
    my $ws = ws();

    $ws->write(frame(TEXT, $ping, length => 100));
    close $ws->{sock};

    my $log;
    ok(wait_for(sub { ($log) = $server->access_log =~ /("GET \/ws .*)\n\z/ }),
       'has its line in the log');
};


# --- Time

sub at {
    my ($path) = @_;

    my $ws = CodeRemote::Frames->open(port => $server->{port});

    $ws->write(CodeRemote::Frames::request() =~ s{/ws}{$path}r);
    $ws->opened or die $ws->{head};

    return $ws;
}

subtest 'pings' => sub {
    my $ws = at('/ping');

    for (1 .. 3) {
        is($ws->next, 'ping', 'a silent client is asked');
        $ws->write(frame(PONG, ''));
    }

    is_deeply([$ws->goodbye], ['close 1000'], 'one that answers stays');

    $ws = at('/ping');
    is_deeply([$ws->rest], ['ping'], 'one that does not is asked once');
    is($ws->{over}, 'end', 'and let go');
};

subtest 'pings of many' => sub {
    my @ws = map { at('/slow') } 1 .. 20;
    my $n = 0;
    my %order;

    ok(wait_for(sub {
        for my $i (grep { !defined $order{$_} } 0 .. $#ws) {
            $order{$i} = $n++
                if IO::Select->new($ws[$i]{sock})->can_read(0);
        }

        return keys %order == @ws;
    }), 'all are asked');

    isnt(join(' ', sort { $order{$a} <=> $order{$b} } keys %order),
         join(' ', 0 .. $#ws), 'not in the order in which they came');

    is_deeply([map { $_->next } @ws], [('ping') x @ws], 'once each');
};

subtest 'idle connections' => sub {
    is_deeply([at('/idle')->rest], ['close 1000 idle'], 'are closed');
};

subtest 'timers that are off' => sub {
    my $ws = at('/quiet');

    is_deeply([at('/idle')->rest], ['close 1000 idle'], 'while others end');
    is_deeply([$ws->goodbye], ['close 1000'], 'there is neither');
};


# --- Floods

# A client that reads nothing, and fills every buffer on the way: with pings,
# whose pongs it does not want, or with messages.  When it reads again nothing
# is missing.

for my $case (['pings', frame(PING, 'x' x 100), qr/\Apong x{100}\z/],
              ['messages', frame(TEXT, $ping), qr/\Atext \{"type":"pong"/],
              ['empty pings', frame(PING, ''), qr/\Apong\z/])
{
    my ($name, $frame, $like) = @$case;

    subtest "a flood of $name" => sub {
        my $ws = ws();
        my $flood = $frame x 1000;
        my ($sent, $part, $before) = (0, '', 0);
        my @workers = $server->workers;

        # until it is not taken any more for a while

        my $select = IO::Select->new($ws->{sock});

        for ( ;; ) {
            $part = $flood if $part eq '';
            my $n = send $ws->{sock}, $part, 0;

            if ($n) {
                substr($part, 0, $n) = '';
                $sent += $n;
                $before ||= CodeRemote::Procs::rss(@workers);
                last if $sent > 512 * 1024 * 1024;
                next;
            }

            last unless $select->can_write(0.5 * CodeRemote::Env::slow());
        }

        my $grown = CodeRemote::Procs::rss(@workers) - $before;

        cmp_ok($sent, '<', 512 * 1024 * 1024, 'is held up');

        SKIP: {
            skip 'valgrind keeps what is freed', 1
                if CodeRemote::Env::valgrind();

            cmp_ok($grown, '<', 4 * 1024 * 1024,
                   "and costs little memory: $grown bytes for $sent");
        }

        my $other = ws();
        $other->write(frame(TEXT, $ping));
        is_deeply([$other->goodbye], ['pong', 'close 1000'],
                  'others are served');

        # what is left of the frame that was cut

        my $frames = int(($sent + length $frame) / length $frame);
        my $rest = $frames * length($frame) - $sent;
        my $good = 0;
        my $tail = substr $frame, length($frame) - $rest;

        while ($good < $frames) {
            my $next = $ws->next // last;
            $next =~ $like or last;
            $good++;

            if ($tail ne '') {
                my $n = send $ws->{sock}, $tail, 0;
                substr($tail, 0, $n) = '' if $n;
            }
        }

        is($good, $frames, "each of $frames is answered");
        is_deeply([$ws->goodbye], ['close 1000'], 'and it ends well');
    };
}


# --- The server's end

for my $signal ('HUP', 'QUIT', 'TERM') {
    subtest "$signal with open connections" => sub {
        $server->start unless $server->{pid};

        my @ws = map { ws() } 1 .. 20;
        $_->write(frame(PING, '')), $_->next for @ws;

        my @old = $server->workers;
        my $pid = $server->{pid};

        $signal eq 'HUP' ? $server->reload : kill $signal => $pid;

        is_deeply([map { CodeRemote::Frames::gist($_->next // '') } @ws],
                  [('close 1001') x @ws], 'every client gets Close 1001');

        $_->write(close_frame(1001)) for @ws;

        is((grep { $_->rest } @ws), 0, 'and nothing more');

        ok(wait_for(sub { !grep { CodeRemote::Procs::alive($_) } @old }),
           'the workers go');

        if ($signal eq 'HUP') {
            my $ws = ws();
            $ws->write(frame(TEXT, $ping));
            is_deeply([$ws->goodbye], ['pong', 'close 1000'],
                      'new ones are served');

        } else {
            ok(wait_for(sub { !CodeRemote::Procs::alive($pid) }), 'all of it');
            delete $server->{pid};
        }
    };
}

$server->start;
$server->finish;

done_testing();
