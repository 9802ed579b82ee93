# No token and no key is in any log, whichever way it came; what nginx itself
# writes at the levels info and debug is told exactly, as docs/SECURITY.md has
# it.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use File::Find ();

use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;
use CodeRemote::Token;
use CodeRemote::WebSocket;

my $dir = CodeRemote::Env::run_dir();
my $rsa = CodeRemote::Token::key('rsa', "$dir/rsa.pem");
my $secret = 'a secret that is to be found nowhere else';
my %sent = ("the key file's secret" => $secret);


sub spurt {
    my ($name, $text) = @_;

    open my $out, '>', "$dir/$name" or die "$dir/$name: $!\n";
    print $out $text;
    close $out or die "$dir/$name: $!\n";
}


spurt(secret => "$secret\n");
spurt(denied => "sub mallory\n");


# The formats that are shipped, and the audit log, where there is one.

my $shipped = CodeRemote::Procs::slurp(CodeRemote::Env::root_dir()
                                       . '/conf/nginx.conf');
my %format;

$format{$2} = $1
    while $shipped =~ /^[ ]*(log_format\s+(\w+)\s(?:'[^']*'|[^';])*;)/gm;

my $formats = join "\n", map { "$format{$_} access_log logs/$_.log $_;" }
              sort keys %format;

$formats .= "\ncoderemote_audit_log logs/audited.log;"
    if $shipped =~ /coderemote_audit_log/;

my $debug = `${\ CodeRemote::Env::nginx()} -V 2>&1` =~ /--with-debug/;

