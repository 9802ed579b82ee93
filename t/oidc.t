# Keys that a provider publishes: found, shared by all workers, had anew when
# they change, and kept when the provider fails, which slows nobody down.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use Time::HiRes qw( time );

use CodeRemote::Procs qw( alive wait_for );
use CodeRemote::Provider;
use CodeRemote::Server;
use CodeRemote::WebSocket;

my $dir = CodeRemote::Env::run_dir();
my $mine = CodeRemote::Token::key('rsa', "$dir/mine.pem");

my $provider = CodeRemote::Provider->start;
my $another = CodeRemote::Provider->start;
my $late = CodeRemote::Provider->start;

$provider->publish('a');
$another->publish('x');
$late->stop;

my $port2 = CodeRemote::Env::free_port();

my $server = CodeRemote::Server->new(
    http => <<"_EOC_",
server {
    listen 127.0.0.1:$port2 http2;
    coderemote_jwt_oidc $provider->{issuer};
    coderemote_jwt h2;
    location /t { empty_gif; }
}
_EOC_
    server => "coderemote_jwt_oidc $provider->{issuer};",
    locations => <<"_EOC_",
coderemote_jwt_key_refresh 1s;

location = /health { coderemote_health; }
location = /quick { empty_gif; }
location = /t { coderemote_jwt t; empty_gif; }
location /execute { coderemote_jwt t; coderemote_execute; }
location = /ws { coderemote_jwt t; coderemote_websocket; }

location = /argument {
    coderemote_jwt argument token=\$arg_t;
    empty_gif;
}

location = /url {
    coderemote_jwt url;
    coderemote_jwt_key_url $another->{issuer}/keys;
    coderemote_jwt_issuer $another->{issuer} https://id.example;
    empty_gif;
}

location = /all {
    coderemote_jwt all;
    coderemote_jwt_key_file $mine.pub;
    coderemote_jwt_oidc $provider->{issuer};
    coderemote_jwt_oidc $another->{issuer};
    coderemote_jwt_issuer https://mine.example;
    empty_gif;
}

location /late {
    coderemote_jwt late;
    coderemote_jwt_oidc $late->{issuer};
    coderemote_execute;
}
_EOC_
)->start;

my %sent;


sub token {
    my ($by, @args) = @_;

    my $token = $by->token(@args);
    $sent{$token} = 1;

    return $token;
}


sub bearer { return { Authorization => "Bearer $_[0]" } }


sub ask {
    my ($path, $token) = @_;

    return $server->client->get($path, undef, bearer($token));
}


sub status {
    my ($path, $token, $status, $name, $why) = @_;

    my $res = ask($path, $token);

    is($res->{code}, $status, $name) or diag($res->text);
    like($res->{headers}{'www-authenticate'}, $why, "$name: and why") if $why;

    return $res;
}


sub lines {
    my ($what) = @_;

    return grep { /$what/ } split /^/, $server->error_log;
}


my $ann = token($provider, 'a');

subtest 'keys that are found' => sub {
    status('/t', $ann, 200, 'good');
    status('/t', token($provider, 'a', { exp => time - 60 }), 401, 'expired',
           qr/the token has expired/);
    status('/t', token($provider, 'a', { iss => 'https://x.example' }), 403,
           'another issuer', qr/the claim iss is none/);
    status('/t', token($another, 'x'), 401, 'another provider');
    status('/url', token($another, 'x'), 200, 'of a URL');
    status('/url', token($another, 'x', { iss => 'https://id.example' }), 200,
           'for another issuer');
    status('/url', $ann, 401, 'but not of the other provider');

    is(ask('/execute/x', $ann)->{code}, 404, 'a handler of ours');

    for ([path => "/ws?token=$ann"],
         [headers => { 'Sec-WebSocket-Protocol' => "coderemote, $ann" }])
    {
        my $ws = eval { CodeRemote::WebSocket->new(port => $server->{port},
                                                   @$_) };
        ok($ws, "a WebSocket, by its $_->[0]") or diag($@);
        is($ws->result($ws->execute(code => 'print(1)'))->{status},
           'completed', 'runs a program') if $ws;
    }
};


