# The opening handshake of a WebSocket: what is taken, and how the rest is
# refused.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Data qw( data_like );
use CodeRemote::Frames qw( :all );
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

my $ping = say_ping();

my %locations = (
    '/any'  => 'any',
    '/list' => 'https://a.example same http://b.example:8080',
);

my $port2 = CodeRemote::Env::free_port();
my $tls = CodeRemote::Env::free_port();

my $dir = CodeRemote::Env::run_dir();
my $certificate = system("openssl req -x509 -newkey rsa:2048"
                         . " -keyout $dir/key.pem -out $dir/cert.pem -days 2"
                         . " -nodes -subj /CN=localhost >/dev/null 2>&1") == 0
                ? <<"_EOC_" : '';
listen 127.0.0.1:$tls ssl;
ssl_certificate $dir/cert.pem;
ssl_certificate_key $dir/key.pem;
_EOC_

my $server = CodeRemote::Server->new(
    http => <<"_EOC_",
log_format ws "\$status \$uri \$body_bytes_sent";
server {
    listen 127.0.0.1:$port2 http2;
${\ CodeRemote::Env::locations() }
}
_EOC_
    server => "access_log logs/ws.log ws;\n"
        . "client_header_timeout 1s;\n"
        . "location = /gone { error_page 404 /ws; return 404; }\n"
        . $certificate
        . join("\n", map { "location = $_ { coderemote_websocket;"
                           . " coderemote_websocket_origin $locations{$_}; }" }
                     sort keys %locations),
)->start;

my $client = $server->client;


sub ws {
    return CodeRemote::Frames->connect(port => $server->{port}, @_);
}


# --- What is taken

for my $case (
    [ 'in small letters', Upgrade => 'websocket', Connection => 'upgrade' ],
    [ 'in large letters', Upgrade => 'WEBSOCKET', Connection => 'UPGRADE' ],
    [ 'among others', Upgrade => 'h2c, websocket ,x',
      Connection => 'keep-alive,  Upgrade' ],
    [ 'in several headers', Upgrade => ['h2c', 'websocket'],
      Connection => ['keep-alive', 'Upgrade'] ],
    [ 'with an extension', 'Sec-WebSocket-Extensions'
          => 'permessage-deflate; client_max_window_bits' ],
    [ 'with an empty body', 'Content-Length' => 0 ],
) {
    my ($name, %headers) = @$case;

    my $ws = eval { ws(headers => \%headers) };

    ok($ws, "a handshake $name") or diag($@), next;
    unlike($ws->{head}, qr/^Sec-WebSocket-(?:Protocol|Extensions):/mi,
           "$name: nothing was agreed on that was not asked for");
    $ws->write(frame(TEXT, $ping));
    is_deeply([$ws->goodbye], ['pong', 'close 1000'], "$name: it is alive");
    is($ws->{over}, 'end', "$name: it ends");
}

for my $case (
    [ 'coderemote', 'coderemote' ],
    [ 'token.abc, coderemote', 'coderemote' ],
    [ ['other', ' coderemote '], 'coderemote' ],
    [ 'other', undef ],
    [ 'Xcoderemote, coderemoteX', undef ],
) {
    my ($offered, $taken) = @$case;

    my $ws = ws(headers => { 'Sec-WebSocket-Protocol' => $offered });
    my ($got) = $ws->{head} =~ /^Sec-WebSocket-Protocol: (.*)\r$/mi;

    is($got, $taken, 'sub-protocols ' . join ', ', ref $offered ? @$offered
                                                               : $offered);
}


# --- What is refused

sub refused {
    my ($name, $code, $detail, %opt) = @_;

    my $headers = { CodeRemote::Frames::headers(
                        Connection => 'Upgrade, close',
                        %{ $opt{headers} || {} }) };
    my $res = $client->request($opt{method} // 'GET', $opt{path} // '/ws',
                               $opt{body}, $headers);

    is($res->{code}, $code, $name);
    is($res->{headers}{'content-type'}, 'application/problem+json',
       "$name: a problem");
    data_like($res->json, { type => 'about:blank', title => qr/\w/,
                            status => $code, detail => $detail },
              "$name: and what to do");

    return $res->{headers};
}

my $plain = { Upgrade => undef, Connection => 'close' };

