package CodeRemote::Frames;

# A WebSocket client that sends what it is told to, right or wrong, byte by
# byte if need be, and tells what came back.
#
#   my $ws = CodeRemote::Frames->connect(port => 8080);
#   $ws->write(frame(PING, 'abc'));
#   $ws->next;                      # 'pong abc'
#   $ws->rest;                      # all until the end: ('close 1000 bye')
#
# A frame that came is told in words: its opcode's name and, after a blank, its
# payload; of a Close first the code.  What a server must not send is dead.

use strict;
use warnings;

use Digest::SHA qw( sha1_base64 );
use Errno qw( EAGAIN EINTR EWOULDBLOCK );
use Exporter qw( import );
use IO::Select;
use IO::Socket::INET;
use Socket qw( IPPROTO_TCP MSG_NOSIGNAL TCP_NODELAY );
use Time::HiRes qw( time );

use CodeRemote::Env ();

use constant { CONT => 0, TEXT => 1, BINARY => 2, CLOSE => 8, PING => 9,
               PONG => 10 };

our @EXPORT_OK = qw( CONT TEXT BINARY CLOSE PING PONG close_frame fragments
                     frame say_ping );
our %EXPORT_TAGS = (all => \@EXPORT_OK);

my %names = (CONT, 'cont', TEXT, 'text', BINARY, 'binary', CLOSE, 'close',
             PING, 'ping', PONG, 'pong');

my $key = 'dGhlIHNhbXBsZSBub25jZQ==';


# Options: fin, rsv, mask ('' for none), form (bytes that the length takes: 1,
# 3, 9; as few as possible), length (that is told instead of the true one).

