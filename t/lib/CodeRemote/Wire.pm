package CodeRemote::Wire;

# A worker's side of the frame protocol (docs/PROTOCOL.md), for what is tried
# on the supervisor without nginx.
#
#   my $w = CodeRemote::Wire->connect($path, uid => 33) or ...;
#   $w->hello or ...;
#   my $r = $w->run('python', 'print(1)');      # { end, stdout, ... }

use strict;
use warnings;

use Exporter qw( import );
use IO::Select;
use IO::Socket::UNIX;
use Socket qw( SOCK_STREAM MSG_NOSIGNAL );
use Time::HiRes qw( time );

use CodeRemote::Env ();

use constant { HELLO => 1, WELCOME => 2, RUN => 3, INPUT => 4, CREDIT => 5,
               STOP => 6, STARTED => 7, OUTPUT => 8, RESULT => 9,
               STATUS => 10, PROGRAM => 11, TO_OUT => 1, TO_ERR => 2,
               ARTIFACTS => 4, VERSION => 2 };

our @EXPORT_OK = qw( HELLO WELCOME RUN INPUT CREDIT STOP STARTED OUTPUT RESULT
                     STATUS PROGRAM TO_OUT TO_ERR ARTIFACTS VERSION );

my %kinds = (run => 0, check => 1, analyze => 2, compile => 3);

# How much of a program is in one frame (CR_PROGRAM_PART).
my $part = 288 * 1024;

my @ends = qw( claim exit signal timeout memory stopped lost refused );


# As the uid, which is what the supervisor goes by; root can take any.

sub connect {
    my ($class, $path, %opt) = @_;

    local $> = $opt{uid} if defined $opt{uid};

    my $sock = IO::Socket::UNIX->new(Type => SOCK_STREAM, Peer => $path)
        or return;

    return bless { sock => $sock, in => '', job => 0,
                   timeout => $opt{timeout} || 10 }, $class;
}


sub bytes { return pack 'V/a*', $_[0] }


sub send {
    my ($self, $type, $job, $flags, $payload) = @_;

    my $out = pack('VVCCv', length $payload, $job, $type, $flags, 0)
              . $payload;

    while (length $out) {
        my $n = CORE::send $self->{sock}, $out, MSG_NOSIGNAL;
        return 0 if !defined $n;
        substr $out, 0, $n, '';
    }

    return 1;
}


# The next frame as a list of type, job, flags, payload; nothing when the
# connection has ended, or the deadline has passed.

sub frame {
    my ($self) = @_;

    my $end = time + $self->{timeout} * CodeRemote::Env::slow();
    my $select = IO::Select->new($self->{sock});

    for ( ;; ) {

        if (length $self->{in} >= 12) {
            my ($len, $job, $type, $flags) = unpack 'VVCC', $self->{in};

            if (length $self->{in} >= 12 + $len) {
                my $payload = substr $self->{in}, 12, $len;
                substr $self->{in}, 0, 12 + $len, '';
                return ($type, $job, $flags, $payload);
            }
        }

        my $left = $end - time;
        return if $left <= 0 || !$select->can_read($left);
        return if !sysread $self->{sock}, $self->{in}, 65536,
                           length $self->{in};
    }
}


sub hello {
    my ($self, $version) = @_;

    $self->send(HELLO, 0, 0, pack 'V', $version // VERSION) or return 0;

    my ($type) = $self->frame;

    return defined $type && $type == WELCOME;
}


# A program: args, files => { name => content }, executable => [names],
# patterns, artifact_max, kind.

sub program {
    my ($code, %opt) = @_;

    my %execute = map { $_ => 1 } @{ $opt{executable} // [] };
    my @args = @{ $opt{args} // [] };
    my @files = sort keys %{ $opt{files} // {} };
    my @patterns = @{ $opt{patterns} // [] };

    return pack('Cv', $kinds{$opt{kind} // 'run'}, scalar @args)
           . join('', map { bytes($_) } @args, $code)
           . pack('v', scalar @files)
           . join('', map { pack('C', $execute{$_} ? 1 : 0) . bytes($_)
                            . bytes($opt{files}{$_}) } @files)
           . pack('Vv', $opt{artifact_max} // 1 << 20, scalar @patterns)
           . join '', map { bytes($_) } @patterns;
}


# Sends a program, and answers its job's number.  open: its input goes on;
# user: whose turn it takes.

sub start {
    my ($self, $runtime, $code, %opt) = @_;

    my $program = program($code, %opt);
    my $run = pack('Q<Q<V5', $opt{user} // 1, $opt{memory} // 256 << 20,
                   $opt{timeout_ms} // 10000, 1 << 20,
                   $opt{artifact_limit} // 2 << 20, $opt{credit} // 1 << 30,
                   length $program)
              . bytes($runtime) . bytes(substr $program, 0, $part);
    my $job = ++$self->{job};

    $self->send(RUN, $job, 0, $run) or return;

    for (my $at = $part; $at < length $program; $at += $part) {
        $self->send(PROGRAM, $job, 0, substr $program, $at, $part) or return;
    }

    $self->send(INPUT, $job, 1, '') or return if !$opt{open};

    return $job;
}


# Artifacts of a stream, as { name => content, or the size when left out };
# undef when it is none.

sub artifacts {
    my ($stream) = @_;

    my %found;

    while (length $stream) {
        my ($flags, $size, $name, $content, $rest)
            = eval { unpack 'C Q< V/a* V/a* a*', $stream };

        return undef if !defined $rest;
        $found{$name} = $flags ? $size : $content;
        $stream = $rest;
    }

    return \%found;
}


# Waits for the job's end: how it ended, what it claimed, and what it wrote.

sub result {
    my ($self, $job) = @_;

    my %streams = (TO_OUT, 'stdout', TO_ERR, 'stderr', ARTIFACTS, 'extras');
    my %result = map { $_ => '' } values %streams;

    while (my ($type, $of, $flags, $payload) = $self->frame) {
        next if $of != $job;

        if ($type == OUTPUT) {
            $result{$streams{$flags}} .= $payload;

        } elsif ($type == RESULT) {
            my ($end, $cut, $signal, $exit_code, $run, $cpu, $peak, $reason,
                $claim) = unpack 'CCCl<Q<Q<Q<V/a*V/a*', $payload;
            my ($code, $error_type, $error) = length $claim
                ? unpack 'l<V/a*V/a*', $claim : ();

            return { %result, artifacts => artifacts($result{extras}),
                     end => $ends[$end], signal => $signal, cut => $cut,
                     exit_code => $code // $exit_code, reason => $reason,
                     error_type => $error_type, error => $error,
                     peak => $peak, run_us => $run, cpu_us => $cpu };
        }
    }

    return;
}


# What the supervisor says of its profiles: { python => { ready => 1, ... } }

sub status {
    my ($self) = @_;

    $self->send(STATUS, 0, 0, '') or return;

    while (my ($type, undef, undef, $payload) = $self->frame) {
        next if $type != STATUS;

        my ($on, $off, $n, $rest) = unpack 'x V/a* V/a* v a*', $payload;
        my %profiles;

        for (1 .. $n) {
            my %profile;

            (@profile{qw( name language version reason flags slots ready
                          running queued restarts timeout_ms memory
                          memory_default )}, $rest)
                = unpack '(V/a*)4 C v3 V3 Q<2 a*', $rest;

            $profiles{$profile{name}} = \%profile;
        }

        return \%profiles;
    }

    return;
}


sub run {
    my ($self, @args) = @_;

    my $job = $self->start(@args) or return;

    return $self->result($job);
}


1;
