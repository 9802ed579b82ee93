# What the limits count, over a reload, the death of workers, and when there
# is no room to count.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

my $sleep = "import time\ntime.sleep(600)\n";


sub server {
    my ($limits, %opt) = @_;

    return CodeRemote::Server->new(
        http => $opt{http},
        server => 'coderemote_user $http_x_user; coderemote_timeout 10m;'
                  . $limits,
    )->start;
}


sub post {
    my ($client, $user, $code) = @_;

    return $client->post('/execute', { code => $code // 'pass' },
                         { 'X-User' => $user });
}


# Posts until it is refused.  Answers how many were accepted, of each worker.

sub fill {
    my ($client, $user, $most) = @_;
    my %by;

    for (0 .. $most) {
        my $res = post($client, $user, $sleep);
        last if $res->{code} != 202;
        $by{ $res->{headers}{'x-worker'} }++;
    }

    return %by;
}


# Afterwards the old workers take no requests any more.

sub reload {
    my ($server, $name) = @_;
    my %old = map { $_ => 1 } $server->workers;

    ok($server->reload && wait_for(sub {
        return !grep { $old{$_} } $server->workers;
    }), $name);
}


sub sum {
    my $n = 0;
    $n += $_ for @_;
    return $n;
}


subtest 'a reload keeps all' => sub {
    my $server = server('coderemote_limit_requests 4/m;
                         coderemote_limit_running 2;');
    my $client = $server->client;

    my $res = post($client, 'ann', $sleep);
    like($res->{headers}{ratelimit}, qr/"requests";r=3;.*"running";r=1/,
         'before');
    my $id = $res->json->{job_id};

    reload($server, 'reload');

    $res = post($client, 'ann');
    is($res->{code}, 202, 'accepted') or diag($res->text);
    like($res->{headers}{ratelimit}, qr/"requests";r=2;.*"running";r=0/,
         'after');

    # the old worker gives back what a new one counts

    $client->delete("/execute/jobs/$id", { 'X-User' => 'ann' });
    ok(wait_for(sub {
        $res = post($client, 'ann', $sleep);
        return $res->{code} == 202;
    }), 'a job of before has ended');
    like($res->{headers}{ratelimit}, qr/"running";r=[01]/, 'and is given back');

    # the limits of another configuration, over the same use

    $server->configure(server => 'coderemote_user $http_x_user;
        coderemote_timeout 10m; coderemote_limit_requests 40/m;');
    reload($server, 'reload with more');
    my ($left) = (post($client, 'ann')->{headers}{ratelimit} // '')
                 =~ /^"requests";r=(\d+);/;
    cmp_ok($left // 40, '<', 39, 'not as one who has used nothing');

    $server->finish('TERM');
};


subtest 'a worker is killed' => sub {
    my $server = server('coderemote_limit_running 12;');
    my $client = $server->client;

    my %by = fill($client, 'ann', 20);
    is(sum(values %by), 12, 'twelve are accepted');

    my ($victim) = sort { $by{$b} <=> $by{$a} } keys %by;
    kill KILL => $victim;
    ok(wait_for(sub { !CodeRemote::Procs::alive($victim) }), 'a worker dies');

    my %again = fill($client, 'ann', 20);
    is(sum(values %again), $by{$victim}, 'as many as it ran')
        or diag(explain(\%by, \%again));

    for my $pid ($server->workers) {
        kill KILL => $pid;
        ok(wait_for(sub { !CodeRemote::Procs::alive($pid) }), 'another');
    }

    ok($server->healthy->{code} == 200, 'others serve');
    %again = fill($client, 'ann', 20);
    is(sum(values %again), 12, 'nothing of the dead is left');

    $server->{expected} = [qr/exited on signal 9/];
    $server->finish('TERM');
};


# Every cell is taken, by a user each, so that what comes then waits.

sub occupy {
    my ($server) = @_;
    my $client = $server->client;
    my $python = sub {
        return grep { $_->{name} eq 'python' }
               @{ $client->get('/health')->json->{sandbox}{profiles} };
    };
    my ($slots) = map { $_->{slots} } $python->();
    my %job = map {
        $_ => post($client, "filler $_", $sleep)->json->{job_id}
    } 1 .. $slots;

    ok(wait_for(sub { ($python->())[0]{running} == $slots }),
       'no cell is free');

    return sub {
        $client->delete("/execute/jobs/$job{$_}", { 'X-User' => "filler $_" })
            for keys %job;
    };
}


subtest 'jobs that wait' => sub {
    my $server = server('coderemote_limit_queued 2;');
    my $client = $server->client;
    my $free = occupy($server);
    my $is = sub {
        my ($code, $name) = @_;
        my $res = post($client, 'ann');
        is($res->{code}, $code, $name) or diag($res->text);
    };

    $is->(202, 'one');
    $is->(202, 'and another');
    $is->(429, 'are all');

    reload($server, 'reload');
    $is->(429, 'a new worker knows of them');

    $free->();
    ok(wait_for(sub { post($client, 'ann')->{code} == 202 }),
       'until old ones tell that they began');

    # what waits when its worker dies

    $free = occupy($server);
    my %by = fill($client, 'bob', 9);
    is(sum(values %by), 2, 'two wait');

    for my $pid ($server->workers) {
        kill KILL => $pid;
        ok(wait_for(sub { !CodeRemote::Procs::alive($pid) }), 'a worker dies');
    }

    is($server->healthy->{code}, 200, 'others serve');
    is(post($client, 'bob')->{code}, 202, 'and nothing waits');

    $server->{expected} = [qr/exited on signal 9/];
    $server->finish('TERM');
};


# Kills come when they come: in the middle of a change as well.

subtest 'workers are killed under load' => sub {
    my $server = server('coderemote_limit_running 4;
                         coderemote_limit_requests 100000/m;');
    my $client = $server->client;
    my ($kills, $done, $refused, @running) = (0, 0, 0);

    ok($client->drive(sub {
        for my $r (grep { $_->{done} } @running) {
            $done++ if $r->{code} == 200;
            $refused++ if $r->{code} == 429;
        }

        @running = grep { !$_->{done} } @running;

        if ($done >= 40 * ($kills + 1) && $kills < 6) {
            my @pids = $server->workers;

            if (@pids) {
                kill KILL => $pids[$kills % @pids];
                $kills++;
            }
        }

        while ($kills < 6 && @running < 12) {
            push @running, $client->start(POST => '/execute?wait=true',
                { code => 'pass' }, { 'X-User' => 'u' . int rand 3 });
        }

        return $kills == 6 && !@running;
    }, 90), 'six kills') or diag("$kills kills, $done done");

    note("$done done, $refused refused");
    cmp_ok($refused, '>', 0, 'some were refused');
    is($server->healthy->{code}, 200, 'workers serve');

    for my $user (map { "u$_" } 0 .. 2) {
        my $left;

        # what clients no longer wait for may still run for a moment
        ok(wait_for(sub {
            my $res = post($client, $user);
            ($left) = ($res->{headers}{ratelimit} // '') =~ /"running";r=(\d)/;
            return ($left // 0) == 3;
        }), "$user: all is given back") or diag($left);
    }

    $server->{expected} = [qr/exited on signal 9/];
    $server->finish('TERM');
};


subtest 'no room' => sub {
    my $server = server('coderemote_limit_requests 1/m;',
                        http => 'coderemote_limit_zone small 32k;');
    my $client = $server->client;

    is(post($client, 'first')->{code}, 202, 'the first user');
    is(post($client, 'first')->{code}, 429, 'at the limit');

    my @res = $client->all([map {
        [POST => '/execute', { code => 'pass' }, { 'X-User' => "u$_" }]
    } 1 .. 300], clients => 10);
    is(scalar(grep { $_->{code} != 202 } @res), 0, 'many others');

    is(post($client, 'first')->{code}, 202, 'the first one is forgotten');
    is(post($client, 'u300')->{code}, 429, 'the last one is not');
    like($server->error_log, qr/coderemote_limit_zone is full: it forgets/,
         'the log tells');

    $server->configure(server => 'coderemote_user $http_x_user;
        coderemote_timeout 10m; coderemote_limit_running 1;');
    reload($server, 'reload');

    my ($n, $res) = (0);

    for (1 .. 300) {
        $res = post($client, "job$_", $sleep);
        last if $res->{code} != 202;
        $n++;
    }

    note("$n users have an unfinished job");
    cmp_ok($n, '>', 50, 'users with unfinished jobs are counted');
    is($res->{code}, 503, 'as many as there is room for');
    like($res->json->{detail}, qr/no room/, 'it says why');
    like($res->{headers}{'retry-after'}, qr/^\d+$/, 'Retry-After');
    like($server->error_log, qr/full of unfinished jobs: make it larger/,
         'the log tells');
    $res = post($client, 'job1');
    is($res->{code}, 429, 'those who are counted stay so') or diag($res->text, $client->get('/health')->text);

    for my $pid ($server->workers) {
        kill KILL => $pid;
    }

    ok(wait_for(sub { post($client, 'late')->{code} == 202 }),
       'room again when they are gone');

    $server->{expected} = [qr/exited on signal 9/];
    $server->finish('TERM');
};

done_testing();
