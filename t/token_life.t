# A token's life after it was found good: it is known, for what it is good and
# until it expires or is revoked; and what becomes of a WebSocket then.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Data qw( data_like );
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;
use CodeRemote::Token;
use CodeRemote::WebSocket;

my $dir = CodeRemote::Env::run_dir();
my $secret = 'a secret of more than thirty-two bytes';
my $soon = 3 + CodeRemote::Env::slow();    # seconds that a few requests take


sub spurt {
    my ($name, $text) = @_;

    open my $out, '>', "$dir/$name" or die "$dir/$name: $!\n";
    print $out $text;
    close $out or die "$dir/$name: $!\n";
}


sub token {
    return CodeRemote::Token::make({ @_ }, secret => $secret);
}


spurt(secret => $secret);
spurt(denied => "# nobody yet\n");

my $upstream = CodeRemote::Env::free_port();


sub server {
    my ($http, %opt) = @_;

    return CodeRemote::Server->new(
        %opt,
        http => <<"_EOC_",
$http
coderemote_jwt_key_file $dir/secret;
coderemote_jwt_leeway 0;
coderemote_jwt_deny_file $dir/denied;
server {
    listen 127.0.0.1:$upstream;
    access_log off;
    location / {
        return 200 "\$http_x_claims";
    }
}
_EOC_
        locations => <<"_EOC_",
proxy_set_header X-Claims "\$coderemote_jwt_claim_sub|\$coderemote_jwt_claim_n";
location = /health { coderemote_health; }
location /execute { coderemote_jwt a; coderemote_execute; }
location = /ws { coderemote_jwt a; coderemote_websocket; }
location = /a { coderemote_jwt a; proxy_pass http://127.0.0.1:$upstream; }
location = /b {
    coderemote_jwt a;
    coderemote_jwt_audience b;
    proxy_pass http://127.0.0.1:$upstream;
}
location = /n {
    coderemote_jwt a;
    coderemote_jwt_user n;
    proxy_pass http://127.0.0.1:$upstream;
}
_EOC_
    )->start;
}


sub get {
    my ($server, $path, $token) = @_;

    my $res = $server->client->get($path, undef,
                                   { Authorization => "Bearer $token" });

    return $res->{code} == 200 ? "200 $res->{body}" : $res->{code};
}


sub why {
    my ($server, $path, $token) = @_;

    my $res = $server->client->get($path, undef,
                                   { Authorization => "Bearer $token" });

    return $res->{headers}{'www-authenticate'} // $res->{code};
}


for my $cache ('', 'coderemote_jwt_cache 32k;', 'coderemote_jwt_cache off;') {
    subtest $cache || 'the default cache' => sub {
        my $server = server($cache);
        my $ann = token(sub => 'ann', n => 5);
        my $long = token(sub => 'x' x 300);

        for my $time (1 .. 5) {
            is(get($server, '/a', $ann), '200 ann|5', "known, $time");
            is(get($server, '/b', $ann), 403, 'to each location');
            is(get($server, '/a', $long), '200 ' . 'x' x 300 . '|',
               'and of a long name');
        }

        my $other = token(sub => 'bob', aud => 'b');
        is(get($server, '/a', $other), '200 bob|', 'another');
        is(get($server, '/b', $other), '200 bob|', 'meant for both') for 1, 2;
        is(get($server, '/n', $other), 403, 'without the claim for a user');
        is(get($server, '/n', $ann), '200 ann|5', 'with it') for 1, 2;
        is(get($server, '/n', $other), 403, 'still without');

        for my $token ($ann, $long) {
            my $client = $server->client(
                headers => { Authorization => "Bearer $token" });
            my $id = $client->post('/execute', { code => 'print(1)' })
                     ->json->{job_id};

            is($client->get("/execute/jobs/$id?wait=true")->{code}, 200,
               'jobs are their user\'s') for 1, 2;
            is(get($server, "/execute/jobs/$id", $other), 404,
               'and nobody else\'s');
        }

        my $brief = token(sub => 'ann', exp => time + $soon);
        is(get($server, '/a', $brief), '200 ann|', 'a brief one') for 1 .. 3;

        ok(wait_for(sub { get($server, '/a', $brief) eq '401' }), 'expires');
        like(why($server, '/a', $brief), qr/"the token has expired"/,
             'and that is said');
        is(get($server, '/a', $ann), '200 ann|5', 'others do not');

        # more than a small cache has room for

        my @many = map { token(sub => "user$_") } 1 .. 300;

        for (1, 2) {
            my $right = grep { get($server, '/a', $many[$_ - 1])
                               eq "200 user$_|" } 1 .. @many;
            is($right, scalar @many, 'many of them');
        }

        spurt(denied => "sub user7\n");
        my %old = map { $_ => 1 } $server->workers;
        ok($server->reload
           && wait_for(sub { !grep { $old{$_} } $server->workers }),
           'a reload with a deny file');
        is(get($server, '/a', $many[6]), 401, 'revoked, although it was known');
        like(why($server, '/a', $many[6]), qr/"the token is revoked"/,
             'and that is said');
        is(get($server, '/a', $many[7]), '200 user8|', 'others are not');

        spurt(denied => '');
        $server->finish;
    };
}


my $none = '00000000-0000-4000-8000-000000000000';
my $echo = "print('got', input())\n";
my $sleep = "import time\ntime.sleep(600)\n";


sub open_until {
    my ($server, $exp) = @_;

    return CodeRemote::WebSocket->new(port => $server->{port},
        path => '/ws?token=' . token(sub => 'ann', exp => $exp));
}


sub refused {
    my ($ws, $name, @message) = @_;

    $ws->say(@message, request_id => $name);
    data_like($ws->want('error'), { code => 'token_expired',
                                    request_id => $name,
                                    message => qr/with a new one/ },
              "$name: refused");
}


subtest 'a WebSocket ends with its token' => sub {
    my $server = server('', server => 'coderemote_websocket_jobs 2;'
                                       . 'coderemote_websocket_ping 0;'
                                       . 'coderemote_timeout 10m;');
    my $ann = $server->client(
        headers => { Authorization => 'Bearer ' . token(sub => 'ann') });

    my $exp = time + $soon;
    my ($idle, $ws, $full) = map { open_until($server, $exp) } 1 .. 3;
    my $stays = open_until($server, time + 3600);

    my $job = $ws->execute(code => $echo);
    ok($ws->want('job.status', $job), 'a job runs');

    my $other = $ann->post('/execute', { code => $sleep })
                ->json->{job_id};
    my ($name, $full_name) = ($ws->name, $full->name);

    # one more than it may follow

    my @posted = map {
        $ann->post('/execute', { code => $sleep,
                                   connection_id => $full_name })
            ->json->{job_id}
    } 1 .. 3;

    ok($idle->pump(sub { $idle->{closed} }, $soon + 10),
       'who has no job is sent away');
    is("$idle->{code} $idle->{reason}", '1008 token expired', 'and told why');
    cmp_ok(time, '>=', $exp, 'not before');

    # its worker has a clock of its own

    ok(wait_for(sub {
        $ws->say(action => 'subscribe', job_id => $none);
        return $ws->want('error')->{code} eq 'token_expired';
    }), 'who has one is told when he asks');

    refused($ws, 'execute', action => 'execute', code => '1');
    refused($ws, 'subscribe', action => 'subscribe', job_id => $other);

    my $late = $ann->post('/execute', { code => $sleep,
                                        connection_id => $name });
    $late = $late->json->{job_id};
    data_like($ws->want('error'), { code => 'token_expired', job_id => $late },
              'a job that would report here is not followed');

    data_like($full->want('error'), { code => 'token_expired',
                                      job_id => $posted[2] },
              'nor is one that waited for others');

    $ws->say(action => 'ping');
    ok($ws->want('pong'), 'the connection stays for its job');
    $ws->say(action => 'stdin', job_id => $job, data => "x\n",
             eof => JSON::PP::true());
    is($ws->result($job)->{result}{stdout}, "got x\n", 'which goes on');

    ok($ws->pump(sub { $ws->{closed} }), 'then it is closed, too');
    is("$ws->{code} $ws->{reason}", '1008 token expired', 'and told why');

    ok(defined $stays->execute(code => 'print(1)'), 'another token, another');
    ok(!$full->{closed}, 'and who follows jobs is still there');

    $ann->delete("/execute/jobs/$_") for @posted, $other, $late;
    ok($full->pump(sub { $full->{closed} }), 'until they end');
    is($full->{code}, 1008, 'like the others');

    $stays->close;
    $server->finish;
};


subtest 'a worker that goes before the token' => sub {
    my $server = server('', workers => 1);
    my $ws = open_until($server, time + 3600);

    ok($server->reload, 'a reload');
    ok($ws->pump(sub { $ws->{closed} }), 'closed');
    is($ws->{code}, 1001, 'for the worker\'s sake');

    my $far = open_until($server, 1e300);
    $far->say(action => 'ping');
    ok($far->want('pong'), 'a token for ever and ever');
    $far->close;

    $server->finish;
};

done_testing();
