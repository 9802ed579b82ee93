# The limits of a user: programs a minute, unfinished and waiting jobs, CPU a
# day; for each user and each address of its own, whichever way a program comes.

use strict;
use warnings;

use lib 't/lib';
use Test::More;
use Time::HiRes qw( time );

use CodeRemote::Client;
use CodeRemote::Data qw( data_like );
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;
use CodeRemote::WebSocket;

my $sleep = "import time\ntime.sleep(60)\n";
my $spin = "while True: pass\n";

my $server = CodeRemote::Server->new(
    http => <<'_EOC_',
set_real_ip_from 127.0.0.1;
real_ip_header X-Real-IP;
_EOC_
    server => 'coderemote_user $http_x_user;',
    locations => CodeRemote::Env::locations() . <<'_EOC_',
location /requests { coderemote_execute; coderemote_limit_requests 3/m; }
location /running { coderemote_execute; coderemote_limit_running 2; }
location /queued { coderemote_execute; coderemote_limit_queued 2; }
location /many { coderemote_execute; coderemote_limit_requests 100/m; }
location /second { coderemote_execute; coderemote_limit_cpu 1s/day; }
location /cpu { coderemote_execute; coderemote_limit_cpu 1s/day; }
location = /ws1 { coderemote_websocket; coderemote_limit_running 1; }
location /all { coderemote_execute;
    coderemote_limit_requests 60/m;
    coderemote_limit_running 4;
    coderemote_limit_queued 3;
    coderemote_limit_cpu 1h/day;

    location /all/off { coderemote_execute; coderemote_limit_requests off;
        coderemote_limit_running off; coderemote_limit_queued off;
        coderemote_limit_cpu off; }
    location /all/less { coderemote_execute; coderemote_limit_running off;
        coderemote_limit_queued off; coderemote_limit_cpu off; }
}
_EOC_
)->start;


sub user {
    my ($name) = @_;
    return $server->client(headers => { 'X-User' => $name });
}


