package CodeRemote::Token;

# JSON web tokens for tests, signed by the program openssl and by Perl's own
# HMAC, or by npm's jose: nothing that is tested has a part in it.
#
#   my $key = CodeRemote::Token::key('rsa', "$dir/rsa.pem");   # and .pub
#   my $token = CodeRemote::Token::make({ sub => 'ann' }, key => $key);
#   my $token = CodeRemote::Token::make({ sub => 'ann' }, secret => $secret);
#   my $token = CodeRemote::Token::make({}, key => $key, alg => 'PS384');
#   my @texts = CodeRemote::Token::jose({ alg => ..., ... }, ...);
#
# A token is good for an hour where its claims say nothing else.

use strict;
use warnings;

use Digest::SHA qw( hmac_sha256 hmac_sha384 hmac_sha512 );
use File::Temp ();
use IPC::Open2 qw( open2 );
use JSON::PP ();
use MIME::Base64 qw( encode_base64url );

use CodeRemote::Env ();

my $json = JSON::PP->new->utf8->canonical;

my %options = (
    rsa => [qw( -algorithm RSA -pkeyopt rsa_keygen_bits:2048 )],
    weak => [qw( -algorithm RSA -pkeyopt rsa_keygen_bits:1024 )],
    ec  => [qw( -algorithm EC -pkeyopt ec_paramgen_curve:P-256 )],
    p384 => [qw( -algorithm EC -pkeyopt ec_paramgen_curve:P-384 )],
    p521 => [qw( -algorithm EC -pkeyopt ec_paramgen_curve:P-521 )],
    k256 => [qw( -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1 )],
    ed  => [qw( -algorithm ED25519 )],
);

my %hmac = (256 => \&hmac_sha256, 384 => \&hmac_sha384,
            512 => \&hmac_sha512);

# Bytes of one of the two numbers of a signature.
my %half = (ES256 => 32, ES384 => 48, ES512 => 66);


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


sub openssl {
    my ($input, @command) = @_;

    my $pid = open2(my $out, my $in, 'openssl', @command);
    binmode $out;
    binmode $in;
    print $in $input;
    close $in;

    my $signature = do { local $/; <$out> };
    waitpid $pid, 0;

    die "openssl @command failed\n" if $? != 0;

    return $signature;
}


# What OpenSSL writes as DER is two numbers side by side in a token.

sub raw {
    my ($der, $half) = @_;

    my $pos = $der =~ /\A\x30\x81/ ? 3 : 2;
    my @numbers;

    for (1, 2) {
        my $len = ord substr $der, $pos + 1, 1;
        my $number = substr $der, $pos + 2, $len;

        $number =~ s/\A\0+//;
        push @numbers, "\0" x ($half - length $number) . $number;
        $pos += 2 + $len;
    }

    return join '', @numbers;
}


sub sign {
    my ($alg, $key, $input) = @_;

    my ($kind, $bits) = $alg =~ /\A(RS|PS|ES)(\d+)\z/;

    if (!defined $kind) {

        # it does not read what it signs from a pipe

        my $file = File::Temp->new;
        print $file $input;
        close $file or die $!;

        return openssl('', 'pkeyutl', '-sign', '-rawin', '-inkey', $key,
                       '-in', "$file");
    }

    my @pss = $kind eq 'PS' ? ('-sigopt', 'rsa_padding_mode:pss',
                               '-sigopt', 'rsa_pss_saltlen:-1') : ();

    my $signature = openssl($input, 'dgst', "-sha$bits", @pss, '-sign', $key);

    return $kind eq 'ES' ? raw($signature, $half{$alg}) : $signature;
}


# Both parts as texts, which need not be what a library would write.

sub assemble {
    my ($header, $payload, %by) = @_;

    my $alg = $by{alg};
    my $input = join '.', map { encode_base64url($_) } $header, $payload;
    my ($bits) = $alg =~ /(\d+)/;

    return "$input." . encode_base64url(
        defined $by{key} ? sign($alg, $by{key}, $input)
                         : $hmac{$bits}->($input, $by{secret}));
}


# by: key or secret; alg; header: more of it.

sub make {
    my ($claims, %by) = @_;

    my $alg = $by{alg} // (defined $by{key} ? 'RS256' : 'HS256');
    my %header = (typ => 'JWT', alg => $alg, %{ $by{header} || {} });
    my %claims = (exp => time + 3600, %$claims);

    return assemble($json->encode(\%header), $json->encode(\%claims), %by,
                    alg => $alg);
}


# What t/clients/token.js makes of the wishes.

sub jose {
    my (@wishes) = @_;

    local $ENV{NODE_PATH} = $ENV{CR_NODE_MODULES}
        // die "make test says where npm's jose is (CR_NODE_MODULES)\n";

    -d "$ENV{NODE_PATH}/jose"
        or die "npm's jose is not in $ENV{NODE_PATH}: see above why npm could"
               . " not install it\n";

    my $pid = open2(my $out, my $in, 'node',
                    CodeRemote::Env::root_dir() . '/t/clients/token.js');
    print $in $json->encode(\@wishes);
    close $in;

    my $texts = do { local $/; <$out> };
    waitpid $pid, 0;

    die "t/clients/token.js failed\n" if $? != 0;

    return @{ $json->decode($texts) };
}


1;
