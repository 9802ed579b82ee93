package CodeRemote::Provider;

# An OpenID Connect provider: it has a discovery document and keys, signs
# tokens with them, and misbehaves as it is told.
#
#   my $provider = CodeRemote::Provider->start;
#   $provider->publish('a', 'b');               # keys by their names
#   my $token = $provider->token('a', { sub => 'ann' });
#   $provider->behave('slow');                  # see %manners
#   $provider->behave('ok', max_age => 5, delay => 1);      # seconds
#   $provider->asked('keys');                   # how often
#   $provider->stop;
#
# Keys are made when they are named first.  Options of start: issuer (what it
# says it is), port.

use strict;
use warnings;

use JSON::PP ();
use MIME::Base64 qw( encode_base64url );

use CodeRemote::Env ();
use CodeRemote::Origin ();
use CodeRemote::Procs ();
use CodeRemote::Token ();

my $json = JSON::PP->new->utf8->canonical;
my $count = 0;


# What an answer of each kind is: status line, headers, body, or none at all.

my %manners = (
    ok       => sub { ['200 OK', '', $_[1]] },
    500      => sub { ['500 Internal Server Error', '', $_[1]] },
    404      => sub { ['404 Not Found', '', '{"keys":[]}'] },
    garbage  => sub { ['200 OK', '', "<html>&\0\xff garbage " x 100] },
    half     => sub { ['200 OK', '', substr $_[1], 0, length($_[1]) / 2] },
    empty    => sub { ['200 OK', '', '{"keys":[]}'] },
    secrets  => sub { ['200 OK', '', '{"keys":[{"kty":"oct","k":"'
                                     . 'A' x 64 . '"}]}'] },
    big      => sub { ['200 OK', '', $_[1] . ' ' x 10_000_000] },
    redirect => sub { ['302 Found', "Location: $_[0]{issuer}/elsewhere\r\n",
                       ''] },
    issuer   => sub { ['200 OK', '', $_[1] =~ s/"issuer":"/${&}https:/r] },
    http     => sub { ['200 OK', '', $_[1] =~ s{"jwks_uri":"\K[^"]+}
                                               {http://192.0.2.1/keys}r] },
    closes   => sub { undef },
    slow     => sub { select undef, undef, undef, 60; undef },
);


sub start {
    my ($class, %opt) = @_;

    my $dir = CodeRemote::Env::run_dir() . '/provider' . ++$count;
    my $port = $opt{port} // CodeRemote::Env::free_port();

    mkdir $dir;

    my $self = bless {
        dir => $dir,
        port => $port,
        issuer => "http://127.0.0.1:$port",
        keys => {},
        %opt,
    }, $class;

    $self->{jwks_uri} //= "$self->{issuer}/keys";

    $self->publish;
    $self->behave('ok');
    $self->up;

    return $self;
}


sub up {
    my ($self) = @_;

    $self->{origin} = CodeRemote::Origin->start(sub { $self->answer(@_) },
                                                port => $self->{port});
}


sub stop {
    my ($self) = @_;

    $self->{before} .= $self->{origin}->heard;
    $self->{origin}->stop;
}


sub answer {
    my ($self, $sock, $request) = @_;

    my $how = $json->decode(CodeRemote::Procs::slurp("$self->{dir}/how"));
    my $path = $request->{path};
    my $keys = $path =~ m{/(?:keys|jwks\.json)$};
    my $text;

    if ($keys) {
        $text = CodeRemote::Procs::slurp("$self->{dir}/keys");

    } elsif ($path =~ m{/\.well-known/openid-configuration$}) {
        $text = $json->encode({ issuer => $self->{issuer},
                                jwks_uri => $self->{jwks_uri} });

    } else {
        $how = { how => '404' };
    }

    # the discovery document is good as long as it is not what is meant

    select undef, undef, undef, $how->{delay} if $how->{delay};

    my $manner = $manners{ ($how->{of} // 'keys') eq 'all' || $keys
                           || $how->{how} =~ /^(?:404|http|issuer)$/
                           ? $how->{how} : 'ok' };
    my $answer = $manner->($self, $text) or return 0;
    my ($status, $headers, $body) = @$answer;

    $headers .= "Cache-Control: public, max-age=$how->{max_age}\r\n"
        if defined $how->{max_age};

    print $sock "HTTP/1.1 $status\r\nContent-Type: application/json\r\n"
                . $headers . 'Content-Length: ' . length($body)
                . "\r\n\r\n$body";

    return 1;
}


sub note {
    my ($self, $name, $what) = @_;

    my $path = "$self->{dir}/$name";

    open my $out, '>', "$path.new" or die "$path: $!\n";
    print $out $json->encode($what);
    close $out or die "$path: $!\n";

    rename "$path.new", $path or die "$path: $!\n";
}


sub behave {
    my ($self, $how, %more) = @_;

    die "no manner $how\n" if !$manners{$how};

    $self->note(how => { how => $how, %more });
}


sub key {
    my ($self, $name) = @_;

    return $self->{keys}{$name} //= CodeRemote::Token::key('rsa',
        "$self->{dir}/$name.pem");
}


sub jwk {
    my ($self, $name) = @_;

    my $key = $self->key($name);
    my ($n) = `openssl rsa -in $key -noout -modulus` =~ /=([0-9A-F]+)/;

    return { kty => 'RSA', use => 'sig', alg => 'RS256', kid => $name,
             n => encode_base64url(pack 'H*', $n), e => 'AQAB' };
}


sub publish {
    my ($self, @names) = @_;

    $self->note(keys => { keys => [map { $self->jwk($_) } @names] });
}


sub token {
    my ($self, $name, $claims, %more) = @_;

    return CodeRemote::Token::make({ iss => $self->{issuer}, sub => 'ann',
                                     %{ $claims || {} } },
                                   key => $self->key($name),
                                   header => { kid => $name, %more });
}


# How often it was asked for what, by the end of the path.

sub asked {
    my ($self, $what) = @_;

    my @found = (($self->{before} // '') . $self->{origin}->heard)
                =~ m{^GET \S*\Q$what\E HTTP}mg;

    return scalar @found;
}


1;
