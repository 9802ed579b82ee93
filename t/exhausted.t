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
    my @bad = grep { /\[(?:alert|emerg|crit)\]/ && !/No space left|was incomplete|signal 9/ }
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

done_testing();
