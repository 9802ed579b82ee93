# Tokens: who may, whose jobs they are, what a refusal says, and that no token
# gets into a log.

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
my $rsa = CodeRemote::Token::key('rsa', "$dir/rsa.pem");
my $other = CodeRemote::Token::key('rsa', "$dir/other.pem");
my $secret = 'the secret of forty characters and three';


sub file {
    my ($name, $text) = @_;

    open my $out, '>', "$dir/$name" or die "$dir/$name: $!\n";
    print $out $text;
    close $out or die "$dir/$name: $!\n";

    return "$dir/$name";
}


file(secret => "$secret\n");

my $upstream = CodeRemote::Env::free_port();

my $server = CodeRemote::Server->new(
    http => <<"_EOC_",
log_format claims '\$status|\$coderemote_user|\$coderemote_jwt_claim_sub|'
                  '\$coderemote_jwt_claim_groups|\$coderemote_jwt_claim_n|'
                  '\$coderemote_jwt_claim_cognito_username|'
                  '\$coderemote_jwt_claim_none';
limit_req_zone \$binary_remote_addr zone=none:1m rate=1r/m;
server {
    listen 127.0.0.1:$upstream;
    access_log off;
    location / {
        return 200 "\$http_x_user|\$http_x_name|\$request_uri";
    }
}
_EOC_
    server => 'large_client_header_buffers 4 16k;',
    locations => <<"_EOC_",
coderemote_jwt_key_file $rsa.pub;
coderemote_jwt_key_file $dir/secret;

location = /health { coderemote_health; }

location /execute {
    coderemote_jwt "Code Remote";
    coderemote_execute;
}

location = /ws {
    coderemote_jwt "Code Remote";
    coderemote_websocket;
}

location /limited {
    coderemote_jwt "Code Remote";
    limit_req zone=none;
    coderemote_websocket;
}

location /up/ {
    coderemote_jwt up;
    coderemote_jwt_issuer https://a.example https://b.example;
    coderemote_jwt_audience code;
    coderemote_jwt_require token_use access;
    proxy_pass http://127.0.0.1:$upstream;
    proxy_set_header X-User \$coderemote_jwt_claim_sub;
    proxy_set_header X-Name \$coderemote_jwt_claim_name;
}

location /gone/ {
    coderemote_jwt gone;
    proxy_pass http://127.0.0.1:1;
}

location = /claims {
    coderemote_jwt claims;
    access_log logs/claims.log claims;
    proxy_pass http://127.0.0.1:$upstream;
}

location = /cookie {
    coderemote_jwt cookie token=\$cookie_token;
    proxy_pass http://127.0.0.1:$upstream;
}

location = /argument {
    coderemote_jwt argument token=\$arg_t;
    proxy_pass http://127.0.0.1:$upstream;
}

location = /name {
    coderemote_jwt name;
    coderemote_jwt_user name;
    coderemote_jwt_max_size 1k;
    coderemote_jwt_leeway 0;
    proxy_pass http://127.0.0.1:$upstream;
}

location /any {
    satisfy any;
    allow all;
    coderemote_jwt any;
    coderemote_user \$http_x_user;
    coderemote_execute;
}

location /moved {
    coderemote_jwt moved;
    error_page 404 = /claims;
    return 404;
}
_EOC_
)->start;

my %sent;


# Whatever was sent must be in no log.

sub token {
    my $token = CodeRemote::Token::make(@_);

    $sent{$token} = 1;

    return $token;
}


sub client {
    my ($token) = @_;

    return $server->client(headers => { Authorization => "Bearer $token" });
}


my $ann = token({ sub => 'ann' }, key => $rsa);
my $bob = token({ sub => 'bob' }, secret => $secret);


sub refused {
    my ($res, $status, $challenge, $name) = @_;

    is($res->{code}, $status, "$name: $status") or diag($res->text);
    is($res->{headers}{'www-authenticate'}, $challenge, "$name: and why");
}


subtest 'without a token' => sub {
    my $client = $server->client;
    my $realm = 'Bearer realm="Code Remote"';

    my $res = $client->post('/execute', { code => 'print(1)' });
    refused($res, 401, $realm, 'a program');
    is($res->{headers}{'content-type'}, 'application/problem+json',
       'as a problem');
    is($res->json->{status}, 401, 'that says so');

    my $none = '/execute/jobs/00000000-0000-4000-8000-000000000000';
    refused($client->get($none), 401, $realm, 'a job');
    refused($client->delete($none), 401, $realm, 'its end');
    refused($client->get('/ws'), 401, $realm, 'no handshake');
    refused($client->get('/ws', undef, { Upgrade => 'websocket' }), 401,
            $realm, 'a handshake');

    for (['Basic', 'Basic YTpi'], ['of no scheme', $ann],
         ['an empty', ''])
    {
        my ($name, $value) = @$_;
        refused($client->get($none, undef, { Authorization => $value }), 401,
                $realm, $name);
    }

    is($client->get('/health')->{code}, 200, 'elsewhere nobody asks');
};