for my $case (
    [ 'a plain GET', headers => $plain ],
    [ 'no Upgrade', headers => { Upgrade => undef } ],
    [ 'an Upgrade to something else', headers => { Upgrade => 'h2c' } ],
    [ 'a longer word', headers => { Upgrade => 'websockets' } ],
    [ 'no Connection: Upgrade', headers => { Connection => 'close' } ],
) {
    my ($name, %opt) = @$case;

    my $headers = refused($name, 426, qr/WebSockets/, %opt);

    is($headers->{upgrade}, 'websocket', "$name: what it needs");
}

for my $version (undef, 0, 8, 12, 14, '13, 8', '013', '') {
    my $name = 'version ' . ($version // '(none)');
    my $headers = refused($name, 426, qr/version 13/,
                    headers => { 'Sec-WebSocket-Version' => $version });

    is($headers->{'sec-websocket-version'}, 13, "$name: what is spoken");
    is($headers->{upgrade}, 'websocket', "$name: what it needs");
}

for my $key (undef, '', 'dGhlIHNhbXBsZSBub25jZ', 'dGhlIHNhbXBsZSBub25jZQ',
             'dGhlIHNhbXBsZSBub25jZSE=', 'dGhlIHNhbXBsZSBub2!jZQ==',
             'x' x 1000)
{
    refused('the key ' . substr($key // '(none)', 0, 30), 400,
            qr/Sec-WebSocket-Key/,
            headers => { 'Sec-WebSocket-Key' => $key });
}

for my $method (qw( POST PUT DELETE HEAD OPTIONS )) {
    my $res = $client->request($method, '/ws',
                               $method =~ /^P/ ? 'x' : undef);

    is($res->{code}, 405, "$method is not allowed");
    is($res->{headers}{allow}, 'GET', "$method: GET is");
}

refused('a body', 400, qr/no body/, headers => { 'Content-Length' => 3 },
        body => 'abc');


# --- What only raw bytes can say

sub raw {
    my ($bytes) = @_;

    my $ws = CodeRemote::Frames->open(port => $server->{port});

    $ws->write($bytes);
    $ws->opened;

    return $ws;
}

my $request = CodeRemote::Frames::request();

like(raw($request =~ s{/ws}{/gone}r)->{head}, qr{\AHTTP/1\.1 101 },
     'a page that is shown for an error');

like(raw($request =~ s/^(GET \S+ HTTP)\S+/$1\/1.0/r)->{head},
     qr{\AHTTP/1\.1 426 .*^Upgrade: websocket\r$}ms, 'HTTP/1.0');

like(raw(CodeRemote::Frames::request('Sec-WebSocket-Key'
                       => [('dGhlIHNhbXBsZSBub25jZQ==') x 2]))->{head},
     qr{\AHTTP/1\.1 400 }, 'two keys');

like(raw(CodeRemote::Frames::request(Host => undef))->{head},
     qr{\AHTTP/1\.1 400 }, 'no Host');

like(raw(CodeRemote::Frames::request('Transfer-Encoding' => 'chunked')
         . "3\r\nabc\r\n0\r\n\r\n")->{head},
     qr{\AHTTP/1\.1 400 }, 'a body in chunks');

subtest 'half a handshake' => sub {
    my $ws = raw('');

    $ws->write(substr $request, 0, 60);
    is_deeply([$ws->rest], [], 'is not answered');
    is($ws->{over}, 'end', 'and its connection is closed');
};

subtest 'a handshake in pieces' => sub {
    my $ws = CodeRemote::Frames->open(port => $server->{port});

    $ws->write($request, 1);
    ok($ws->opened, 'opens');
    $ws->write(frame(TEXT, $ping), 1);
    is_deeply([$ws->goodbye], ['pong', 'close 1000'], 'and is alive');
};

subtest 'one after other requests on its connection' => sub {
    my $ws = CodeRemote::Frames->open(port => $server->{port});

    $ws->write("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n" . $request
               . frame(TEXT, $ping));

    $ws->fill until $ws->{in} =~ s/\A.*(?=HTTP\/1.1 101)//s || $ws->{over};

    ok($ws->opened, 'opens');
    is_deeply([$ws->goodbye], ['pong', 'close 1000'], 'and is alive');
};

for my $n (1, 10, 1000) {
    my $ws = ws(early => frame(TEXT, $ping) x $n . substr frame(PING, 'x'),
                         0, 5);

    is((grep { $ws->next =~ /^text \{"type":"pong"/ } 1 .. $n), $n,
       "$n messages that came with the handshake");

    $ws->write(substr frame(PING, 'x'), 5);
    is($ws->next, 'pong x', 'and a frame that began with it');
}

is_deeply([ws(early => frame(TEXT, $ping, mask => ''))->rest],
          ['close 1002 a frame is not masked'],
          'what came with the handshake is no better than the rest');

# twice as much as nginx's buffer for headers
is_deeply([ws(early => frame(TEXT, say_ping(200_000)))->goodbye],
          ['pong', 'close 1000'], 'a large message with the handshake');


# --- Origins

my $host = 'example.org:8080';

for my $case (
    [ '/ws', undef, 1 ],
    [ '/ws', "http://$host", 1 ],
    [ '/ws', "https://$host", 1 ],
    [ '/ws', 'https://EXAMPLE.org:8080', 1 ],
    [ '/ws', 'https://example.org', 0 ],
    [ '/ws', "https://x$host", 0 ],
    [ '/ws', "https://$host.example", 0 ],
    [ '/ws', "https://$host/", 0 ],
    [ '/ws', 'null', 0 ],
    [ '/ws', '', 0 ],
    [ '/ws', '://', 0 ],
    [ '/ws', $host, 0 ],
    [ '/ws', "https://x.example://$host", 0 ],
    [ '/any', 'null', 1 ],
    [ '/any', 'https://x.example', 1 ],
    [ '/list', undef, 1 ],
    [ '/list', 'https://a.example', 1 ],
    [ '/list', 'http://b.example:8080', 1 ],
    [ '/list', "http://$host", 1 ],
    [ '/list', 'http://a.example', 0 ],
    [ '/list', 'http://b.example', 0 ],
    [ '/list', 'https://c.example', 0 ],
) {
    my ($path, $origin, $good) = @$case;
    my $name = "$path, Origin " . ($origin // '(none)');

    my $ws = raw(CodeRemote::Frames::request(Host => $host, Origin => $origin)
                 =~ s{ /ws }{ $path }r);

    like($ws->{head}, $good ? qr{\AHTTP/1\.1 101 } : qr{\AHTTP/1\.1 403 },
         $name);
}

like(raw(CodeRemote::Frames::request(Host => $host,
             Origin => ["http://$host", 'http://x.example']))->{head},
     qr{\AHTTP/1\.1 403 }, 'two origins');

refused('another origin', 403, qr/Origin/,
        headers => { Origin => 'https://x.example' });

SKIP: {
    skip 'there is no openssl to make a certificate with', 4
        if $certificate eq '';

    for my $case ([ undef, 101 ], [ "https://$host", 101 ],
                  [ "http://$host", 403 ], [ "xhttp://$host", 403 ])
    {
        my ($origin, $status) = @$case;

        open my $out, '>', "$dir/request" or die "$dir/request: $!\n";
        print $out CodeRemote::Frames::request(Host => $host,
                                               Origin => $origin),
                   close_frame(1000);
        close $out or die "$dir/request: $!\n";

        my $command = "timeout 60 openssl s_client -quiet"
                      . " -connect 127.0.0.1:$tls <$dir/request 2>/dev/null";

        like(`$command`, qr{\AHTTP/1\.1 $status },
             'over TLS, Origin ' . ($origin // '(none)'));
    }
}


# --- HTTP/2 has other means

SKIP: {
    my ($features) = `curl --version 2>/dev/null` =~ /^Features:(.*)/m;

    skip 'there is no curl that speaks HTTP/2', 2
        if ($features // '') !~ /\bHTTP2\b/;

    my $text = `curl -sSi --max-time 60 --http2-prior-knowledge \\
                http://127.0.0.1:$port2/ws 2>&1`;

    like($text, qr{\AHTTP/2 426 .*"detail"}s, 'HTTP/2');
    unlike($text, qr/^upgrade:/mi, 'HTTP/2 has no Upgrade');
}


# --- The log

subtest 'the access log' => sub {
    my $log = "$server->{dir}/logs/ws.log";
    my $n = () = CodeRemote::Procs::slurp($log) =~ m{^101 /ws }mg;
    my $ws = ws();

    $ws->write(frame(TEXT, $ping));
    $ws->next;

    is(() = CodeRemote::Procs::slurp($log) =~ m{^101 /ws }mg, $n, 'waits for the end');

    $ws->goodbye;

    ok(wait_for(sub { $n < (() = CodeRemote::Procs::slurp($log) =~ m{^101 /ws }mg) }),
       'has a line of the connection then');
    like((grep { m{^101 /ws } } split /\n/, CodeRemote::Procs::slurp($log))[-1],
         qr{^101 /ws (?:7\d|8\d)$}, 'with the bytes that it sent');
};

$server->finish;

done_testing();
