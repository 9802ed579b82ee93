# What nginx -t says of tokens that are configured wrongly: why, and where.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Server;
use CodeRemote::Token;

my $dir = CodeRemote::Env::run_dir();
my $rsa = CodeRemote::Token::key('rsa', "$dir/rsa.pem");
my $k256 = CodeRemote::Token::key('k256', "$dir/k256.pem");
my $weak = CodeRemote::Token::key('weak', "$dir/weak.pem");

my $server = CodeRemote::Server->new;

my ($jwk, $weak_jwk, $secret_jwk) = CodeRemote::Token::jose(
    { jwk => "$rsa.pub", more => { kid => 'a' } }, { jwk => "$weak.pub" },
    { secret => 'x' x 31 });


# A file with that text; answers its name.

my $files = 0;

sub file {
    my ($text) = @_;

    my $name = "$dir/file" . ++$files;

    open my $out, '>', $name or die "$name: $!\n";
    print $out $text;
    close $out or die "$name: $!\n";

    return $name;
}


sub key {
    return 'coderemote_jwt_key_file ' . file(@_) . ';';
}


sub jwks {
    return key('{"keys":[' . join(',', @_) . ']}');
}


sub deny {
    return 'coderemote_jwt_deny_file ' . file(@_) . ';';
}


sub large {
    my ($size) = @_;

    my $name = file('');
    truncate $name, $size or die "$name: $!\n";

    return $name;
}


symlink "$dir/loop", "$dir/loop" or die $!;

my $secret = file('a secret of more than thirty-two bytes');
my $keys = "coderemote_jwt_key_file $secret;";
my $sha = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';


# name, line of a server, why; then where it stands, if not there

