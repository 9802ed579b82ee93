# What the service needs runs out: disk, the zone, descriptors, processes,
# memory.  What cannot be done is refused or fails, with the reason, and goes
# again when there is room.

use strict;
use warnings;

use lib 't/lib';
use Test::More;
use Time::HiRes qw( time );

use CodeRemote::Data qw( data_like );
use CodeRemote::Footprint;
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

my $sleep = "import time\ntime.sleep(60)\n";


sub runs {
    my ($client, $name) = @_;

    for my $language (qw( python python-open )) {
        my $job;

        ok(wait_for(sub {
            $job = $client->run('print(6 * 7)', language => $language);
            return ref $job && ($job->{result}{stdout} // '') eq "42\n";
        }), "$name: a job runs, $language") or diag(explain($job));
    }
}


# A problem that says what to do, and when.

sub refused {
    my ($res, $code, $detail, $name) = @_;

    is($res->{code}, $code, "$name: refused") or diag($res->text);
    is($res->{headers}{'content-type'}, 'application/problem+json',
       "$name: as a problem");
    like($res->json->{detail} // '', $detail, "$name: which says why");
    like($res->{headers}{'retry-after'} // '', qr/^[1-9]\d*$/,
         "$name: Retry-After");
}


# The part of the log that came since the last call.

sub news {
    my ($server) = @_;

    my $log = $server->error_log;
    my $new = substr $log, $server->{told} // 0;

    $server->{told} = length $log;

    return $new;
}


my @mounted;

END {
    local $?;
    system('umount', '-l', $_) for @mounted;
}

subtest 'the disk is full' => sub {
    plan skip_all => 'a mount needs root' if $> != 0;

    my $server = CodeRemote::Server->new;
    my $client = $server->client;
    my $dir = $server->{dir};

    for (qw( logs tmp )) {
        if (system('mount', '-t', 'tmpfs', '-o', 'size=256k,mode=755', 'none',
                   "$dir/$_"))
        {
            return plan(skip_all => 'a tmpfs cannot be mounted here');
        }

        push @mounted, "$dir/$_";
    }

    $server->start;

    my $fill = sub {
        for (qw( logs tmp )) {
            open my $out, '>', "$dir/$_/fill" or die "$dir/$_/fill: $!\n";
            1 while syswrite $out, 'x' x 4096;
            ok($!{ENOSPC}, "$_: no space is left");
        }
    };

    my $large = { code => 'print(len(input()))', stdin => 'x' x 200_000 };

    $fill->();
    runs($client, 'a full disk');
    is($client->get('/health')->{code}, 200, '/health');

    my @ids = map { $client->post('/execute', { code => 'print(1)' })
                           ->json->{job_id} } 1 .. 20;
    is(scalar(grep { $client->finished($_)->{status} eq 'completed' } @ids),
       20, 'jobs are accepted and end');

    my $job = $client->run('print("x" * 500000)');
    is(length($job->{result}{stdout}), 500001, 'output is on no disk');

    my $res = $client->post('/execute?wait=true', $large);
    is($res->{code}, 500, 'a body that nginx must put on disk is refused')
        or diag($res->text);
    is($res->{headers}{'content-type'}, 'application/problem+json',
       'as a problem');

    kill KILL => $server->supervisor;
    runs($client, 'a full disk, another supervisor');

    ok($server->reload, 'a reload');
    runs($client, 'a full disk, after a reload');

    unlink "$dir/$_/fill" for qw( logs tmp );
    data_like($client->post('/execute?wait=true', $large)->json,
              { result => { stdout => "200000\n" } }, 'with room it is taken');

    # the logs go with their mount: they are looked at first
    my @bad = grep { /\[(?:alert|emerg|crit)\]/
                     && !/No space left|was incomplete|signal 9/ }
              split /\n/, $server->error_log;
    is_deeply(\@bad, [], 'the disk is all that was complained of');

    $server->stop;
    my @busy;
    ok(wait_for(sub {
        @busy = grep { system("umount $_ 2>/dev/null") } @mounted;
        @mounted = @busy;
        return !@busy;
    }), 'the mounts can go');

    $server->finish;
};


subtest 'the zone is full' => sub {
    my $server = CodeRemote::Server->new(zone => 'coderemote 1m', workers => 1,
                                         http => 'coderemote_queue 2000;')
                                   ->start;
    my $client = $server->client;

    # How many jobs there is room for: each page that is lost is one less.
    my $fill = sub {
        my @ids;

        while (@ids < 2000) {
            my $res = $client->post('/execute', { code => $sleep });

            if ($res->{code} != 202) {
                refused($res, 503, qr/memory for jobs is full/, 'a full zone');
                last;
            }

            push @ids, $res->json->{job_id};
        }

        is($client->get('/health')->{code}, 200, '/health');
        refused($client->post('/execute?wait=true', { code => 'print(1)' }),
                503, qr/memory for jobs is full/, 'who waits');

        # what runs is not touched by it
        $client->delete("/execute/jobs/$ids[0]");
        is($client->get("/execute/jobs/$ids[0]")->json->{status}, 'cancelled',
           'a job is stopped');
        data_like($client->run('print(3)', language => 'python-open'),
                  { status => 'completed', result => { stdout => "3\n" } },
                  'and another takes its room');

        $client->all([map { [DELETE => "/execute/jobs/$_"] } @ids]);
        ok(wait_for(sub {
            !$client->get('/health')->json->{jobs}{accepted};
        }), 'all are stopped');

        return scalar @ids;
    };

    my $room = $fill->();
    cmp_ok($room, '>', 50, "room for $room jobs");
    runs($client, 'a full zone, afterwards');

    my $output = "print('x' * 200000, flush=True)\n";

    for my $n (1 .. 8) {
        my @waiting = map { $client->start(POST => '/execute',
                                           { code => $output . 'input()' }) }
                      1 .. 20;
        $client->step(0.01) for 1 .. 2 + $n;
        kill KILL => $server->workers;
        $client->drive;
        ok(wait_for(sub { $server->workers == 1 }), 'another worker')
    }

    ok(wait_for(sub {
        my $health = $client->get('/health')->json;
        return ref $health && !$health->{jobs}{accepted};
    }), 'nothing is left of what dead workers had accepted');

    is($fill->(), $room, 'and no page of the zone was lost with them');

    $server->{expected} = [qr/exited on signal 9/, qr/was locked by/];
    $server->finish;
};


# Descriptors.  The hard limit is what the helper gets, whoever starts it.

sub limit {
    my ($pid, $soft) = @_;

    my ($hard) = CodeRemote::Procs::slurp("/proc/$pid/limits")
                 =~ /^Max open files\s+\d+\s+(\d+)/m;

    # without CAP_SYS_RESOURCE root may not, but its user may
    my @st = stat "/proc/$pid";
    my @as = $> == 0 && $st[4] != 0
           ? ('setpriv', "--reuid=$st[4]", "--regid=$st[5]", '--clear-groups')
           : ();

    system(@as, 'prlimit', '--pid', $pid,
           '--nofile=' . ($soft // $hard) . ":$hard") == 0
        or die "prlimit: $?\n";
}


sub with_files {
    my ($n) = @_;

    return CodeRemote::Server->new(command => ['prlimit', "--nofile=$n:$n"]);
}


subtest 'too few descriptors to begin with' => sub {
    my $server = with_files(400)->start(health => 0);
    my $client = $server->client;
    my $needs = qr/it may open 400 files and needs (\d+) for \d+ slots/;
    my $needed;

    ok(wait_for(sub { ($needed) = $server->error_log =~ $needs }),
       'the supervisor says how many it needs') or diag($server->error_log);
    like($server->error_log, qr/raise the hard limit.*or lower `slots`/,
         'and what to do');
    is($client->get('/health')->{code}, 503, '/health');
    refused($client->post('/execute', { code => 'print(1)' }), 503,
            qr/sandbox is not there/, 'a job');
    $server->finish;

    note("$needed are needed");

    # one less would not do, and with so many every slot has its cell
    $server = with_files($needed - 1)->start(health => 0);
    ok(wait_for(sub { $server->error_log =~ /needs $needed for/ }),
       'one less is too few');
    $server->finish;

    $server = with_files($needed)->start;
    ok(CodeRemote::Footprint::of($server), 'with so many every slot is ready');

    kill KILL => map { $_->{pid} } $server->kin('zygote');
    runs($server->client, 'other zygotes');
    ok(CodeRemote::Footprint::of($server), 'and again');
    unlike($server->error_log, qr/Too many open files/, 'it wants no more');
    $server->finish;
};


subtest 'a supervisor has no descriptors left' => sub {
    my $server = CodeRemote::Server->new->start;
    my $client = $server->client;
    my $before = CodeRemote::Footprint::of($server);
    my $supervisor = $server->supervisor;

    limit($supervisor, 3);

    # more jobs than cells are parked
    my @ids = map { $client->post('/execute', { code => 'print(4)' })
                           ->json->{job_id} } 1 .. 40;
    ok(wait_for(sub { $server->error_log =~ /Too many open files/ }),
       'no cell can be forked');

    kill KILL => map { $_->{pid} } $server->kin('zygote');
    ok(wait_for(sub { $server->error_log =~ /cannot start: Too many open/ }),
       'no zygote can be started');

    my $ticks = CodeRemote::Procs::ticks_in(2, $supervisor);
    cmp_ok($ticks, '<', 20, "it does not spin: $ticks ticks in 2 s");

    limit($supervisor);
    my @jobs = map { $client->finished($_) } @ids;
    my $why = qr/cannot (?:start|be started|be made ready)/;
    my @bad = grep { $_->{status} ne 'completed'
                     && ($_->{result}{error} // '') !~ $why }
              @jobs;
    is(scalar @bad, 0, 'all jobs end, or say why not')
        or diag(explain($bad[0]));

    runs($client, 'with descriptors again');
    is($server->supervisor, $supervisor, 'the supervisor is the same');
    is_deeply([CodeRemote::Footprint::changes($server, $before)], [],
              'all is as before');

    $server->finish;
};


subtest 'a zygote is warm when no file can be opened' => sub {
    my $server = CodeRemote::Server->new->start;
    my $supervisor = $server->supervisor;

    my ($told, @new);

    # one that is warm before it is stopped does not count
    for (1 .. 5) {
        kill KILL => map { $_->{pid} } $server->kin('zygote');
        ok(wait_for(sub {
            @new = map { $_->{pid} } $server->kin('zygote');
            kill STOP => @new;
            return @new == 2;
        }), 'others are started');

        # the starters end when they have told of them
        ok(wait_for(sub { !$server->kin('supervisor') }), 'and known');

        limit($supervisor, 3);
        kill CONT => @new;

        $told = wait_for(sub {
            return $server->error_log =~ /zygote python: .* cannot be told/;
        }, 1);
        limit($supervisor);
        last if $told;
    }

    runs($server->client, 'afterwards');
    ok(CodeRemote::Footprint::of($server), 'every slot is ready');

    # what a zygote has mapped is what a program's memory is counted from
    my @res = $server->client->all([map {
        [POST => '/execute?wait=true', { code => 'b = bytearray(12 << 20)',
                                         memory_limit_mb => 16 }]
    } 1 .. 40]);
    my @bad = grep { $_->json->{status} ne 'completed' } @res;
    is(scalar @bad, 0, 'no program lacks memory') or diag($bad[0]->text);

    ok($told, 'a zygote is not taken whose size cannot be told');

    $server->finish;
};


# A worker's: connections that wait take all that it may open.

subtest 'a worker has no descriptors left' => sub {
    my $server = CodeRemote::Server->new(workers => 1)->start;
    my $client = $server->client;
    my $before = CodeRemote::Footprint::of($server);
    my ($worker) = $server->workers;
    my $many = CodeRemote::Footprint::descriptors($worker) + 20;

    limit($worker, $many);

    # half a request each: nginx has no reason to close one of them
    my @idle = map { $client->start_raw("POST /execute HTTP/1.1\r\n") } 1 .. 60;
    ok(wait_for(sub {
        $client->step(0.01);
        return $server->error_log =~ /accept4\(\) failed.*Too many open/;
    }), 'all are taken');

    # the connection to the sandbox is lost, and no other can be had
    kill KILL => $server->supervisor;
    my $job = $client->start(POST => '/execute?wait=true',
                             { code => 'print(8)' });
    my $ticks = CodeRemote::Procs::cpu_ticks($worker);
    $client->drive(sub { 0 }, 2 / CodeRemote::Env::slow());
    $ticks = CodeRemote::Procs::cpu_ticks($worker) - $ticks;
    cmp_ok($ticks, '<', 40, "it does not spin: $ticks ticks in 2 s");

    $client->abort($_) for @idle;
    ok($client->drive(sub { $job->{done} }), 'who waited is answered');
    is($job->{code}, 200, 'with the job') or diag($job->text);

    runs($client, 'when the others have gone');
    is(($server->workers)[0], $worker, 'the worker is the same');
    is_deeply([CodeRemote::Footprint::changes($server, $before)], [],
              'all is as before');

    $server->{expected} = [qr/Too many open files/, qr/exited on signal 9/];
    $server->finish;
};


# The kernel refuses to fork: as many processes as there may be.

sub cgroup_of {
    my ($server, $controller) = @_;

    my ($cell) = $server->kin('cell') or return undef;
    my $dirs = CodeRemote::Procs::cgroups_of($cell->{pid});
    my ($names) = grep { $_ eq '' || grep { $_ eq $controller } split /,/ }
                  reverse sort keys %$dirs;

    return defined $names && $dirs->{$names} =~ m{^(.*?/coderemote-\d+)}
           ? $1 : undef;
}


sub write_to {
    my ($path, $text) = @_;

    open my $out, '>', $path or return 0;
    print $out $text;

    return close $out;
}


subtest 'no more processes can be had' => sub {
    my $server = CodeRemote::Server->new->start;
    my $client = $server->client;
    my $before = CodeRemote::Footprint::of($server);
    my $supervisor = $server->supervisor;
    my $dir = cgroup_of($server, 'pids');

    if (!defined $dir || !write_to("$dir/pids.max", '1')) {
        $server->finish;
        return plan(skip_all => 'there is no cgroup with a limit of processes');
    }

    # more than cells are parked
    my @ids = map { $client->post('/execute', { code => 'print(4)' })
                           ->json->{job_id} } 1 .. 40;
    ok(wait_for(sub {
        return grep { $_->{ready} == 0 }
               @{ $client->get('/health')->json->{sandbox}{profiles} };
    }), 'no cell can be forked');

    my $ticks = CodeRemote::Procs::ticks_in(2, $supervisor);
    cmp_ok($ticks, '<', 20, "it does not spin: $ticks ticks in 2 s");

    ok(write_to("$dir/pids.max", 'max'), 'they can again');
    my @bad = grep { $_->{status} ne 'completed'
                     && ($_->{result}{error} // '') !~ /cannot be made ready/ }
              map { $client->finished($_) } @ids;
    is(scalar @bad, 0, 'all jobs end, or say why not')
        or diag(explain($bad[0]));
    runs($client, 'with processes again');
    is($server->supervisor, $supervisor, 'the supervisor is the same');
    is_deeply([CodeRemote::Footprint::changes($server, $before)], [],
              'all is as before');

    $server->finish;
};


subtest 'memory of all cells together runs out' => sub {
    my $server = CodeRemote::Server->new->start;
    my $client = $server->client;
    my $before = CodeRemote::Footprint::of($server);
    my $supervisor = $server->supervisor;
    my $dir = cgroup_of($server, 'memory') // '';

    my ($limit) = grep { -e } map { "$dir/$_" }
                  qw( memory.limit_in_bytes memory.max );
    my ($usage) = grep { -e } map { "$dir/$_" }
                  qw( memory.usage_in_bytes memory.current );
    my $was = defined $limit ? CodeRemote::Procs::slurp($limit) : '';

    if (!defined $limit
        || !write_to($limit, CodeRemote::Procs::slurp($usage) + (160 << 20)))
    {
        $server->finish;
        return plan(skip_all => 'there is no cgroup with a limit of memory');
    }

    my $hungry = "b = bytearray(100 << 20)\nimport time\ntime.sleep(1)\n";
    my @res = $client->all([map {
        [POST => '/execute?wait=true', { code => $hungry,
                                         language => 'python-open' }]
    } 1 .. 12]);

    my %count;
    my @bad;

    for my $res (@res) {
        my $job = $res->json;
        my $type = $job->{result}{error_type} // '';
        $count{"$job->{status} $type"}++;

        push @bad, $job if $job->{status} ne 'completed'
                           && $type !~ /^(?:Memory|Sandbox|Timeout)Error$/;
    }

    is(scalar @bad, 0, 'each ends well, or says why not')
        or diag(explain($bad[0]));
    ok(scalar(grep { /failed/ } keys %count), 'not all have found room');
    note(join ', ', map { "$count{$_} $_" } sort keys %count);

    ok(write_to($limit, $was), 'there is memory again');
    runs($client, 'with memory again');
    is($server->supervisor, $supervisor, 'the supervisor is the same');
    is_deeply([CodeRemote::Footprint::changes($server, $before)], [],
              'all is as before');

    $server->finish;
};

done_testing();
