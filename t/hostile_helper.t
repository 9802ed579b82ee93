# A supervisor that is broken, or somebody else's: whatever it says, nginx
# answers other requests, every job ends with a reason, memory and log are
# bounded; and with a good one in its place jobs run again.
#
# SCENARIO="garbage|STATUS" tries only those.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Fake qw( frame result status );
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;
use CodeRemote::Wire qw( HELLO WELCOME RUN CREDIT STARTED OUTPUT RESULT STATUS
                         TO_OUT TO_ERR VERSION );

my $server = CodeRemote::Server->new(workers => 1, external => 1,
    locations => CodeRemote::Env::locations()
                 . "\nlocation = /plain { return 200 plain; }\n");
my $client;
my $max = 2 ** 32 - 1;

# The good one, which is not there for nginx all the time.
my $real = CodeRemote::Fake->helper("$server->{dir}/real.sock");
my $keep = $real->connect;
$keep->send(HELLO, 0, pack 'V', VERSION);
my $input = join '', map { "line $_\n" } 1 .. 6000;


# Welcomes, and does the rest with the first job.

sub with_job {
    my ($do) = @_;

    return sub {
        my ($c) = @_;
        $c->welcome;
        $do->($c, $c->run);
        $c->idle;
    };
}


sub started {
    my ($do) = @_;

    return with_job(sub {
        my ($c, $run) = @_;
        $c->send(STARTED, $run->{job});
        $do->($c, $run->{job}, $run);
    });
}


sub answers {
    my (%fields) = @_;
    return started(sub { $_[0]->send(RESULT, $_[1], result(%fields)) });
}


my $gone = qr/the sandbox ended while the job ran/;
my $never = qr/the sandbox ended each time before the job began/;

# name, what it does; of the job: "refused" (503), "again" (a good supervisor
# runs it), what its error is like, or undef where there may be none.

