# Tokens of every algorithm, made by OpenSSL and by npm's jose: good ones pass,
# and whatever is wrong with one is answered for that very reason.  Each comes
# twice, for the second time it is known.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use MIME::Base64 qw( decode_base64url encode_base64url );

use CodeRemote::Server;
use CodeRemote::Token;

my $dir = CodeRemote::Env::run_dir();
my $now = time;


# --- keys: each has its name, which is its kid, too

my %secret = (hs32 => 'a' x 32, hs48 => 'b' x 48, hs64 => 'c' x 64);
my %file = map { my ($name, $kind) = @$_;
                 $name => CodeRemote::Token::key($kind, "$dir/$name.pem") }
           ['rsa', 'rsa'], ['p256', 'ec'], ['p384', 'p384'],
           ['p521', 'p521'], ['ed', 'ed'], ['rsa2', 'rsa'], ['p256b', 'ec'],
           ['ed2', 'ed'], ['k256', 'k256'];

my @published = qw( hs32 hs48 hs64 rsa p256 p384 p521 ed );

my %key = (HS256 => 'hs32', HS384 => 'hs48', HS512 => 'hs64',
           (map { $_ => 'rsa' } qw( RS256 RS384 RS512 PS256 PS384 PS512 )),
           ES256 => 'p256', ES384 => 'p384', ES512 => 'p521', EdDSA => 'ed');

my %other = (rsa => 'rsa2', p256 => 'p256b', ed => 'ed2');


sub by {
    my ($name) = @_;

    return exists $secret{$name} ? (secret => $secret{$name})
                                 : (key => $file{$name});
}


sub spurt {
    my ($name, $text) = @_;

    open my $out, '>', "$dir/$name" or die "$dir/$name: $!\n";
    print $out $text;
    close $out or die "$dir/$name: $!\n";
}


my @jwks = CodeRemote::Token::jose(map {
    { (exists $secret{$_} ? (secret => $secret{$_})
                          : (jwk => "$file{$_}.pub")),
      more => { kid => $_, use => 'sig' } }
} @published);

