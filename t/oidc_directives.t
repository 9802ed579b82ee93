# Providers of keys: what nginx -t has to say of a wrong configuration, and how
# levels of one make up what holds in a location.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Procs qw( wait_for );
use CodeRemote::Provider;
use CodeRemote::Server;

my $dir = CodeRemote::Env::run_dir();
my $mine = CodeRemote::Token::key('rsa', "$dir/mine.pem");
my $tried = CodeRemote::Server->new;
my $region = 'eu-central-1';
my $pool = "${region}_aBcD12345";
my $resolver = 'resolver 127.0.0.1:53535;';


sub try_out {
    my ($text) = @_;

    $tried->configure(server => $text);

    my $command = join ' ', map { "'$_'" } $tried->nginx('-t');
    my $said = `$command 2>&1`;

    return ($? >> 8, $said);
}


for (
    ['http elsewhere', 'coderemote_jwt_key_url http://192.0.2.1/keys;',
     qr/"coderemote_jwt_key_url".*must begin with https:.*this machine alone/],
    ['http by name', "$resolver coderemote_jwt_oidc http://id.example;",
     qr/"coderemote_jwt_oidc".*must begin with https:/],
    ['a name that begins as this machine\'s does',
     "$resolver coderemote_jwt_oidc http://127.0.0.1.example;",
     qr/must begin with https:/],
    ['a name and no resolver', 'coderemote_jwt_oidc https://id.example;',
     qr/has a name for its host.*"resolver"/],
    ['Cognito and no resolver', "coderemote_jwt_cognito $region $pool a;",
     qr/"coderemote_jwt_cognito".*"resolver"/],
    ['no URL', 'coderemote_jwt_key_url /etc/keys.json;', qr/is no URL/],
    ['a file\'s URL', 'coderemote_jwt_key_url file:///etc/keys.json;',
     qr/must begin with https?:/],
    ['a password', 'coderemote_jwt_key_url https://a:b@192.0.2.1/;',
     qr/user or a password/],
    ['a fragment', 'coderemote_jwt_key_url "https://192.0.2.1/#a";',
     qr/fragment/],
    ['an issuer with ?', 'coderemote_jwt_oidc https://192.0.2.1/?a;',
     qr/has a "\?" in it/],
    ['a region that is none',
     "$resolver coderemote_jwt_cognito europe $pool a;",
     qr/"europe" is no region of AWS: it looks like/],
    ['a region with a host in it',
     "$resolver coderemote_jwt_cognito eu-x.evil.example/1 $pool a;",
     qr/is no region of AWS/],
    ['a pool that is none', "$resolver coderemote_jwt_cognito $region abc a;",
     qr/"abc" is no user pool of the region $region: .* like ${region}_/],
    ['another region\'s pool',
     "$resolver coderemote_jwt_cognito us-east-1 $pool a;",
     qr/no user pool of the region us-east-1/],
    ['a pool and no client', "$resolver coderemote_jwt_cognito $region $pool;",
     qr/needs the ids of its clients/],
    ['a client that is none',
     "$resolver coderemote_jwt_cognito $region $pool 'a b';",
     qr/"a b" is no id of a client/],
    ['more providers than there may be',
     join('', map { "coderemote_jwt_key_url https://192.0.2.$_/;" } 1 .. 9),
     qr/more than 8 providers/],
    ['a refresh of nothing', 'coderemote_jwt_key_refresh 0;',
     qr/from 1s to 1d/],
    ['a refresh of a year', 'coderemote_jwt_key_refresh 1y;',
     qr/from 1s to 1d/],
    ['a refresh twice',
     'coderemote_jwt_key_refresh 1m; coderemote_jwt_key_refresh 1m;',
     qr/duplicate/],
    ['certificates that are not there',
     "coderemote_jwt_trusted_certificate $dir/no;",
     qr/"$dir\/no" cannot be read.*No such file/],
    ['certificates that are none',
     "coderemote_jwt_trusted_certificate $mine.pub;",
     qr/has no certificate in PEM/],
    ['a proxy that is none', 'coderemote_jwt_key_proxy proxy;',
     qr/the proxy "proxy" /],
    ['a proxy and no resolver',
     'coderemote_jwt_key_proxy http://proxy.example:3128;'
     . ' coderemote_jwt_oidc https://id.example;',
     qr/"coderemote_jwt_key_proxy": .*"resolver"/],
    ['no keys', '', qr/has no keys.*"coderemote_jwt_oidc"/],
) {
    my ($name, $line, $why) = @$_;

    my ($status, $said) = try_out("location /t { coderemote_jwt x; $line }");

    is($status, 1, "$name: refused");
    like($said, $why, "$name: and why");
    like($said, qr/nginx\.conf:\d+/, "$name: and where");
}

