# GET /health: 200 once a job can run, 503 while none can.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Data qw( data_like );
use CodeRemote::Env;
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

my $server = CodeRemote::Server->new->start;
my $client = $server->client;


# Both halves, and the packages, have one version.

my ($version) = CodeRemote::Procs::slurp(
    CodeRemote::Env::root_dir() . '/debian/changelog') =~ /\((.*?)\)/;


subtest 'healthy' => sub {
    # 200 comes with the first parked cell, "healthy" with one of each profile
    my $res = $client->until_ok('/health', sub {
        return ($_[0]->json->{status} // '') eq 'healthy';
    });

    is($res->{code}, 200, 'status');
    is($res->{headers}{'content-type'}, 'application/json', 'type');
    data_like($res->json, { status => 'healthy', version => $version,
                            sandbox => sub { ref eq 'HASH' } }, 'body')
        or diag($res->{body});

    my $head = $client->request(HEAD => '/health');
    ok($head->{code} == 200 && $head->{body} eq '', 'HEAD');
};


subtest 'layers' => sub {
    my $sandbox = $client->get('/health')->json->{sandbox};
    my $on = join ' ', @{ $sandbox->{layers_on} || [] };

    like($on, qr/\b$_\b/, $_) for qw( seccomp landlock );
    is_deeply($sandbox->{layers_off}, [], 'none is off') if $> == 0;
};


subtest 'methods' => sub {
    for my $method (qw( POST PUT DELETE )) {
        my $res = $client->request($method => '/health', '');

        is($res->{code}, 405, $method);
        like($res->{headers}{allow} // '', qr/\bGET\b/, 'Allow');
        is($res->{headers}{'content-type'}, 'application/problem+json',
           'as a problem');
    }

    is($client->get('/health')->{code}, 200, 'GET still works');
};


subtest 'a busy sandbox is a healthy one' => sub {
    my @ids = map {
        $client->post('/execute', { code => "while True:\n    pass" })
               ->json->{job_id}
    } 1 .. 40;

    is($client->get('/health')->{code}, 200, 'every slot taken');

    $client->delete("/execute/jobs/$_") for @ids;
    $client->finished($_) for @ids;

    is($client->get('/health')->{code}, 200, 'and afterwards');
};

$server->finish;


subtest 'no helper' => sub {
    my $s = CodeRemote::Server->new(helper => '/nonexistent/helper');
    $s->start(health => 0);
    my $c = $s->client;

    my $res = $c->get('/health');
    is($res->{code}, 503, 'no job can run');
    data_like($res->json, { status => 'degraded' }, 'and it says so')
        or diag($res->{body});

    # a job is not taken and never run, it is refused
    $res = $c->post('/execute?wait=true', { code => 'print(1)' });
    is($res->{code}, 503, 'a job is refused');
    is($res->{headers}{'content-type'}, 'application/problem+json',
       'as a problem');
    data_like($res->json, { status => 503, type => 'about:blank',
                            detail => qr/\S+ \S+/ }, 'which says what to do');

    ok(wait_for(sub { $s->error_log =~ m{/nonexistent/helper} }),
       'the log names the helper');
    my $n = () = $s->error_log =~ m{/nonexistent/helper}g;
    cmp_ok($n, '<', 100, 'and is not filled with it');

    $s->{expected} = [qr{/nonexistent/helper}];
    $s->finish;
};


subtest 'a helper that only ends' => sub {
    my $s = CodeRemote::Server->new(helper => '/bin/true');
    $s->start(health => 0);
    my $c = $s->client;

    is($c->get('/health')->{code}, 503, 'no job can run');
    is($c->post('/execute', { code => 'print(1)' })->{code}, 503, 'refused');

    $s->{expected} = [qr{/bin/true}];
    $s->finish;
};

done_testing();
