# Many jobs, posted to any worker and watched from any other: every byte of
# output arrives exactly once wherever it is watched, one result each, and
# nothing else.
#
#   CR_LIVE_JOBS   jobs (default: 1000, under valgrind 100)
#   CR_SEED        decides jobs, who watches them and how (default: any)

use strict;
use warnings;

use lib 't/lib';
use Test::More;
use Time::HiRes qw( time );

use CodeRemote::Live qw( drive );
use CodeRemote::Seeded;
use CodeRemote::Server;

my $jobs = $ENV{CR_LIVE_JOBS} || (CodeRemote::Env::valgrind() ? 100 : 1000);
my $seed = $ENV{CR_SEED} // int rand 1_000_000;

diag("CR_SEED=$seed CR_LIVE_JOBS=$jobs");

my @programs = grep { !defined CodeRemote::Live::missing($_) }
               CodeRemote::Live::programs();

plan skip_all => 'none of the clients is there' if !@programs;


# A program of the job's own number, and what it writes; what is missing of
# that only the result tells.

my %sorts = (
    short => [25, sub {
        my ($n) = @_;
        return { code => "print('short', $n)" }, "short $n\n", '';
    }],
    lines => [15, sub {
        my ($n) = @_;
        return { code => "for i in range(60):\n    print('line', $n, i)\n" },
               join('', map { "line $n $_\n" } 0 .. 59), '';
    }],
    slow => [25, sub {
        my ($n, $random) = @_;
        my $s = sprintf '%.3f', 0.01 + 0.1 * $random->fraction;
        return { code => "import time\nfor i in range(6):\n"
                         . "    print('slow', $n, i)\n    time.sleep($s)\n" },
               join('', map { "slow $n $_\n" } 0 .. 5), '';
    }],
    both => [12, sub {
        my ($n) = @_;
        return { language => 'python-open',
                 code => "import sys\nfor i in range(20):\n"
                         . "    print('out', $n, i)\n"
                         . "    print('err', $n, i, file=sys.stderr)\n" },
               join('', map { "out $n $_\n" } 0 .. 19),
               join('', map { "err $n $_\n" } 0 .. 19);
    }],

    # characters that are written in two halves
    halves => [8, sub {
        my ($n, $random) = @_;
        my $s = sprintf '%.3f', 0.02 * $random->fraction;
        return { language => 'python-open',
                 code => "import os, time\nfor i in range(8):\n"
                         . "    b = f'$n \\u6f22\\U0001f40d {i}\\n'.encode()\n"
                         . "    os.write(1, b[:-6])\n    time.sleep($s)\n"
                         . "    os.write(1, b[-6:])\n" },
               join('', map { "$n \xe6\xbc\xa2\xf0\x9f\x90\x8d $_\n" } 0 .. 7),
               '';
    }],
    much => [5, sub {
        my ($n) = @_;
        return { code => "print(('$n' * 41000)[:41000])" },
               substr($n x 41000, 0, 41000) . "\n", '';
    }],
    raises => [10, sub {
        my ($n) = @_;
        return { code => "print('so far', $n)\nraise ValueError($n)" },
               "so far $n\n", undef;
    }],
);

# How a job is watched that does not report to a connection: at once, a while
# after it was posted, by two, by one and from what he saw by a second, and by
# one who leaves in the middle and comes back over another connection.

my %manners = (now => 35, late => 20, twice => 15, joined => 15, moves => 15);


# The book: a job, and who watches it.  A watch is { ws, job, whole }.

sub watch {
    my ($job, $ws, $seq) = @_;

    $ws->subscribe($job->{id}, $seq);
    return expect($job, $ws);
}


sub expect {
    my ($job, $ws) = @_;

    my $watch = { ws => $ws, job => $job };
    push @{ $job->{watches} }, $watch;

    return $watch;
}


sub seen {
    my ($watch) = @_;

    return $watch->{ws}{jobs}{ $watch->{job}{id} };
}


sub other {
    my ($self, $random, @not) = @_;

    my %not = map { $_->{name} => 1 } @not;
    my @may = grep { !$not{$_->{name}} } @{ $self->{sockets} };

    return $may[$random->below(scalar @may)];
}


# Each step answers the next one, itself while there is nothing to do, or
# nothing when all that will be watched is.