my @scenarios = (

    # before jobs
    ['closes at once', sub { }, 'refused'],
    ['closes after HELLO', sub { $_[0]->get }, 'refused'],
    ['garbage', sub { $_[0]->raw("\xa5" x 100000); $_[0]->idle }, 'refused'],
    ['silence', sub { sleep 1000 }, 'refused'],
    ['another version', sub {
        $_[0]->send(WELCOME, 0, pack 'V', VERSION + 1); $_[0]->idle
    }, 'refused'],
    ['a short WELCOME', sub { $_[0]->send(WELCOME, 0, 'x'); $_[0]->idle },
     'refused'],
    ['STATUS first', sub { $_[0]->send(STATUS, 0, status()); $_[0]->idle },
     'refused'],
    ['welcomes, then closes', sub {
        $_[0]->send(WELCOME, 0, pack 'V', VERSION)
    }, 'refused'],
    ['welcomes twice', sub {
        $_[0]->send(WELCOME, 0, pack 'V', VERSION) for 1, 2; $_[0]->idle
    }, 'refused'],
    ['a STATUS that is none', sub {
        $_[0]->send(WELCOME, 0, pack 'V', VERSION);
        $_[0]->send(STATUS, 0, 'x' x 1000);
        $_[0]->idle;
    }, 'refused'],
    ['is good for a moment', sub { $_[0]->welcome }, undef],
    ['endless STATUS', sub {
        $_[0]->welcome;
        $_[0]->raw(frame(STATUS, 0, status()) x 1000) for 1 .. 1e6;
    }, undef],
    ['a job that is none', sub {
        $_[0]->welcome; $_[0]->send(STARTED, 4711); $_[0]->idle;
    }, undef],
    ['results for nobody', sub {
        $_[0]->welcome;
        $_[0]->raw(frame(RESULT, 0x7fffffff, result()) x 1000) for 1 .. 1e6;
    }, undef],

    # before STARTED
    ['closes after RUN', with_job(sub { die }), $never],
    ['CREDIT too soon', with_job(sub {
        my ($c, $run) = @_;
        $c->send(CREDIT, $run->{job}, pack 'V', 1 << 20);
        $c->next while 1;
    }), $never],
    ['OUTPUT too soon', with_job(sub {
        $_[0]->send(OUTPUT, $_[1]{job}, 'x', TO_OUT)
    }), $never],
    ['RESULT too soon', with_job(sub {
        $_[0]->send(RESULT, $_[1]{job}, result())
    }), $never],
    ['takes stdin before the job began, and is gone', with_job(sub {
        my ($c, $run) = @_;
        $c->send(CREDIT, $run->{job}, pack 'V', 1 << 20);
        select undef, undef, undef, 0.2;
        exec 'true';
    }), 'again'],

    # afterwards
    ['closes after STARTED', started(sub { die }), $gone],
    ['STARTED twice', started(sub { $_[0]->send(STARTED, $_[1]) }), $gone],
    ['an unknown type', started(sub { $_[0]->send(99, $_[1]) }), $gone],
    ['a frame that is too long', started(sub {
        $_[0]->raw(pack 'VVCCv', 1 << 30, $_[1], OUTPUT, 1, 0)
    }), $gone],
    ['bytes that must be zero', started(sub {
        $_[0]->raw(pack 'VVCCv', 1, $_[1], OUTPUT, 1, 1)
    }), $gone],
    ['OUTPUT of no stream', started(sub {
        $_[0]->send(OUTPUT, $_[1], 'x', 3)
    }), $gone],
    ['OUTPUT in frames that are too long', started(sub {
        $_[0]->send(OUTPUT, $_[1], 'x' x 16385, TO_OUT)
    }), $gone],
    ['OUTPUT that waits for no credit', started(sub {
        my ($c, $job) = @_;
        my $f = frame(OUTPUT, $job, 'x' x 16384, TO_OUT);
        $c->raw($f x 16) for 1 .. 1e6;
    }), qr/did not answer in time|$gone/],
    ['too much CREDIT', started(sub {
        $_[0]->send(CREDIT, $_[1], pack 'V', $max) for 1 .. 3
    }), $gone],
    ['an unknown end', answers(end => 200), $gone],
    ['a long reason', answers(end => 6, reason => 'x' x 5000), $gone],
    ['a RESULT cut short', started(sub {
        $_[0]->send(RESULT, $_[1], substr result(), 0, 30)
    }), $gone],
    ['a second RESULT', started(sub {
        $_[0]->send(RESULT, $_[1], result(end => 6, reason => $_)) for 'a', 'b'
    }), qr/^a$/],
    ['figures that cannot be', answers(end => 1, flags => 255, signal => 255,
        exit_code => -2 ** 31, run_us => ~0, cpu_us => ~0, peak => ~0),
     qr/exit code -2147483648/],
    ['a signal that is none', answers(end => 2, signal => 0), qr/signal 0/],
    ['a reason that is no text', answers(end => 6,
        reason => "\xff\xfe\0\r\n" . "\xc3" x 200), qr/\x{fffd}/],
    ['a claim that is none', answers(claim => "\xff" x 20000),
     qr/cannot be read/],

    # for ever
    ['OUTPUT without end', started(sub {
        my ($c, $job, $run) = @_;

        for (my $credit = $run->{credit}; ; ) {
            if ($credit >= 16384) {
                $c->send(OUTPUT, $job, 'y' x 16384, TO_ERR);
                $credit -= 16384;
                next;
            }

            my $f = $c->next;
            $credit += unpack 'V', $f->{payload} if $f->{type} == CREDIT;
        }
    }), qr/did not answer in time/],
    ['empty OUTPUT without end', started(sub {
        $_[0]->raw(frame(OUTPUT, $_[1], '', TO_OUT) x 1000) for 1 .. 1e9
    }), qr/did not answer in time|$gone/],
);


# Its size settles with the first jobs; a zone's pages count once touched.

my $most = 64 << 20;

sub plain {
    my ($name, $times) = @_;

    my @bad = grep { $_->{code} != 200 }
              map { $client->get('/plain') } 1 .. $times;
    is(scalar @bad, 0, "$name: other locations answer")
        or diag($bad[0]->text);
}


# A job ends by its own time, so that is short.

my @job = (POST => '/execute', { code => 'print(len(input()))',
                                 stdin => $input, timeout_seconds => 1 });

sub post {
    return $client->request(@job);
}


sub accepted {
    my $res;

    wait_for(sub { $res = post(); return $res->{code} == 202 }, 15);

    return $res;
}