subtest 'a provider that was never there' => sub {
    my $token = token($late, 'l');
    my $res = status('/late', $token, 503, 'it is not the token\'s fault');

    is($res->{headers}{'content-type'}, 'application/problem+json',
       'a problem');
    like($res->{headers}{'retry-after'}, qr/^[1-9]\d*$/, 'with Retry-After');
    like($res->json->{detail}, qr/keys of the provider/, 'that says so');
    ok(!exists $res->{headers}{'www-authenticate'}, 'no challenge');

    status('/late', 'x' x 20, 401, 'what is no token is refused');
    is(scalar(() = lines("\Q$late->{issuer}\E cannot be had")), 1,
       'one line');

    $late->publish('l');
    $late->up;
    ok(wait_for(sub { ask('/late/jobs/x', $token)->{code} == 404 }, 60),
       'and then it is there');
};


subtest 'several providers and a file' => sub {
    my $own = CodeRemote::Token::make({ sub => 'ann',
                                        iss => 'https://mine.example' },
                                      key => $mine);
    $sent{$own} = 1;

    status('/all', $own, 200, 'of the file');
    status('/all', $ann, 200, 'of one');
    status('/all', token($another, 'x'), 200, 'of the other');

    for ('https://mine.example', $another->{issuer}) {
        status('/all', token($provider, 'a', { iss => $_ }), 403,
               "none of them speaks for $_", qr/the claim iss is none/);
    }

    $own = CodeRemote::Token::make({ sub => 'ann',
                                     iss => $provider->{issuer} },
                                   key => $mine);
    $sent{$own} = 1;
    status('/all', $own, 403, 'nor does the file', qr/the claim iss/);
};


