package CodeRemote::WebSocket;

# A client of /ws: one connection, read only when the test asks for something,
# so that it can also be one that does not read.
#
#   my $ws = CodeRemote::WebSocket->new(port => 8080);
#
#   my $id = $ws->execute(code => 'print(1)');      # its job_id
#   my $m = $ws->want('job.output', $id);           # the next such message
#   $ws->say(action => 'stdin', job_id => $id, data => "x\n");
#   $ws->result($id)->{result}{stdout}
#   $ws->of($id)                                    # all that came of it
#
# Frames are masked and whole; what the server sends must be whole text frames
# of UTF-8, or Close.

use strict;
use warnings;

use Digest::SHA qw( sha1_base64 );
use Errno qw( EAGAIN EINTR EWOULDBLOCK );
use IO::Poll qw( POLLIN POLLOUT );
use IO::Socket::INET;
use JSON::PP ();
use MIME::Base64 qw( encode_base64 );
use Socket qw( MSG_NOSIGNAL SOL_SOCKET SO_RCVBUF );
use Time::HiRes qw( time );

use CodeRemote::Env ();

my $json = JSON::PP->new->utf8->allow_nonref->canonical;


# Options: port, path, headers, buffer (bytes that the kernel may keep of what
# is not read), timeout.  Dies when there is no handshake.

sub new {
    my ($class, %opt) = @_;

    my @buffer = defined $opt{buffer}
               ? (Sockopts => [[SOL_SOCKET, SO_RCVBUF, $opt{buffer}]]) : ();

    my $sock = IO::Socket::INET->new(Proto => 'tcp', PeerAddr => '127.0.0.1',
                                     PeerPort => $opt{port}, @buffer)
        or die "connect: $!\n";

    $sock->blocking(0);

    my $self = bless { sock => $sock, in => '', out => '', messages => [],
                       timeout => $opt{timeout} || 20 }, $class;

    $self->shake_hands($opt{path} || '/ws', %{ $opt{headers} || {} });

    return $self;
}


sub shake_hands {
    my ($self, $path, %headers) = @_;

    my $key = encode_base64(join('', map { chr int rand 256 } 1 .. 16), '');

    %headers = (Host => 'localhost', Upgrade => 'websocket',
                Connection => 'Upgrade', 'Sec-WebSocket-Version' => 13,
                'Sec-WebSocket-Key' => $key, %headers);

    $self->{out} = "GET $path HTTP/1.1\r\n"
                   . join('', map { "$_: $headers{$_}\r\n" } sort keys %headers)
                   . "\r\n";

    $self->{raw} = 1;
    $self->pump(sub { $self->{in} =~ /\r\n\r\n/ || $self->{closed} });
    $self->{raw} = 0;

    my $accept = sha1_base64("${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11");

    $self->{in} =~ s/\A(HTTP\/1\.1 101 .*?\r\n\r\n)//s
        or die "no handshake: $self->{in}\n";

    $self->{head} = $1;

    index($self->{head}, "Sec-WebSocket-Accept: $accept=\r\n") > 0
        or die "a wrong handshake: $self->{head}\n";
}


# Reads and writes until $until answers true, the connection ends, or the
# deadline, in seconds, has passed.  Answers what $until answered last.

sub pump {
    my ($self, $until, $deadline) = @_;

    my $end = time + ($deadline || $self->{timeout}) * CodeRemote::Env::slow();
    my $rc;

    while (!($rc = $until->()) && defined $self->{sock}) {
        my $left = $end - time;
        last if $left <= 0;

        my $poll = IO::Poll->new;
        $poll->mask($self->{sock} => POLLIN
                                     | (length $self->{out} ? POLLOUT : 0));
        $poll->poll($left < 0.1 ? $left : 0.1);

        $self->write;
        $self->read;
        $self->frames if !$self->{raw};
    }

    return $rc;
}


sub write {
    my ($self) = @_;

    while (length $self->{out} && defined $self->{sock}) {
        my $n = send $self->{sock}, $self->{out}, MSG_NOSIGNAL;

        if (!defined $n) {
            $self->drop if $! != EAGAIN && $! != EWOULDBLOCK && $! != EINTR;
            return;
        }

        substr $self->{out}, 0, $n, '';
    }
}


sub read {
    my ($self) = @_;

    return if !defined $self->{sock};

    my $n = sysread $self->{sock}, $self->{in}, 65536, length $self->{in};

    return if !defined $n
              && ($! == EAGAIN || $! == EWOULDBLOCK || $! == EINTR);

    $self->drop if !$n;
}


# Closes the connection without a word.

sub drop {
    my ($self) = @_;

    close delete $self->{sock} if defined $self->{sock};
    $self->{closed} = 1;
}


