# nginx reload under load: no request fails, no job is lost, one sandbox
# serves on.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Data qw( data_like );
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

my $server = CodeRemote::Server->new->start;
my $client = $server->client;


sub old_workers_leave {
    my (@old) = @_;

    ok(wait_for(sub {
        $client->step(0.01);
        return !grep { CodeRemote::Procs::alive($_) } @old;
    }, 40), 'the old workers leave');
}


subtest 'under load' => sub {
    my $supervisor = $server->supervisor;
    my ($n, $reloads, @running, @done) = (0, 0);
    my @old = $server->workers;
    my %old = map { $_ => 1 } @old;
    my $from;

    ok($supervisor, 'a supervisor serves');

    # 8 clients without a pause; the next reload once the last one's workers
    # have answered
    ok($client->drive(sub {
        push @done, grep { $_->{done} } @running;
        @running = grep { !$_->{done} } @running;

        while (@running < 8 && $reloads < 4) {
            $n++;
            my $r = $client->start(POST => '/execute?wait=true',
                                   { code => "print('job', $n)" });
            $r->{n} = $n;
            push @running, $r;
        }

        my @new = grep { !$old{ $_->{headers}{'x-worker'} // 0 } }
                  @done[($from // 0) .. $#done];

        if ($reloads < 4 && (!defined $from || @new >= 20)
            && @done >= ($from // 0) + 40)
        {
            $old{$_} = 1 for $server->workers;
            $from = @done;
            $reloads++;
            kill HUP => $server->master;
        }

        return !@running && $reloads == 4;
    }, 90), 'four reloads in time') or diag("$reloads reloads");

    my @bad = grep {
        my $job = $_->json;
        !($_->{code} == 200 && $job->{status} eq 'completed'
          && $job->{result}{stdout} eq "job $_->{n}\n")
    } @done;

    is(scalar @bad, 0, 'of ' . @done . ' requests none failed')
        or diag(join "\n", map { $_->text } @bad[0 .. ($#bad < 4 ? $#bad : 4)]);
    is($server->supervisor, $supervisor, 'the same supervisor serves');
    old_workers_leave(@old);
};


subtest 'a request that waits outlives its worker\'s generation' => sub {
    my @old = $server->workers;
    my $r = $client->start(POST => '/execute?wait=true',
                { code => "import time\ntime.sleep(2)\nprint('ok')" });

    ok(wait_for(sub {
        $client->step(0.01);
        return CodeRemote::Procs::wait_for(sub { $server->kin('cell') }, 1)
               && length $r->{out} == 0;
    }), 'it is sent');

    ok($server->reload, 'reloaded');
    ok(!$r->{done}, 'it still waits');
    ok($client->drive(sub { $r->{done} }, 20), 'it is answered');
    data_like($r->json, { status => 'completed',
                          result => { stdout => "ok\n" } }, 'with the job');
    old_workers_leave(@old);
};


subtest 'jobs of the old workers' => sub {
    my @old = $server->workers;
    my @ids = map {
        $client->post('/execute', {
            code => "import time\ntime.sleep(1.5)\nprint('ok', $_)"
        })->json->{job_id}
    } 1 .. 6;
    my $done = $client->run('print("before")')->{job_id};
    my $endless = $client->post('/execute', {
        code => "while True:\n    pass"
    })->json->{job_id};

    ok($server->reload, 'reloaded');

    data_like($client->get("/execute/jobs/$done")->json,
              { result => { stdout => "before\n" } },
              'what was done before is still known');

    for my $i (1 .. 6) {
        data_like($client->finished($ids[$i - 1]),
                  { status => 'completed', result => { stdout => "ok $i\n" } },
                  "job $i ends well");
    }

    like($client->delete("/execute/jobs/$endless")->{code}, qr/^20[024]$/,
         'a new worker stops an old one\'s job');
    data_like($client->finished($endless, 10), { status => 'cancelled' },
              'stopped');
    old_workers_leave(@old);
};


subtest 'a configuration that is wrong changes nothing' => sub {
    my @workers = $server->workers;
    my $supervisor = $server->supervisor;

    $server->write_config($server->{text} . "\nno_such_directive;\n");
    kill HUP => $server->master;

    ok(wait_for(sub { $server->error_log =~ /no_such_directive/ }),
       'nginx says so');
    data_like($client->run('print(7)'), { result => { stdout => "7\n" } },
              'it serves as before');
    is_deeply([$server->workers], \@workers, 'with the same workers');
    is($server->supervisor, $supervisor, 'and the same supervisor');

    $server->{expected} = [qr/no_such_directive/];
    $server->write_config($server->{text});
};


subtest 'new settings hold after a reload' => sub {
    $server->configure(http => 'coderemote_max_output 50;');
    my @old = $server->workers;
    ok($server->reload, 'reloaded');
    old_workers_leave(@old);

    data_like($client->run('print("x" * 100)'),
              { result => { stdout => 'x' x 50 } }, 'a lower limit');
};


subtest 'the socket\'s name changes' => sub {
    my $before = $server->supervisor;
    my @old = $server->workers;

    my $sock = $server->{sock};
    $server->configure(sock => "$server->{dir}/other.sock");
    ok($server->reload, 'reloaded');
    is($server->healthy->{code}, 200, 'healthy');
    data_like($client->run('print(8)'), { result => { stdout => "8\n" } },
              'it serves');
    old_workers_leave(@old);

    my $now = $server->supervisor;
    ok($now && $now != $before, 'by another supervisor');
    ok(wait_for(sub { !CodeRemote::Procs::alive($before) }),
       'the first one has left');
    ok(wait_for(sub { !-e $sock }), 'and its socket');
};

$server->finish;
done_testing();