sub post {
    my ($client, $path, $code) = @_;
    return $client->post($path, { code => $code // 'pass' });
}


sub accepted {
    my ($res, $like, $name) = @_;

    is($res->{code}, 202, $name) or diag($res->text);
    like($res->{headers}{ratelimit} // '', $like, "$name: RateLimit")
        if defined $like;
}


sub refused {
    my ($res, $detail, $limit, $after, $name) = @_;

    is($res->{code}, 429, "$name: refused") or diag($res->text);
    is($res->{headers}{'content-type'}, 'application/problem+json',
       "$name: as a problem");
    data_like($res->json, { status => 429 }, "$name: its status");
    like($res->json->{detail} // '', $detail, "$name: which says why");
    like($res->{headers}{ratelimit} // '', $limit, "$name: RateLimit");

    my $retry = $res->{headers}{'retry-after'} // '';
    ok($retry =~ /^\d+$/ && $retry >= $after->[0] && $retry <= $after->[1],
       "$name: Retry-After") or diag("\"$retry\"");
}


subtest 'programs a minute' => sub {
    my $ann = user('ann');

    for my $left (2, 1, 0) {
        my $res = post($ann, '/requests');
        accepted($res, qr/^"requests";r=$left;t=\d+$/, "$left are left");
        is($res->{headers}{'ratelimit-policy'}, '"requests";q=3;w=60',
           'RateLimit-Policy');
    }

    for (1 .. 2) {
        my $res = post($ann, '/requests');
        refused($res, qr/3 programs a minute; try again in \d+ s/,
                qr/^"requests";r=0;t=\d+$/, [1, 20], 'the fourth');
        is($res->{headers}{'ratelimit-policy'}, '"requests";q=3;w=60',
           'RateLimit-Policy');
    }

    accepted(post(user('bob'), '/requests'), qr/r=2/, 'another user');
    accepted(post($ann, '/running'), qr/^"running";r=1$/, 'elsewhere');
};


subtest 'what is not run does not count' => sub {
    my $carl = user('carl');

    is($carl->post('/requests', { code => 7 })->{code}, 422, 'no program')
        for 1 .. 4;
    is($carl->get('/requests/jobs/x')->{code}, 404, 'no job') for 1 .. 4;

    accepted(post($carl, '/requests'), qr/r=2/, 'a program');
};


subtest 'unfinished jobs' => sub {
    my $ann = user('dora');

    my $res = post($ann, '/running', $sleep);
    accepted($res, qr/^"running";r=1$/, 'the first');
    my $id = $res->json->{job_id};
    my $second = post($ann, '/running', $sleep);
    accepted($second, qr/^"running";r=0$/, 'the second');

    $res = post($ann, '/running');
    refused($res, qr/2 unfinished jobs/, qr/^"running";r=0$/, [1, 1],
            'the third');
    is($res->{headers}{'ratelimit-policy'},
       '"running";q=2;qu="concurrent-requests"', 'RateLimit-Policy');

    accepted(post(user('emil'), '/running'), qr/r=1/, 'another user');

    $ann->delete("/running/jobs/$id");
    ok(wait_for(sub { $ann->get("/running/jobs/$id")->json->{status}
                      eq 'cancelled' }), 'the first ends');
    $res = post($ann, '/running');
    accepted($res, qr/^"running";r=0$/, 'then there is room for one');

    ok(wait_for(sub { post($ann, '/running')->{code} == 202 }),
       'and when that has ended, for one more');

    # nginx would wait for it when it stops
    is($ann->delete('/running/jobs/' . $second->json->{job_id})->{code}, 200,
       'the second ends, too');
};


subtest 'CPU a day' => sub {
    my $ann = user('fay');

    my ($res, $n) = (undef, 0);

    # on a busy machine it takes several to use a second up

    for (1 .. 30) {
        $res = $ann->post('/cpu?wait=true', { code => $spin,
                                              timeout_seconds => 3 });
        last if $res->{code} != 200;
        $n++;
        is($res->json->{result}{error_type}, 'TimeoutError', 'it spins');
        is($res->{headers}{ratelimit}, '"cpu";r=1;t=0', 'RateLimit')
            if $n == 1;
        is($res->{headers}{'ratelimit-policy'},
           '"cpu";q=1;w=86400;qu="cpu-seconds"', 'RateLimit-Policy');
    }

    cmp_ok($n, '>', 0, 'some CPU');
    refused($res, qr/1 seconds of CPU a day/, qr/^"cpu";r=0;t=\d+$/,
            [1, 86400], 'more');

    my $other = user('gus');
    is(post($other, '/cpu?wait=true', 'pass')->{code}, 200,
       'who used less than all');
    accepted(post($other, '/cpu'), qr/^"cpu";r=1;t=[1-9]\d*$/,
             'has more than nothing');
};


subtest 'all at once' => sub {
    my $ann = user('hal');

    my $res = post($ann, '/all');
    accepted($res, qr/^"requests";r=59;t=1,\ "running";r=3,\ "queued";r=2,
                      \ "cpu";r=3600;t=0$/x, 'accepted');
    is($res->{headers}{'ratelimit-policy'}, '"requests";q=60;w=60, '
       . '"running";q=4;qu="concurrent-requests", '
       . '"queued";q=3;qu="concurrent-requests", '
       . '"cpu";q=3600;w=86400;qu="cpu-seconds"', 'RateLimit-Policy');

    $res = post($ann, '/all/off');
    accepted($res, undef, 'off');
    ok(!exists $res->{headers}{ratelimit}, 'off: no RateLimit');

    accepted(post($ann, '/all/less'), qr/^"requests";r=5[89];t=\d$/,
             'inherited');
};


subtest 'nobody is his address' => sub {
    my %client = map {
        $_ => $server->client(headers => { 'X-Real-IP' => $_ })
    } qw( 192.0.2.1 192.0.2.2 2001:db8::1 2001:db8::2 2001:db8:0:1::1
          ::ffff:192.0.2.1 );

    accepted(post($client{'192.0.2.1'}, '/requests'), qr/r=$_/, 'an address')
        for reverse 0 .. 2;
    refused(post($client{'192.0.2.1'}, '/requests'), qr/programs a minute/,
            qr/r=0/, [1, 20], 'once more');
    refused(post($client{'::ffff:192.0.2.1'}, '/requests'),
            qr/programs a minute/, qr/r=0/, [1, 20], 'the same as IPv6');
    accepted(post($client{'192.0.2.2'}, '/requests'), qr/r=2/, 'another');

    accepted(post($client{'2001:db8::1'}, '/requests'), qr/r=2/, 'IPv6');
    accepted(post($client{'2001:db8::2'}, '/requests'), qr/r=1/,
             'its neighbour is the same');
    accepted(post($client{'2001:db8:0:1::1'}, '/requests'), qr/r=2/,
             'another network');

    accepted(post($server->client(headers => { 'X-Real-IP' => '192.0.2.1',
                                               'X-User' => 'ida' }),
                  '/requests'), qr/r=2/, 'a user from there');
};


subtest 'a WebSocket' => sub {
    my $ws = CodeRemote::WebSocket->new(port => $server->{port},
                                        path => '/ws1',
                                        headers => { 'X-User' => 'jan' });

    my $id = $ws->execute(code => $sleep);
    ok($id, 'the first');

    $ws->say(action => 'execute', code => 'pass', request_id => 'two');
    my $m = $ws->want('error');
    is($m->{code}, 'refused', 'the second');
    is($m->{request_id}, 'two', 'its request_id');
    like($m->{message}, qr/1 unfinished jobs/, 'why');

    my $res = post(user('jan'), '/running');
    accepted($res, qr/^"running";r=0$/, 'it counts for HTTP as well');
    my $path = '/running/jobs/' . $res->json->{job_id} . '?wait=true';
    is(user('jan')->get($path)->json->{status}, 'completed', 'which ends');

    $ws->say(action => 'cancel', job_id => $id);
    is($ws->result($id)->{status}, 'cancelled', 'the first ends');
    ok($ws->execute(code => 'pass'), 'room again');
};


# Takes every cell, with a user for each, since none gets all of them.  Answers
# what is to be called with a client and a path for each.

sub occupy {
    my $client = $server->client;
    my ($python, @cells);

    my $look = sub {
        ($python) = grep { $_->{name} eq 'python' }
                    @{ $client->get('/health')->json->{sandbox}{profiles} };
        return $python;
    };

    for my $i (1 .. $look->()->{slots}) {
        my $user = user("filler $i");
        push @cells, [$user, '/execute/jobs/'
                      . post($user, '/execute', $sleep)->json->{job_id}];
    }

    ok(wait_for(sub { $look->()->{running} == @cells }), 'no cell is free')
        or diag(explain($python));

    return @cells;
}


subtest 'waiting jobs' => sub {
    my $ann = user('kim');
    my @cells = occupy();
    my $limit = '"queued";q=2;qu="concurrent-requests"';

    my @mine;

    for my $left (1, 0) {
        my $res = post($ann, '/queued');
        accepted($res, qr/^"queued";r=$left$/, "$left are left");
        is($res->{headers}{'ratelimit-policy'}, $limit, 'RateLimit-Policy');
        push @mine, '/queued/jobs/' . $res->json->{job_id};
    }

    my $res = post($ann, '/queued');
    refused($res, qr/2 jobs that wait/, qr/^"queued";r=0$/, [1, 1],
            'the third');
    is($res->{headers}{'ratelimit-policy'}, $limit, 'RateLimit-Policy');

    accepted(post(user('leo'), '/queued'), qr/r=1/, 'another user');
    accepted(post($ann, '/execute'), undef, 'where waiting is not limited');
    refused(post($ann, '/queued'), qr/2 jobs that wait/, qr/r=0/, [1, 1],
            'it does not make room');

    is($ann->delete($mine[0])->{code}, 200, 'one is cancelled');
    accepted(post($ann, '/queued'), qr/r=0/, 'there is room for one');

    $_->[0]->delete($_->[1]) for @cells;
    ok(wait_for(sub { $ann->get($mine[1])->json->{status} eq 'completed' }),
       'cells are free');

    # jobs that run, however many, wait for nothing

    my @run;

    ok(wait_for(sub {
        my $r = post($ann, '/queued', $sleep);
        push @run, '/queued/jobs/' . $r->json->{job_id} if $r->{code} == 202;
        return @run == 5;
    }), 'five that run') or diag(scalar @run);

    $ann->delete($_) for @run;
};


sub percentile {
    my ($p, @of) = @_;

    @of = sort { $a <=> $b } @of;
    return sprintf '%.1f ms', 1000 * $of[$p * $#of];
}


# Runs n programs of Bob's, one after the other, while Ann's twenty clients
# want one each, all the time; who was refused asks again after 50 ms.  Answers
# how often which code came, and how long Bob's took, from when Ann was refused
# for the first time where she is.

sub side_by_side {
    my ($path, $n, %user) = @_;
    my $client = $server->client;
    my $code = "import time\ntime.sleep(0.02)\n";
    my @due = $user{ann} ? (0) x 20 : ();
    my (@ann, $bob, @took, %count);

    # what uses CPU up, in few programs
    my $greedy = $path eq '/second'
                 ? "import time\nt = time.time()\n"
                   . "while time.time() - t < 0.1: pass\n" : $code;

    my $go = sub {
        return $client->start(POST => "$path?wait=true", { code => $_[1] },
                              { 'X-User' => $_[0] });
    };

    my $ok = $client->drive(sub {
        for my $r (grep { $_->{done} } @ann) {
            $count{"ann $r->{code}"}++;
            push @due, $r->{code} == 429 ? time + 0.05 : 0;
        }

        @ann = grep { !$_->{done} } @ann;

        if ($bob && $bob->{done}) {
            $count{"bob $bob->{code} " . ($bob->json->{status} // '')}++;
            push @took, $bob->{ended} - $bob->{started};
            undef $bob;
        }

        if (@took < $n) {
            push @ann, map { $go->($user{ann}, $greedy) }
                       grep { $_ <= time } @due;
            @due = grep { $_ > time } @due;

            $bob //= $go->($user{bob}, $code)
                if !$user{ann} || $count{'ann 429'} || $path eq '/execute';
        }

        return @took == $n && !@ann;
    }, 90);

    ok($ok, "$path: all of Bob's ended") or diag(explain(\%count));
    is($count{'bob 200 completed'}, $n, 'none was refused')
        or diag(explain(\%count));

    my $name = $user{ann} ? "beside Ann's 20" : 'alone';

    diag(sprintf '%-8s Bob %-15s p50 %9s, p90 %9s; Ann %4d run, %5d refused',
         $path, $name, percentile(0.5, @took), percentile(0.9, @took),
         $count{'ann 200'} // 0, $count{'ann 429'} // 0);

    return \%count;
}


subtest 'twenty clients of one at a limit, one of another' => sub {
    my $n = 30;

    side_by_side('/execute', $n, bob => 'bob');
    side_by_side('/execute', $n, ann => 'ann', bob => 'bob');

    for my $path (qw( /running /queued /many /second )) {
        my $count = side_by_side($path, $n, ann => "ann $path",
                                 bob => "bob $path");

        cmp_ok($count->{'ann 429'}, '>', $n, 'Ann was refused, often');
        is(join(' ', sort grep { !/^(?:ann (?:200|429)|bob 200 completed)$/ }
                     keys %$count), '', 'nothing else happened');
    }
};

$server->finish;
done_testing();