sub frames {
    my ($self) = @_;

    while (length $self->{in} >= 2) {
        my ($first, $len) = unpack 'C2', $self->{in};
        my $head = $len == 127 ? 10 : $len == 126 ? 4 : 2;

        return if length $self->{in} < $head;

        $len = unpack 'n', substr $self->{in}, 2, 2 if $head == 4;
        $len = unpack 'Q>', substr $self->{in}, 2, 8 if $head == 10;

        return if length $self->{in} < $head + $len;

        my $payload = substr $self->{in}, $head, $len;
        substr $self->{in}, 0, $head + $len, '';

        $self->frame($first, $payload);
    }
}


sub frame {
    my ($self, $first, $payload) = @_;

    if ($first == 0x81) {
        push @{ $self->{messages} },
             { %{ $json->decode($payload) }, bytes => length $payload };
        return;
    }

    if ($first == 0x88) {
        $self->{code} = length $payload ? unpack 'n', $payload : 1005;
        $self->{reason} = length $payload ? substr $payload, 2 : '';
        $self->put(0x88, $payload) if !$self->{closing}++;
        return;
    }

    if ($first == 0x89) {
        $self->put(0x8a, $payload);
        return;
    }

    die sprintf("the server sent a frame that begins with %#x\n", $first)
        if $first != 0x8a;
}


sub put {
    my ($self, $first, $payload) = @_;

    my $len = length $payload;
    my $mask = pack 'C4', map { int rand 256 } 1 .. 4;

    $self->{out} .= pack('C', $first)
                  . ($len < 126    ? pack('C', 0x80 | $len)
                   : $len < 0x10000 ? pack('C n', 0x80 | 126, $len)
                   :                  pack('C Q>', 0x80 | 127, $len))
                  . $mask
                  . ($payload ^ substr($mask x ($len / 4 + 1), 0, $len));

    $self->write;
}


# Sends a message: the members of an object, or a text as it is.

sub say {
    my ($self, @message) = @_;

    $self->put(0x81, @message == 1 ? $message[0] : $json->encode({ @message }));
}


# Begins the closing handshake, and waits for its end.

sub close {
    my ($self, $code) = @_;

    $self->{closing} = 1;
    $self->put(0x88, pack 'n', $code || 1000);

    return $self->pump(sub { $self->{closed} });
}


# The messages of a type (a string or an expression) that were not asked for
# before, of one job if that is wanted; the first of them, when it has come.

sub want {
    my ($self, $type, $id, $deadline) = @_;

    my $found;

    $self->pump(sub {
        ($found) = grep { !$_->{seen} && $_->{type} =~ /^(?:$type)$/
                          && (!defined $id || ($_->{job_id} // '') eq $id) }
                   @{ $self->{messages} };
    }, $deadline);

    $found->{seen} = 1 if $found;

    return $found;
}


# What has come of a job until now.

sub of {
    my ($self, $id, $type) = @_;

    return grep { ($_->{job_id} // '') eq $id
                  && (!defined $type || $_->{type} eq $type) }
           @{ $self->{messages} };
}


# The name by which jobs report here.

sub name {
    my ($self) = @_;

    if (!defined $self->{name}) {
        $self->say(action => 'ping');
        $self->{name} = $self->want('pong')->{connection_id};
    }

    return $self->{name};
}


# Reads until nothing but a pong comes between two pings.

sub settle {
    my ($self) = @_;

    for ( ;; ) {
        my $n = @{ $self->{messages} };
        my $ping = 'p' . ++$self->{requests};

        $self->say(action => 'ping', request_id => $ping);

        $self->pump(sub {
            grep { ($_->{request_id} // '') eq $ping } @{ $self->{messages} }
        }) or return 0;

        return 1 if @{ $self->{messages} } == $n + 1;
    }
}


# Starts a program; undef when it was not accepted.

sub execute {
    my ($self, %fields) = @_;

    my $request = ++$self->{requests};

    $self->say(action => 'execute', request_id => "r$request", %fields);

    my $answer;

    $self->pump(sub {
        ($answer) = grep { ($_->{request_id} // '') eq "r$request" }
                    @{ $self->{messages} };
    });

    return $answer ? $answer->{job_id} : undef;
}


sub result {
    my ($self, $id, $deadline) = @_;

    return $self->want('job.result', $id, $deadline);
}


# What was printed, as it came; undef when a byte came twice or not at all.

sub output {
    my ($self, $id, $stream) = @_;

    my $seq = 0;
    my $text = '';

    for my $m ($self->of($id, 'job.output')) {
        my $bytes = $m->{data};
        utf8::encode($bytes);

        return undef if $m->{seq} != $seq + length $bytes;

        $seq = $m->{seq};
        $text .= $m->{data} if $m->{stream} eq ($stream || 'stdout');
    }

    return $text;
}


1;
