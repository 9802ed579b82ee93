# Pages of other origins: what a browser is told of an answer and before a
# request, wherever it goes and however it ends.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Server;
use CodeRemote::Token;
use CodeRemote::WebSocket;

my $page = 'https://app.example';
my $other = 'http://localhost:3000';
my $evil = 'https://evil.example';
my $secret = 'a secret of this test, and longer than 32 bytes';

my $dir = CodeRemote::Env::run_dir();
my $key = "$dir/secret.key";

open my $out, '>', $key or die "$key: $!\n";
print $out $secret;
close $out;

# A job in each, so that one can be asked for; the origins are the server's.

my $server = CodeRemote::Server->new(
    http => 'limit_req_zone $binary_remote_addr zone=slow:64k rate=1r/m;',
    server => <<"_EOC_",
coderemote_cors_origin $page $other https://[2001:db8::1]:8443;
set \$self http://127.0.0.1:\$server_port;
_EOC_
    locations => CodeRemote::Env::locations() . <<"_EOC_",
location /jwt { coderemote_execute; coderemote_jwt x;
                coderemote_jwt_key_file $key; }
location /limited { coderemote_execute; coderemote_limit_requests 1/m; }
location /slow { coderemote_execute; limit_req zone=slow; }
location /closed { coderemote_execute; deny all; }
location /open { coderemote_execute; coderemote_cors_origin any;
                 coderemote_cors_max_age 10m;
                 coderemote_cors_headers X-Request-ID x_b;
                 coderemote_cors_expose X-Worker; }
location /cookies { coderemote_execute; coderemote_cors_credentials on;
                    coderemote_cors_max_age 0; }
location /off { coderemote_execute; coderemote_cors_origin off; }
location /fails { return 500; }
location /returns { return 200 text; }
location /files { root $dir; }
location /rewritten { rewrite ^ /execute last; }
location /proxy { proxy_pass \$self/backend; }
location /backend { coderemote_cors_origin off;
                    add_header Access-Control-Allow-Origin $evil always;
                    add_header Access-Control-Expose-Headers X-Theirs always;
                    return 200 theirs; }
_EOC_
)->start;

my $client = $server->client;


# Of all fields that a browser looks at, what the answer has.

sub cors {
    my ($res) = @_;
    my %got;

    for my $name (keys %{ $res->{fields} || {} }) {
        $got{$name} = join ' | ', @{ $res->{fields}{$name} }
            if $name =~ /^access-control-|^vary$/;
    }

    return \%got;
}


sub preflight {
    my ($path, $origin, %headers) = @_;

    return $client->request(OPTIONS => $path, undef, {
        Origin => $origin,
        'Access-Control-Request-Method' => 'POST',
        'Access-Control-Request-Headers' => 'authorization,content-type',
        %headers,
    });
}


my %asked = (
    'access-control-allow-methods' => 'GET, HEAD, POST, DELETE',
    'access-control-allow-headers'
        => 'Authorization, Content-Type, Prefer, Last-Event-ID',
    'access-control-max-age' => '3600',
    'vary' => 'Origin',
);

my %others = (%asked, 'access-control-allow-methods'
                      => 'GET, HEAD, POST, PUT, PATCH, DELETE');

my %told = (
    'access-control-expose-headers' => 'Location, Allow, Retry-After,'
        . ' RateLimit, RateLimit-Policy, Preference-Applied,'
        . ' WWW-Authenticate',
    'vary' => 'Origin',
);


subtest 'preflights are answered, whoever is let in' => sub {
    for ([qw( /execute )], [qw( /execute/jobs/x )], [qw( /jwt )],
         [qw( /jwt/jobs/x/events )], [qw( /limited )], [qw( /slow )],
         [qw( /slow )], [qw( /closed )], [qw( /health )], [qw( /runtimes )],
         ['/proxy', \%others], ['/files/none', \%others],
         [qw( /rewritten )])
    {
        my ($path, $fields) = @$_;

        for my $origin ($page, $other, 'https://[2001:db8::1]:8443') {
            my $res = preflight($path, $origin);

            is($res->{code}, 204, "$path for $origin");
            is($res->{body}, '', 'no body');
            is_deeply(cors($res), { %{ $fields || \%asked },
                                    'access-control-allow-origin' => $origin },
                      'what it may');
        }
    }

    # nginx answers it itself, and a browser is content with any 2xx

    my $res = preflight('/returns', $page);
    is($res->{code}, 200, 'what another module answers before');
    is_deeply(cors($res), { %others, 'access-control-allow-origin' => $page },
              'has the fields, too');
};