my @cases = (
    ['a key file that is not there', "coderemote_jwt_key_file $dir/no;",
     qr/the key file "$dir\/no" cannot be read.*No such file/],
    ['a folder', "coderemote_jwt_key_file $dir;",
     qr/the key file "$dir" cannot be read.*directory/],
    ['a key file that cannot be opened', "coderemote_jwt_key_file $dir/loop;",
     qr/"$dir\/loop" cannot be read.*symbolic links/],
    ['a name beside the configuration', 'coderemote_jwt_key_file no;',
     qr/the key file "$server->{dir}\/no" cannot be read/],
    ['a key file that is large',
     'coderemote_jwt_key_file ' . large(1024 * 1024 + 1) . ';',
     qr/the key file ".*" has more than 1 MB/],
    ['no key file', 'coderemote_jwt_key_file;', qr/number of arguments/],
    ['an empty key file', key(''), qr/at least 32 bytes and not 0/],
    ['a line end alone', key("\n"), qr/at least 32 bytes and not 0/],
    ['a short secret', key('x' x 31 . "\n"),
     qr/at least 32 bytes and not 31; "openssl rand/],
    ['a short secret in a JWKS', jwks($secret_jwk),
     qr/its secret is too short: 32 bytes are the least/],
    ['a short secret for its alg',
     jwks(JSON::PP::encode_json({ kty => 'oct', alg => 'HS512',
                                  k => 'x' x 64 })),
     qr/its secret is too short: .* 64 of HS512/],
    ['weak RSA', "coderemote_jwt_key_file $weak.pub;",
     qr/from 2048 to 8192 bits/],
    ['weak RSA in a JWKS', jwks($weak_jwk), qr/from 2048 to 8192 bits/],
    ['a curve that is not taken', "coderemote_jwt_key_file $k256.pub;",
     qr/of RSA, of P-256, P-384 or P-521, or of Ed25519/],
    ['a private key', "coderemote_jwt_key_file $rsa;",
     qr/a private key.*openssl pkey -pubout/],
    ['a private key in a JWKS', jwks($jwk =~ s/\}\z/,"d":"AQAB"}/r),
     qr/it is a private key: leave out "d"/],
    ['a certificate', key("-----BEGIN CERTIFICATE-----\nAAAA\n"
                          . "-----END CERTIFICATE-----\n"),
     qr/"BEGIN PUBLIC KEY" is expected.*openssl x509 -pubkey/],
    ['damaged PEM', key("-----BEGIN PUBLIC KEY-----\nAAAA\n"
                        . "-----END PUBLIC KEY-----\n"),
     qr/"BEGIN PUBLIC KEY" is expected/],
    ['no JSON', key("{\n\"keys\":["), qr/this is no JSON: .* in line 2/],
    ['a member twice', key('{"keys":[],"keys":[]}'),
     qr/this is no JSON: duplicate/],
    ['JSON that is no JWKS', key('{"key":[]}'),
     qr/no JWKS: the array "keys" is missing/],
    ['keys that are no array', key('{"keys":{}}'), qr/no JWKS/],
    ['a JWKS without keys', jwks(), qr/no key of this JWKS .*: it is empty/],
    ['a key for encryption', jwks($jwk =~ s/\}\z/,"use":"enc"}/r),
     qr/no key of this JWKS can be used; .* its "use" is not "sig"/],
    ['a key that verifies nothing', jwks($jwk =~ s/\}\z/,"key_ops":["x"]}/r),
     qr/its "key_ops" have no "verify"/],
    ['an unknown kty', jwks('{"kty":"XYZ"}'), qr/its "kty" or "crv" is unkn/],
    ['an unknown crv', jwks('{"kty":"EC","crv":"P-1","x":"AA","y":"AA"}'),
     qr/its "kty" or "crv" is unknown/],
    ['no kty', jwks('{}'), qr/it has no "kty"/],
    ['an unknown alg', jwks($jwk =~ s/\}\z/,"alg":"RS1"}/r),
     qr/its "alg" is none that is known for such a key/],
    ['an alg of another type', jwks($jwk =~ s/\}\z/,"alg":"HS256"}/r),
     qr/its "alg" is none that is known for such a key/],
    ['a kid that is a number', jwks($jwk =~ s/"kid":"a"/"kid":1/r),
     qr/its "kid" is no text/],
    ['too many keys', jwks(($jwk) x 65), qr/more than 64 keys/],

    ['no keys', 'coderemote_jwt x;',
     qr/has no keys: name them by "coderemote_jwt_key_file"/],
    ['no keys in a location', 'location / { coderemote_jwt x; }',
     qr/has no keys/],
    ['twice', 'coderemote_jwt x; coderemote_jwt y;',
     qr/"coderemote_jwt" directive is duplicate/],
    ['no realm', 'coderemote_jwt;', qr/number of arguments/],
    ['too much', "$keys coderemote_jwt a token=\$arg_x c;",
     qr/number of arguments/],
    ['an empty realm', 'coderemote_jwt "";', qr/the realm "" must/],
    ['a long realm', 'coderemote_jwt ' . 'x' x 65 . ';',
     qr/the realm "x+" must have 1 to 64 characters/],
    ['a realm with quotes', 'coderemote_jwt \'a"b\';', qr/no quotes/],
    ['a realm that is no ASCII', "coderemote_jwt \xc3\xa4;",
     qr/characters of ASCII/],
    ['off with a token', 'coderemote_jwt off token=$arg_x;', qr/is off/],
    ['a token that is no variable', 'coderemote_jwt x token=abc;',
     qr/invalid parameter "token=abc": token= with a variable/],
    ['another parameter', 'coderemote_jwt x tokens=$arg_x;',
     qr/invalid parameter "tokens=\$arg_x": token= with a variable/],
    ['a variable without a name', "$keys coderemote_jwt x token=\$;",
     qr/invalid variable name/],
    ['an empty issuer', 'coderemote_jwt_issuer "";', qr/empty value/],
    ['no issuer', 'coderemote_jwt_issuer;', qr/number of arguments/],
    ['issuers twice', 'coderemote_jwt_issuer a; coderemote_jwt_issuer b;',
     qr/"coderemote_jwt_issuer" directive is duplicate/],
    ['an empty audience', 'coderemote_jwt_audience a "";', qr/empty value/],
    ['audiences twice',
     'coderemote_jwt_audience a; coderemote_jwt_audience b;', qr/duplicate/],
    ['a user without a claim', 'coderemote_jwt_user "";', qr/the claim ""/],
    ['users twice', 'coderemote_jwt_user a; coderemote_jwt_user b;',
     qr/duplicate/],
    ['no claim', 'coderemote_jwt_require;', qr/number of arguments/],
    ['a required claim with a quote', 'coderemote_jwt_require \'a"\';',
     qr/the claim/],
    ['a leeway of a day', 'coderemote_jwt_leeway 1d;', qr/from 0 to 1h/],
    ['a leeway that is no time', 'coderemote_jwt_leeway some;',
     qr/invalid value/],
    ['leeways twice', 'coderemote_jwt_leeway 1; coderemote_jwt_leeway 2;',
     qr/duplicate/],
    ['a size of nothing', 'coderemote_jwt_max_size 0;', qr/from 256 to 64k/],
    ['a size too large', 'coderemote_jwt_max_size 1m;', qr/from 256 to 64k/],
    ['sizes twice', 'coderemote_jwt_max_size 1k; coderemote_jwt_max_size 1k;',
     qr/duplicate/],

    ['a deny file that is not there', "coderemote_jwt_deny_file $dir/no;",
     qr/the deny file "$dir\/no" cannot be read.*No such file/],
    ['a deny file that is large',
     'coderemote_jwt_deny_file ' . large(16 * 1024 * 1024 + 1) . ';',
     qr/the deny file ".*" has more than 16 MB/],
    ['deny files twice', deny('') . deny(''), qr/duplicate/],
    ['an unknown word', deny("# x\n\nsubject ann\n"),
     qr/the deny file ".*", line 3: a line begins with one of jti, sub and/],
    ['a token as it is', deny("eyJhbGciOiJIUzI1NiJ9.e30.AAAA\n"),
     qr/line 1: a line begins with one of jti, sub and sha256/],
    ['a word alone', deny("sub ann\njti\n"),
     qr/line 2: there is no value after "jti"/],
    ['half a digest', deny("sha256 abc\n"),
     qr/line 1: 64 hexadecimal digits are expected: "printf %s TOKEN \|/],
    ['a control character', deny("sub a\tb\n"), qr/line 1: .* control char/],
    ['too many lines', deny(join '', map { "jti $_\n" } 0 .. 100000),
     qr/line 100001: there are more than 100000/],

    ['a small cache', 'coderemote_jwt_cache 16k;',
     qr/"coderemote_jwt_cache" must be "off" or .* at least 32k, and not "16k/,
     'http'],
    ['a cache without a size', 'coderemote_jwt_cache on;',
     qr/"coderemote_jwt_cache" must be .* and not "on"/, 'http'],
    ['caches twice', 'coderemote_jwt_cache off; coderemote_jwt_cache 1m;',
     qr/"coderemote_jwt_cache" directive is duplicate/, 'http'],
    ['a cache for one server', 'coderemote_jwt_cache 1m;', qr/not allowed here/],
    ['tokens before HTTP', 'coderemote_jwt x;', qr/not allowed here/, 'main'],
    ['keys in an if', "if (\$arg_x) { $keys }", qr/not allowed here/],
);


