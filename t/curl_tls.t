# Requests to other servers: certificates, and proxies.

use strict;
use warnings;

use lib 't/lib';
use IO::Select;
use IO::Socket::INET;
use Test::More;

use CodeRemote::Env;
use CodeRemote::Fetch;
use CodeRemote::Origin;

my $dir = CodeRemote::Env::run_dir() . '/tls';
mkdir $dir;


sub openssl {
    my ($args) = @_;
    return system("cd $dir && openssl $args 2>> openssl.log") == 0;
}


# One signed by the CA of the first argument, for these names.

sub certificate {
    my ($name, $ca, $san, $more) = @_;

    open my $out, '>', "$dir/$name.ext" or die;
    print $out "subjectAltName=$san\n";
    close $out;

    return openssl("req -new -newkey rsa:2048 -nodes -keyout $name.key"
                   . " -subj /CN=$name -out $name.csr")
        && openssl("x509 -req -in $name.csr -CA $ca.pem -CAkey $ca.key"
                   . " -CAcreateserial -extfile $name.ext -out $name.pem "
                   . ($more // '-days 2'));
}


sub authority {
    my ($name) = @_;
    return openssl("req -x509 -newkey rsa:2048 -nodes -days 2"
                   . " -keyout $name.key -subj /CN=$name -out $name.pem");
}


my $made = authority('ours') && authority('theirs')
    && certificate('good', 'ours', 'DNS:good.test,IP:127.0.0.1')
    && certificate('other', 'ours', 'DNS:other.test')
    && certificate('foreign', 'theirs', 'DNS:good.test,IP:127.0.0.1')
    && certificate('old', 'ours', 'DNS:good.test,IP:127.0.0.1', '-days -1')
    or plan skip_all => 'there is no openssl to make certificates with';

my @kinds = qw( good other foreign old );
my %port = map { $_ => CodeRemote::Env::free_port() } @kinds, 'weak';

my $servers = join '', map { "
    server {
        listen 127.0.0.1:$port{$_} ssl;
        keepalive_timeout 0;
        ssl_certificate $dir/$_.pem;
        ssl_certificate_key $dir/$_.key;
        location / { return 200 \"$_ \$ssl_server_name \$http_x_key\"; }
    }
" } @kinds;

my $alone = CodeRemote::Env::free_port();

$servers .= "
    server {
        listen 127.0.0.1:$alone;
        location / { fetch; }
    }

    server {
        listen 127.0.0.1:$port{weak} ssl;
        ssl_protocols TLSv1.1;
        ssl_certificate $dir/good.pem;
        ssl_certificate_key $dir/good.key;
    }
";


# A proxy that finds every server here.

sub tunnel {
    my ($sock, $port) = @_;

    my $server = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                       PeerPort => $port) or return 0;
    my %to = ($sock => $server, $server => $sock);
    my $select = IO::Select->new($sock, $server);

    print $sock "HTTP/1.1 200 Connected\r\nX-Proxy: a\r\n\r\n";

    for ( ;; ) {
        for my $from ($select->can_read) {
            sysread $from, my $bytes, 65536 or return 0;
            syswrite $to{$from}, $bytes;
        }
    }
}


my $proxy = CodeRemote::Origin->start(sub {
    my ($sock, $request) = @_;

    if ($request->{line} =~ /^CONNECT \S+:(\d+) /) {
        return tunnel($sock, $1);
    }

    my $body = "by proxy: $request->{line}";
    print $sock "HTTP/1.1 200 OK\r\nContent-Length: " . length($body)
                . "\r\n\r\n$body";
    return 1;
});

my $strict = CodeRemote::Origin->start(sub {
    my ($sock) = @_;
    print $sock "HTTP/1.1 407 Who Are You\r\nContent-Length: 6\r\n"
                . "Set-Cookie: secret\r\n\r\nsecret";
    return 0;
});

my $names = CodeRemote::Origin->names('good.test' => ['127.0.0.1'],
                                      'proxy.test' => ['127.0.0.1'],
                                      'silent.test' => []);

my $fetch = CodeRemote::Fetch->start(
    server => "resolver 127.0.0.1:$names->{port}; resolver_timeout 1s;",
    http => $servers,
    locations => "
        location = /trusted { fetch; fetch_trusted $dir/ours.pem; }
        location = /none { fetch; fetch_trusted $dir/none.pem; }
        location = /proxy {
            fetch;
            fetch_trusted $dir/ours.pem;
            fetch_proxy http://127.0.0.1:$proxy->{port};
        }
        location = /named {
            fetch;
            fetch_trusted $dir/ours.pem;
            fetch_proxy http://proxy.test:$proxy->{port}/;
        }
        location = /strict {
            fetch;
            fetch_proxy http://127.0.0.1:$strict->{port};
        }
        location = /dead { fetch; fetch_proxy http://127.0.0.1:1; }
        location = /lost { fetch; fetch_proxy http://nobody.test:1; }
    ",
);


sub gives {
    my ($name, $at, $url, $body) = @_;

    my $got = $fetch->get($url, at => $at, 'X-Header' => 'X-Key: k');

    is("$got->{rc} $got->{status} $got->{body}", "0 200 $body", $name)
        or diag($got->{why});
}


sub fails {
    my ($name, $at, $url, $why) = @_;

    my $got = $fetch->get($url, at => $at);

    is("$got->{rc} $got->{why}", "-1 $why", $name);
}


subtest 'certificates' => sub {
    my $trusted = '/trusted';

    gives('one of a CA that is trusted', $trusted,
          "https://127.0.0.1:$port{good}/", 'good  k');
    gives('by name', $trusted, "https://good.test:$port{good}/",
          'good good.test k');
    fails('of a CA that nobody knows', '/fetch',
          "https://good.test:$port{good}/",
          'the certificate of good.test is not trusted:'
          . ' unable to get local issuer certificate');
    fails('of another CA', $trusted, "https://good.test:$port{foreign}/",
          'the certificate of good.test is not trusted:'
          . ' unable to get local issuer certificate');
    fails('for another name', $trusted, "https://good.test:$port{other}/",
          'the certificate of good.test is for another name');
    fails('for another address', $trusted, "https://127.0.0.1:$port{other}/",
          'the certificate of 127.0.0.1 is for another name');
    fails('of yesterday', $trusted, "https://good.test:$port{old}/",
          'the certificate of good.test is not trusted:'
          . ' certificate has expired');
    fails('an old TLS', $trusted, "https://good.test:$port{weak}/",
          'good.test did not come to terms about TLS');
    fails('no TLS', $trusted, "https://127.0.0.1:$fetch->{server}{port}/",
          '127.0.0.1 did not come to terms about TLS');
    fails('no such file', '/none', "https://good.test:$port{good}/",
          'good.test cannot be asked: the file of trusted certificates'
          . ' cannot be read');
};


# Who asked with other certificates has opened none of the connections that
# are kept.

subtest 'connections that are kept' => sub {
    for my $port (@port{qw( good foreign )}) {
        for my $at (qw( /trusted /fetch /none )) {
            my $got = $fetch->get("https://good.test:$port/", at => $at);
            my $good = $at eq '/trusted' && $port == $port{good};
            is($got->{rc}, $good ? 0 : -1, "$at") or diag($got->{why});
        }
    }
};


subtest 'proxies' => sub {
    gives('in clear', '/proxy', 'http://unknown.test/x?y',
          'by proxy: GET http://unknown.test/x?y HTTP/1.1');
    gives('a tunnel', '/proxy', "https://good.test:$port{good}/",
          'good good.test k');
    gives('a name that it looks up', '/named',
          "https://good.test:$port{good}/", 'good good.test k');
    unlike($proxy->heard, qr/CONNECT (?:(?!\r\n\r\n).)*X-Key/s,
           'it is not told what is for the server');
    fails('a certificate behind it', '/proxy',
          "https://good.test:$port{foreign}/",
          'the certificate of good.test is not trusted:'
          . ' unable to get local issuer certificate');
    fails('it refuses', '/strict', "https://good.test:$port{good}/",
          'the proxy 127.0.0.1 answered 407 instead of connecting');
    fails('it is not there', '/dead', "https://good.test:$port{good}/",
          'the proxy 127.0.0.1:1 cannot be reached: Connection refused');
    fails('nobody knows it', '/lost', "https://good.test:$port{good}/",
          'nobody.test could not be looked up: Host not found');
};


subtest 'URLs' => sub {
    my %says = (
        'http://good.test/' => '0 good',
        'https://good.test:8443/a/b?c=d' => '0 good',
        'http://127.0.0.1' => '1 good',
        'http://127.9.9.9:1/' => '1 good',
        'http://[::1]:80/' => '1 good',
        'http://localhost/' => '1 good',
        'http://LOCALHOST/' => '1 good',
        'http://10.0.0.1/' => '0 good',
        'http://localhost.test/' => '0 good',
        'ftp://good.test/' => qr/must begin with http/,
        'good.test' => qr/is no URL/,
        'http://' => qr/is no URL/,
        'file:///etc/passwd' => qr/must begin with http/,
        'http://me:secret@good.test/' => qr/has a user or a password/,
        'http://good.test/#x' => qr/has a fragment/,
        'http://good.test./' => qr/has a host with a dot at its end/,
        'http://g%C3%B6d.test/' => qr/has a host that is no name/,
        'http://a_b.test/' => '0 good',
        'http://-a.test/' => qr/has a host that is no name/,
        'http://good.test:99999/' => qr/is no URL/,
        'http://good.test/a b' => qr/has a blank/,
        "http://good.test/\xc3\xb6" => qr/has a blank or another sign/,
        'http://good.test/' . 'x' x 2100 => qr/is longer than 2047/,
    );

    for my $url (sort keys %says) {
        my $got = $fetch->get($url, 'X-How' => 'check');
        my $name = substr $url, 0, 40;

        if (ref $says{$url}) {
            like($got->{why}, $says{$url}, $name);
            $got = $fetch->get($url);
            like("$got->{rc} $got->{why}", qr/^-5 the URL $says{$url}/,
                 "$name: not asked for");

        } else {
            is("$got->{status} $got->{why}", $says{$url}, $name);
        }
    }

    my $other = bless {
        client => CodeRemote::Client->new(port => $alone)
    }, 'CodeRemote::Fetch';

    my $got = $other->get('http://good.test/', 'X-How' => 'check');
    like($got->{why}, qr/^has a name for its host: say with "resolver"/,
         'a name and no resolver');
    $got = $other->get('http://good.test/');
    is("$got->{rc} $got->{why}",
       '-1 good.test is a name, and no "resolver" is set', 'is not asked for');
};


unlike($fetch->{server}->error_log, qr/secret/, 'no log has a secret');

$_->stop for $proxy, $strict, $names;
$fetch->finish;
done_testing();