subtest 'no preflight: a request as any' => sub {
    for (['/execute', 405, Origin => $page],
         ['/execute', 405, 'Access-Control-Request-Method' => 'POST'],
         ['/jwt', 401, Origin => $page])
    {
        my ($path, $code, @headers) = @$_;

        is($client->request(OPTIONS => $path, undef, { @headers })->{code},
           $code, "$path with $headers[0] alone");
    }

    my $res = $client->get('/execute/jobs/x', undef, {
        Origin => $page, 'Access-Control-Request-Method' => 'GET' });
    is($res->{code}, 404, 'GET is none');
};


subtest 'an origin that is not listed' => sub {
    for my $origin ($evil, 'null', "$page.evil.example", "$page:443", "$page/",
                    'http://app.example', 'HTTPS://APP.EXAMPLE', '*',
                    'https://app.exampl', '', "$page, $evil")
    {
        my $res = preflight('/jwt', $origin);
        is($res->{code}, 401, "\"$origin\": a preflight is refused");
        is_deeply(cors($res), { vary => 'Origin' }, 'and told nothing');

        $res = $client->post('/execute?wait=true', { code => 'print(1)' },
                             { Origin => $origin });
        is($res->{code}, 200, 'a request is answered as ever');
        is_deeply(cors($res), { vary => 'Origin' }, 'and told nothing');
    }

    is_deeply(cors($client->get('/health')), { vary => 'Origin' },
              'nor without any, but that it may differ');

    my $body = '{"code":"print(1)"}';
    my $res = $client->start_raw("POST /execute?wait=true HTTP/1.1\r\n"
        . "Host: localhost\r\nConnection: close\r\n"
        . "Content-Type: application/json\r\nContent-Length: "
        . length($body) . "\r\nOrigin: $page\r\nOrigin: $evil\r\n\r\n$body",
        'POST');
    $client->drive(sub { $res->{done} });
    is($res->{code}, 200, 'two of them');
    is_deeply(cors($res), { vary => 'Origin' }, 'are none');
};


# What a page reads: also of answers that nginx gives instead of us.

subtest 'answers and errors' => sub {
    my $token = CodeRemote::Token::make({ sub => 'ann' }, secret => $secret);
    my %bearer = (Authorization => "Bearer $token");

    my $job = $client->post('/execute?wait=true', { code => 'print(1)' });
    my $path = '/execute/jobs/' . $job->json->{job_id};
    $client->post('/limited', { code => 'pass' });
    $client->post('/slow', { code => 'pass' });

    my $large = 'x' x (5 << 20);

    for (['a job', 202, POST => '/execute', { code => 'pass' }],
         ['its end', 200, POST => '/execute?wait=true', { code => 'pass' }],
         ['the job', 200, GET => $path],
         ['its head', 200, HEAD => $path],
         ['its events', 200, GET => "$path/events"],
         ['no events', 204, GET => "$path/events", undef,
             { 'Last-Event-ID' => 'end' }],
         ['forgotten', 204, DELETE => $path],
         ['not there', 404, GET => $path],
         ['no token', 401, GET => '/jwt/jobs/x'],
         ['a bad token', 401, POST => '/jwt', { code => 'pass' },
             { Authorization => 'Bearer x.y.z' }],
         ['a token', 202, POST => '/jwt', { code => 'pass' }, \%bearer],
         ['no JSON', 400, POST => '/execute', '{',
             { 'Content-Type' => 'application/json' }],
         ['a field', 422, POST => '/execute', { code => 7 }],
         ['a method', 405, PUT => '/execute', { code => 'pass' }],
         ['a limit', 429, POST => '/limited', { code => 'pass' }],
         ['a limit of nginx', 503, POST => '/slow', { code => 'pass' }],
         ['forbidden', 403, GET => '/closed'],
         ['too large', 413, POST => '/execute', $large,
             { 'Content-Type' => 'application/json' }],
         ['a failure', 500, GET => '/fails'],
         ['nothing there', 404, GET => '/files/none'],
         ['a WebSocket without one', 426, GET => '/ws'],
         ['somebody else\'s answer', 200, GET => '/proxy'],
         ['text', 200, GET => '/returns'],
         ['health', 200, GET => '/health'],
         ['runtimes', 200, GET => '/runtimes'])
    {
        my ($name, $code, $method, $uri, $body, $headers) = @$_;

        my $res = $client->request($method, $uri, $body,
                                   { %{ $headers || {} }, Origin => $page });
        is($res->{code}, $code, $name) or diag($res->text);
        is_deeply(cors($res), { %told, 'access-control-allow-origin' => $page },
                  'a page may read it') or diag(explain($res->{fields}));
    }
};


