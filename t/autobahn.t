# The cases of the Autobahn test suite for WebSocket servers, as frames that
# are written by hand; docs/AUTOBAHN.md is their table.
#
# This server echoes nothing.  That a message arrived whole is shown by its
# being answered: {"action":"ping"}, with blanks up to the size of the case, by
# a pong, and a text that is no JSON by an error; which of them is told by
# `text`, where the case's own text does not matter.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Env;
use CodeRemote::Frames qw( :all );
use CodeRemote::Procs;
use CodeRemote::Server;

my $server = CodeRemote::Server->new(
    server => 'coderemote_websocket_message 16m;')->start;

# by number: what is sent, an array of pieces of which each is written in one
# go, and what is answered until the end; where no Close is expected but 1000,
# the client says it in the end
my %cases;

my $text = frame(TEXT, 'Hello, world!');
my $say = frame(TEXT, say_ping());
my $done = 'close 1000';


sub case {
    my ($number, $send, @expected) = @_;

    die "$number is there twice\n" if $cases{$number};

    $cases{$number} = [ref $send ? $send : [$send], @expected];
}


# The same as it is, frame by frame, and byte by byte.

sub cases {
    my ($numbers, $send, @expected) = @_;

    case($numbers->[0], join('', @$send), @expected);
    case($numbers->[1], $send, @expected) if $numbers->[1];
    case($numbers->[2], [split //, join '', @$send], @expected)
        if $numbers->[2];
}


sub chopped {
    my ($bytes, $n) = @_;

    return [unpack "(a$n)*", $bytes];
}


sub pieces {
    my ($string, $n) = @_;

    return fragments(unpack "(a$n)*", $string);
}

# 1: framing

my @sizes = (0, 125, 126, 127, 128, 65535, 65536);

for my $i (0 .. $#sizes) {
    my $n = $sizes[$i];

    case('1.1.' . ($i + 1), frame(TEXT, $n ? say_ping($n) : ''),
         $n ? 'pong' : 'error', $done);
    case('1.2.' . ($i + 1), frame(BINARY, "\xfe" x $n), 'close 1003');
}

case('1.1.8', chopped(frame(TEXT, say_ping(65536)), 997), 'pong', $done);
case('1.2.8', chopped(frame(BINARY, "\xfe" x 65536), 997), 'close 1003');

# 2: pings and pongs

my $binary = "\x00\xff\xfe\xfd\xfc\xfb\x00\xff";

case('2.1', frame(PING, ''), 'pong', $done);
case('2.2', frame(PING, 'Hello, world!'), 'pong Hello, world!', $done);
case('2.3', frame(PING, $binary), "pong $binary", $done);
case('2.4', frame(PING, "\xfe" x 125), 'pong ' . "\xfe" x 125, $done);
case('2.5', frame(PING, "\xfe" x 126), 'close 1002');
case('2.6', chopped(frame(PING, "\xfe" x 125), 1), 'pong ' . "\xfe" x 125,
     $done);
case('2.7', frame(PONG, ''), $done);
case('2.8', frame(PONG, 'unsolicited'), $done);
case('2.9', frame(PONG, 'unsolicited') . frame(PING, 'ping'), 'pong ping',
     $done);

my @ten = map { "payload-$_" } 0 .. 9;

case('2.10', join('', map { frame(PING, $_) } @ten),
     (map { "pong $_" } @ten), $done);
case('2.11', chopped(join('', map { frame(PING, $_) } @ten), 1),
     (map { "pong $_" } @ten), $done);

# 3: reserved bits

case('3.1', frame(TEXT, 'Hello, world!', rsv => 1), 'close 1002');
case('3.2', $say . frame(TEXT, 'x', rsv => 2) . frame(PING, ''),
     'pong', 'close 1002');
case('3.3', [$say, frame(TEXT, 'x', rsv => 3), frame(PING, '')],
     'pong', 'close 1002');
case('3.4', chopped($say . frame(TEXT, 'x', rsv => 4) . frame(PING, ''), 1),
     'pong', 'close 1002');
case('3.5', frame(BINARY, $binary, rsv => 5), 'close 1002');
case('3.6', frame(PING, 'Hello, world!', rsv => 6), 'close 1002');
case('3.7', frame(CLOSE, '', rsv => 7), 'close 1002');

# 4: opcodes

for my $first (3, 11) {
    my $group = $first == 3 ? '4.1' : '4.2';

    case("$group.1", frame($first, ''), 'close 1002');
    case("$group.2", frame($first + 1, 'reserved'), 'close 1002');
    case("$group.3", $say . frame($first + 2, '') . frame(PING, ''),
         'pong', 'close 1002');
    case("$group.4", [$say, frame($first + 3, 'reserved'), frame(PING, '')],
         'pong', 'close 1002');
    case("$group.5", chopped($say . frame($first + 4, 'reserved')
                             . frame(PING, ''), 1), 'pong', 'close 1002');
}

# 5: fragmentation

my ($one, $two) = (substr(say_ping(), 0, 9), substr say_ping(), 9);
my ($begin, $end) = fragments($one, $two);

case('5.1', frame(PING, 'fragment1', fin => 0) . frame(CONT, 'fragment2'),
     'close 1002');
case('5.2', frame(PONG, 'fragment1', fin => 0) . frame(CONT, 'fragment2'),
     'close 1002');
cases(['5.3', '5.4', '5.5'], [$begin, $end], 'pong', $done);
cases(['5.6', '5.7', '5.8'], [$begin, frame(PING, 'ping'), $end],
      'pong ping', 'pong', $done);
cases(['5.9', '5.10', '5.11'], [frame(CONT, 'x'), $text], 'close 1002');
cases(['5.12', '5.13', '5.14'], [frame(CONT, 'x', fin => 0), $text],
      'close 1002');
case('5.15', $begin . $end . frame(CONT, 'x', fin => 0) . $text,
     'pong', 'close 1002');
case('5.16', [(frame(CONT, 'x', fin => 0) . $text) x 2], 'close 1002');
case('5.17', [(frame(CONT, 'x') . $text) x 2], 'close 1002');
case('5.18', frame(TEXT, $one, fin => 0) . frame(TEXT, $two), 'close 1002');

my @five = fragments(unpack '(a4)4 a*', say_ping());

cases(['5.19', '5.20'],
      [@five[0, 1], frame(PING, 'pongme 1!'), @five[2, 3],
       frame(PING, 'pongme 2!'), $five[4]],
      'pong pongme 1!', 'pong pongme 2!', 'pong', $done);

# 6: UTF-8

case('6.1.1', frame(TEXT, ''), 'error', $done);
case('6.1.2', join('', fragments('', '', '')), 'error', $done);
case('6.1.3', join('', fragments('', say_ping(), '')), 'pong', $done);

my $hello = "Hello-\xc2\xb5\xc3\x9f\xc3\xb6\xc3\xa4\xc3\xbc\xc3\xa0\xc3\xa1"
            . '-UTF-8!!';
my $kosme = "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5";
my $surrogate = "\xed\xa0\x80";

case('6.2.1', frame(TEXT, $hello), 'error', $done);
case('6.2.2', join('', fragments(substr($hello, 0, 12), substr $hello, 12)),
     'error', $done);
case('6.2.3', join('', pieces($hello, 1)), 'error', $done);
case('6.2.4', join('', pieces($kosme, 1)), 'error', $done);
case('6.3.1', frame(TEXT, "$kosme${surrogate}edited"), 'close 1007');
case('6.3.2', join('', pieces("$kosme${surrogate}edited", 1)), 'close 1007');

# refused as soon as it shows: the rest is never sent
case('6.4.1', [frame(TEXT, $kosme, fin => 0),
               frame(CONT, "\xf4\x90\x80\x80", fin => 0)], 'close 1007');
case('6.4.2', [frame(TEXT, "$kosme\xf4", fin => 0),
               frame(CONT, "\x90", fin => 0)], 'close 1007');

my $late = frame(TEXT, "$kosme\xf4\x90\x80\x80edited");

case('6.4.3', [substr($late, 0, 6 + 11), substr $late, 6 + 11, 4],
     'close 1007');
case('6.4.4', [substr($late, 0, 6 + 12), substr $late, 6 + 12, 1],
     'close 1007');

# by group: valid ones, after a '!' those that are not; a number repeats it
my @utf8 = (
    [qw( 68656c6c6f24776f726c64 68656c6c6fc2a2776f726c64
         68656c6c6fe282ac776f726c64 68656c6c6ff0a4ada2776f726c64
         cebae1bdb9cf83cebcceb5 )],
    [qw( !ce ceba !cebae1 !cebae1bd cebae1bdb9 !cebae1bdb9cf cebae1bdb9cf83
         !cebae1bdb9cf83ce cebae1bdb9cf83cebc !cebae1bdb9cf83cebcce
         cebae1bdb9cf83cebcceb5 )],
    [qw( 00 c280 e0a080 f0908080 )],
    [qw( !f888808080 !fc8480808080 )],
    [qw( 7f dfbf efbfbf f48fbfbf )],
    [qw( !f7bfbfbf !fbbfbfbfbf !fdbfbfbfbfbf )],
    [qw( ed9fbf ee8080 efbfbd f48fbfbf !f4908080 )],
    [qw( !80 !bf !80bf !80bf80 !80bf80bf !80bf80bf80 !80bf80bf80bf ),
     '!' . join '', map { sprintf '%02x', $_ } 0x80 .. 0xbe],
    [map { my ($low, $high) = @$_;
           '!' . join '', map { sprintf '%02x20', $_ } $low .. $high - 1 }
         [0xc0, 0xdf], [0xe0, 0xef], [0xf0, 0xf7], [0xf8, 0xfb],
         [0xfc, 0xfd]],
    [qw( !c0 !e080 !f08080 !f8808080 !fc80808080 !df !efbf !f7bfbf !fbbfbfbf
         !fdbfbfbfbf )],
    [qw( !c0e080f08080f8808080fc80808080dfefbff7bfbffbbfbfbffdbfbfbfbf )],
    [qw( !fe !ff !fefeffff )],
    [qw( !c0af !e080af !f08080af !f8808080af !fc80808080af )],
    [qw( !c1bf !e09fbf !f08fbfbf !f887bfbfbf !fc83bfbfbfbf )],
    [qw( !c080 !e08080 !f0808080 !f880808080 !fc8080808080 )],
    [qw( !eda080 !edadbf !edae80 !edafbf !edb080 !edbe80 !edbfbf )],
    [map { my $high = $_; map { "!$high$_" } qw( edb080 edbfbf ) }
         qw( eda080 edadbf edae80 edafbf )],
    [qw( efbfbe efbfbf ),
     map { my $plane = $_; map { "${plane}bf$_" } qw( be bf ) }
         qw( f09f f0af f0bf f18f f19f f1af f1bf f28f f29f f2af f2bf f38f f39f
             f3af f3bf f48f )],
    [qw( efbfb9 efbfba efbfbb efbfbc efbfbd efbfbe efbfbf )],
);

for my $group (0 .. $#utf8) {
    my $i = 0;

    for my $hex (@{ $utf8[$group] }) {
        my $bad = $hex =~ s/^!//;

        case('6.' . ($group + 5) . '.' . ++$i,
             frame(TEXT, pack 'H*', $hex), $bad ? 'close 1007'
                                                : ('error', $done));
    }
}

# 7: the closing handshake

my $close = close_frame(1000);

case('7.1.1', $say . $close, 'pong', $done);
case('7.1.2', $close . $close, $done);
case('7.1.3', $close . frame(PING, ''), $done);
case('7.1.4', $close . $text, $done);
case('7.1.5', $begin . $close . $end, $done);
case('7.1.6', frame(TEXT, say_ping(256 * 1024)) . $text . $close
              . frame(PING, ''), 'pong', 'error', $done);
case('7.3.1', close_frame(), 'close');
case('7.3.2', frame(CLOSE, 'a'), 'close 1002');
case('7.3.3', close_frame(1000), $done);
case('7.3.4', close_frame(1000, 'Hello World!'), $done);
case('7.3.5', close_frame(1000, '*' x 123), $done);
case('7.3.6', close_frame(1000, '*' x 124), 'close 1002');
case('7.5.1', close_frame(1000, "$kosme${surrogate}edited"), 'close 1007');

my @valid = (1000 .. 1003, 1007 .. 1011, 3000, 3999, 4000, 4999);
my @invalid = (0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999);

case('7.7.' . ($_ + 1), close_frame($valid[$_]), "close $valid[$_]")
    for 0 .. $#valid;
case('7.9.' . ($_ + 1), close_frame($invalid[$_]), 'close 1002')
    for 0 .. $#invalid;
case('7.13.1', close_frame(5000), 'close 1002');
case('7.13.2', close_frame(65535), 'close 1002');

# 9: limits

my $mega = 1024 * 1024;
my @large = (65536, 262144, $mega, 4 * $mega, 8 * $mega, 16 * $mega);

for my $i (0 .. $#large) {
    case('9.1.' . ($i + 1), frame(TEXT, say_ping($large[$i])), 'pong', $done);
    case('9.2.' . ($i + 1), frame(BINARY, "\xfe" x $large[$i]),
         'close 1003');
}

my $four = say_ping(4 * $mega);

for my $i (0 .. 8) {
    my $n = 64 << 2 * $i;

    case('9.3.' . ($i + 1), join('', pieces($four, $n)), 'pong', $done);
    case('9.4.' . ($i + 1), frame(BINARY, "\xfe" x $n, fin => 0),
         'close 1003');
}

for my $i (0 .. 5) {
    my $n = 64 << $i;

    case('9.5.' . ($i + 1), chopped(frame(TEXT, say_ping($mega)), $n),
         'pong', $done);
    case('9.6.' . ($i + 1), chopped(frame(BINARY, "\xfe" x $mega), $n),
         'close 1003');
}

my @trips = (0, 16, 64, 256, 1024, 4096);

for my $i (0 .. $#trips) {
    my $n = $trips[$i];

    case('9.7.' . ($i + 1), frame(TEXT, $n > 16 ? say_ping($n) : ' ' x $n)
                            x 1000,
         ($n > 16 ? 'pong' : 'error') x 1000, $done);
    case('9.8.' . ($i + 1), frame(BINARY, "\xfe" x $n) x 1000, 'close 1003');
}

# 10: fragments of a message that was cut automatically

case('10.1.1', join('', pieces(say_ping(65536), 1300)), 'pong', $done);


sub by_number {
    my @x = split /\./, $_[0];
    my @y = split /\./, $_[1];

    while (@x && @y) {
        my $c = shift(@x) <=> shift @y;
        return $c if $c;
    }

    return @x <=> @y;
}


for my $number (sort { by_number($a, $b) } keys %cases) {
    my ($send, @expected) = @{ $cases{$number} };

    my $ws = CodeRemote::Frames->connect(port => $server->{port});

    $ws->write($_) or last for @$send;
    $ws->write($close) if $expected[-1] eq $done;

    is_deeply([CodeRemote::Frames::gist($ws->rest)], \@expected, $number)
        or diag("over: $ws->{over}");
}


# The table has them all, and says of none that it is tested that is not.

my %told;

for my $line (split /\n/, CodeRemote::Procs::slurp(
                  CodeRemote::Env::root_dir() . '/docs/AUTOBAHN.md'))
{
    my ($first, $last, $what) = $line
        =~ /^\| (\d[\d.]*)(?: to (\d[\d.]*))? \|.*\| (\S+)[^|]* \|$/ or next;

    my ($group, $from) = $first =~ /^(.*)\.(\d+)$/;
    my ($to) = ($last // $first) =~ /(\d+)$/;

    $told{"$group.$_"} = $what for $from .. $to;
}

is_deeply([grep { $told{$_} eq 'tested' } sort { by_number($a, $b) }
           keys %told],
          [sort { by_number($a, $b) } keys %cases], 'docs/AUTOBAHN.md');

$server->finish;

done_testing();
