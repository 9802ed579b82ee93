package CodeRemote::Client;

# An HTTP client that has many requests under way at once: a connection each,
# one loop, and deadlines instead of sleeps.
#
#   my $c = CodeRemote::Client->new(port => 8080);
#
#   my $res = $c->post('/execute?wait=true', { code => 'print(1)' });
#   $res->{code}, $res->{headers}{location}, $res->{body}, $res->json
#   $res->{fields}{vary}     # all of that name, in their order; undef: none
#
#   my $r = $c->start(POST => '/execute?wait=true', { code => ... });
#   $c->drive(sub { $r->{done} }, 10);

use strict;
use warnings;

use Errno qw( EAGAIN EINPROGRESS EINTR EWOULDBLOCK );
use IO::Poll qw( POLLIN POLLOUT POLLERR POLLHUP );
use IO::Socket::INET;
use JSON::PP ();
use Socket qw( MSG_NOSIGNAL SOL_SOCKET SO_ERROR );
use Time::HiRes qw( time );

use CodeRemote::Env ();

my $json = JSON::PP->new->utf8->allow_nonref->canonical;


sub new {
    my ($class, %opt) = @_;

    return bless { port => $opt{port}, poll => IO::Poll->new, open => {},
                   headers => $opt{headers} || {},
                   timeout => $opt{timeout} || 30 }, $class;
}


sub encode {
    return $json->encode($_[-1]);
}


sub decode {
    my $value = eval { $json->decode($_[-1]) };
    return $value;
}


# Starts a request.  A body that is a reference is sent as JSON.

