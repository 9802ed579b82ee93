# Requests to other servers, by libcurl in a worker's event loop: what comes
# of servers of all manners.

use strict;
use warnings;

use lib 't/lib';
use Compress::Zlib ();
use Socket qw( SOL_SOCKET SO_LINGER );
use Test::More;
use Time::HiRes qw( time );

use CodeRemote::Env;
use CodeRemote::Fetch;
use CodeRemote::Origin;
use CodeRemote::Procs qw( wait_for );

my $text = join '', map { "line $_ \x{c3}\x{a4}\n" } 1 .. 3000;
my $gathered = CodeRemote::Env::run_dir() . '/gathered';
my %talk;


sub head {
    my ($status, @headers) = @_;

    return join "\r\n", "HTTP/1.1 $status", @headers, '', '';
}


sub whole {
    my ($sock, $body, @headers) = @_;

    print $sock head('200 OK', 'Content-Length: ' . length $body, @headers),
                $body;
    return 1;
}


# So that what is left in the socket's buffer comes before the end does.

sub hang {
    my ($sock) = @_;

    sysread $sock, my $rest, 1;
    return 0;
}


# In chunks of so many bytes each, written in pieces of so many.

sub chunked {
    my ($sock, $chunk, $piece, $end) = @_;

    my $out = head('200 OK', 'Transfer-Encoding: chunked');
    $out .= sprintf "%x;ext=\"a\"\r\n%s\r\n", length, $_
        for unpack "(a$chunk)*", $text;
    $out .= $end // "0\r\nTrailer: x\r\nContent-Type: text/x\r\n\r\n";

    for (unpack "(a$piece)*", $out) {
        syswrite $sock, $_;
    }

    return 0;
}


%talk = (
    '/hello' => sub {
        return whole($_[0], 'hello', 'Content-Type: Text/Plain; charset=x');
    },

    '/headers' => sub {
        return whole($_[0], '', 'cache-control:  public,MAX-AGE=300 , x',
                     'Cache-Control: s-maxage=7', 'Set-Cookie: a=b');
    },

    '/no-store' => sub {
        return whole($_[0], '', 'Cache-Control: max-age=9, no-store');
    },

    '/busy' => sub {
        my ($sock) = @_;
        print $sock head('429 Slow Down', 'Retry-After: 17',
                         'Content-Length: 4'), 'busy';
        return 1;
    },

    '/redirect' => sub {
        my ($sock) = @_;
        print $sock head('302 Found', 'Location: /hello',
                         'Content-Length: 0');
        return 1;
    },

    '/gather' => sub {
        my ($sock) = @_;
        open my $out, '>>', $gathered;
        syswrite $out, '.';
        close $out;
        wait_for(sub { -s $gathered >= 20 });
        return whole($sock, -s $gathered, 'Connection: close');
    },

    '/silent' => sub { hang($_[0]) },

    '/stops' => sub {
        my ($sock) = @_;
        print $sock head('200 OK', 'Content-Length: 100'), 'the beginning';
        return hang($sock);
    },

    '/slow' => sub {
        my ($sock) = @_;
        print $sock head('200 OK', 'Content-Length: 100000');
        for ( ;; ) {
            syswrite $sock, 'x' or return 0;
            select undef, undef, undef, 0.05;
        }
    },

    '/nothing' => sub { 0 },

    '/reset' => sub {
        my ($sock) = @_;
        setsockopt $sock, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0;
        print $sock head('200 OK', 'Content-Length: 100'), 'abc';
        return 0;
    },

    '/short' => sub {
        my ($sock) = @_;
        print $sock head('200 OK', 'Content-Length: 100'), 'short';
        return 0;
    },

    '/unbounded' => sub {
        my ($sock) = @_;
        print $sock head('200 OK'), 'until the end';
        return 0;
    },

    '/continue' => sub {
        my ($sock) = @_;
        print $sock head('100 Continue'), head('103 Early', 'Link: x');
        return whole($sock, 'then', 'Content-Type: text/html');
    },

    '/chunked/1' => sub { chunked($_[0], 1, 997) },
    '/chunked/7' => sub { chunked($_[0], 7, 3) },
    '/chunked/99999' => sub { chunked($_[0], 99999, 1) },
    '/chunked/short' => sub { chunked($_[0], 100, 1000, '') },
    '/chunked/bad' => sub { chunked($_[0], 100, 1000, "zz\r\n") },

    '/big' => sub {
        my ($sock) = @_;
        my $piece = '0123456789abcdef' x 65536;
        print $sock head('200 OK', 'Content-Length: ' . 50 * 1048576);
        print $sock $piece for 1 .. 50;
        return 0;
    },

    '/endless' => sub {
        my ($sock) = @_;
        print $sock head('200 OK');
        1 while syswrite $sock, 'y' x 65536;
        return 0;
    },

    '/headers/endless' => sub {
        my ($sock) = @_;
        syswrite $sock, "HTTP/1.1 200 OK\r\n";
        1 while syswrite $sock, 'X-Y: ' . 'z' x 1000 . "\r\n";
        return 0;
    },

    '/continue/endless' => sub {
        my ($sock) = @_;
        1 while syswrite $sock, head('100 Continue');
        return 0;
    },

    '/ssh' => sub {
        my ($sock) = @_;
        print $sock "SSH-2.0-OpenSSH_9.2\r\n";
        return hang($sock);
    },

    '/gzip' => sub {
        return whole($_[0], Compress::Zlib::memGzip('x' x 100000),
                     'Content-Encoding: gzip');
    },

    '/bomb' => sub {
        my ($sock) = @_;
        my $body = Compress::Zlib::memGzip('x' x 10_000_000);
        print $sock head('200 OK', 'Transfer-Encoding: gzip, chunked'),
                    sprintf("%x\r\n%s\r\n0\r\n\r\n", length $body, $body);
        return 0;
    },
);

