package CodeRemote::Token;

# JSON web tokens for tests, signed by the program openssl and by Perl's own
# HMAC: nothing that is tested has a part in it.
#
#   my $key = CodeRemote::Token::key('rsa', "$dir/rsa.pem");   # and .pub
#   my $token = CodeRemote::Token::make({ sub => 'ann' }, key => $key);
#   my $token = CodeRemote::Token::make({ sub => 'ann' }, secret => $secret);
#
# A token is good for an hour where its claims say nothing else.

use strict;
use warnings;

use Digest::SHA qw( hmac_sha256 );
use IPC::Open2 qw( open2 );
use JSON::PP ();
use MIME::Base64 qw( encode_base64url );

my $json = JSON::PP->new->utf8->canonical;

my %options = (
    rsa => [qw( -algorithm RSA -pkeyopt rsa_keygen_bits:2048 )],
    weak => [qw( -algorithm RSA -pkeyopt rsa_keygen_bits:1024 )],
    ec  => [qw( -algorithm EC -pkeyopt ec_paramgen_curve:P-256 )],
);


# Makes a private key at the path, and its public one beside it, at .pub.

sub key {
    my ($kind, $path) = @_;

    system('openssl', 'genpkey', '-quiet', @{ $options{$kind} },
           '-out', $path) == 0
        or system("openssl genpkey @{ $options{$kind} } -out $path"
                  . " 2>/dev/null") == 0
        or die "no key\n";

    system('openssl', 'pkey', '-in', $path, '-pubout', '-out', "$path.pub")
        == 0 or die "no public key\n";

    return $path;
}


sub sign {
    my ($key, $input) = @_;

    my $pid = open2(my $out, my $in, 'openssl', 'dgst', '-sha256', '-sign',
                    $key);
    binmode $out;
    print $in $input;
    close $in;

    my $signature = do { local $/; <$out> };
    waitpid $pid, 0;

    return $signature;
}


sub make {
    my ($claims, %by) = @_;

    my %header = (typ => 'JWT', alg => defined $by{key} ? 'RS256' : 'HS256',
                  %{ $by{header} || {} });
    my %claims = (exp => time + 3600, %$claims);

    my $input = join '.', map { encode_base64url($json->encode($_)) }
                \%header, \%claims;

    return "$input." . encode_base64url(
        defined $by{key} ? sign($by{key}, $input)
                         : hmac_sha256($input, $by{secret}));
}


1;
