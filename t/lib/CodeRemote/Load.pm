package CodeRemote::Load;

# Many jobs of all sorts, some waited for, some polled, some stopped, some left
# by their client, and a book of what came of each.
#
#   my $load = CodeRemote::Load->new(server => $s, killer => $k, seed => 7);
#   $load->run(1000) or diag('some did not end');
#   $load->{bad}       # sentences: what must not be
#   $load->{count}     # outcomes
#   $load->{reasons}   # why jobs failed

use strict;
use warnings;

use Time::HiRes qw( time );

use CodeRemote::Seeded;


# A sort: how many of a hundred, and what makes the request and its end of a
# number that is the job's own, and random ones.

my %sorts = (
    short => [30, sub {
        my ($n) = @_;
        return { code => "print('short', $n)" }, "short $n\n";
    }],
    prints => [12, sub {
        my ($n) = @_;
        return { code => "for i in range(500):\n"
                         . "    print('prints', $n, i, '.' * 20)\n" },
               join '', map { "prints $n $_ " . '.' x 20 . "\n" } 0 .. 499;
    }],
    sleeps => [25, sub {
        my ($n, $random) = @_;
        my $s = sprintf '%.3f', 0.1 + 0.9 * $random->fraction;
        return { code => "import time\nprint('begun', $n)\n"
                         . "time.sleep($s)\nprint('slept', $n)\n" },
               "begun $n\nslept $n\n";
    }],
    computes => [8, sub {
        my ($n, $random) = @_;
        my $m = 100000 + $random->below(900000);
        return { code => "x = 0\nfor i in range($m):\n    x += i\n"
                         . "print('computes', $n, x)\n" },
               "computes $n " . $m * ($m - 1) / 2 . "\n";
    }],
    fills => [6, sub {
        my ($n, $random) = @_;
        my $m = 1 + $random->below(48);
        return { code => "b = bytearray($m << 20)\n"
                         . "print('fills', $n, len(b))\n",
                 memory_limit_mb => 64 },
               "fills $n " . ($m << 20) . "\n";
    }],
    reads => [9, sub {
        my ($n, $random) = @_;
        my $m = $random->below(40000);
        return { code => "import sys\ns = sys.stdin.read()\n"
                         . "print('reads', $n, len(s), s[-3:])\n",
                 language => 'python-open', stdin => 'x' x $m . 'end' },
               "reads $n " . ($m + 3) . " end\n";
    }],
    raises => [4, sub {
        my ($n) = @_;
        return { code => "raise ValueError($n)" }, '', 'ValueError';
    }],
    spins => [3, sub {
        return { code => "while True: pass", timeout_seconds => 1 },
               '', 'TimeoutError';
    }],
    hogs => [3, sub {
        # without root only what has no threads is kept from it
        return { code => "b = bytearray(1 << 30)", memory_limit_mb => 64,
                 $> != 0 ? (language => 'python') : () },
               '', 'MemoryError';
    }],
);

my %manners = (waits => 35, waits_a_while => 10, polls => 25, polls_long => 10,
               stops => 12, leaves => 8);

# What a kill may do to a job, and nothing else may.

my $killed = qr/^(?:
    the\ sandbox\ ended\ while\ the\ job\ ran
    | the\ sandbox\ ended\ and\ did\ not\ come\ back
    | the\ sandbox\ ended\ each\ time\ before\ the\ job\ began
    | the\ program\ was\ killed\ from\ outside\ its\ sandbox,
      \ or\ by\ a\ limit\ that\ it\ set\ itself
    | the\ worker\ process\ that\ ran\ the\ job\ ended
    | the\ runtime\ cannot\ be\ started
)$/x;


# Options: server, seed, killer, clients (jobs under way at a time).

sub new {
    my ($class, %opt) = @_;

    my $self = bless { clients => 80, bad => [], count => {}, reasons => {},
                       sorts => {}, number => 0, %opt }, $class;

    $self->{random} = CodeRemote::Seeded->new("load $self->{seed}");
    $self->{client} = $self->{server}->client;

    return $self;
}