spurt('keys.json', '{"keys":[' . join(',', @jwks) . ']}');
spurt('five.json', '{"keys":['
      . join(',', map { my $jwk = $jwks[3]; $jwk =~ s/,?"kid":"\w+"//; $jwk }
                  1 .. 5) . ']}');


# --- cases: name, what is special, status, why

my %strict = (iss => 'https://id.example', aud => 'code',
              token_use => 'access');

my $no_key = 'there is no key for the header\'s alg and kid';
my $wrong = 'the signature is wrong';
my $parts = 'the token has not three parts';
my $header = 'the header is no JSON object in base64url, or has a member twice';
my $payload = 'the payload is no JSON object in base64url, or has a member'
              . ' twice';


sub unwanted {
    return (403, "the claim $_[0] is none that is wanted here");
}


# A byte of a part becomes another.

sub flip {
    my ($part, $at) = @_;

    return sub {
        my @parts = split /\./, $_[0], -1;
        my $bytes = decode_base64url($parts[$part]);

        substr($bytes, $at, 1) ^= "\x01";
        $parts[$part] = encode_base64url($bytes);

        return join '.', @parts;
    };
}


# Another payload, which says the same but for whose it is.

sub eve {
    my @parts = split /\./, $_[0], -1;
    my $text = decode_base64url($parts[1]);

    $text =~ s/"ann"/"eve"/ or die "whose is it?\n";
    $parts[1] = encode_base64url($text);

    return join '.', @parts;
}


# What each maker makes of each algorithm.

my @each = map {
    my $alg = $_;
    my $key = $key{$alg};
    my $other = $other{$key};

    (["$alg", { alg => $alg }, 200],
     ["$alg without a kid", { alg => $alg, header => { kid => undef } }, 200],
     ["$alg, altered payload", { alg => $alg, then => \&eve }, 401, $wrong],
     ["$alg, altered signature", { alg => $alg, then => flip(2, 7) }, 401,
      $wrong],
     $other ? ["$alg, another's key", { alg => $alg, by => $other }, 401,
               $wrong] : ());
} sort keys %key;

# What each maker makes with one algorithm or two.

my @both = (
    ['expired', { claims => { exp => $now - 3600 } }, 401,
     'the token has expired'],
    ['expired, within the leeway', { claims => { exp => $now - 5 } }, 200],
    ['exp as text', { claims => { exp => "$now" } }, 401,
     'the claim exp is no number'],
    ['without exp', { claims => { exp => undef } }, 401,
     'the claim exp is missing'],
    ['a fraction in exp', { claims => { exp => $now + 3600.5 } }, 200],
    ['not yet valid', { claims => { nbf => $now + 3600 } }, 401,
     'the token is not valid yet'],
    ['valid since now', { claims => { nbf => $now } }, 200],
    ['issued later', { claims => { iat => $now + 3600 } }, 401,
     'the token was issued in the future'],
    ['wrong issuer', { claims => { iss => 'https://evil.example' } },
     unwanted('iss')],
    ['issuer with a blank', { claims => { iss => 'https://id.example ' } },
     unwanted('iss')],
    ['no issuer', { claims => { iss => undef } }, unwanted('iss')],
    ['an array of issuers', { claims => { iss => ['https://id.example'] } },
     unwanted('iss')],
    ['wrong audience', { claims => { aud => 'coder' } }, unwanted('aud')],
    ['no audience', { claims => { aud => undef } }, unwanted('aud')],
    ['several audiences', { claims => { aud => ['x', 'code'] } }, 200],
    ['several wrong audiences', { claims => { aud => ['x', 'y'] } },
     unwanted('aud')],
    ['wrong token_use', { claims => { token_use => 'id' } },
     unwanted('token_use')],
    ['no token_use', { claims => { token_use => undef } }, 403,
     'the claim token_use is missing'],
    ['no user', { claims => { sub => undef } }, 403,
     'the claim sub, which names the user, is missing or no text'],
    ['unknown kid', { header => { kid => 'none' } }, 401, $no_key],
    ['empty kid', { header => { kid => '' } }, 401, $no_key],
    ['another\'s kid', { header => { kid => 'p256' } }, 401, $no_key],
    ['no kid, too many keys', { at => '/five', header => { kid => undef } },
     401, 'the header has no kid, and there are too many keys to try'],
    ['crit', { header => { crit => ['b64'], b64 => JSON::PP::true() } }, 401,
     'the header\'s crit names what is not known here'],
    ['at+jwt', { header => { typ => 'at+jwt' } }, 200],
    ['another typ', { header => { typ => 'logout+jwt' } }, 401,
     'the header\'s typ is neither JWT nor at+jwt'],
    ['jku is not followed',
     { by => 'rsa2', header => { jku => 'http://127.0.0.1:1/keys' } }, 401,
     $wrong],
    ['an embedded jwk is not taken',
     { by => 'rsa2', header => { jwk => { kty => 'RSA' } } }, 401, $wrong],
    ['duplicated claims',
     { payload => sub { $_[0] =~ s/\}\z/,"sub":"eve"}/r } }, 401, $payload],
    ['payload is an array', { payload => sub { "[$_[0]]" } }, 401, $payload],
    ['payload is no JSON', { payload => sub { 'sub=ann' } }, 401, $payload],
    ['payload goes on', { payload => sub { "$_[0]x" } }, 401, $payload],
    ['payload is no UTF-8', { payload => sub { $_[0] =~ s/ann/\xe4nn/r } },
     401, $payload],
    ['an empty payload', { payload => sub { '' } }, 401, $payload],
    ['huge', { claims => { x => 'x' x 9000 } }, 401,
     'the token is longer than 8192 bytes'],
    ['HS256 with the public key',
     { alg => 'HS256', header => { kid => undef }, at => '/pem',
       secret => CodeRemote::Procs::slurp("$file{rsa}.pub") }, 401, $no_key],
    ['HS256 with the public key and its kid',
     { alg => 'HS256', header => { kid => 'rsa' },
       secret => CodeRemote::Procs::slurp("$file{rsa}.pub") }, 401, $no_key],
    ['HS256 with the public key and a secret\'s kid',
     { alg => 'HS256', header => { kid => 'hs32' },
       secret => CodeRemote::Procs::slurp("$file{rsa}.pub") }, 401, $wrong],
    ['HS512 with a secret too short for it',
     { alg => 'HS512', header => { kid => 'hs32' }, secret => $secret{hs32} },
     401, $no_key],
    ['PS256 where PEM may sign RS256, too', { alg => 'PS256', at => '/pem' },
     200],
    ['PS256 where the key is for RS256', { alg => 'PS256', at => '/pinned' },
     401, $no_key],
    ['RS256 where the key is for RS256', { at => '/pinned' }, 200],
    ['ES384 for a location with RSA alone', { alg => 'ES384', at => '/pem' },
     401, $no_key],
    ['not at all revoked', { claims => { jti => '124' } }, 200],
    ['revoked by jti', { claims => { jti => '123' } }, 401,
     'the token is revoked'],
    ['revoked by sub', { claims => { sub => 'mallory' } }, 401,
     'the token is revoked'],
);