subtest 'a good one' => sub {
    for ([ann => $ann], [bob => $bob]) {
        my ($name, $token) = @$_;

        data_like(client($token)->run('print(2 + 2)'),
                  { status => 'completed', result => { stdout => "4\n" } },
                  "$name runs a program");
    }

    my $res = $server->client->get('/execute/x', undef,
                                   { Authorization => "bearer  $ann" });
    is($res->{code}, 404, 'the scheme in small letters, two blanks');
};


subtest 'a bad one' => sub {
    my $tail = 'realm="Code Remote", error="invalid_token"';

    for (
        ['expired', token({ sub => 'ann', exp => time - 60 }, key => $rsa),
         'the token has expired'],
        ['not yet', token({ sub => 'ann', nbf => time + 60 }, key => $rsa),
         'the token is not valid yet'],
        ['another\'s key', token({ sub => 'ann' }, key => $other),
         'the signature is wrong'],
        ['another secret', token({ sub => 'ann' }, secret => 'x' x 40),
         'the signature is wrong'],
        ['HS256 with the public key',
         token({ sub => 'ann' },
               secret => CodeRemote::Procs::slurp("$rsa.pub")),
         'the signature is wrong'],
        ['none', token({ sub => 'ann' }, secret => '',
                       header => { alg => 'none' }),
         'the header\'s alg is none that is taken here'],
        ['malformed', 'abcdefghijklmnopqrstuvwxyz',
         'the token has not three parts'],
        ['too long', token({ sub => 'ann', x => 'x' x 6000 }, key => $rsa),
         'the token is longer than 8192 bytes'],
    ) {
        my ($name, $token, $why) = @$_;

        $sent{$token} = 1;
        refused(client($token)->get('/execute/x'), 401,
                "Bearer $tail, error_description=\"$why\"", $name);
    }
};


subtest 'what a location wants' => sub {
    my %good = (sub => 'ann', iss => 'https://b.example', aud => ['x', 'code'],
                token_use => 'access');

    my $res = client(token({ %good, name => 'Ann' }, key => $rsa))
              ->get('/up/x?y');
    is($res->{code}, 200, 'good') or diag($res->text);
    is($res->{body}, 'ann|Ann|/up/x?y', 'and its claims go to the proxied');

    for (
        ['iss', iss => 'https://c.example'],
        ['aud', aud => 'codes'],
        ['token_use', token_use => 'id'],
    ) {
        my ($name, %claims) = @$_;

        refused(client(token({ %good, %claims }, key => $rsa))->get('/up/x'),
                403, 'Bearer realm="up", error="insufficient_scope", '
                     . "error_description=\"the claim $name is none that is "
                     . 'wanted here"', $name);
    }

    $res = client(token({ %good, name => "a\r\nX-User: root" }, key => $rsa))
           ->get('/up/x');
    is($res->{body}, 'ann||/up/x', 'no line ends in a header');

    refused(client(token({ %good, sub => undef }, key => $rsa))->get('/up/x'),
            403, 'Bearer realm="up", error="insufficient_scope", '
                 . 'error_description="the claim sub, which names the user, '
                 . 'is missing or no text"', 'nobody');

    for my $bad ('', "a\nb", [], {}, JSON::PP::true(), 1.5) {
        is(client(token({ %good, sub => $bad }, key => $rsa))
           ->get('/up/x')->{code}, 403, 'nor is that a user');
    }

    is(client(token({ name => 'x', exp => time - 5 }, key => $rsa))
       ->get('/name')->{code}, 401, 'no leeway');
    is(client(token({ name => 'x' }, key => $rsa))->get('/name')->{code}, 200,
       'another claim for the user');
    is(client(token({ name => 'x', x => 'x' x 800 }, key => $rsa))
       ->get('/name')->{code}, 401, 'a smaller bound');
};


subtest 'where it comes from' => sub {
    my $client = $server->client;

    is($client->get('/cookie', undef, { Cookie => "a=b; token=$ann" })
       ->{code}, 200, 'a cookie');
    is($client->get('/cookie')->{code}, 401, 'no cookie');
    is(client($ann)->get('/cookie')->{code}, 401, 'and nothing else');

    my $res = $client->get("/argument?a=1&t=$ann&b=2");
    is($res->{code}, 200, 'an argument');
    is($res->{body}, '||/argument?a=1&t=' . '*' x length($ann) . '&b=2',
       'which the proxied does not see');

    is($client->get("/execute/x?token=$ann")->{code}, 401,
       '?token= is for WebSockets alone');
};