my %begin = (
    now    => sub { my ($job, $ws) = @_; watch($job, $ws); return },
    twice  => sub {
        my ($job, $ws, $other) = @_;
        watch($job, $_) for $ws, $other;
        return;
    },
    late   => sub { return \&late },
    joined => sub { my ($job, $ws) = @_; watch($job, $ws); return \&joined },
    moves  => sub { my ($job, $ws) = @_; watch($job, $ws); return \&moves },
);


sub late {
    my ($job, $ws) = @_;

    return \&late if time < $job->{posted} + 1.5 * $job->{pause};

    watch($job, $ws);
    return;
}


# A second one begins after a piece that the first one saw, at once or when
# there is a rest to be told.

sub joined {
    my ($job, $ws, $other) = @_;

    my $seen = seen($job->{watches}[0]);
    my $pieces = $seen->{pieces};

    return \&joined
        if !$seen->{result} && ($job->{pause} < 0.6 || !@$pieces);

    my $n = int($job->{part} * (@$pieces + 1));
    watch($job, $other, $n ? $pieces->[$n - 1][3] : 0);

    return;
}


sub moves {
    my ($job, $ws) = @_;

    my $seen = seen($job->{watches}[0]);

    return if $seen->{result};
    return \&moves if !@{ $seen->{pieces} };

    $ws->send({ action => 'unsubscribe', job_id => $job->{id} });
    return \&moved;
}


# When the end came first, that was all.