# What no library makes.

my @only_openssl = (
    ['none', { alg => 'HS256', header => { alg => 'none' },
               then => sub { $_[0] =~ s/[^.]*\z//r } }, 401,
     'the header\'s alg is none that is taken here'],
    ['nOnE with a signature', { header => { alg => 'nOnE' } }, 401,
     'the header\'s alg is none that is taken here'],
    ['no alg', { header => { alg => undef } }, 401, 'the header has no alg'],
    ['alg is a number', { header => { alg => 256 } }, 401,
     'the header has no alg'],
    ['alg in small letters', { header => { alg => 'rs256' } }, 401,
     'the header\'s alg is none that is taken here'],
    ['kid is a number', { header => { kid => 1 } }, 401,
     'the header\'s kid is no text'],
    ['a header with alg twice',
     { head => sub { $_[0] =~ s/\}\z/,"alg":"none"}/r } }, 401, $header],
    ['header is an array', { head => sub { "[$_[0]]" } }, 401, $header],
    ['RS256 by what the header calls RS384', { header => { alg => 'RS384' } },
     401, $wrong],
    ['RS256 by what the header calls PS256', { header => { alg => 'PS256' } },
     401, $wrong],
    ['PS256 by what the header calls RS256',
     { alg => 'PS256', header => { alg => 'RS256' } }, 401, $wrong],
    ['ES256 by P-384',
     { alg => 'ES384', header => { alg => 'ES256', kid => 'p256' } }, 401,
     $wrong],
    ['ES256 by P-384 and its kid',
     { alg => 'ES384', header => { alg => 'ES256' } }, 401, $no_key],
    ['ES256 by secp256k1', { alg => 'ES256', by => 'k256' }, 401, $wrong],
    ['ES256 with a signature of noughts',
     { alg => 'ES256',
       then => sub { $_[0] =~ s/[^.]*\z/encode_base64url("\0" x 64)/er } },
     401, $wrong],
    ['ES256, the signature as DER',
     { alg => 'ES256',
       then => sub { $_[0] =~ s/([^.]*)\z/der($1)/er } }, 401, $wrong],
    ['EdDSA cut', { alg => 'EdDSA', then => sub { substr $_[0], 0, -2 } },
     401, $wrong],
    ['no signature', { then => sub { $_[0] =~ s/[^.]*\z//r } }, 401, $wrong],
    ['a longer signature', { then => sub { "$_[0]AAAA" } }, 401, $wrong],
    ['padded', { then => sub { "$_[0]==" } }, 401,
     'the signature is no base64url'],
    ['plain base64', { then => sub { $_[0] =~ s/...\z/a+b/r } }, 401,
     'the signature is no base64url'],
    ['two parts', { then => sub { $_[0] =~ s/\.[^.]*\z//r } }, 401, $parts],
    ['four parts', { then => sub { "$_[0].AAAA" } }, 401, $parts],
    ['five parts, as if encrypted', { then => sub { "$_[0].AAAA.AAAA" } }, 401,
     $parts],
    ['no parts', { then => sub { 'x' x 40 } }, 401, $parts],
    ['dots alone', { then => sub { '..' } }, 401, $header],
    ['a quote in it', { then => sub { "\"$_[0]\"" } }, 401, $header],
    ['revoked by its digest', { claims => { jti => 'digest' } }, 401,
     'the token is revoked'],
);


sub der {
    my $raw = decode_base64url($_[0]);
    my @numbers = map { my $n = $_; $n =~ s/\A\0+(?=[^\0])//;
                        $n = "\0$n" if ord $n > 127;
                        "\x02" . chr(length $n) . $n }
                  substr($raw, 0, 32), substr($raw, 32);
    my $text = join '', @numbers;

    return encode_base64url("\x30" . chr(length $text) . $text);
}


# --- tokens

my $json = JSON::PP->new->utf8->canonical;


# Members that are undef are left out.

sub members {
    my %all = map { %$_ } @_;

    return { map { $_ => $all{$_} } grep { defined $all{$_} } keys %all };
}


# Answers what to sign, and who does.

sub wish {
    my ($special) = @_;

    my $alg = $special->{alg} // 'RS256';
    my $header = members({ typ => 'JWT', alg => $alg, kid => $key{$alg} },
                         $special->{header} || {});
    my $text = $json->encode(members(\%strict,
                                     { sub => 'ann', exp => $now + 3600 },
                                     $special->{claims} || {}));

    $text = $special->{payload}->($text) if $special->{payload};

    return { alg => $alg, header => $header, payload => $text,
             defined $special->{secret}
                 ? (secret => $special->{secret})
                 : by($special->{by} // $key{$alg}) };
}


# jose takes a payload of bytes, but JSON brings it there.

my @cases;

for (@each, @both, @only_openssl) {
    my ($name, $special, $status, $why) = @$_;
    my $wish = wish($special);
    my $head = $json->encode($wish->{header});

    $head = $special->{head}->($head) if $special->{head};

    push @cases, { name => "openssl: $name", special => $special,
                   status => $status, why => $why,
                   token => CodeRemote::Token::assemble($head,
                                $wish->{payload}, %$wish) };
}

my @for_jose = grep { $_->[0] !~ /no UTF-8/ } @each, @both;
my @jose = CodeRemote::Token::jose(map { wish($_->[1]) } @for_jose);

for (@for_jose) {
    my ($name, $special, $status, $why) = @$_;

    push @cases, { name => "jose: $name", special => $special,
                   status => $status, why => $why, token => shift @jose };
}

for (@cases) {
    $_->{token} = $_->{special}{then}->($_->{token}) if $_->{special}{then};
}

my ($digest) = map { Digest::SHA::sha256_hex($_->{token}) }
               grep { $_->{name} =~ /by its digest/ } @cases;

spurt('denied', "# of the tests\n\njti 123\nsub mallory\nsha256 $digest\n");
spurt('pinned.json', $jwks[3] =~ s/\}\z/,"alg":"RS256"}/r);


# --- nginx

my $upstream = CodeRemote::Env::free_port();

my $server = CodeRemote::Server->new(
    workers => 1,
    http => <<"_EOC_",
server {
    listen 127.0.0.1:$upstream;
    access_log off;
    location / {
        return 200 "\$http_x_user";
    }
}
_EOC_
    server => <<"_EOC_",
large_client_header_buffers 4 16k;
coderemote_jwt tokens;
coderemote_jwt_key_file $dir/keys.json;
coderemote_jwt_issuer https://id.example;
coderemote_jwt_audience code;
coderemote_jwt_require token_use access;
coderemote_jwt_deny_file $dir/denied;
proxy_set_header X-User \$coderemote_jwt_claim_sub;
_EOC_
    locations => 'location = /health { coderemote_jwt off; coderemote_health; }'
        . join('', map {
        my ($at, $file) = @$_;

        "location $at { coderemote_jwt_key_file $dir/$file;"
        . " proxy_pass http://127.0.0.1:$upstream; }\n"
    } ['/all', 'keys.json'], ['/pem', 'rsa.pem.pub'], ['/five', 'five.json'],
      ['/pinned', 'pinned.json']),
)->start;


sub ask {
    my ($case) = @_;

    my $res = $server->client->get($case->{special}{at} // '/all', undef,
                              { Authorization => "Bearer $case->{token}" });

    return join ' | ', $res->{code},
           $res->{headers}{'www-authenticate'} // $res->{body};
}


sub wanted {
    my ($case) = @_;

    my $error = $case->{status} == 403 ? 'insufficient_scope'
                                       : 'invalid_token';

    return '200 | ann' if $case->{status} == 200;

    return "$case->{status} | Bearer realm=\"tokens\", error=\"$error\", "
           . "error_description=\"$case->{why}\"";
}


my %seen;

for my $time ('first', 'again') {
    for my $case (@cases) {
        is(ask($case), wanted($case), "$case->{name}, $time");
        $seen{$case->{status}}++;
    }
}

cmp_ok(scalar @cases, '>=', 80, 'so many: ' . @cases);
diag(join ', ', scalar(@cases) . ' tokens twice',
     map { "$seen{$_} times $_" } sort keys %seen);

my $res = $server->client->get('/all', undef,
                               { Authorization => 'Bearer ' . 'x' x 20000 });
is($res->{code}, 400, 'beyond nginx\'s own buffers');

$server->finish;
done_testing();
