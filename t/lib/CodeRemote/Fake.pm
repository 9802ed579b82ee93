package CodeRemote::Fake;

# What listens at a sandbox's socket in place of nginx: a supervisor that is
# none, or the installed helper.
#
#   my $fake = CodeRemote::Fake->start($path, sub {
#       my ($c) = @_;
#       $c->welcome;
#       my $run = $c->run;
#       $c->send(OUTPUT, $run->{job}, 'x' x 16384, TO_OUT) for 1 .. 1000;
#   });
#   $fake->stop;
#
# What is said of its runtimes are welcome()'s fields; of a job's program,
# program()'s.
#
#   my $real = CodeRemote::Fake->helper($path);
#   CodeRemote::Fake->start($other, sub { $_[0]->forward($real->connect) });

use strict;
use warnings;

use Exporter qw( import );
use Fcntl qw( F_SETFD );
use IO::Select;
use IO::Socket::UNIX;
use POSIX ();
use Socket qw( SOCK_STREAM );

use CodeRemote::Env ();
use CodeRemote::Procs ();
use CodeRemote::Wire qw( PROGRAM RUN STATUS VERSION WELCOME );

our @EXPORT_OK = qw( artifact claim frame result status );


sub listener {
    my ($path) = @_;

    unlink $path;

    my $sock = IO::Socket::UNIX->new(Type => SOCK_STREAM, Local => $path,
                                     Listen => 64)
        or die "$path: $!\n";

    my $user = CodeRemote::Env::worker_user();
    chown +(getpwnam $user)[2, 3], $path if defined $user;

    return $sock;
}


# A process for itself, and one for each connection in its group.

sub start {
    my ($class, $path, $talk) = @_;

    my $listener = listener($path);
    my $pid = fork // die "fork(): $!\n";

    return bless { pid => $pid, group => 1, path => $path }, $class if $pid;

    setpgrp;
    $SIG{$_} = 'DEFAULT' for qw( HUP INT TERM PIPE );
    $SIG{CHLD} = 'IGNORE';

    while (my $sock = $listener->accept) {

        if (fork // POSIX::_exit(1)) {
            close $sock;
            next;
        }

        close $listener;
        binmode $sock;
        eval { $talk->(bless { sock => $sock }, $class) };
        POSIX::_exit(0);
    }

    POSIX::_exit(0);
}


# The installed helper, as systemd or a worker would start it.

sub helper {
    my ($class, $path) = @_;

    my $listener = listener($path);
    my $pid = fork // die "fork(): $!\n";

    return bless { pid => $pid, path => $path }, $class if $pid;

    $SIG{$_} = 'DEFAULT' for qw( HUP INT TERM PIPE );

    # perl closes at exec() what it has not made 3 by itself
    if (fileno $listener == 3) {
        fcntl $listener, F_SETFD, 0;

    } else {
        POSIX::dup2(fileno $listener, 3);
    }

    my $user = CodeRemote::Env::worker_user();

    if (defined $user) {
        my ($uid, $gid) = (getpwnam $user)[2, 3];
        POSIX::setgid($gid);
        $) = "$gid $gid";
        POSIX::setuid($uid);
    }

    exec { CodeRemote::Env::helper() } 'coderemote-sandbox'
        or POSIX::_exit(1);
}


# A connection to the helper as a worker of it; it stays while there is one.

sub connect {
    my ($self) = @_;

    my $user = CodeRemote::Env::worker_user();
    local $> = defined $user ? (getpwnam $user)[2] : $>;

    my $sock = IO::Socket::UNIX->new(Type => SOCK_STREAM,
                                     Peer => $self->{path})
        or die "$self->{path}: $!\n";
    binmode $sock;

    return bless { sock => $sock }, ref $self;
}


# Carries what is said between a worker and $to.

sub forward {
    my ($c, $to) = @_;

    my %other = (fileno $c->{sock} => $to, fileno $to->{sock} => $c);
    my $select = IO::Select->new($c->{sock}, $to->{sock});

    for ( ;; ) {
        for my $sock ($select->can_read) {
            sysread $sock, my $in, 65536 or return;
            $other{fileno $sock}->raw($in);
        }
    }
}


sub stop {
    my ($self) = @_;

    if (my $group = delete $self->{left}) {
        kill TERM => -$group;
        return;
    }

    my $pid = delete $self->{pid} or return;

    # the group is made by the process itself, perhaps a moment later
    kill TERM => $pid;
    kill TERM => -$pid if $self->{group};

    CodeRemote::Procs::wait_for(sub {
        return waitpid($pid, POSIX::WNOHANG()) == $pid;
    }) or kill KILL => $pid;

    unlink $self->{path};
}


# Another may listen there; connections stay.

sub stop_listening {
    my ($self) = @_;

    kill TERM => $self->{pid};
    waitpid $self->{pid}, 0;
    $self->{left} = delete $self->{pid};
}


