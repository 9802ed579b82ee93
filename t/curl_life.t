# Requests to other servers: those that nobody waits for any more, and what a
# reload and the end of a worker do to them.

use strict;
use warnings;

use lib 't/lib';
use Test::More;
use Time::HiRes qw( time );

use CodeRemote::Env;
use CodeRemote::Fetch;
use CodeRemote::Origin;
use CodeRemote::Procs qw( wait_for );

my $gate = CodeRemote::Env::run_dir() . '/gate';
my $gone = CodeRemote::Env::run_dir() . '/gone';


sub note_in {
    my ($file) = @_;
    open my $out, '>>', $file or die;
    syswrite $out, '.';
    close $out;
}


sub answer {
    my ($sock, $body) = @_;
    print $sock "HTTP/1.1 200 OK\r\nContent-Length: " . length($body)
                . "\r\n\r\n$body";
    return 1;
}


# Begins an answer, and notes when nginx has gone.

sub begin {
    my ($sock) = @_;
    print $sock "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
                'a piece';
    sysread $sock, my $rest, 1;
    note_in($gone);
    return 0;
}


my %talk = (
    '/hello' => sub { answer($_[0], 'hello') },
    '/begin' => \&begin,
    '/late' => sub { sysread $_[0], my $rest, 1; return 0 },
    '/silent' => sub { sysread $_[0], my $rest, 1; note_in($gone); return 0 },
    '/gate' => sub {
        wait_for(sub { -e $gate }, 60);
        return answer($_[0], 'through');
    },
);

my $origin = CodeRemote::Origin->start(sub {
    my $talk = $talk{$_[1]{path}} or return 0;
    return $talk->(@_);
});

my $here = "http://127.0.0.1:$origin->{port}";
my $names = CodeRemote::Origin->names('one.test' => ['127.0.0.1'],
                                      'silent.test' => []);

my %options = (
    http => "resolver 127.0.0.1:$names->{port}; resolver_timeout 60s;
             fetch_timeout 60s;",
    locations => 'location = /brief { fetch; fetch_timeout 2s; }',
);

my $fetch = CodeRemote::Fetch->start(%options);
my ($server, $client) = @$fetch{qw( server client )};

$fetch->get("http://one.test:$origin->{port}/hello");

my $before = $fetch->state;


sub as_before {
    my ($name) = @_;
    my $state;

    wait_for(sub {
        $state = $fetch->state;
        return !grep { $state->{$_} > $before->{$_} } keys %$before;
    });

    is_deeply([grep { $state->{$_} > $before->{$_} } keys %$before], [],
              $name)
        or diag(explain($before, $state));
}


# The slowest of some requests that have nothing to do with others, in ms.

sub latency {
    my $worst = 0;

    for (1 .. 30) {
        my $started = time;
        $client->get('/quick')->{code} == 200 or die;
        my $took = time - $started;
        $worst = $took if $took > $worst;
    }

    return sprintf '%.1f ms', $worst * 1000;
}


sub begun {
    my ($n, $path) = @_;
    return $client->drive(sub {
        my $heard = () = $origin->heard =~ m{^GET \Q$path\E }mg;
        return $heard >= $n;
    });
}


subtest 'cancelled in the first piece' => sub {
    my $got = $fetch->get("$here/begin", 'X-How' => 'cancel');

    is("$got->{rc} $got->{why} $got->{body}", '-6 cancelled a piece',
       'no more is told');
    ok(wait_for(sub { -e $gone }), 'the server sees it');
    as_before('and nothing is left');
};


subtest 'the client goes away' => sub {
    unlink $gone;

    my @r = map { $fetch->begin("$here/$_") } qw( begin silent ) x 10;

    # in the middle of a handshake of TLS, to which nobody says anything
    push @r, map { $fetch->begin("https://127.0.0.1:$origin->{port}/") } 1 .. 5;

    ok(begun(11, '/begin') && begun(10, '/silent'), 'twenty wait');

    my ($pid) = $server->workers;
    cmp_ok(CodeRemote::Procs::ticks_in(0.5, $pid), '<', 25,
           'and take no time of the CPU for it');

    $client->abort($_) for @r;
    ok(wait_for(sub { (-s $gone // 0) >= 20 }), 'the servers see it');
    as_before('and nothing is left');
};


subtest 'in a look-up' => sub {
    diag('another request, alone: ' . latency());

    my @r = map { $fetch->begin("http://silent.test:$_/") } 1 .. 20;

    ok(wait_for(sub {
        $client->step(0.01);
        return $fetch->state->{timers} >= $before->{timers} + 20;
    }), 'twenty wait for an address');
    diag('while they wait: ' . latency());

    my $started = time;
    $client->abort($_) for @r;
    diag('while they go: ' . latency());

    as_before('nothing is left');
    diag(sprintf 'after %.1f s', time - $started);
    is($fetch->get("$here/hello")->{body}, 'hello', 'others can be asked');
};


subtest 'a reload' => sub {
    my ($old) = $server->workers;
    my @r = map { $fetch->begin("$here/gate") } 1 .. 5;

    for my $path (qw( gate silent )) {
        $client->get('/brief', undef, { 'X-Url' => "$here/$path",
                                        'X-How' => 'loose' });
    }

    $client->get('/fetch', undef, { 'X-Url' => "$here/gate",
                                    'X-How' => 'loose' });

    ok(begun(7, '/gate'), 'they wait');
    ok($server->reload, 'a reload');
    is($fetch->get("$here/hello")->{body}, 'hello', 'the new worker asks');
    ok(wait_for(sub {
        $server->error_log =~ /fetched -1 0 0 "127\.0\.0\.1 gave no whole/;
    }), 'the deadline holds in the old one');
    ok(CodeRemote::Procs::alive($old), 'which waits for the others');

    note_in($gate);

    ok($client->drive(sub { !grep { !$_->{done} } @r }), 'all come');
    is(scalar(grep { CodeRemote::Fetch::outcome($_)->{body} eq 'through' }
              @r), 5, 'and are whole');
    ok(wait_for(sub { $server->error_log =~ /fetched 0 200 7 ""/ }),
       'that which nobody waited for as well');
    ok(wait_for(sub { !CodeRemote::Procs::alive($old) }),
       'then the old worker leaves');
};


subtest 'the worker is told to end at once' => sub {
    my @r = map { $fetch->begin("$here/silent"),
                  $fetch->begin('http://silent.test/') } 1 .. 5;

    ok(begun(12, '/silent'), 'some wait');
    $fetch->finish('TERM');
};


subtest 'the time to leave is over' => sub {
    $fetch = CodeRemote::Fetch->start(%options, shutdown => '1s');
    ($server, $client) = @$fetch{qw( server client )};

    my ($old) = $server->workers;

    for my $url ("$here/late", 'http://silent.test/') {
        $client->get('/fetch', undef, { 'X-Url' => $url,
                                        'X-How' => 'loose' });
    }

    ok(begun(1, '/late'), 'some wait');
    ok($server->reload, 'a reload');
    ok(wait_for(sub { !CodeRemote::Procs::alive($old) }), 'the worker leaves');
    is(scalar(() = $server->error_log =~
              /fetched -1 0 0 "this server is shutting down"/g), 2,
       'and those that waited were told');
    $fetch->finish;
};


$_->stop for $origin, $names;
done_testing();
