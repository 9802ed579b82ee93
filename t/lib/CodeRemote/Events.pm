package CodeRemote::Events;

# A client of server-sent events over CodeRemote::Client: what came so far of
# a stream that goes on.  A method and a body may follow the headers.
#
#   my $es = CodeRemote::Events->new($client, "/execute/jobs/$id/events");
#   $es->until(sub { $_[0]->stdout =~ /x/ }) or ...
#   $es->events;        # { event => ..., id => ..., data => ... }
#   $es->done;          # the stream has ended

use strict;
use warnings;

use CodeRemote::Client ();


sub new {
    my ($class, $client, $path, $headers, $method, $body) = @_;

    return bless {
        client => $client,
        response => $client->start($method // 'GET', $path, $body, $headers),
    }, $class;
}


sub response { return $_[0]{response} }


sub done {
    my ($self) = @_;

    return $self->{response}{done};
}


# The body as far as it came; undef: not even the header did.

sub body {
    my ($self) = @_;

    my $r = $self->{response};

    return $r->{body} if $r->{done};

    my ($head, $in) = split /\r\n\r\n/, $r->{in}, 2;

    return undef if !defined $in;
    return $in if $head !~ /^transfer-encoding: chunked\r?$/mi;

    my $out = '';

    while ($in =~ /\G([0-9a-fA-F]+)\r\n/gc) {
        my $n = hex $1;

        $out .= substr $in, pos $in, $n;
        last if $n == 0 || length($in) < pos($in) + $n + 2;
        pos($in) += $n + 2;
    }

    return $out;
}


# The events, as a browser would see them: only what ended with an empty line.

sub events {
    my ($self) = @_;

    return parse($self->body // '');
}


sub parse {
    my ($body) = @_;

    my @events;

    while ($body =~ /\G(.*?)\n\n/gcs) {
        my %event;

        for my $line (split /\n/, $1) {
            next if $line =~ /^:/;
            my ($key, $value) = $line =~ /^(\w+): (.*)$/
                or return { event => 'bad', line => $line };
            $event{$key} = $value;
        }

        next if !%event;

        $event{data} = CodeRemote::Client->decode($event{data});
        push @events, \%event;
    }

    return @events;
}


# What events of one stream tell together.

sub text {
    my ($stream, @events) = @_;

    return join '', map { $_->{data}{data} }
                    grep { $_->{event} eq 'job.output'
                           && $_->{data}{stream} eq $stream } @events;
}


sub stdout { return text('stdout', $_[0]->events) }
sub stderr { return text('stderr', $_[0]->events) }


# Goes on until $check, which is called with it, likes what came.

sub until {
    my ($self, $check, $deadline) = @_;

    return $self->{client}->drive(sub { $check->($self) }, $deadline || 20);
}


sub finish {
    my ($self) = @_;

    $self->until(sub { $_[0]->done });

    return $self->events;
}


1;