# What is refused before it has a location is answered as its server says.

subtest 'no request at all' => sub {
    for ([400, "\x01\r\n\r\n"], [400, "GET / HTTP/1.1\r\n\r\n"],
         [505, "GET / HTTP/9.0\r\nHost: x\r\n\r\n"],
         [400, "GET / HTTP/1.1\r\nHost: x\r\nOrigin: $page\r\n"
             . "x\x01: y\r\n\r\n"])
    {
        my ($code, $bytes) = @$_;
        my $res = $client->start_raw($bytes);

        $client->drive(sub { $res->{done} });
        is($res->{code}, $code, 'refused');
        is($res->{headers}{vary}, 'Origin', 'Vary');
    }
};


subtest 'any' => sub {
    my %any = ('access-control-allow-origin' => '*');

    is_deeply(cors(preflight('/open', $evil)), { %any,
        'access-control-allow-methods' => 'GET, HEAD, POST, DELETE',
        'access-control-allow-headers' => $asked{'access-control-allow-headers'}
                                          . ', X-Request-ID, x_b',
        'access-control-max-age' => '600' }, 'a preflight');

    for my $origin ($evil, 'null', undef) {
        my $res = $client->post('/open?wait=true', { code => 'pass' },
                                { Origin => $origin });
        is($res->{code}, 200, defined $origin ? "for $origin" : 'for nobody');
        is_deeply(cors($res), { %any, 'access-control-expose-headers'
            => "$told{'access-control-expose-headers'}, X-Worker" },
            'the same answer');
    }
};


subtest 'credentials' => sub {
    my %with = ('access-control-allow-credentials' => 'true');

    is_deeply(cors(preflight('/cookies', $page)), { %asked, %with,
        'access-control-allow-origin' => $page,
        'access-control-max-age' => '0' }, 'a preflight');
    is_deeply(cors($client->get('/cookies/jobs/x', undef, { Origin => $page })),
              { %told, %with, 'access-control-allow-origin' => $page },
              'an answer');
    is_deeply(cors($client->get('/cookies/jobs/x', undef, { Origin => $evil })),
              { vary => 'Origin' }, 'another page');
};


subtest 'off' => sub {
    is(preflight('/off', $page)->{code}, 405, 'a preflight');
    is_deeply(cors($client->get('/off/jobs/x', undef, { Origin => $page })), {},
              'an answer');
    is_deeply(cors($client->get('/backend')), {
        'access-control-allow-origin' => $evil,
        'access-control-expose-headers' => 'X-Theirs' },
        'what others say is theirs');
};


subtest 'a WebSocket asks coderemote_websocket_origin' => sub {
    my $shake = sub {
        return $client->get('/ws', undef, {
            Upgrade => 'websocket', Connection => 'upgrade, close',
            'Sec-WebSocket-Version' => 13,
            'Sec-WebSocket-Key' => 'AAAAAAAAAAAAAAAAAAAAAA==', Origin => $_[0]
        });
    };

    is($shake->($page)->{code}, 403, 'not the pages listed here');

    my $ws = CodeRemote::WebSocket->new(port => $server->{port});
    ok($ws->execute(code => 'pass'), 'one opens');
    $ws->want('job.result');
};

$server->finish;
done_testing();
