package CodeRemote::Live;

# WebSocket clients that others wrote, in processes of their own, and a book of
# what each connection was told (CodeRemote::Live::Socket).
#
#   my $live = CodeRemote::Live->new('python', server => $server);
#   my $ws = $live->open;
#   $ws->send({ action => 'execute', request_id => 1, code => 'print(1)' });
#   drive(sub { $ws->result_of(1) }, 10) or diag('no result');
#
# The programs in t/clients read lines { do, ws, ... } and write lines
# { event, ws, at, ... }; `at` is when they saw it.
#
#   do                                 event
#   open  url, protocols, origin, ca   open     protocol, extensions, worker
#   send  message                      failed   reason
#   pause, resume (reading)            message  message
#   close code                         close    code, reason
#   drop  (without a word)

use strict;
use warnings;

use Errno qw( EAGAIN EINTR EPIPE EWOULDBLOCK );
use Exporter qw( import );
use IO::Handle;
use IO::Poll qw( POLLHUP POLLIN POLLOUT );
use IPC::Open2 qw( open2 );
use JSON::PP ();
use Time::HiRes qw( time );

use CodeRemote::Env ();
use CodeRemote::Live::Socket ();

our @EXPORT_OK = qw( drive missing programs );

my %programs = (
    python => { command => ['/usr/bin/python3', 't/clients/client.py'],
                try     => ['/usr/bin/python3', '-c', 'import websockets'],
                package => 'python3-websockets' },

    # where Debian's node looks; one from elsewhere is told
    node   => { command => ['/usr/bin/node', 't/clients/client.js'],
                try     => ['/usr/bin/node', '-e', 'require("ws")'],
                env     => { NODE_PATH => '/usr/share/nodejs' },
                package => 'node-ws' },
);

my $json = JSON::PP->new->utf8;
my @all;


# The names of the programs.

sub programs {
    my @names = sort keys %programs;

    return @names;
}


# Why a program cannot be run; undef when it can.

sub missing {
    my ($name) = @_;

    my $program = $programs{$name};
    local %ENV = (%ENV, %{ $program->{env} || {} });

    open my $err, '>&', \*STDERR or die "dup: $!\n";
    open STDERR, '>', '/dev/null' or die "/dev/null: $!\n";
    my $rc = system { $program->{try}[0] } @{ $program->{try} };
    open STDERR, '>&', $err or die "dup: $!\n";

    return $rc == 0 ? undef : "Debian's $program->{package} is not there";
}


# Options: server (a CodeRemote::Server), url, protocols, origin, ca.

sub new {
    my ($class, $name, %opt) = @_;

    my $program = $programs{$name};
    local %ENV = (%ENV, %{ $program->{env} || {} });

    my $self = bless {
        protocols => ['coderemote'], name => $name, owner => $$,
        out => '', in => '', sockets => {}, count => 0, %opt
    }, $class;

    $self->{url} //= "ws://127.0.0.1:$opt{server}{port}/ws";
    $self->{pid} = open2($self->{from}, $self->{to}, @{ $program->{command} });

    $_->blocking(0) for @$self{qw( from to )};

    push @all, $self;

    return $self;
}


# Opens so many connections (1 when it is not said).  Options as of new().

sub open {
    my ($self, $n, %opt) = @_;

    my @new = $self->try($n, %opt);

    for my $ws (@new) {
        die "no connection: $ws->{name}: " . ($ws->{failed} // 'no answer')
            . "\n" if !$ws->{open};
    }

    return wantarray ? @new : $new[0];
}


# Why none can be opened; undef when it can.

sub refused {
    my ($self, %opt) = @_;

    my ($ws) = $self->try(1, %opt);

    return $ws->{failed};
}


sub try {
    my ($self, $n, %opt) = @_;

    my @new = map { CodeRemote::Live::Socket->new($self) } 1 .. $n // 1;

    for my $ws (@new) {
        $self->{sockets}{$ws->{name}} = $ws;

        my %step = map { $_ => $opt{$_} // $self->{$_} }
                   qw( url protocols origin ca );
        delete @step{ grep { !defined $step{$_} } keys %step };

        $self->step_out({ %step, do => 'open', ws => $ws->{name} });
    }

    drive(sub { !grep { !$_->{open} && !defined $_->{failed} } @new }, 20);

    return @new;
}


sub step_out {
    my ($self, $step) = @_;

    $self->{out} .= $json->encode($step) . "\n";
    $self->write_out;
}


sub write_out {
    my ($self) = @_;

    local $SIG{PIPE} = 'IGNORE';

    while (length $self->{out}) {
        my $n = syswrite $self->{to}, $self->{out};

        if (!defined $n) {
            return if $! == EAGAIN || $! == EWOULDBLOCK || $! == EINTR;
            die "the client ($self->{name}) has ended: $!\n";
        }

        substr $self->{out}, 0, $n, '';
    }
}


sub read_in {
    my ($self) = @_;

    for ( ;; ) {
        my $n = sysread $self->{from}, $self->{in}, 1 << 16, length $self->{in};

        last if !defined $n;
        die "the client ($self->{name}) has ended\n" if $n == 0;
        last if $n < 1 << 16;
    }

    my $end = rindex $self->{in}, "\n";
    return if $end < 0;

    for my $line (split /\n/, substr $self->{in}, 0, $end + 1, '') {
        my $event = $json->decode($line);
        $self->{sockets}{$event->{ws}}->on($event);
    }
}


# Works on all that the clients say and are told, and on the requests of an
# HTTP client, if one is given, for so many seconds at most.

sub step {
    my ($wait, $http) = @_;

    my $poll = IO::Poll->new;

    for my $self (@all) {
        $self->write_out;
        $poll->mask($self->{from} => POLLIN | POLLHUP);
        $poll->mask($self->{to} => POLLOUT) if length $self->{out};
    }

    $http->step(0) if $http;
    $poll->poll($http && %{ $http->{open} } ? 0.005 : $wait);

    $_->read_in for grep { $poll->events($_->{from}) } @all;
}


# Does so until $until answers true; 0 when the deadline, in seconds, has
# passed.

sub drive {
    my ($until, $deadline, $http) = @_;

    my $end = time + ($deadline || 10) * CodeRemote::Env::slow();

    while (!$until->()) {
        return 0 if time > $end;
        step(0.05, $http);
    }

    return 1;
}


# Asks each of the connections for its name and waits for the answers: what
# the server had said before has come.

sub settle {
    my (@sockets) = @_;

    my @wait = grep { !$_->{closed} } @sockets;
    my %before = map { $_->{name} => $_->{pongs} } @wait;

    $_->send({ action => 'ping' }) for @wait;

    return drive(sub {
        return !grep { !$_->{closed} && $_->{pongs} == $before{$_->{name}} }
                @wait;
    }, 20);
}


# What was told to any of these that must not be: sentences.

sub complaints {
    return map { my $ws = $_; map { "$ws->{name}: $_" } @{ $ws->{bad} } } @_;
}


sub end {
    my ($self) = @_;

    my $pid = delete $self->{pid} or return;

    @all = grep { $_ != $self } @all;
    close $self->{to};
    close $self->{from};
    kill TERM => $pid;
    waitpid $pid, 0;
}


END {
    local ($?, $@, $!);

    $_->end for grep { $_->{owner} == $$ } @all;
}


1;