sub DESTROY {
    my ($self) = @_;
    local ($?, $@, $!);
    $self->stop if defined $self->{pid} || defined $self->{left};
}


sub frame {
    my ($type, $job, $payload, $flags) = @_;

    return pack 'VVCCv a*', length($payload // ''), $job, $type, $flags // 0,
                0, $payload // '';
}


sub result {
    my (%f) = @_;

    return pack 'CCC l< Q<Q<Q< V/a* V/a*', $f{end} // 0, $f{flags} // 0,
                $f{signal} // 0, $f{exit_code} // 0, $f{run_us} // 1000,
                $f{cpu_us} // 1000, $f{peak} // 1, $f{reason} // '',
                $f{claim} // claim();
}


sub claim {
    my (%f) = @_;

    return pack 'l< V/a* V/a* v', $f{exit_code} // 0, $f{error_type} // '',
                $f{error} // '', 0;
}


# As a cell packs it; size: what it says of it.

sub artifact {
    my ($name, $content, %f) = @_;

    return pack 'C Q< V/a* V/a*', $f{flags} // 0, $f{size} // length $content,
                $name, $content;
}


# profiles: names, or what each of them says of itself.

sub status {
    my (%f) = @_;

    my @profiles = map { ref ? $_ : { name => $_ } }
                   @{ $f{profiles} || ['python'] };

    return pack('C V/a* V/a* v', 0, $f{on} // 'seccomp', '', scalar @profiles)
           . join '', map {
               pack 'V/a* V/a* V/a* V/a* C v v v V V V Q< Q<', $_->{name},
                    $f{text} // 'Python', $_->{version} // $f{text} // '3',
                    $_->{reason} // $f{text} // '',
                    $_->{flags} // $f{flags} // 0,
                    1, $_->{ready} // 1, 0, 0, 0, 60000,
                    $_->{memory} // 1 << 30, $_->{memory_default} // 0
             } @profiles;
}


sub raw {
    my ($c, $bytes) = @_;

    while (length $bytes) {
        my $n = syswrite $c->{sock}, $bytes;
        die "write: $!\n" if !defined $n;
        substr $bytes, 0, $n, '';
    }
}


sub send {
    my ($c, @frame) = @_;
    $c->raw(frame(@frame));
}


sub bytes {
    my ($c, $len) = @_;
    my $in = '';

    while (length $in < $len) {
        my $n = sysread $c->{sock}, $in, $len - length $in, length $in;
        die "closed\n" if !$n;
    }

    return $in;
}


sub get {
    my ($c) = @_;

    my %f;
    (my $len, @f{qw( job type flags )}) = unpack 'VVCC', $c->bytes(12);
    $f{payload} = $c->bytes($len);

    return \%f;
}


# The next frame that is no question for the status; those are answered.

sub next {
    my ($c) = @_;

    for ( ;; ) {
        my $f = $c->get;
        return $f if $f->{type} != STATUS;
        $c->send(STATUS, 0, status(%{ $c->{status} || {} }));
    }
}


# HELLO, WELCOME and the first STATUS.

sub welcome {
    my ($c, %f) = @_;

    $c->{status} = \%f;

    $c->get;
    $c->send(WELCOME, 0, pack 'V', VERSION);
    $c->get;
    $c->send(STATUS, 0, status(%f));
}


# Waits for a job.

sub run {
    my ($c) = @_;

    for ( ;; ) {
        my $f = $c->next;
        next if $f->{type} != RUN;

        (@{$f}{qw( user memory timeout_ms output_limit artifact_limit credit
                   size runtime program )})
            = unpack 'Q<Q<V5 V/a* V/a*', $f->{payload};

        while (length $f->{program} < $f->{size}) {
            my $part = $c->next;
            die "no part of a program\n" if $part->{type} != PROGRAM;
            $f->{program} .= $part->{payload};
        }

        return $f;
    }
}


# What is in a program: kind, args, code, files ([flags, name, content]),
# artifact_max, patterns.

sub program {
    my ($run) = @_;
    my %p;

    (@p{qw( kind args code files )}, my $rest) = do {
        my ($kind, $nargs, $more) = unpack 'C v a*', $run->{program};
        my @args = unpack '(V/a*)' . $nargs, $more;
        $more = substr $more, length pack '(V/a*)*', @args;
        my ($code, $nfiles, $files) = unpack 'V/a* v a*', $more;
        my @files;

        for (1 .. $nfiles) {
            push @files, [unpack 'C V/a* V/a*', $files];
            $files = substr $files, length pack 'C V/a* V/a*', @{ $files[-1] };
        }

        ($kind, \@args, $code, \@files, $files);
    };

    ($p{artifact_max}, my @patterns) = unpack 'V v/(V/a*)', $rest;
    $p{patterns} = \@patterns;

    return \%p;
}


# Answers questions for the status until the connection is closed.

sub idle {
    my ($c) = @_;
    $c->next for 1 .. 1e9;
}


1;