sub frame {
    my ($opcode, $payload, %opt) = @_;

    my $mask = $opt{mask} // "\x37\xfa\x21\x3d";
    my $length = $opt{length} // length $payload;
    my $form = $opt{form} // ($length < 126 ? 1 : $length < 65536 ? 3 : 9);

    my $head = pack 'CC', ($opt{fin} // 1) << 7 | ($opt{rsv} // 0) << 4
                          | $opcode,
                          ($mask eq '' ? 0 : 0x80)
                          | ($form == 1 ? $length : $form == 3 ? 126 : 127);

    $head .= pack 'n', $length if $form == 3;
    $head .= pack 'Q>', $length if $form == 9;

    return $head . $payload if $mask eq '';

    my $n = length $payload;

    return $head . $mask . ($payload ^ substr $mask x ($n / 4 + 1), 0, $n);
}


sub close_frame {
    my ($code, $reason) = @_;

    return frame(CLOSE, defined $code ? pack('n', $code) . ($reason // '')
                                      : '');
}


# A message that is answered by a pong when all of it came; of so many bytes.

sub say_ping {
    my ($bytes) = @_;

    my $blanks = ($bytes // 0) - length '{"action":"ping"}';

    return '{"action":"ping"' . ' ' x ($blanks > 0 ? $blanks : 0) . '}';
}


# A text message in fragments.

sub fragments {
    my @parts = @_;

    return map { frame($_ == 0 ? TEXT : CONT, $parts[$_],
                       fin => $_ == $#parts) } 0 .. $#parts;
}


# The headers of a handshake.

sub headers {
    my (%more) = @_;

    return (Host => 'localhost', Upgrade => 'websocket',
            Connection => 'Upgrade', 'Sec-WebSocket-Version' => 13,
            'Sec-WebSocket-Key' => $key, %more);
}


sub request {
    my (%more) = @_;

    my %headers = headers(%more);

    return "GET /ws HTTP/1.1\r\n"
           . join('', map { my $name = $_;
                            map { "$name: $_\r\n" }
                            ref $headers{$name} ? @{ $headers{$name} }
                                                : $headers{$name} }
                      grep { defined $headers{$_} } sort keys %headers)
           . "\r\n";
}


# Options: port, headers (an array: several of that name), early (bytes that
# come with the handshake).  Dies when it is not a WebSocket then.

sub connect {
    my ($class, %opt) = @_;

    my $self = $class->open(%opt);

    $self->write(request(%{ $opt{headers} || {} }) . ($opt{early} // ''));

    $self->opened or die "no WebSocket: $self->{head}\n";

    return $self;
}


# Only connects.

sub open {
    my ($class, %opt) = @_;

    my $sock = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                     PeerPort => $opt{port},
                                     Timeout => 10 * CodeRemote::Env::slow())
        or die "connect: $@\n";

    setsockopt $sock, IPPROTO_TCP, TCP_NODELAY, 1;
    $sock->blocking(0);

    return bless { sock => $sock, in => '', head => '', over => '' }, $class;
}


# Whether it became a WebSocket.

sub opened {
    my ($self) = @_;

    until ($self->{in} =~ /\r\n\r\n/) {
        $self->fill or last;
    }

    $self->{in} =~ s/\A(.*?\r\n)\r\n//s or return 0;
    $self->{head} = $1;

    my $accept = sha1_base64($key . '258EAFA5-E914-47DA-95CA-C5AB0DC85B11');

    return $self->{head} =~ m{\AHTTP/1\.1 101 }
           && $self->{head} =~ /^Upgrade: websocket\r$/mi
           && $self->{head} =~ /^Connection: upgrade\r$/mi
           && $self->{head} =~ /^Sec-WebSocket-Accept: \Q$accept=\E\r$/m;
}


# Writes all of it, `chop` bytes at a time.  0: the peer does not take it; it
# then still may have said why.

sub write {
    my ($self, $bytes, $chop) = @_;

    my $end = time + 30 * CodeRemote::Env::slow();
    my $select = IO::Select->new($self->{sock});
    my $at = 0;

    while ($at < length $bytes) {
        my $piece = substr $bytes, $at, $chop // 262_144;
        my $n = send $self->{sock}, $piece, MSG_NOSIGNAL;

        if (defined $n) {
            $at += $n;
            next;
        }

        return 0 unless $! == EAGAIN || $! == EWOULDBLOCK || $! == EINTR;
        return 0 if time > $end;

        $select->can_write(0.1);
    }

    return 1;
}


# Reads on.  0: it is over, and $self->{over} says how.

sub fill {
    my ($self) = @_;

    my $end = time + 10 * CodeRemote::Env::slow();
    my $select = IO::Select->new($self->{sock});

    for ( ;; ) {
        my $n = sysread $self->{sock}, $self->{in}, 65536, length $self->{in};

        return 1 if $n;

        if (defined $n) {
            $self->{over} = 'end';
            return 0;
        }

        unless ($! == EAGAIN || $! == EWOULDBLOCK || $! == EINTR) {
            $self->{over} = "$!";
            return 0;
        }

        if (time > $end) {
            $self->{over} = 'nothing comes';
            return 0;
        }

        $select->can_read(0.1);
    }
}


# The next frame in words; undef: there is none.

sub next {
    my ($self) = @_;

    for ( ;; ) {
        my $frame = $self->parse;

        return $frame if defined $frame;
        return undef unless $self->fill;
    }
}


sub parse {
    my ($self) = @_;

    return undef if length $self->{in} < 2;

    my ($first, $length) = unpack 'CC', $self->{in};
    my $head = 2;

    die sprintf "a frame begins with %02x%02x\n", $first, $length
        if !($first & 0x80) || $first & 0x70 || $length & 0x80
           || !$names{$first & 15};

    if ($length > 125) {
        $head = $length == 126 ? 4 : 10;
        return undef if length $self->{in} < $head;

        $length = unpack $head == 4 ? 'x2 n' : 'x2 Q>', $self->{in};
        die "the length $length takes too many bytes\n"
            if $length < ($head == 4 ? 126 : 65536);
    }

    return undef if length $self->{in} < $head + $length;

    my $payload = substr $self->{in}, $head, $length;
    substr($self->{in}, 0, $head + $length) = '';

    my $name = $names{$first & 15};

    if ($name eq 'close' && $length) {
        die "a Close of one byte\n" if $length == 1;
        $payload = join ' ', unpack('n', $payload),
                             length $payload > 2 ? substr $payload, 2 : ();
    }

    return $payload eq '' ? $name : "$name $payload";
}


# All frames until the end.

sub rest {
    my ($self) = @_;

    my @frames;

    while (defined(my $frame = $self->next)) {
        push @frames, $frame;
    }

    return @frames;
}


# The same as frames that answer, shortly: what kind of message, what code.

sub gist {
    return map { /^(close \d+)/ ? $1
                 : /^text \{"type":"(\w+)"/ ? $1 : $_ } @_;
}


# Says goodbye and answers all until the end, shortly.

sub goodbye {
    my ($self) = @_;

    $self->write(close_frame(1000));

    return gist($self->rest);
}


1;