sub talk {
    my ($sock, $request) = @_;
    my $talk = $talk{$request->{path}} or return 0;
    return $talk->(@_);
}

my $origin = CodeRemote::Origin->start(\&talk);
my $six = eval { CodeRemote::Origin->start(\&talk, host => '::1') };
my $port = $origin->{port};
my $here = "http://127.0.0.1:$port";

my $names = CodeRemote::Origin->names(
    'one.test' => ['127.0.0.1'],
    'some.test' => ['127.0.0.9', '127.0.0.8', '127.0.0.1'],
    'both.test' => ['::2', '127.0.0.1'],
    'six.test' => ['::1'],
    'silent.test' => [],
);

my $fetch = CodeRemote::Fetch->start(
    main => 'env http_proxy=http://127.0.0.1:1/;'
            . 'env https_proxy=http://127.0.0.1:1/;'
            . 'env ALL_PROXY=socks5://127.0.0.1:1/;',
    http => "resolver 127.0.0.1:$names->{port}; resolver_timeout 1s;",
    locations => '
        location = /short { fetch; fetch_timeout 700ms; }
        location = /silence { fetch; fetch_silence 500ms; }
        location = /much { fetch; fetch_max_body 64m; fetch_timeout 60s; }
        location = /lookup { fetch; fetch_timeout 300ms; }
    ',
);

sub get { return $fetch->get(@_) }


# Before all else, and after nginx has what it keeps to ask for names.

get("http://one.test:$port/nothing");
my $before = $fetch->state;