sub new_job {
    my ($self) = @_;

    my $random = $self->{random};
    my $n = ++$self->{number};
    my $sort = $random->pick({ map { $_ => $sorts{$_}[0] } keys %sorts });
    my ($body, $stdout, $error_type) = $sorts{$sort}[1]->($n, $random);

    $body->{language} //= $random->below(10) < 6 ? 'python' : 'python-open';

    return { n => $n, sort => $sort, manner => $random->pick(\%manners),
             pause => $random->fraction, body => $body, stdout => $stdout,
             error_type => $error_type // '' };
}


# Runs so many jobs; 0 when not all have ended in time, in seconds.

sub run {
    my ($self, $n, $deadline) = @_;

    my $end = time + $deadline * CodeRemote::Env::slow();
    my $left = $n;

    $self->{active} = [];

    while ($left || @{ $self->{active} }) {

        while ($left && @{ $self->{active} } < $self->{clients}) {
            my $job = $self->new_job;
            push @{ $self->{active} }, $job;
            $self->post($job);
            $left--;
        }

        $self->{client}->step(0.01);
        $self->advance($_) for @{ $self->{active} };
        $self->{active} = [grep { !$_->{outcome} } @{ $self->{active} }];
        $self->{killer}->step if $self->{killer};

        if (time > $end) {
            $self->bad($_, 'has not ended') for @{ $self->{active} };
            return 0;
        }
    }

    return 1;
}


# A job waits for a response, or for a moment, or for what comes first.

sub advance {
    my ($self, $job) = @_;

    if ($job->{r} && $job->{r}{done}) {
        my $then = $job->{then};
        my $r = delete $job->{r};
        delete @$job{qw( at on_time )};
        $self->$then($job, $r);

    } elsif (defined $job->{at} && time >= $job->{at}) {
        my $then = delete $job->{on_time};
        delete $job->{at};
        $self->$then($job);
    }
}


sub ask {
    my ($self, $job, $then, @request) = @_;

    $job->{r} = $self->{client}->start(@request);
    $job->{then} = $then;
}


sub later {
    my ($self, $job, $then, $seconds) = @_;

    $job->{at} = time + $seconds;
    $job->{on_time} = $then;
}


sub outcome {
    my ($self, $job, $outcome) = @_;

    $job->{outcome} = $outcome;
    $self->{count}{$outcome}++;
    $self->{sorts}{$job->{sort}}++;
}


sub bad {
    my ($self, $job, $what) = @_;

    push @{ $self->{bad} }, sprintf 'job %d (%s, %s%s) %s', $job->{n},
                                    @$job{qw( sort manner )},
                                    $job->{id} ? ", $job->{id}" : '', $what;
    $self->outcome($job, 'bad');
}


# True when no answer came and its worker's death explains it.

sub cut {
    my ($self, $job, $r) = @_;

    return 0 if $r->{code} != 0;

    if (!$self->{killer}
        || !$self->{killer}->worker_died($r->{started}, $r->{ended}))
    {
        $self->bad($job, "got no answer though no worker died: $r->{error}");
    }

    return 1;
}


sub post {
    my ($self, $job) = @_;

    my $manner = $job->{manner};
    my $wait = $manner eq 'waits' || $manner eq 'leaves' ? '?wait=true'
             : $manner eq 'waits_a_while'                ? '?wait=0.3'
             :                                             '';

    $self->ask($job, 'posted', POST => "/execute$wait", $job->{body});
    $self->later($job, 'leave', $job->{pause} * 0.3) if $manner eq 'leaves';
}


sub leave {
    my ($self, $job) = @_;

    $self->{client}->abort(delete $job->{r});
    $self->outcome($job, 'left');
}


sub posted {
    my ($self, $job, $r) = @_;

    if ($self->cut($job, $r)) {
        $self->outcome($job, 'cut') if !$job->{outcome};

    } elsif ($r->{code} == 429 || $r->{code} == 503) {
        $self->{refused}{$r->{code}}++;
        $self->bad($job, 'was refused without Retry-After: ' . $r->text)
            if !$r->{headers}{'retry-after'};
        $self->later($job, 'post', 0.1 + 0.3 * $job->{pause});

    } elsif ($r->{code} == 200) {
        $self->ended($job, $r);

    } elsif ($r->{code} == 202) {
        $job->{id} = $r->json->{job_id};

        $job->{manner} eq 'stops'
            ? $self->later($job, 'stop', $job->{pause} * 0.5)
            : $self->poll($job);

    } else {
        $self->bad($job, 'was answered ' . $r->text);
    }
}


sub poll {
    my ($self, $job) = @_;

    my $wait = $job->{manner} eq 'polls_long' ? '?wait=5' : '';

    $self->ask($job, 'polled', GET => "/execute/jobs/$job->{id}$wait");
}


sub polled {
    my ($self, $job, $r) = @_;

    if ($self->cut($job, $r)) {
        $self->poll($job) if !$job->{outcome};

    } elsif ($r->{code} == 404 && $job->{stopped}) {

        # nobody heard what the first DELETE came to
        $self->outcome($job, 'forgotten');

    } elsif ($r->{code} == 200) {
        $r->json->{completed_at} ? $self->ended($job, $r)
                                 : $self->later($job, 'poll', 0.2);

    } elsif ($r->{code} == 202) {
        $self->poll($job);

    } else {
        $self->bad($job, 'was polled and is ' . $r->text);
    }
}


sub stop {
    my ($self, $job) = @_;

    $self->ask($job, 'stopped', DELETE => "/execute/jobs/$job->{id}");
}


sub stopped {
    my ($self, $job, $r) = @_;

    if ($self->cut($job, $r)) {
        $job->{stopped} = 1;
        $self->poll($job) if !$job->{outcome};

    } elsif ($r->{code} == 204) {
        $self->outcome($job, 'forgotten');

    } elsif ($r->{code} == 202) {
        $self->poll($job);

    } elsif ($r->{code} == 200) {
        $self->ended($job, $r);

    } else {
        $self->bad($job, 'was stopped and is ' . $r->text);
    }
}


# It ended: as its program does, or stopped, or killed with the reason.

sub ended {
    my ($self, $job, $r) = @_;

    my $got = $r->json;
    my $result = $got->{result} || {};
    my $type = $result->{error_type} // '';
    my $text = $result->{error} // '';

    # Python's own MemoryError has no more to say than its traceback
    my $told = ($text . ($result->{stderr} // '')) =~ /\S/;

    if ($got->{status} eq 'completed' && $job->{error_type} eq '') {
        return $self->bad($job, 'wrote what is not its own: ' . $r->text)
            if $result->{stdout} ne $job->{stdout};

    } elsif ($got->{status} eq 'failed' && $told
             && $type eq $job->{error_type} && $type ne '')
    {
        # as it should

    } elsif ($got->{status} eq 'failed' && $type eq 'SandboxError'
             && $text =~ $killed && $self->{killer})
    {
        $self->{reasons}{$text}++;
        return $self->outcome($job, 'killed');

    } elsif ($got->{status} ne 'cancelled' || $job->{manner} ne 'stops') {
        return $self->bad($job, 'ended otherwise: ' . $r->text);
    }

    $self->outcome($job, $got->{status});
}


# As text: counts by name.

sub told {
    my ($counts) = @_;

    return 'none' if !%{ $counts || {} };
    return join ', ', map { "$counts->{$_} $_" } sort keys %$counts;
}


1;