sub start {
    my ($self, $method, $path, $body, $headers) = @_;

    my %headers = (Host => 'localhost', Connection => 'close',
                   %{ $self->{headers} }, %{ $headers || {} });

    if (ref $body) {
        $body = $json->encode($body);
        $headers{'Content-Type'} //= 'application/json';
    }

    if (defined $body) {
        $headers{'Content-Length'} //= length $body;
    }

    my $out = "$method $path HTTP/1.1\r\n"
              . join('', map { "$_: $headers{$_}\r\n" }
                         grep { defined $headers{$_} } sort keys %headers)
              . "\r\n" . ($body // '');

    return $self->start_raw($out, $method);
}


sub start_raw {
    my ($self, $out, $method) = @_;

    my $r = bless { out => $out, in => '', method => $method || 'GET',
                    started => time }, 'CodeRemote::Client::Response';

    my $sock = IO::Socket::INET->new(Proto => 'tcp', PeerAddr => '127.0.0.1',
                                     PeerPort => $self->{port}, Blocking => 0);

    if (!defined $sock) {
        return $r->fail("connect: $!");
    }

    $r->{sock} = $sock;
    $self->{open}{fileno $sock} = $r;
    $self->{poll}->mask($sock => POLLIN | POLLOUT);

    return $r;
}


# Closes the connection of a request that is under way, as a client that
# goes away does.

sub abort {
    my ($self, $r) = @_;

    $self->forget($r);
    $r->fail('aborted') if !$r->{done};
}


sub forget {
    my ($self, $r) = @_;

    my $sock = delete $r->{sock} or return;

    delete $self->{open}{fileno $sock};
    $self->{poll}->remove($sock);
    close $sock;
}


# Works on all requests until $until answers true, or none is left when there
# is no $until.  Answers 0 when the deadline, in seconds, has passed.

sub drive {
    my ($self, $until, $deadline) = @_;

    $deadline = time + ($deadline || $self->{timeout}) * CodeRemote::Env::slow();
    $until ||= sub { !%{ $self->{open} } };

    while (!$until->()) {
        my $left = $deadline - time;
        return 0 if $left <= 0;

        $self->step($left < 0.1 ? $left : 0.1);
    }

    return 1;
}


sub step {
    my ($self, $wait) = @_;

    if (!%{ $self->{open} }) {
        select undef, undef, undef, $wait < 0.02 ? $wait : 0.02;
        return;
    }

    $self->{poll}->poll($wait);

    for my $r (values %{ $self->{open} }) {
        my $events = $self->{poll}->events($r->{sock}) or next;

        $self->on_write($r) if $events & POLLOUT;
        $self->on_read($r)
            if $r->{sock} && $events & (POLLIN | POLLERR | POLLHUP);
    }
}


sub on_write {
    my ($self, $r) = @_;

    while (length $r->{out}) {
        my $n = send $r->{sock}, $r->{out}, MSG_NOSIGNAL;

        if (!defined $n) {
            return if $! == EAGAIN || $! == EWOULDBLOCK || $! == EINTR;

            # an answer may have come before the request was taken
            last;
        }

        substr $r->{out}, 0, $n, '';
    }

    $self->{poll}->mask($r->{sock} => POLLIN);
}


sub on_read {
    my ($self, $r) = @_;

    for ( ;; ) {
        my $n = sysread $r->{sock}, $r->{in}, 65536, length $r->{in};

        if (!defined $n) {
            return if $! == EAGAIN || $! == EWOULDBLOCK || $! == EINTR;

            my $error = "read: $!";
            $self->forget($r);
            length $r->{in} ? $r->parse : $r->fail($error);
            return;
        }

        if ($n == 0) {
            $self->forget($r);
            $r->parse;
            return;
        }
    }
}


# One request, and its response.

sub request {
    my ($self, @args) = @_;

    my $r = $self->start(@args);

    if (!$self->drive(sub { $r->{done} })) {
        $self->forget($r);
        $r->fail('no answer within the deadline');
    }

    return $r;
}


sub get    { my $self = shift; return $self->request(GET => @_) }
sub post   { my $self = shift; return $self->request(POST => @_) }
sub delete { my ($self, $path, $h) = @_;
             return $self->request(DELETE => $path, undef, $h) }


# Runs a program and answers its job.

sub run {
    my ($self, $code, %fields) = @_;

    my $res = $self->post('/execute?wait=true', { code => $code, %fields });

    return $res->json;
}


# Keeps at most $opt{clients} of the requests (array references of what
# start() takes) under way at a time.  Answers the responses in their order.

sub all {
    my ($self, $requests, %opt) = @_;

    my $clients = $opt{clients} || 50;
    my (@res, @running);
    my $next = 0;

    my $done = $self->drive(sub {
        @running = grep { !$_->{done} } @running;

        while (@running < $clients && $next < @$requests) {
            my $r = $self->start(@{ $requests->[$next] });
            $res[$next++] = $r;
            push @running, $r;
        }

        return !@running && $next == @$requests;
    }, $opt{deadline} || 60);

    if (!$done) {
        for my $r (@running) {
            $self->forget($r);
            $r->fail('no answer within the deadline');
        }
    }

    for my $i (0 .. $#$requests) {
        $res[$i] ||= bless({}, 'CodeRemote::Client::Response')
                     ->fail('never sent');
    }

    return @res;
}


# Asks for $path until $check likes the response.

sub until_ok {
    my ($self, $path, $check, $deadline) = @_;

    my $end = time + ($deadline || 10) * CodeRemote::Env::slow();
    my $res;

    do {
        $res = $self->get($path);
        return $res if $check->($res);
        select undef, undef, undef, 0.02;
    } while (time < $end);

    return $res;
}


# The job, once it has ended.

sub finished {
    my ($self, $id, $deadline) = @_;

    my $res = $self->until_ok("/execute/jobs/$id", sub {
        my $job = $_[0]->json;
        return $_[0]->{code} == 404
               || (ref $job && ($job->{status} // '')
                               =~ /^(?:completed|failed|cancelled)$/);
    }, $deadline || 30);

    return $res->json;
}


package CodeRemote::Client::Response;

use strict;
use warnings;


sub fail {
    my ($r, $why) = @_;

    $r->{done} = 1;
    $r->{code} = 0;
    $r->{error} = $why;
    $r->{headers} = {};
    $r->{body} = '';
    $r->{ended} = Time::HiRes::time();

    return $r;
}


sub parse {
    my ($r) = @_;

    my ($head, $body) = split /\r\n\r\n/, $r->{in}, 2;

    if (!defined $body || $head !~ m{^HTTP/1\.[01] (\d{3})}) {
        return $r->fail(length $r->{in} ? 'the response is cut short'
                                        : 'closed without a response');
    }

    $r->{code} = $1;
    $r->{headers} = {};

    for my $line ((split /\r\n/, $head)[1 .. ($head =~ tr/\n//)]) {
        my ($key, $value) = split /:\s*/, $line, 2;
        $r->{headers}{lc $key} = $value;
        push @{ $r->{fields}{lc $key} }, $value;
    }

    if (($r->{headers}{'transfer-encoding'} // '') eq 'chunked') {
        $body = unchunk($body);
        return $r->fail('the chunks are cut short') if !defined $body;

    } elsif (defined $r->{headers}{'content-length'}
             && $r->{method} ne 'HEAD'
             && $r->{headers}{'content-length'} != length $body)
    {
        return $r->fail('the body is cut short');
    }

    $r->{body} = $body;
    $r->{in} = '';
    $r->{done} = 1;
    $r->{ended} = Time::HiRes::time();

    return $r;
}


sub unchunk {
    my ($in) = @_;
    my $out = '';

    while ($in =~ /\G([0-9a-fA-F]+)\r\n/gc) {
        my $n = hex $1;

        return $out if $n == 0;
        return undef if length($in) < pos($in) + $n + 2;

        $out .= substr $in, pos $in, $n;
        pos($in) += $n + 2;
    }

    return undef;
}


# The body as data; undef when it is not JSON.

sub json {
    my ($r) = @_;

    $r->{json} = CodeRemote::Client::decode($r->{body})
        if !exists $r->{json};

    return $r->{json};
}


# For messages: what came.

sub text {
    my ($r) = @_;

    return $r->{error} if $r->{error};
    return "$r->{code} " . substr $r->{body}, 0, 400;
}


1;