subtest 'an answer' => sub {
    my $got = get("$here/hello", 'X-Header' => 'X-Key: secret value');

    is($got->{rc}, 0, 'is whole');
    is($got->{status}, 200, 'its status');
    is($got->{type}, 'text/plain', 'its type, in lower case and alone');
    is($got->{body}, 'hello', 'its body');
    is("$got->{max_age} $got->{retry_after} $got->{timed_out}", '-1 -1 0',
       'nothing that it did not say');

    my $heard = $origin->heard;

    like($heard, qr{^GET /hello HTTP/1\.1\r\nHost: 127.0.0.1:$port\r\n}m,
         'what the server was asked');
    like($heard, qr/^X-Key: secret value\r$/m, 'our header');
    unlike($heard, qr/^(?:Accept-Encoding|Cookie|Authorization|Expect):/mi,
           'and none that nobody wanted');

    is(get("$here/hello", 'X-How' => 'deaf')->{rc}, 0,
       'nobody need listen to it');
    is(get("$here/hello", 'X-How' => 'chain')->{body}, 'hello',
       'from done() another can be asked for');

    is(get("$here/headers")->{max_age}, 300, 'how long it may be kept');
    is(get("$here/no-store")->{max_age}, 0, 'not at all');
    unlike($origin->heard, qr/^Cookie:/mi, 'a cookie is not kept');

    $got = get("$here/busy");
    is("$got->{rc} $got->{status} $got->{retry_after} $got->{body}",
       '0 429 17 busy', 'a refusal is an answer');

    $got = get("$here/redirect");
    is("$got->{rc} $got->{status} $got->{length}", '0 302 0',
       'a redirect is not followed');

    $got = get("$here/continue");
    is("$got->{rc} $got->{status} $got->{type} $got->{body}",
       '0 200 text/html then', 'after interim ones');

    is(get("$here/unbounded")->{body}, 'until the end',
       'one that ends with the connection');
};


subtest 'a body to send' => sub {
    my $body = '{"x":"' . 'y' x 3000 . '"}';

    is(get("$here/hello", 'X-Body' => $body)->{rc}, 0, 'is taken');
    like($origin->heard,
         qr{^POST /hello .*\r\nContent-Type: application/json\r\n.*$body\n}ms,
         'whole, with its type');

    my $got = get("$here/hello", 'X-Header' => "X-Key: se\x01cret");
    is("$got->{rc} $got->{why}",
       '-5 header 1 of the request has a control character in it',
       'a header that would be two');
};


subtest 'many at once' => sub {
    my @res = $fetch->{client}->all([map {
        [CodeRemote::Fetch::request("$here/gather")]
    } 1 .. 20]);

    is(scalar(grep { CodeRemote::Fetch::outcome($_)->{body} eq '20' } @res),
       20, 'twenty wait for one another');
};


subtest 'pieces' => sub {
    my $crc = sprintf '%08x', Compress::Zlib::crc32($text);

    for my $n (1, 7, 99999) {
        my $got = get("$here/chunked/$n");
        is("$got->{rc} $got->{length} $got->{crc} $got->{type}",
           '0 ' . length($text) . " $crc ", "chunks of $n");
        diag("$got->{pieces} pieces");
    }

    my $big = sprintf '%08x',
              Compress::Zlib::crc32('0123456789abcdef' x 65536 x 50);
    my $started = time;
    my $got = get("$here/big", at => '/much');

    is("$got->{rc} $got->{length} $got->{crc}", '0 ' . 50 * 1048576 . " $big",
       '50 MB');
    diag(sprintf '50 MB in %d pieces, %.2f s', $got->{pieces},
         time - $started);
};


sub fails {
    my ($name, $url, $why, %opt) = @_;

    my $timed_out = delete $opt{timed_out} // 0;
    my $got = get($url, %opt);

    like($got->{why}, $why, $name);
    is("$got->{rc} $got->{timed_out}", "-1 $timed_out", "$name: its kind");
}