sub reason {
    my ($name, $id, $like) = @_;

    my $job = $client->finished($id, 40);

    is($job->{status}, 'failed', "$name: the job has failed")
        or diag(explain($job));
    like($job->{result}{error} // '', $like, "$name: with the reason")
        or diag(explain($job));
}


sub good {
    my ($name, $id) = @_;

    my $fake = CodeRemote::Fake->start($server->{sock}, sub {
        $_[0]->forward($real->connect)
    });

    is($server->healthy(30)->{code}, 200, "$name: a good one is found");

    if (defined $id) {
        my $job = $client->finished($id, 30);
        is($job->{result}{stdout}, "6\n", "$name: it runs the job")
            or diag(explain($job));
    }

    my $job = $client->run('print(input() + "!")', stdin => "a\n");
    is($job->{result}{stdout}, "a!\n", "$name: jobs run")
        or diag(explain($job));

    $fake->stop;
}


sub play {
    my ($name, $talk, $end) = @_;

    my ($worker) = $server->workers;
    my $size = CodeRemote::Procs::rss($worker);
    my $lines = () = $server->error_log =~ /\n/g;
    my $id;

    my $fake = CodeRemote::Fake->start($server->{sock}, $talk);

    if (!defined $end) {
        $client->all([map { [@job] } 1 .. 20]);
        plain($name, 50);

    } elsif ($end eq 'refused') {
        is($_->{code}, 503, "$name: no job is taken")
            for $client->all([map { [@job] } 1 .. 3]);
        plain($name, 50);

    } else {
        my $res = accepted();
        $id = ($res->json || {})->{job_id};

        ok(defined $id, "$name: a job is taken") or diag($res->text);
        plain($name, 50);

        if ($end ne 'again') {
            reason($name, $id, $end);
            undef $id;
        }
    }

    $fake->stop;
    good($name, $id);

    is_deeply([$server->workers], [$worker], "$name: the worker lives");

    cmp_ok(CodeRemote::Procs::rss($worker), '<', $size + $most,
           "$name: its memory is bounded");

    my $more = () = $server->error_log =~ /\n/g;
    cmp_ok($more - $lines, '<', 200, "$name: its log is bounded");
}


$server->start(health => 0);
$client = $server->client;
good('at first');

for my $scenario (grep { !$ENV{SCENARIO} || $_->[0] =~ /$ENV{SCENARIO}/ }
                  @scenarios)
{
    subtest $scenario->[0] => sub { play(@$scenario) };
}


# Two that take longer: nginx must find out by itself.

subtest 'half a frame, then silence' => sub {
    my $fake = CodeRemote::Fake->start($server->{sock}, with_job(sub {
        $_[0]->send(STARTED, $_[1]{job});
        $_[0]->raw(substr frame(OUTPUT, $_[1]{job}, 'x' x 1000, TO_OUT), 0, 99);
        sleep 1000;
    }));

    my $res = accepted();
    my $job = $client->post('/execute', { code => 'print(7)' })->json;

    plain('half a frame', 50);

    # what it never began is another's to run, once it is found to hang
    $fake->stop_listening;
    my $good = CodeRemote::Fake->start($server->{sock}, sub {
        $_[0]->forward($real->connect)
    });

    reason('half a frame', $res->json->{job_id},
           qr/did not answer in time|$gone/);
    is(($client->finished($job->{job_id}, 60)->{result} || {})->{stdout},
       "7\n", 'the one that waited has run');

    $fake->stop;
    $good->stop;
};


$real->stop;
$server->finish;


subtest 'nginx stops while there is no sandbox' => sub {
    my $s = CodeRemote::Server->new(workers => 1, external => 1,
                                    shutdown => '1s');
    my $fake = CodeRemote::Fake->start($s->{sock}, with_job(sub { die }));

    $s->start(health => 0);
    my $c = $s->client;
    my $res;

    ok(wait_for(sub {
        $res = $c->post('/execute', { code => 'print(1)' });
        return $res->{code} == 202;
    }), 'a job waits') or diag($res->text);

    my $r = $c->start(GET => '/execute/jobs/' . $res->json->{job_id}
                             . '?wait=60');
    $c->step(0.02) for 1 .. 10;

    $fake->stop;
    kill QUIT => $s->master;

    ok($c->drive(sub { $r->{done} }, 30), 'who waits is answered');
    like($r->text, qr/"status":"failed"/, 'and told why');

    $s->finish;
};

done_testing();