for (
    ['https, an address', 'coderemote_jwt_oidc https://192.0.2.1/a/;'],
    ['this machine', 'coderemote_jwt_key_url http://127.1.2.3:8080/keys;'
                     . ' coderemote_jwt_oidc http://localhost:1/a;'
                     . ' coderemote_jwt_oidc http://[::1]:1;'],
    ['a name', "$resolver coderemote_jwt_oidc https://id.example;"],
    ['a name, by a proxy', 'coderemote_jwt_key_proxy http://127.0.0.1:3128;'
                           . ' coderemote_jwt_oidc https://id.example;'],
    ['Cognito', "$resolver coderemote_jwt_cognito us-gov-west-1"
                . ' us-gov-west-1_x a b;'],
    ['keys by a file, too', 'coderemote_jwt_oidc https://192.0.2.1;'
                            . " coderemote_jwt_key_file $mine.pub;"],
) {
    my ($name, $line) = @$_;

    my ($status, $said) = try_out("coderemote_jwt x; $line"
                                  . ' location /t { coderemote_jwt y; }');

    is($status, 0, "$name: taken") or diag($said);
    unlike($said, qr/\[(?:warn|emerg|alert)\]/, 'without a word');
}


# A proxy that gets the whole URL, which is all that it has to forward.

my $one = CodeRemote::Provider->start;
my $two = CodeRemote::Provider->start;

$one->publish('a');
$two->publish('b');

my $server = CodeRemote::Server->new(
    server => "coderemote_jwt_oidc $one->{issuer}; coderemote_jwt all;",
    locations => <<"_EOC_",
location = /above { empty_gif; }

location = /url {
    coderemote_jwt_key_url $two->{issuer}/keys;
    empty_gif;
}

location = /file {
    coderemote_jwt_key_file $mine.pub;
    empty_gif;
}

location = /proxy {
    coderemote_jwt_key_proxy http://127.0.0.1:$two->{port};
    coderemote_jwt_key_url http://127.0.0.1:1/keys;
    empty_gif;
}

location = /slow {
    coderemote_jwt_oidc $one->{issuer};
    empty_gif;
}
_EOC_
)->start(health => 0);


sub codes {
    my ($path) = @_;

    my %own = (iss => 'x', sub => 'ann');

    return join ' ', map {
        $server->client->get($path, undef, { Authorization => "Bearer $_" })
            ->{code}
    } $one->token('a'), $two->token('b'),
      CodeRemote::Token::make(\%own, key => $mine);
}


is(codes('/above'), '200 401 401', 'as the level above says');
is(codes('/url'), '401 200 401', 'a URL takes the place of what is above');
is(codes('/file'), '401 401 200', 'a file does, too');
is(codes('/proxy'), '401 200 401', 'by a proxy');
is(codes('/slow'), '200 401 401', 'the same provider once more');
is($one->asked('openid-configuration') <= 4, 1, 'which is asked once for both');

$server->finish;
$_->stop for $one, $two;

done_testing();
