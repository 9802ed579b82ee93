# Each process is killed in turn: what was accepted ends with a reason, the
# service is back soon, and nothing stays behind.

use strict;
use warnings;

use lib 't/lib';
use Fcntl qw( F_SETLK );
use Test::More;
use Time::HiRes qw( time );

use CodeRemote::Data qw( data_like );
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

my $sleep = "import time\nprint('begun')\ntime.sleep(1)\nprint('ended')\n";

my $server = CodeRemote::Server->new->start;
my $client = $server->client;


sub post {
    my ($code, %fields) = @_;

    my $res = $client->post('/execute', { code => $code, %fields });
    return $res->json->{job_id};
}


# Every job of the list has ended; those that failed say why.

sub all_end {
    my ($name, @ids) = @_;

    my @jobs = map { $client->finished($_, 20) } @ids;
    my %count;
    my @bad;

    for my $job (@jobs) {
        my $status = $job->{status} // 'unknown';
        $count{$status}++;

        next if $status eq 'completed';
        next if $status eq 'failed' && ($job->{result}{error} // '') =~ /\S/
                && defined($job->{result}{error_type}
                           // $job->{result}{signal});

        push @bad, $job;
    }

    is(scalar @bad, 0, "$name: every accepted job ended, with a reason")
        or diag(explain($bad[0]));
    note(join ', ', map { "$count{$_} $_" } sort keys %count);

    return @jobs;
}


# A job runs to its end again.  The figure is told, the deadline generous.

sub back {
    my ($name, $start) = @_;

    $start //= time;
    my $job;

    my $ok = wait_for(sub {
        my $res = $client->post('/execute?wait=true', { code => 'print(2)' });
        $job = $res->json;
        return $res->{code} == 200 && $job->{status} eq 'completed';
    }, 10);

    ok($ok, "$name: the service is back") or diag(explain($job));
    note(sprintf 'after %.0f ms', (time - $start) * 1000);
}


sub the {
    my ($kind) = @_;

    my @found = $server->kin($kind);
    ok(scalar @found, "there is a process: $kind");

    return map { $_->{pid} } @found;
}


sub burst {
    my ($n) = @_;

    my @ids = map { post($sleep) } 1 .. $n;
    is(scalar(grep { !defined } @ids), 0, "$n jobs are accepted");

    ok(wait_for(sub {
        $client->get("/execute/jobs/$ids[0]")->json->{status} eq 'running';
    }), 'and run');

    return @ids;
}


subtest 'a zygote dies: running jobs go on' => sub {
    my $supervisor = $server->supervisor;
    my @ids = burst(4);

    kill KILL => the('zygote');
    back('zygote');

    my @jobs = all_end('zygote', @ids);
    is(scalar(grep { $_->{status} ne 'completed' } @jobs), 0,
       'those that ran ended well') or diag(explain($jobs[0]));
    is($server->supervisor, $supervisor, 'the supervisor is the same');
};


subtest 'a zygote dies while jobs wait' => sub {
    my @ids = burst(60);

    kill KILL => the('zygote');
    back('zygote, queue');
    all_end('zygote, queue', @ids);
};


subtest 'slot-zygotes die' => sub {
    my @ids = burst(20);

    kill KILL => the('slot');
    back('slots');
    all_end('slots', @ids);
};


subtest 'cells die, parked and running' => sub {
    my @ids = burst(20);

    kill KILL => the('cell');
    back('cells');

    my @jobs = all_end('cells', @ids);
    ok(scalar(grep { $_->{status} eq 'failed' } @jobs), 'running ones failed');
};


subtest 'a zygote\'s init dies, and its namespaces with it' => sub {
    my @ids = burst(20);

    kill KILL => the('init');
    back('init');
    all_end('init', @ids);
};


subtest 'slot-zygotes hang' => sub {
    kill STOP => the('slot');

    # more jobs than cells are parked
    my @ids = map { post('print(5)') } 1 .. 60;
    my @jobs = all_end('hanging slots', @ids);
    is(scalar(grep { $_->{status} ne 'completed' } @jobs), 0,
       'others take their place');
};


subtest 'cells hang' => sub {
    kill STOP => the('cell');

    my @ids = map { post('print(6)', timeout_seconds => 2) } 1 .. 6;
    all_end('hanging cells', @ids);
    back('hanging cells');
};


subtest 'a zygote dies again and again' => sub {
    for (1 .. 3) {
        kill KILL => map { $_->{pid} } $server->kin('zygote');
        ok(wait_for(sub { scalar $server->kin('zygote') }, 15),
           'another one comes');
    }

    back('zygote, three times');
};


subtest 'the supervisor dies' => sub {
    my @ids = burst(60);
    my $waiting = $client->start(POST => '/execute?wait=true',
                                 { code => $sleep });
    $client->step(0.02) for 1 .. 5;

    my $old = $server->supervisor;
    my @kin = map { $_->{pid} } $server->kin;

    kill KILL => $old;

    ok(wait_for(sub { !grep { CodeRemote::Procs::alive($_) } @kin }),
       'its cells and zygotes die with it');

    back('supervisor');
    isnt($server->supervisor, $old, 'another one serves');
    all_end('supervisor', @ids);

    ok($client->drive(sub { $waiting->{done} }, 20), 'who waits is answered');
    is($waiting->{code}, 200, 'with the job') or diag($waiting->text);
};


subtest 'the supervisor dies while nobody wants anything' => sub {
    kill KILL => $server->supervisor;
    back('idle supervisor');
};


# The program of the zygotes is taken away for a while.

my $program = CodeRemote::Env::install_dir()
              . '/libexec/coderemote/zygote-python';

END {
    if (defined $program && -e "$program.away") {
        rename "$program.away", $program;
    }
}

subtest 'a supervisor dies and none can start' => sub {
    my @ids = burst(20);

    rename $program, "$program.away" or die "$program: $!\n";
    kill KILL => $server->supervisor;

    my $res;
    ok(wait_for(sub {
        $res = $client->post('/execute', { code => 'print(1)' });
        return $res->{code} == 503;
    }), 'jobs are refused') or diag($res->text);

    like($res->{headers}{'retry-after'} // '', qr/^[1-9]\d*$/, 'Retry-After');
    is($res->{headers}{'content-type'}, 'application/problem+json',
       'as a problem');
    is($client->get('/health')->{code}, 503, '/health says so');

    my @jobs = all_end('no helper', @ids);
    is(scalar(grep { $_->{status} eq 'failed' } @jobs), 20, 'all have failed');

    rename "$program.away", $program or die "$program: $!\n";

    # the workers try ever more rarely while it fails
    back('the program is there again');
};


subtest 'the supervisor stops answering' => sub {
    my $pid = $server->supervisor;

    kill STOP => $pid;
    my @ids = map { post('print(1)') } 1 .. 5;
    kill CONT => $pid;

    all_end('stopped for a while', grep { defined } @ids);
    back('stopped for a while');
};


subtest 'a worker dies' => sub {
    my @ids = burst(30);
    my @workers = $server->workers;

    kill KILL => $workers[0];

    ok(wait_for(sub {
        my @now = $server->workers;
        return @now == @workers && !grep { $_ == $workers[0] } @now;
    }), 'nginx starts another');

    back('worker');
    all_end('worker', @ids);

    # what the dead worker had accepted takes no room for ever
    my @jobs = map { post('print(3)') } 1 .. 20;
    is(scalar(grep { !defined } @jobs), 0, 'new jobs are accepted');
    all_end('worker, afterwards', @jobs);
};


subtest 'all workers die' => sub {
    my @ids = burst(30);
    my @workers = $server->workers;

    kill KILL => @workers;

    ok(wait_for(sub {
        my @now = $server->workers;
        return @now == @workers;
    }), 'nginx starts others');

    back('workers');
    all_end('workers', @ids);
};


subtest 'the admission bound survives dead workers' => sub {
    my @old = $server->workers;
    $server->configure(http => 'coderemote_queue 10;');
    ok($server->reload, 'reloaded');
    ok(wait_for(sub { !grep { CodeRemote::Procs::alive($_) } @old }),
       'the old workers have left');

    for (1 .. 3) {
        my @ids = grep { defined }
                  map { post("while True: pass", timeout_seconds => 20) }
                  1 .. 12;
        cmp_ok(scalar @ids, '<=', 10, 'no more than the bound');

        kill KILL => $server->workers;
        ok(wait_for(sub { $server->workers == $server->{workers} }),
           'other workers');
        all_end('bound', @ids);
    }

    my @ids = grep { defined }
              map { post("import time\ntime.sleep(20)") } 1 .. 12;
    is(scalar @ids, 10, 'afterwards the bound is what it was');

    $client->delete("/execute/jobs/$_") for @ids;
    is(scalar(grep { $client->finished($_, 20)->{status} ne 'cancelled' }
              @ids), 0, 'and all can be stopped');
};


subtest 'the end' => sub {
    # orphaned cgroups of killed supervisors must be gone, too: finish() looks
    # for every block that was seen
    $server->{expected} = [qr/exited on signal 9/, qr/cannot start/];
    $server->finish;
};


# The block of ids is held while another supervisor starts, so that it can
# neither take nor sweep it, as if processes in it were still dying.

subtest 'what a killed supervisor left goes with the next' => sub {
    plan skip_all => 'without root there are no blocks of ids' if $> != 0;

    my $s = CodeRemote::Server->new->start;
    my ($cell) = $s->kin('cell');
    my ($path, $block) = CodeRemote::Procs::slurp("/proc/$cell->{pid}/cgroup")
                         =~ m{(/[^:\n]*?coderemote-(\d+))};
    my @dirs = grep { -d } map { "$_$path" } '/sys/fs/cgroup',
                                             glob '/sys/fs/cgroup/*';

    my @kin = map { $_->{pid} } $s->kin;

    # a zygote that is stopped does not hear of the supervisor's end
    open my $blocks, '+<', '/run/coderemote.uids' or die $!;
    kill STOP => $s->workers, map { $_->{pid} } $s->kin('zygote');
    kill KILL => $s->supervisor;

    ok(wait_for(sub {
        CodeRemote::Procs::lock_block($blocks, F_SETLK, $block);
    }), 'its block is held');
    ok(wait_for(sub { !grep { CodeRemote::Procs::alive($_) } @kin }),
       'all its processes have ended with it');

    kill CONT => $s->workers;
    is($s->healthy->{code}, 200, 'another one serves');
    is(scalar(grep { -d } @dirs), scalar @dirs, 'the cgroups are left');

    # Not with one that ends while somebody else has the block, or that is
    # given it and can make no cgroups.
    close $blocks;
    for (1 .. 5) {
        last if !grep { -d } @dirs;
        CodeRemote::Server->new->start->stop;
    }

    $s->{expected} = [qr/exited on signal 9/];
    $s->finish;
};


subtest 'the master dies, and the helper with the last worker' => sub {
    my $s = CodeRemote::Server->new->start;
    my $supervisor = $s->supervisor;
    my @workers = $s->workers;

    kill KILL => $s->master, @workers;

    ok(wait_for(sub { !CodeRemote::Procs::alive($supervisor) }),
       'the supervisor leaves');

    delete $s->{pid};
    my @left = CodeRemote::Procs::leaks();
    is_deeply(\@left, [], 'nothing stays') or diag(join "\n", @left);

    # the dead one's socket is still there; a new nginx takes its place
    unlink "$s->{dir}/nginx.pid";
    ok(-e $s->{sock}, 'a stale socket');
    $s->start;
    data_like($s->client->run('print(4)'), { result => { stdout => "4\n" } },
              'a new one serves');
    $s->{expected} = [qr/exited on signal 9/];
    $s->finish('TERM');
};

subtest 'nginx stops although the supervisor hangs' => sub {
    my $s = CodeRemote::Server->new(shutdown => '1s')->start;
    my $c = $s->client;
    my $supervisor = $s->supervisor;

    kill STOP => $supervisor;

    my $res = $c->post('/execute', { code => 'print(1)' });
    is($res->{code}, 202, 'a job waits') or diag($res->text);
    my $r = $c->start(POST => '/execute?wait=true', { code => 'print(2)' });
    $c->step(0.02) for 1 .. 10;

    kill QUIT => $s->master;

    ok(wait_for(sub {
        $c->step(0.01);
        return !CodeRemote::Procs::alive($s->master);
    }, 20), 'nginx has left');

    # the supervisor leaves when it comes to itself
    kill CONT => $supervisor;
    kill TERM => $s->master if CodeRemote::Procs::alive($s->master);
    ok(wait_for(sub { !CodeRemote::Procs::alive($supervisor) }),
       'the supervisor, too');

    $s->finish('TERM');
};

done_testing();