subtest 'a new key' => sub {
    my $new = token($provider, 'new');

    status('/t', $new, 401, 'is unknown', qr/no key for the header's alg/);

    $provider->publish('a', 'new');

    status('/t', $new, 200, 'and then it is not, at once');
    status('/t', $ann, 200, 'the old one is still good');
    status('/ws', token($provider, 'never'), 401, 'another is unknown');

    $provider->publish('a', 'new', 'newer');

    my $newer = token($provider, 'newer');
    my $ws = eval { CodeRemote::WebSocket->new(port => $server->{port},
                                               path => "/ws?token=$newer") };
    ok($ws, 'and one for a WebSocket') or diag($@);
};


subtest 'what waits goes on as it came' => sub {
    my $n = 0;

    my $next = sub {
        $provider->publish('a', 'new', 'w' . ++$n);
        return token($provider, "w$n");
    };

    my $res = $server->client->post('/execute?wait=true',
                                    { code => 'print(len("' . 'x' x 8000
                                              . '"))' }, bearer($next->()));
    is($res->json->{result}{stdout}, "8000\n", 'a body');

    is($server->client->get('/argument?t=' . $next->())->{code}, 200,
       'an argument');

  SKIP: {
        skip 'there is no curl that speaks HTTP/2', 1
            if `curl --version` !~ /^Features:.*\bHTTP2\b/m;

        my $new = $next->();
        my $curl = "curl -s -o /dev/null -w '%{http_code}'"
                   . " --http2-prior-knowledge -H 'Authorization: Bearer $new'"
                   . " http://127.0.0.1:$port2/t";
        is(`$curl`, 200, 'HTTP/2');
    }

    # a worker that is told to leave does not leave those who wait

    $provider->behave('ok', delay => 1);

    my $asked = $provider->asked('keys');
    my $client = $server->client;
    my $r = $client->start(GET => '/t', undef, bearer($next->()));
    ok($client->drive(sub { $provider->asked('keys') > $asked }), 'one waits');
    ok($server->reload, 'over a reload');
    ok($client->drive(sub { $r->{done} }), 'and is answered');
    is($r->{code}, 200, 'well');

    $provider->behave('ok');
    status('/t', $ann, 200, 'the keys are there for the new workers');
};


# Requests without a pause, so many at a time, while the keys change.

sub load {
    my ($seconds, $pick, $check) = @_;

    my $client = $server->client;
    my $end = time + $seconds;
    my (@open, $n);

    while (time < $end || @open) {

        while (@open < 8 && time < $end) {
            my ($name, $token) = $pick->();
            my $r = $client->start(GET => '/t', undef, bearer($token));
            push @open, [$r, $name, time];
        }

        $client->drive(sub { grep { $_->[0]{done} } @open }) or last;

        for (grep { $_->[0]{done} } @open) {
            $check->(@$_);
            $n++;
        }

        @open = grep { !$_->[0]{done} } @open;
    }

    return $n;
}


subtest 'keys change under load' => sub {
    my @names = map { "turn$_" } 0 .. 6;
    my %token = map { $_ => token($provider, $_) } @names;
    my (%live, %removed, %known, @wrong, %count, $total, $longest);

    $longest = 0;

    my $check = sub {
        my ($r, $name, $began) = @_;

        my $code = $r->{code} // 0;
        my $took = time - $began;

        $longest = $took if $took > $longest;
        $count{$code}++;

        # of a key that is gone: good for as long as no worker knows it

        if ($removed{$name} && $code == 401) {
            $known{$name} //= time;
            return;
        }

        push @wrong, "$name: $code after ${took}s"
            if $code != 200 || ($known{$name} && $known{$name} < $began);
    };

    $provider->publish($names[0]);
    $live{$names[0]} = 1;
    wait_for(sub { ask('/t', $token{$names[0]})->{code} == 200 });

    for my $i (1 .. $#names) {
        my @known = ($names[$i - 1]);

        # the new one beside the old one, its tokens come at once
        $provider->publish(@names[$i - 1, $i]);
        $total += load(1, sub { my $n = $names[$i - int rand 2];
                                ($n, $token{$n}) }, $check);

        # the old one goes, its tokens go on coming
        $removed{$names[$i - 1]} = 1;
        $provider->publish($names[$i]);
        $total += load(3, sub { my $n = $names[$i - int rand 2];
                                ($n, $token{$n}) }, $check);

        ok($known{$names[$i - 1]}, "that $names[$i - 1] is gone was known");
    }

    is(scalar @wrong, 0, 'no wrong answer') or diag(join "\n", @wrong[0 .. 9]);
    cmp_ok($total, '>', 200, 'of many');

    diag(sprintf '%d requests, answers: %s; the longest took %.0f ms', $total,
         join(', ', map { "$_: $count{$_}" } sort keys %count),
         $longest * 1000);
};


# What others wait meanwhile.

sub latencies {
    my ($seconds) = @_;

    my $end = time + $seconds;
    my @took;

    while (time < $end) {
        my $begin = time;
        my $res = $server->client->get('/quick');
        push @took, time - $begin if $res->{code} == 200;
    }

    return sort { $a <=> $b } @took;
}


# The provider is, and this is known.

sub good_again {
    my $before = () = lines("$provider->{issuer} has .* keys?,");

    $provider->behave('ok');

    ok(wait_for(sub { (() = lines("$provider->{issuer} has .* keys?,"))
                      > $before }, 40), 'it is good again, which is told');
}


my @manners = (
    [500 => qr/answered with the status 500/],
    [404 => qr/discovery document was answered with the status 404/],
    [garbage => qr/no set of keys: this is no JSON/],
    [half => qr/no set of keys: this is no JSON/],
    [empty => qr/no set of keys: no key .* it is empty/],
    [secrets => qr/it is a secret/],
    [big => qr/the request for the keys failed/],
    [redirect => qr/the redirect 302, which is not followed/],
    [issuer => qr/is of the issuer "https:.*must name to the letter/],
    [http => qr/jwks_uri of its discovery document is not of https/],
    [closes => qr/the request for the keys failed/],
    [slow => qr/the request for the keys failed/],
);

$provider->publish('a');
ok(wait_for(sub { ask('/t', $ann)->{code} == 200 }), 'the first key again');

for (@manners) {
    my ($how, $why) = @$_;

    subtest "a provider that is bad: $how" => sub {
        my $before = () = lines("$provider->{issuer} cannot be had");
        my (@said, @took, @codes);

        $provider->behave($how);

        ok(wait_for(sub { push @took, latencies(0.2);
                          push @codes, ask('/t', $ann)->{code};
                          @said = lines("$provider->{issuer} cannot be had");
                          @said > $before }, 20), 'it is told');

        like($said[-1], $why, 'what happened');
        like($said[-1], qr/provider at \Q$provider->{issuer}\E /, 'by whom');
        like($said[-1], qr/had before stay in use/, 'and what follows');

        push @took, latencies(0.5);
        @took = sort { $a <=> $b } @took;
        push @codes, map { ask('/t', $ann)->{code} } 1 .. 5;

        is(scalar(grep { $_ != 200 } @codes), 0, 'its keys stay in use');
        is(scalar(() = lines("$provider->{issuer} cannot be had")),
           $before + 1, 'one line');
        good_again();

        diag(sprintf '%s: of %d other requests half took %.1f ms, one %.1f',
             $how, scalar @took, 1000 * $took[@took / 2], 1000 * $took[-1]);
    };
}


subtest 'a provider that is down' => sub {
    $provider->stop;
    ok(wait_for(sub { lines('cannot be had.*refused') }, 20), 'it is told');
    status('/t', $ann, 200, 'its keys stay in use');

    ok($server->reload, 'a reload');
    status('/t', $ann, 200, 'and they are still there') for 1 .. 4;

    status('/t', token($provider, 'unknown'), 401,
           'of an unknown key nothing can be learned');

    $provider->publish('back');
    $provider->up;
    my $back = token($provider, 'back');
    ok(wait_for(sub { ask('/t', $back)->{code} == 200 }, 60),
       'it is back with other keys');
    status('/t', $ann, 401, 'which replace the old ones');
};


subtest 'workers have keys by turns' => sub {
    $provider->publish('a');
    $provider->behave('ok', max_age => 1000);

    # with what is good for long, only an unknown key makes anybody ask

    ok(wait_for(sub { ask('/t', token($provider, 'quiet'));
                      my $n = $provider->asked('keys');
                      my @took = latencies(2);
                      $n == $provider->asked('keys') }), 'it is quiet');
    status('/t', $ann, 200, 'good');

    my $before = $provider->asked('keys');
    my $client = $server->client;
    my @junk = map { token($provider, "junk$_") } 1 .. 40;
    my @r = map { $client->start(GET => '/t', undef, bearer($_)) } @junk;

    ok($client->drive, 'many unknown keys');
    is(scalar(grep { $_->{code} != 401 } @r), 0, 'all are refused');

    my $asked = $provider->asked('keys') - $before;
    cmp_ok($asked, '<=', 3, 'and it is asked a few times');
    diag("40 tokens with unknown keys: asked $asked times");
};


subtest 'a worker dies in its turn' => sub {
    $provider->behave('slow');

    my @workers = $server->workers;
    my $client = $server->client;
    my $before = $provider->asked('keys');
    my $new = token($provider, 'after');
    my $r = $client->start(GET => '/t', undef, bearer($new));

    ok($client->drive(sub { $provider->asked('keys') > $before }),
       'one is waiting for the provider');

    $client->abort($r);
    kill KILL => @workers;
    ok(wait_for(sub { my %now = map { $_ => 1 } $server->workers;
                      keys %now >= @workers && !grep { $now{$_} } @workers }),
       'and all workers die');

    $provider->publish('a', 'after');
    $provider->behave('ok');

    my $begin = time;
    ok(wait_for(sub { ask('/t', $new)->{code} == 200 }), 'others have it');
    diag(sprintf 'after %.1f s', time - $begin);
};


subtest 'who waits and goes away' => sub {
    $provider->behave('slow');

    my $client = $server->client;
    my @r = map { $client->start(GET => '/t', undef,
                                 bearer(token($provider, "gone$_"))) } 1 .. 6;

    $client->drive(sub { 0 }, 0.1);
    $client->abort($_) for @r;

    status('/t', $ann, 200, 'nobody is the worse for it');
    $provider->behave('ok');

    my $left = () = lines('exited on signal (?!9)');
    is($left, 0, 'no worker died of it');
};


subtest 'nothing of it in a log' => sub {
    my $logs = join '', map { CodeRemote::Procs::slurp($_) }
               glob "$server->{dir}/logs/*";
    my ($n) = CodeRemote::Procs::slurp("$provider->{dir}/keys")
              =~ /"n":"([^"]+)"/;

    cmp_ok(length $logs, '>', 1000, 'there is something to read');
    is(scalar(grep { /([^.]+)\z/; index($logs, $1) >= 0 } keys %sent), 0,
       'no token of ' . keys %sent);
    is(index($logs, $n), -1, 'no key');
    unlike($logs, qr/garbage|<html>/, 'no document');
};

$server->{expected} = [qr/exited on signal 9/];
$server->finish;
$_->stop for $provider, $another, $late;

done_testing();
