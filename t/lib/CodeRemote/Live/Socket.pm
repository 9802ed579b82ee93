package CodeRemote::Live::Socket;

# A connection of a client (CodeRemote::Live), and what it was told:
#
#   open       { protocol, extensions, worker, at }, once it is
#   closed     { code, reason, at }, when it is not any more
#   failed     why it never was
#   messages   all of them, each with its time `at`
#   id         connection_id, once a pong told it
#   errors     messages of that type
#   accepted   job ids by request_id
#   jobs       by id: { from, seq, status, pieces, text, result }
#   bad        sentences: what a server must not say
#
# A piece is [stream, bytes, at, seq].  Of a job there is one entry at a time:
# who subscribes again begins a new one.

use strict;
use warnings;

use Encode ();

my $count = 0;


sub new {
    my ($class, $live) = @_;

    return bless { live => $live, name => "$live->{name}" . ++$count,
                   messages => [], errors => [], accepted => {}, jobs => {},
                   gone => {}, bad => [], pongs => 0 }, $class;
}


sub send {
    my ($self, $message) = @_;

    $self->tell('send', message => $message);
}


sub tell {
    my ($self, $do, %what) = @_;

    $self->{live}->step_out({ %what, do => $do, ws => $self->{name} });
}


# Runs a program under a request_id of its own, which it answers.

sub execute {
    my ($self, $code, %fields) = @_;

    my $request = 'r' . ++$self->{requests};

    $self->send({ action => 'execute', request_id => $request, code => $code,
                  %fields });

    return $request;
}


sub subscribe {
    my ($self, $job, $seq) = @_;

    $self->{jobs}{$job} = entry($seq // 0);
    $self->send({ action => 'subscribe', job_id => $job,
                  defined $seq ? (seq => $seq) : () });
}


# What came of an execute: its entry, once it is accepted.

sub job_of {
    my ($self, $request) = @_;

    my $id = $self->{accepted}{$request} // return;

    return $self->{jobs}{$id};
}


sub result_of {
    my ($self, $request) = @_;

    return ($self->job_of($request) || {})->{result};
}


sub entry {
    my ($from) = @_;

    return { from => $from, seq => $from, status => [], pieces => [],
             text => { stdout => '', stderr => '' } };
}


sub complain {
    my ($self, $what) = @_;

    push @{ $self->{bad} }, $what;
}


sub on {
    my ($self, $event) = @_;

    my $what = $event->{event};

    if ($what eq 'message') {
        my $message = $event->{message};

        $message->{at} = $event->{at};
        push @{ $self->{messages} }, $message;
        $self->on_message($message);

    } elsif ($what eq 'open') {
        $self->{open} = $event;

    } elsif ($what eq 'close') {
        $self->{closed} = $event;

    } else {
        $self->{failed} = $event->{reason};
    }
}


my %on = (
    'pong' => sub {
        my ($self, $m) = @_;
        $self->{id} //= $m->{connection_id};
        $self->{pongs}++;
        $self->complain('has another name than before')
            if $self->{id} ne $m->{connection_id};
    },
    'error' => sub {
        my ($self, $m) = @_;
        push @{ $self->{errors} }, $m;
    },
    'unsubscribed' => sub {
        my ($self, $m) = @_;
        $self->{gone}{$m->{job_id}} = delete $self->{jobs}{$m->{job_id}};
    },
    'job.accepted' => sub {
        my ($self, $m) = @_;
        $self->{accepted}{$m->{request_id} // ''} = $m->{job_id};
        $self->complain("$m->{job_id} was accepted, and known before")
            if $self->{jobs}{$m->{job_id}};
        $self->{jobs}{$m->{job_id}} = entry(0);
    },
    'job.status' => \&on_status,
    'job.output' => \&on_output,
    'job.result' => \&on_result,
    map { ("analysis.$_" => sub { }) } qw( started chunk result ),
);


sub on_message {
    my ($self, $message) = @_;

    my $on = $on{$message->{type} // ''};

    $on ? $on->($self, $message)
        : $self->complain('of no known type: '
                          . JSON::PP::encode_json($message));
}


# A job that was posted with the connection's name begins with its status.

sub on_status {
    my ($self, $m) = @_;

    my $id = $m->{job_id};
    my $job = $self->{jobs}{$id} //= entry(0);

    $self->complain("$id has a status after its result") if $job->{result};
    $self->complain("$id is $m->{status} again")
        if grep { $_ eq $m->{status} || $_ eq 'running' } @{ $job->{status} };

    push @{ $job->{status} }, $m->{status};
}


# seq counts bytes; of what was not UTF-8 it cannot be told how many there were.

sub on_output {
    my ($self, $m) = @_;

    my $id = $m->{job_id};
    my $bytes = Encode::encode_utf8($m->{data});
    my $job = $self->{jobs}{$id};

    if (!$job || !@{ $job->{status} } || $job->{result}) {
        $self->complain("$id has output before its status or after its result");
        return;
    }

    $self->complain("$id: $m->{seq} follows $job->{seq} with "
                    . length($bytes) . ' bytes')
        if $m->{data} !~ /\x{fffd}/
           && $m->{seq} != $job->{seq} + length $bytes;

    $job->{seq} = $m->{seq};
    $job->{text}{$m->{stream}} .= $bytes;
    push @{ $job->{pieces} }, [$m->{stream}, $bytes, $m->{at}, $m->{seq}];
}


# Its result repeats the output, unless that was too much.

sub on_result {
    my ($self, $m) = @_;

    my $id = $m->{job_id};
    my $job = $self->{jobs}{$id};

    if (!$job || !@{ $job->{status} } || $job->{result}) {
        $self->complain("$id has a result before its status or a second one");
        return;
    }

    $job->{result} = $m;

    return if $job->{from};

    for my $stream (qw( stdout stderr )) {
        my $told = $m->{result}{$stream} // next;

        $self->complain("$id: the result has another $stream than was told")
            if Encode::encode_utf8($told) ne $job->{text}{$stream};
    }
}


1;