sub moved {
    my ($job, $ws, $other) = @_;

    my $id = $job->{id};

    if (my $left = $ws->{gone}{$id}) {
        $job->{watches} = [];
        watch($job, $other, $left->{seq})->{before} = $left;
        return;
    }

    my @refused = grep { ($_->{job_id} // '') eq $id } @{ $ws->{errors} };
    return \&moved if !@refused;

    $ws->{errors} = [grep { ($_->{job_id} // '') ne $id }
                     @{ $ws->{errors} }];
    return;
}


sub new_job {
    my ($self, $n) = @_;

    my $random = $self->{random};
    my $sort = $random->pick({ map { $_ => $sorts{$_}[0] } keys %sorts });
    my ($body, $stdout, $stderr) = $sorts{$sort}[1]->($n, $random);
    my $ws = other($self, $random);

    my $job = { n => $n, sort => $sort, body => $body, watches => [],
                pause => $random->fraction, part => $random->fraction,
                ws => $ws,
                other => other($self, $random, $ws),
                text => { stdout => $stdout, stderr => $stderr } };

    if ($n % 2) {
        $job->{manner} = 'reports';
        $body->{connection_id} = $ws->{id};

    } else {
        $job->{manner} = $random->pick(\%manners);
    }

    $self->{count}{$job->{manner}}++;

    return $job;
}


# Posts the job; then it is watched.

sub posted {
    my ($self, $job) = @_;

    my $r = $job->{request};
    my $id = ($r->json || {})->{job_id};

    if ($r->{code} != 202) {
        push @{ $self->{bad} }, "$job->{n} was answered " . $r->text;
        return;
    }

    $job->{id} = $id;
    $job->{posted} = time;
    $self->{across}{$job->{manner}}++
        if $r->{headers}{'x-worker'} != $job->{ws}{open}{worker};

    if ($job->{manner} eq 'reports') {
        expect($job, $job->{ws});
        return;
    }

    return $begin{$job->{manner}}->($job, @$job{qw( ws other )});
}


sub over {
    my ($job) = @_;

    return !$job->{step}
           && !grep { !(seen($_) || {})->{result} } @{ $job->{watches} };
}


sub run {
    my ($self) = @_;

    my @open;
    my $n = 0;
    my $http = $self->{server}->client;

    my $ok = drive(sub {
        while (@open < 120 && $n < $jobs) {
            my $job = new_job($self, ++$n);

            $job->{request} = $http->start(POST => '/execute', $job->{body});
            push @open, $job;
            push @{ $self->{jobs} }, $job;
        }

        for my $job (@open) {
            if (my $r = $job->{request}) {
                next if !$r->{done};
                $job->{step} = posted($self, $job);
                delete $job->{request};

            } elsif ($job->{step}) {
                $job->{step} = $job->{step}->($job, @$job{qw( ws other )});
            }
        }

        @open = grep { $_->{request} || !over($_) } @open;

        return !@open && $n == $jobs;
    }, 30 + $jobs / 20, $http);

    diag(map { "not over: $_->{n} ($_->{sort}, $_->{manner}) "
               . ($_->{id} // 'not posted') . "\n" }
         @open[0 .. ($#open < 5 ? $#open : 5)]) if !$ok;

    return $ok;
}


# What both streams had, as one who does not care where pieces end.

sub runs {
    my ($seen, $after) = @_;

    my @runs;

    for my $piece (@{ $seen->{pieces} }) {
        my ($stream, $bytes, $at, $seq) = @$piece;

        next if $seq <= $after;

        @runs && $runs[-1][0] eq $stream ? $runs[-1][1] .= $bytes
                                         : push @runs, [$stream, $bytes];
    }

    return map { "$_->[0]: $_->[1]" } @runs;
}


# Whether it saw all it must, and nothing else: a list of sentences.

sub wrong {
    my ($watch) = @_;

    my $seen = seen($watch);
    my $job = $watch->{job};
    my $result = ($seen->{result} || {})->{result};
    my @wrong;

    return "$job->{n} has no result at $watch->{ws}{name}" if !$result;

    for my $stream (qw( stdout stderr )) {
        my $got = $seen->{text}{$stream};

        $got = $watch->{before}{text}{$stream} . $got if $watch->{before};

        # the rest of one who saw all from its beginning
        if ($seen->{from} && !$watch->{before}) {
            my $whole = seen($job->{watches}[0]);

            push @wrong, 'another rest'
                if join("\0", runs($seen, 0))
                   ne join "\0", runs($whole, $seen->{from});
            last;
        }

        my $want = $job->{text}{$stream};
        $want = $result->{$stream} if !defined $want;

        push @wrong, "another $stream: "
                     . length($got) . ' of ' . length($want) . ' bytes'
            if $got ne $want;
    }

    my $status = $job->{sort} eq 'raises' ? 'failed' : 'completed';
    push @wrong, "is $seen->{result}{status}"
        if $seen->{result}{status} ne $status;

    return map { "$job->{n} ($job->{sort}, $job->{manner}) "
                 . "at $watch->{ws}{name}: $_" } @wrong;
}


for my $workers (2, 4) {
    subtest "$workers workers" => sub {
        my $server = CodeRemote::Server->new(
            workers => $workers, listen => 'reuseport', http => <<'_EOC_');
coderemote_queue 2000;
coderemote_websocket_jobs 1000;
_EOC_
        $server->start;

        my @live = map { CodeRemote::Live->new($_, server => $server) }
                   @programs;

        my (@sockets, %workers);

        for (1 .. 20) {
            last if keys %workers == $workers && @sockets >= 8;
            push @sockets, map { scalar $_->open } @live;
            %workers = map { $_->{open}{worker} => 1 } @sockets;
        }

        is(keys %workers, $workers, 'every worker has a connection');
        ok(CodeRemote::Live::settle(@sockets), 'that has a name');

        my $self = { server => $server, sockets => \@sockets, bad => [],
                     jobs => [], count => {}, across => {},
                     random => CodeRemote::Seeded->new("$seed $workers") };
        my $start = time;

        ok(run($self), 'every job is over for all who watch it');
        diag(sprintf '%d workers: %d jobs over %d connections in %.1f s:'
             . ' %s; of these posted to another worker: %s', $workers, $jobs,
             scalar @sockets, time - $start,
             map { my $c = $_; join ', ', map { "$c->{$_} $_" } sort keys %$c }
             @$self{qw( count across )});

        # what must not come has had time to
        ok(CodeRemote::Live::settle(@sockets), 'they answer') for 1 .. 2;

        my (@wrong, %watched);

        for my $job (@{ $self->{jobs} }) {
            for my $watch (@{ $job->{watches} }) {
                $watched{$watch->{ws}{name}}{$job->{id}} = 1;
                push @wrong, wrong($watch);
            }
        }

        push @wrong, @{ $self->{bad} }, CodeRemote::Live::complaints(@sockets);

        for my $ws (@sockets) {
            push @wrong, "$ws->{name} was told of $_"
                for grep { !$watched{$ws->{name}}{$_} } keys %{ $ws->{jobs} };
            push @wrong, "$ws->{name}: $_->{code}: $_->{message}"
                for @{ $ws->{errors} };
        }

        is_deeply(\@wrong, [], 'each saw what it must, once, and nothing else')
            or diag(scalar(@wrong), ' sentences');

        cmp_ok($self->{across}{$_} // 0, '>', 0,
               "across workers: $_") for 'reports', keys %manners;

        $_->end for @live;
        $server->finish;
    };
}

done_testing();