subtest 'servers that fail' => sub {
    fails('refused', 'http://127.0.0.1:1/',
          qr/^127\.0\.0\.1:1 cannot be reached: Connection refused$/);
    fails('silent', "$here/silent",
          qr/^127\.0\.0\.1 sent nothing for 500 ms$/,
          at => '/silence', timed_out => 1);
    fails('silent after a beginning', "$here/stops",
          qr/^127\.0\.0\.1 sent nothing for 500 ms$/,
          at => '/silence', timed_out => 1);
    fails('silent, and only the whole is bounded', "$here/silent",
          qr/^127\.0\.0\.1 gave no whole answer within 700 ms$/,
          at => '/short', timed_out => 1);
    fails('slow', "$here/slow",
          qr/^127\.0\.0\.1 gave no whole answer within 700 ms$/,
          at => '/short', timed_out => 1);
    fails('closed at once', "$here/nothing",
          qr/^127\.0\.0\.1 closed the connection without an answer$/);
    fails('closed early', "$here/short",
          qr/^127\.0\.0\.1 closed the connection before its answer was whole/);
    fails('closed early, chunked', "$here/chunked/short",
          qr/^127\.0\.0\.1 closed the connection before its answer was whole/);
    fails('a bad chunk', "$here/chunked/bad", qr/^127\.0\.0\.1 broke/);
    fails('reset', "$here/reset", qr/^127\.0\.0\.1 broke/);
    fails('too long, as announced', "$here/big",
          qr/^127\.0\.0\.1 has an answer of more than 1048576 bytes$/);
    fails('too long', "$here/endless",
          qr/^127\.0\.0\.1 sent more than 1048576 bytes$/);
    fails('too long, and nobody listens', "$here/endless",
          qr/^127\.0\.0\.1 sent more than 1048576 bytes$/,
          'X-How' => 'deaf');
    fails('headers without end', "$here/headers/endless",
          qr/^127\.0\.0\.1 sent more than 65536 bytes of headers$/);
    fails('interim answers without end', "$here/continue/endless",
          qr/^127\.0\.0\.1 sent more than 65536 bytes of headers$/);
    fails('not HTTP', "$here/ssh", qr/^127\.0\.0\.1 did not answer in HTTP$/);
    fails('what unpacks to more than is allowed', "$here/bomb",
          qr/^127\.0\.0\.1 (?:sent more than 1048576 bytes|answered in an)/);

    my $got = get("$here/gzip");
    is("$got->{rc} " . length(Compress::Zlib::memGunzip($got->{body})),
       '0 100000', 'an encoding that was not asked for is left as it is');
};


subtest 'names' => sub {
    for my $name (qw( one.test some.test both.test localhost ONE.test )) {
        is(get("http://$name:$port/hello")->{body}, 'hello', $name);
    }

    fails('nobody has the name', "http://nobody.test:$port/hello",
          qr/^nobody\.test could not be looked up: Host not found$/);
    fails('nobody answers for it', "http://silent.test:$port/hello",
          qr/^silent\.test could not be looked up: Operation timed out$/,
          timed_out => 1);
    fails('nobody answers in the time of all', "http://silent.test/",
          qr/^silent\.test gave no whole answer within 300 ms$/,
          at => '/lookup', timed_out => 1);

    SKIP: {
        skip 'this machine has no IPv6', 2 if !$six;

        is(get("http://[::1]:$six->{port}/hello")->{body}, 'hello',
           'an address of IPv6');
        is(get("http://six.test:$six->{port}/hello")->{body}, 'hello',
           'a name with no other');
    }
};


subtest 'nothing is left' => sub {
    $_->stop for grep { defined } $origin, $six;

    my $other = CodeRemote::Origin->start(\&talk);
    my $state;

    # What libcurl keeps for later is looked through with each request, and
    # nginx's resolver goes on for a while with what nobody wants any more.

    wait_for(sub {
        get("http://127.0.0.1:$other->{port}/unbounded");
        $state = $fetch->state;
        return !grep { $state->{$_} > $before->{$_} } keys %$before;
    });

    is_deeply([grep { $state->{$_} > $before->{$_} } keys %$before], [],
              'of descriptors, connections, timers')
        or diag(explain($before, $state));

    $other->stop;
};


unlike($fetch->{server}->error_log, qr/secret/, 'no log has a header');

$names->stop;
$fetch->finish;
done_testing();