# nginx -t of a configuration; answers its status and what it says.

sub check {
    $server->configure(main => '', http => '', server => '', @_);

    my $command = join ' ', map { "'$_'" } $server->nginx('-t');
    my $said = `$command 2>&1`;

    return ($? >> 8, $said);
}


# The line of the file where a text stands.

sub line {
    my ($text) = @_;

    my $before = substr $server->{text}, 0, index $server->{text}, $text;

    return 1 + ($before =~ tr/\n//);
}


for (@cases) {
    my ($name, $line, $why, $where) = @$_;
    my ($rc, $said) = check($where // 'server', $line);
    my $at = line($line);

    is($rc, 1, "$name: refused") or diag($said);
    like($said, qr/^nginx: \[emerg\] .*/m, "$name: with one line") ;
    like($said, $why, "$name: and why");
    like($said, qr/nginx\.conf:$at$/m, "$name: and where");
}

my @good = (
    server => "coderemote_jwt up;"
    . " coderemote_jwt_key_file $rsa.pub; $keys" . jwks($jwk)
    . deny("# none\n\nsub A. Nn\njti 1\nsha256 $sha")
    . ' location /a { coderemote_jwt off; }'
    . ' location /b { coderemote_jwt_require a; coderemote_jwt_require b c; }'
    . ' location /c { coderemote_jwt c; coderemote_jwt_user email;'
    . ' coderemote_jwt_leeway 10s; coderemote_jwt_max_size 4k;'
    . ' coderemote_jwt_issuer a b; coderemote_jwt_audience c; '
    . deny('') . '} location /d { coderemote_jwt d token=$cookie_t; }');

for my $http ('', 'coderemote_jwt_cache off;', 'coderemote_jwt_cache 32k;') {
    my ($rc, $said) = check(@good, http => $http);

    is($rc, 0, "what is right is taken; $http") or diag($said);
    unlike($said, qr/\[(?:warn|emerg|alert)\]/, 'without a word');
}

my ($rc, $said) = check(server => jwks($jwk, '{"kty":"XYZ"}'));
is($rc, 0, 'one key that can be used is enough') or diag($said);

# nginx looks for it when all is read, and no more knows where it stood

($rc, $said) = check(server => "$keys coderemote_jwt x token=\$nowhere;");
is($rc, 1, 'a variable that nobody has') or diag($said);
like($said, qr/unknown "nowhere" variable/, 'and which it is');

cmp_ok(scalar @cases, '>=', 60, 'so many: ' . @cases);

done_testing();
