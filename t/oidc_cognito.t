# Amazon Cognito's user pools: whose tokens are taken, and that keys come over
# TLS from whom a trusted certificate vouches for, by a name that nginx's
# resolver knows.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use IO::Socket::INET;

use CodeRemote::Origin;
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Provider;
use CodeRemote::Server;

# https has the port 443, which root alone has, on an address of the test's.
my $address = join '.', 127, map { 1 + int rand 250 } 1 .. 3;

if (!IO::Socket::INET->new(Listen => 1, LocalAddr => $address,
                           LocalPort => 443, Proto => 'tcp'))
{
    plan skip_all => "nobody can listen on $address port 443 here: $!";
}

my $dir = CodeRemote::Env::run_dir();
my $region = 'eu-central-1';
my $pool = "${region}_aBcD12345";
my $host = "cognito-idp.$region.amazonaws.com";


# A CA of the test's own, and a certificate of it for a name.

sub openssl {
    my $said = `cd $dir && openssl @_ 2>&1`;
    $? == 0 or die "openssl @_: $said\n";
}


sub authority {
    my ($ca) = @_;

    openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes",
            "-days 2 -subj /CN=$ca -keyout $ca.key -out $ca.pem");
    chmod 0644, "$dir/$ca.pem";
}


sub certificate {
    my ($ca, $name, $file) = @_;

    open my $out, '>', "$dir/$file.ext" or die $!;
    print $out "subjectAltName=DNS:$name\n";
    close $out;

    openssl("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes",
            "-subj /CN=$name -keyout $file.key -out $file.csr");
    openssl("x509 -req -in $file.csr -CA $ca.pem -CAkey $ca.key -days 2",
            "-set_serial 1 -extfile $file.ext -out $file.pem");
}


authority('ca');
authority('other');
certificate('ca', $host, 'right');
certificate('ca', 'id.example', 'wrong');

my $provider = CodeRemote::Provider->start(issuer => "https://$host/$pool");
$provider->publish('k');

my $names = CodeRemote::Origin->names(map { $_ => [$address] }
                                      $host, 'wrong.example');

my $server = CodeRemote::Server->new(
    http => <<"_EOC_",
resolver 127.0.0.1:$names->{port} ipv6=off;

server {
    listen $address:443 ssl;
    server_name $host;
    ssl_certificate $dir/right.pem;
    ssl_certificate_key $dir/right.key;
    access_log off;
    location / { proxy_pass http://127.0.0.1:$provider->{port}; }
}

server {
    listen $address:443 ssl;
    server_name wrong.example;
    ssl_certificate $dir/wrong.pem;
    ssl_certificate_key $dir/wrong.key;
    access_log off;
    location / { proxy_pass http://127.0.0.1:$provider->{port}; }
}
_EOC_
    locations => <<"_EOC_",
coderemote_jwt_trusted_certificate $dir/ca.pem;

location = /c {
    coderemote_jwt c;
    coderemote_jwt_cognito $region $pool 1client 2client;
    empty_gif;
}

location = /access {
    coderemote_jwt access;
    coderemote_jwt_cognito $region $pool 1client;
    coderemote_jwt_require token_use access;
    empty_gif;
}

location = /distrusted {
    coderemote_jwt d;
    coderemote_jwt_trusted_certificate $dir/other.pem;
    coderemote_jwt_cognito $region $pool 1client;
    empty_gif;
}

location = /system {
    coderemote_jwt s;
    coderemote_jwt_trusted_certificate /etc/ssl/certs/ca-certificates.crt;
    coderemote_jwt_cognito $region $pool 1client;
    empty_gif;
}

location = /misnamed {
    coderemote_jwt m;
    coderemote_jwt_key_url https://wrong.example/keys;
    empty_gif;
}
_EOC_
)->start(health => 0);


sub ask {
    my ($path, %claims) = @_;

    my $token = $provider->token('k', \%claims);

    return $server->client->get($path, undef,
                                { Authorization => "Bearer $token" });
}


my %id = (token_use => 'id', aud => '1client');
my %access = (token_use => 'access', client_id => '2client');

# A slow machine's first handshakes take longer than a request waits.
ok(wait_for(sub { ask('/c', %id)->{code} == 200 }, 20), 'keys are there');

for (
    ['an id token', 200, %id],
    ['of the other client', 200, %id, aud => '2client'],
    ['an access token', 200, %access],
    ['of the other client', 200, %access, client_id => '1client'],
    ['of a client that is none', 403, %id, aud => 'client'],
    ['of another client', 403, %access, client_id => '3client'],
    ['an id token with client_id', 403, token_use => 'id',
     client_id => '1client'],
    ['an access token with aud', 403, token_use => 'access',
     aud => '1client'],
    ['an id token of many', 403, %id, aud => ['1client', '3client']],
    ['no token_use', 403, aud => '1client', client_id => '1client'],
    ['another one', 403, %id, token_use => 'refresh'],
    ['one that is no text', 403, %id, token_use => ['id']],
    ['another pool', 403, %id, iss => "https://$host/${region}_other"],
    ['no issuer', 403, %id, iss => undef],
    ['expired', 401, %id, exp => time - 60],
) {
    my ($name, $code, %claims) = @$_;

    my $res = ask('/c', %claims);
    is($res->{code}, $code, "$name: $code")
        or diag($res->{headers}{'www-authenticate'});
}

is($provider->asked('/jwks.json') > 0, 1, 'asked where Cognito has its keys');
is($provider->asked('openid-configuration'), 0, 'and nothing else');

is(ask('/access', %access, client_id => '1client')->{code}, 200,
   'access tokens alone');
is(ask('/access', %id)->{code}, 403, 'no id token');

for (
    ['distrusted', qr/certificate/],
    ['system', qr/certificate/],
    ['misnamed', qr/certificate|name/],
) {
    my ($path, $why) = @$_;

    is(ask("/$path", %id)->{code}, 503, "$path: no keys");
    my @said = grep { /cannot be had/ } split /^/, $server->error_log;
    like("@said", $why, 'and why');
}

diag(grep { /cannot be had/ } split /^/, $server->error_log);

$server->finish;
$_->stop for $provider, $names;

done_testing();
