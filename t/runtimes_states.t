# What is told of runtimes in states that those of the tests are not in: cold,
# absent, compiling, with a memory default of their own.

use strict;
use warnings;

use lib 't/lib';
use JSON::PP ();
use Test::More;

use CodeRemote::Data qw( data_like );
use CodeRemote::Fake qw( result );
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;
use CodeRemote::Wire qw( OUTPUT RESULT RUN STARTED TO_OUT );

use constant { ARGS => 1, THREADS => 2, WRITE => 4, COMPILE => 16, COLD => 32,
               ABSENT => 64 };

my $true = $JSON::PP::true;
my $false = $JSON::PP::false;
my $sock = CodeRemote::Env::run_dir() . '/states.sock';

my @well = (
    { name => 'python', ready => 1 },
    { name => 'c', flags => ARGS | WRITE | COMPILE | COLD, ready => 0,
      version => '12.2.0' },
    { name => 'go', flags => COLD | ABSENT, ready => 0, version => '',
      reason => 'go is not installed: apt install golang-go' },
    { name => 'r', ready => 1, memory => 2 << 30, memory_default => 512 << 20 },
    { name => 'big', ready => 1, memory => 300 << 20,
      memory_default => 512 << 20 },
);

my @ill = (
    { name => 'lua', flags => COLD, ready => 0, version => '' },
    { name => 'perl', flags => COLD, ready => 0, version => '5.36',
      reason => 'cannot start: /secret/place' },
    { name => 'dead', ready => 0, reason => 'cannot start: /secret/place' },
);




# A sandbox with these profiles, whose jobs write what memory they may use.

sub served {
    my ($profiles, $test, %opt) = @_;

    my $fake = CodeRemote::Fake->start($sock, sub {
        my ($c) = @_;

        $c->welcome(profiles => $profiles);

        while (my $run = $c->run) {
            my (undef, $memory) = unpack 'Q<Q<', $run->{payload};

            $c->send(STARTED, $run->{job}, '');
            $c->send(OUTPUT, $run->{job}, $memory >> 20, TO_OUT);
            $c->send(RESULT, $run->{job}, result());
        }
    });

    my $allow = join ' ', map { $_->{name} } @$profiles;
    my $server = CodeRemote::Server->new(sock => $sock, external => 1, %opt,
                                         allow => "coderemote_allow $allow;");
    $server->start(health => 0);

    my $client = $server->client;
    $client->until_ok('/health', sub { $_[0]->json->{sandbox}{connected} });

    $test->($client);

    $server->stop;
    $fake->stop;
}


sub runtimes {
    my ($client) = @_;

    return { map { $_->{name} => $_ } @{ $client->get('/runtimes')->json } };
}


sub memory {
    my ($client, $language, %more) = @_;

    return $client->run('x', language => $language, %more)->{result}{stdout};
}


served(\@well, sub {
    my ($client) = @_;

    my $all = runtimes($client);

    data_like($all, {
        python => { available => $true, reason => undef, compiles => $false,
                    aliases => ['py', 'python3'], extension => '.py',
                    limits => { memory_mb => 256, memory_default_mb => 256,
                                files_bytes => 0, artifacts_bytes => 0,
                                cases => 100 } },
        c  => { available => $true, reason => undef, compiles => $true,
                args => $true, write => $true, version => '12.2.0',
                limits => { files_bytes => 1048576,
                            artifacts_bytes => 1048576 } },
        go => { available => $false, version => undef,
                reason => 'go is not installed: apt install golang-go' },
        r  => { aliases => [], extension => undef,
                limits => { memory_mb => 512, memory_default_mb => 512 } },
        big => { limits => { memory_mb => 300, memory_default_mb => 300 } },
    }, 'runtimes');

    my $health = $client->get('/health');
    is($health->{code}, 200, 'health');
    is($health->json->{status}, 'healthy',
       'what is not installed is no illness');
    data_like([map { $_->{available} } @{ $health->json->{sandbox}{profiles} }],
              [$true, $true, $false, $true, $true], 'and each of them');

    my $res = $client->post('/execute', { code => 'x', language => 'go' });
    is($res->{code}, 503, 'a program of what is not installed');
    is($res->{headers}{'content-type'}, 'application/problem+json', 'type');
    is($res->{headers}{'retry-after'}, 60, 'when it is looked for again');
    is($res->json->{detail}, 'Programs of "go" cannot be run at the moment: '
                             . 'go is not installed: apt install golang-go.',
       'why');

    is(memory($client, 'python'), 256, 'memory: the default');
    is(memory($client, 'r'), 512, 'memory: the default of a profile');
    is(memory($client, 'r', memory_limit_mb => 100), 100, 'memory: less');
    is(memory($client, 'big'), 300, 'memory: no more than the profile has');

    $res = $client->post('/execute', { code => 'x', language => 'r',
                                       memory_limit_mb => 513 });
    is($res->{code}, 422, 'memory: more');
    data_like($res->json, { errors => [{ field => 'memory_limit_mb',
                                         message => qr/from 16 to 512/ }] },
              'memory: and how much there is');
});


served(\@well, sub {
    my ($client) = @_;

    data_like(runtimes($client), {
        python => { limits => { memory_mb => 300, memory_default_mb => 300 } },
        r      => { limits => { memory_mb => 300, memory_default_mb => 300 } },
    }, 'where the location says how much');

    is(memory($client, 'r'), 300, 'memory: what the location says');
}, http => 'coderemote_memory 300m;');


served([$well[0], @ill], sub {
    my ($client) = @_;

    my %away = (available => $false,
                reason => 'no cell is ready; try again later');

    data_like(runtimes($client), { lua => \%away, perl => \%away,
                                   dead => \%away },
              'why none is there is not for clients');

    my $health = $client->get('/health');
    is($health->{code}, 200, 'health');
    is($health->json->{status}, 'degraded', 'degraded');
});


served([$well[2]], sub {
    my ($client) = @_;

    my $health = $client->get('/health');
    is($health->{code}, 503, 'nothing is installed');
    is($health->json->{status}, 'degraded', 'degraded');
});

done_testing();