my $upstream = CodeRemote::Env::free_port();
my $server = CodeRemote::Server->new(
    http => <<"_EOC_",
$formats
error_log logs/notice.log notice;
error_log logs/info.log info;
error_log logs/debug.log debug;
limit_req_zone \$binary_remote_addr zone=none:1m rate=1r/m;
server {
    listen 127.0.0.1:$upstream;
    access_log off;
    location / {
        return 200 "up";
    }
}
_EOC_
    server => 'large_client_header_buffers 4 16k; access_log logs/combined.log;'
              . join('', map { "access_log logs/$_.log $_;" }
                         sort keys %format),
    locations => <<"_EOC_",
coderemote_jwt_key_file $rsa.pub;
coderemote_jwt_key_file $dir/secret;
coderemote_jwt_deny_file $dir/denied;

location = /health { coderemote_health; }
location /execute { coderemote_jwt x; coderemote_execute; }
location = /ws { coderemote_jwt x; coderemote_websocket; }
location = /limited {
    coderemote_jwt x;
    limit_req zone=none;
    coderemote_websocket;
}
location = /up { coderemote_jwt x; proxy_pass http://127.0.0.1:$upstream; }
location = /down { coderemote_jwt x; proxy_pass http://127.0.0.1:1; }
location = /file { coderemote_jwt x; }
location = /cookie {
    coderemote_jwt x token=\$cookie_token;
    proxy_pass http://127.0.0.1:1;
}
location = /argument {
    coderemote_jwt x token=\$arg_t;
    proxy_pass http://127.0.0.1:1;
}
location = /aud {
    coderemote_jwt x;
    coderemote_jwt_audience none;
    coderemote_websocket;
}
_EOC_
)->start;


# A token that is sent in this way alone.

my $made = 0;


sub token {
    my ($way, $claims, %by) = @_;

    my $token = CodeRemote::Token::make(
        { sub => 'ann', jti => 'j' . ++$made, %{ $claims || {} } },
        %by ? %by : (key => $rsa));

    $sent{$way} = $token;

    return $token;
}


my %kinds = (
    good => sub { token($_[0]) },
    'of a secret' => sub { token($_[0], {}, secret => $secret) },
    expired => sub { token($_[0], { exp => time - 3600 }) },
    revoked => sub { token($_[0], { sub => 'mallory' }) },
    forged => sub { token($_[0], {}, secret => 'another' x 6) },
    malformed => sub {
        my $text = token($_[0]) =~ s/\./-/gr;
        return $sent{$_[0]} = $text;
    },
    padded => sub { return $sent{$_[0]} = token($_[0]) . '==' },
    long => sub { token($_[0], { x => 'x' x 8000 }) },
);

my @answers;


sub get {
    my ($path, %headers) = @_;

    my $res = $server->client->get($path, undef, \%headers);

    push @answers, join "\n", %{ $res->{headers} || {} }, $res->{body} // '';

    return $res->{code};
}


sub shake {
    my (%opt) = @_;

    my $ws = eval { CodeRemote::WebSocket->new(port => $server->{port},
                                               %opt) };
    push @answers, $ws ? $ws->{head} : $@;

    return $ws;
}


# --- where a location takes it, or refuses it

for my $kind (sort keys %kinds) {
    my $of = sub { $kinds{$kind}->("$kind, $_[0]") };

    get($_, Authorization => 'Bearer ' . $of->("header, $_")) for 1, 1,
        '/execute/x', '/up', '/down', '/file', '/aud';
    get('/up', Authorization => 'bearer   ' . $of->('small letters'));
    get('/up', Authorization => 'Basic ' . $of->('another scheme'));
    get('/up', Authorization => $of->('no scheme'));
    get('/cookie', Cookie => 'a=b; token=' . $of->('cookie'));
    get('/argument?a=b&t=' . $of->('argument') . '&c=d');
    get('/execute/x?token=' . $of->('?token= without a WebSocket'));

    for my $path ('/ws', '/aud', '/limited', '/limited') {
        my $ws = shake(path => "$path?x=1&token=" . $of->("?token=, $path"));
        $ws->close if $ws;
    }

    # two long ones are too long for nginx

    shake(path => '/ws?token=' . $of->('?token=, the first')
                  . '&token=' . $of->('?token=, the second'))
        if $kind ne 'long';

    shake(headers => { 'Sec-WebSocket-Protocol'
                       => 'coderemote, ' . $of->('subprotocol') });
    shake(headers => { 'Sec-WebSocket-Protocol' => $of->('the first one') });
    shake(headers => { 'Sec-WebSocket-Protocol' => 'coderemote',
                       Authorization => 'Bearer ' . $of->('both') });

    my $client = $server->client(
        headers => { Authorization => 'Bearer ' . $of->('a job') });
    my $res = $client->post('/execute?wait=true', { code => 'print(1)' });
    push @answers, $res->text;
}

my $ann = token('a WebSocket that runs a program');
my $ws = shake(path => "/ws?token=$ann");
my $id = $ws->execute(code => 'print(input())', stdin => "x\n");
is($ws->result($id)->{status}, 'completed', 'a program');
$ws->close;

my $found = keys %sent;
cmp_ok($found, '>', 100, "tokens: $found");


# --- what nginx refuses before any location is found

my %before;


# Sends bytes, and waits until they are answered or refused.

sub raw {
    my ($text) = @_;

    my $client = $server->client;
    my $r = $client->start_raw($text);

    $client->drive(sub { $r->{done} }, 10);
}


sub before {
    my ($way, $text) = @_;

    my $token = token($way);

    $before{$way} = $token;
    raw($text =~ s/TOKEN/$token/r);
}


my $get = "GET /up HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";

before('the second of two', "${get}Authorization: x\r\n"
                            . "Authorization: Bearer TOKEN\r\n\r\n");
before('the first of two', "${get}Authorization: Bearer TOKEN\r\n"
                           . "Authorization: x\r\n\r\n");
before('a name with a blank', "${get}Author ization: Bearer TOKEN\r\n\r\n");
before('a header that is too long',
       "${get}Authorization: Bearer TOKEN" . 'x' x 20000 . "\r\n\r\n");
before('?token= and no Host', "GET /ws?token=TOKEN HTTP/1.1\r\n\r\n");
before('?token= and a bad Host',
       "GET /ws?token=TOKEN HTTP/1.1\r\nHost: a/b\r\n\r\n");
before('?token= and no version', "GET /ws?token=TOKEN HTTP/x\r\n\r\n");

{
    my $token = token('a client that goes');
    $before{'a client that goes'} = $token;

    my $sock = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                     PeerPort => $server->{port}) or die;
    print $sock "GET /ws?token=$token HTTP/1.1\r\nHost: localhost\r\n";
    close $sock;
}


# --- what the logs have

my %log;
my $info = "$server->{dir}/logs/info.log";

ok(wait_for(sub { CodeRemote::Procs::slurp($info) =~ /prematurely closed/ }),
   'the last one is logged');

$server->finish;

File::Find::find({ no_chdir => 1, wanted => sub {
    $log{ $File::Find::name =~ s{.*/}{}r } =
        CodeRemote::Procs::slurp($File::Find::name)
        if -f && !/nginx\.conf$/;
} }, $server->{dir});

my %line;    # of a log: the lines that have a token, by the way it came

for my $log (sort keys %log) {
    for my $way (sort keys %sent) {

        # a part of it is too much, too

        my $part = $way eq "the key file's secret"
                 ? $sent{$way} : substr $sent{$way}, -40, 36;

        push @{ $line{$log}{$way} },
             grep { index($_, $part) >= 0 }
             split $log eq 'debug.log' ? qr/^(?=\d{4}\/)/m : qr/^/m,
                   $log{$log};
    }
}


sub ways {
    my ($log) = @_;

    return [grep { @{ $line{$log}{$_} } } sort keys %sent];
}


for my $log ('notice.log', 'error.log', map { "$_.log" } sort keys %format) {
    cmp_ok(length($log{$log} // ''), '>', $log eq 'error.log' ? 0 : 200,
           "$log: there is something to read");
}

cmp_ok(scalar keys %format, '>=', 1, 'formats are shipped');

for my $log (grep { !/^(?:info|debug|combined)\.log$/ } sort keys %log) {
    is_deeply(ways($log), [], "$log: no token");
}

like($log{'combined.log'}, qr/"GET \/ws\?x=1&token=\*{100,} HTTP/,
     'stars in its place');
like($log{'notice.log'}, qr/"GET \/argument\?a=b&t=\*{100,}&c=d/,
     'in errors, too');

# nginx writes these lines, at info, before it knows of any location

my $nginxs = qr/\ \[info\]\ .*\ client\ (?:
                    sent\ (?:duplicate|invalid|too\ long)\ header\ line
                    | sent\ HTTP\/1\.1\ request\ without
                    | sent\ invalid\ (?:host|request|version)
                    | prematurely\ closed\ connection )/x;

is_deeply([grep { !$before{$_} } @{ ways('info.log') }], [],
          'info.log: no token that a location was asked with');
is_deeply([grep { !/$nginxs/ } map { @$_ } values %{ $line{'info.log'} }], [],
          'and of others in what nginx says of their requests alone');
is_deeply([grep { !$before{$_} } @{ ways('combined.log') }], [],
          'combined.log: likewise');

SKIP: {
    skip 'this nginx has no debug log', 2 if !$debug;

    cmp_ok(scalar @{ ways('debug.log') }, '>', 100,
           'debug.log has whatever is sent: tokens would be found');
    is_deeply([grep { !/ \[debug\] / && !/$nginxs/ }
               map { @$_ } values %{ $line{'debug.log'} }], [],
              'but in no line of another level');
}

my $answers = join "\n", @answers;
is_deeply([grep { index($answers, substr $sent{$_}, -40, 36) >= 0 }
           sort keys %sent], [], 'nor in an answer');

done_testing();
