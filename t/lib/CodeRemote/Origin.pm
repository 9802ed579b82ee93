package CodeRemote::Origin;

# A server that is asked by nginx, with whatever manners a test wants: a
# process for itself, and one for each of its connections.
#
#   my $origin = CodeRemote::Origin->start(sub {
#       my ($sock, $request) = @_;      # { line, path, head, body }
#       print $sock "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
#       return 1;                       # the connection stays
#   });
#   $origin->{port}; $origin->heard; $origin->stop;
#
# And one that is asked for names, which has the addresses it is given, does
# not know others, and never answers for those without addresses:
#
#   my $names = CodeRemote::Origin->names('a.test' => ['127.0.0.1', '::1'],
#                                         'silent.test' => []);

use strict;
use warnings;

use IO::Handle;
use IO::Socket::INET;
use IO::Socket::IP;
use POSIX ();
use Socket qw( AF_INET AF_INET6 inet_pton );

use CodeRemote::Env ();
use CodeRemote::Procs ();

my $count = 0;
my %running;


# Option: host, for instance ::1.

sub start {
    my ($class, $talk, %opt) = @_;

    my $host = $opt{host} // '127.0.0.1';
    my $port = $opt{port} // CodeRemote::Env::free_port();
    my $listener = IO::Socket::IP->new(LocalHost => $host, Listen => 512,
                                       LocalPort => $port, ReuseAddr => 1)
        or die "$host port $port: $@\n";

    my $heard = CodeRemote::Env::run_dir() . '/heard' . ++$count;

    return $class->process({ port => $port, heard => $heard }, sub {
        serve($listener, $talk, $heard);
    });
}


sub process {
    my ($class, $self, $work) = @_;

    my $pid = fork // die "fork(): $!\n";

    if ($pid) {
        $running{$pid} = 1;
        return bless { %$self, pid => $pid }, $class;
    }

    setpgrp;
    $SIG{$_} = 'DEFAULT' for qw( HUP INT TERM );
    $SIG{CHLD} = 'IGNORE';
    $SIG{PIPE} = 'IGNORE';

    eval { $work->() };
    POSIX::_exit(0);
}


sub serve {
    my ($listener, $talk, $heard) = @_;

    for ( ;; ) {
        my $sock = $listener->accept or next;
        my $pid = fork // die;

        if ($pid == 0) {
            close $listener;
            $sock->autoflush(1);
            eval { 1 while converse($sock, $talk, $heard) };
            POSIX::_exit(0);
        }

        close $sock;
    }
}


sub converse {
    my ($sock, $talk, $heard) = @_;

    my $request = request($sock) or return 0;

    open my $log, '>>', $heard or die;
    syswrite $log, "$request->{head}$request->{body}\n";
    close $log;

    return $talk->($sock, $request);
}


sub request {
    my ($sock) = @_;

    my $head = '';

    while ($head !~ /\r\n\r\n$/) {
        my $line = <$sock>;
        return if !defined $line;
        $head .= $line;
    }

    my ($length) = $head =~ /^Content-Length: (\d+)\r$/mi;
    my $body = '';

    read $sock, $body, $length if $length;

    my ($line, $path) = $head =~ /^(\S+ (\S+).*)\r\n/;

    return { line => $line, path => $path, head => $head, body => $body };
}


# All requests that came, as they came.

sub heard {
    return CodeRemote::Procs::slurp($_[0]{heard});
}


sub names {
    my ($class, %names) = @_;

    my $port = CodeRemote::Env::free_port();
    my $sock = IO::Socket::INET->new(Proto => 'udp', LocalPort => $port,
                                     LocalAddr => '127.0.0.1')
        or die "port $port: $!\n";

    return $class->process({ port => $port }, sub {
        while (1) {
            my $peer = $sock->recv(my $query, 512) or next;
            my $answer = answer($query, \%names) // next;
            $sock->send($answer, 0, $peer);
        }
    });
}


sub answer {
    my ($query, $names) = @_;

    my ($id) = unpack 'n', $query;
    my ($labels) = substr($query, 12) =~ /^((?:[\x01-\x3f][^\0]+?)*\0)/s;
    my $type = unpack 'n', substr $query, 12 + length $labels, 2;
    my $question = substr $query, 12, length($labels) + 4;
    my $name = join '.', unpack '(C/a)*', substr $labels, 0, -1;

    my $known = $names->{$name};

    return undef if $known && !@$known;

    my @data = grep { length == ($type == 28 ? 16 : 4) }
               map { inet_pton(/:/ ? AF_INET6 : AF_INET, $_) }
               @{ $known || [] };

    return pack('nnnnnn', $id, $known ? 0x8180 : 0x8183, 1, scalar @data,
                0, 0)
           . $question
           . join '', map { pack('nnnNn/a', 0xc00c, $type, 1, 60, $_) } @data;
}


sub stop {
    my ($self) = @_;

    my $pid = $self->{pid};

    if (delete $running{$pid}) {
        kill KILL => -$pid, $pid;
        waitpid $pid, 0;
    }
}


END {
    local ($?, $@, $!);

    for my $pid (keys %running) {
        kill KILL => -$pid, $pid;
    }
}


1;