subtest 'WebSockets' => sub {
    my $mine = sub {
        my ($name, %opt) = @_;

        my $ws = eval { CodeRemote::WebSocket->new(port => $server->{port},
                                                   %opt) };
        ok($ws, "$name: connected") or diag($@), return;

        my $id = $ws->execute(code => 'print("mine")');
        is($ws->result($id)->{result}{stdout}, "mine\n", 'runs');
        is(client($ann)->get("/execute/jobs/$id")->{code}, 200, 'Ann\'s');
        is(client($bob)->get("/execute/jobs/$id")->{code}, 404, 'not Bob\'s');

        return $ws;
    };

    $mine->('?token=', path => "/ws?x=1&token=$ann");
    my $ws = $mine->('subprotocol',
                     headers => { 'Sec-WebSocket-Protocol'
                                  => "coderemote, $ann" });
    like($ws->{head}, qr/^Sec-WebSocket-Protocol: coderemote\r$/m,
         'which is not said again');
    $mine->('header', headers => { Authorization => "Bearer $ann" });

    my $id = client($bob)->post('/execute', { code => 'print(1)' })
             ->json->{job_id};
    $ws->say(action => 'subscribe', job_id => $id);
    is($ws->want('error')->{code}, 'not_found', 'Bob\'s is not there');

    my $bad = token({ sub => 'ann' }, key => $other);

    for (['wrong', path => "/ws?token=$bad"], ['empty', path => '/ws?token='],
         ['a bare protocol',
          headers => { 'Sec-WebSocket-Protocol' => 'coderemote' }],
         ['a wrong protocol',
          headers => { 'Sec-WebSocket-Protocol' => "coderemote, $bad" }])
    {
        my ($name, %opt) = @$_;

        ok(!eval { CodeRemote::WebSocket->new(port => $server->{port}, %opt) },
           "$name: refused");
        like($@, qr/HTTP\/1\.1 401 /, 'with 401');
    }

    # which is logged, before anybody was asked who he is

    for (1 .. 3) {
        eval { CodeRemote::WebSocket->new(port => $server->{port},
                   path => "/limited?token=$ann&token=$bad") };
    }

    like($@, qr/ 503 /, 'too many');
    like($server->error_log, qr/limiting requests.*"GET \/limited\?token=\*+/,
         'and what is logged of it has no token');
};


subtest 'jobs are the user\'s' => sub {
    my $id = client($ann)->post('/execute', { code => 'print(1)' })
             ->json->{job_id};
    my $again = client(token({ sub => 'ann' }, secret => $secret));

    is($again->get("/execute/jobs/$id")->{code}, 200,
       'whatever token he comes with');
    is(client($bob)->get("/execute/jobs/$id")->{code}, 404, 'not another\'s');
    is(client($bob)->delete("/execute/jobs/$id")->{code}, 404,
       'who cannot end it');

    my $any = $server->client(headers => { 'X-User' => 'carl' });
    is($any->get("/execute/jobs/$id")->{code}, 401, 'nor nobody\'s');

    $id = $any->post('/any', { code => 'print(1)' })->json->{job_id};
    ok($id, 'satisfy any: allowed by the address');
    is($any->get("/any/jobs/$id")->{code}, 200, 'as coderemote_user says');
    is(client($ann)->get("/any/jobs/$id")->{code}, 404, 'a token comes first');
};


subtest 'variables' => sub {
    my $token = token({ sub => 'ann', groups => ['a', 'b'], n => 12,
                        'cognito:username' => 'A. Nn' }, key => $rsa);
    my @lines;

    client($token)->get('/claims');
    $server->client->get('/claims');
    client($token)->get('/moved');

    wait_for(sub {
        @lines = split /\n/,
                 CodeRemote::Procs::slurp("$server->{dir}/logs/claims.log");
        return @lines >= 3;
    });

    my $line = '200|ann|ann|[\x22a\x22,\x22b\x22]|12|A. Nn|-';

    is($lines[0], $line, 'what it claims');
    is($lines[1], '401|-|-|-|-|-|-', 'nothing without one');
    is($lines[2], $line, 'and after an internal redirect');
};


subtest 'no token in a log' => sub {
    is(client($ann)->get('/gone/')->{code}, 502, 'an error is logged');

    my $logs = join '', map { CodeRemote::Procs::slurp($_) }
               glob "$server->{dir}/logs/*";

    cmp_ok(length $logs, '>', 1000, 'there is something to read');
    like($logs, qr/"GET \/ws\?x=1&token=\*{100,} HTTP/, 'stars in its place');
    like($logs, qr/token is refused: the token has expired/, 'and reasons');

    my @found = grep { my $t = $_;
                       my ($signature) = $t =~ /([^.]+)\z/;
                       index($logs, $signature) >= 0 } sort keys %sent;

    is(scalar @found, 0, 'no token of ' . keys %sent)
        or diag(map { my ($s) = /([^.]+)\z/; grep { /\Q$s\E/ }
                      split /^/, $logs } @found);
};


subtest 'keys are read again by a reload' => sub {
    my $new = token({ sub => 'ann' }, key => $other);

    is(client($new)->get('/execute/x')->{code}, 401, 'not yet');

    rename "$other.pub", "$rsa.pub" or die $!;
    ok($server->reload, 'a reload');

    # old workers may answer for a moment

    ok(wait_for(sub { client($new)->get('/execute/x')->{code} == 404 }),
       'the new key');
    ok(wait_for(sub { client($ann)->get('/execute/x')->{code} == 401 }),
       'and not the old one');
};

$server->finish;

done_testing();
