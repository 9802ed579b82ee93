# Jobs belong to whom coderemote_user names: others do not see them, and take
# turns with them.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Data qw( data_like );
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

my $server = CodeRemote::Server->new(
    server => 'coderemote_user $http_x_user;'
)->start;

my $ann = $server->client(headers => { 'X-User' => 'ann' });
my $bob = $server->client(headers => { 'X-User' => 'bob' });
my $nobody = $server->client;


sub post {
    my ($client, $code, %fields) = @_;

    my $res = $client->post('/execute', { code => $code, %fields });
    is($res->{code}, 202, 'accepted') or diag($res->text);

    return $res->json->{job_id};
}


subtest 'somebody else\'s job does not exist' => sub {
    my $id = post($ann, 'print("secret")');
    data_like($ann->finished($id), { result => { stdout => "secret\n" } },
              'its owner sees it');

    my $none = '00000000-0000-4000-8000-000000000000';

    for ([$bob, 'another'], [$nobody, 'nobody']) {
        my ($client, $who) = @$_;

        for my $method (qw( GET DELETE )) {
            my $res = $client->request($method => "/execute/jobs/$id");
            my $absent = $client->request($method => "/execute/jobs/$none");

            is($res->{code}, 404, "$who: $method");
            is($res->{body} =~ s/\Q$id\E/ID/gr,
               $absent->{body} =~ s/\Q$none\E/ID/gr,
               'and it looks like one that never was');
        }

        is($client->get("/execute/jobs/$id?wait=1")->{code}, 404,
           "$who: a wait");
    }

    is($ann->get("/execute/jobs/$id")->{code}, 200, 'it is still there');
};


subtest 'nor can it be stopped' => sub {
    my $id = post($ann, "while True:\n    pass");

    ok(wait_for(sub {
        $ann->get("/execute/jobs/$id")->json->{status} eq 'running'
    }), 'it runs');

    is($bob->delete("/execute/jobs/$id")->{code}, 404, 'another');
    is($nobody->delete("/execute/jobs/$id")->{code}, 404, 'nobody');
    is($ann->get("/execute/jobs/$id")->json->{status}, 'running',
       'it still runs');

    $ann->delete("/execute/jobs/$id");
    data_like($ann->finished($id), { status => 'cancelled' },
              'its owner stops it');
};


subtest 'nobody\'s jobs are anybody\'s without a user' => sub {
    my $id = post($nobody, 'print(1)');

    is($nobody->get("/execute/jobs/$id")->{code}, 200, 'seen');
    is($ann->get("/execute/jobs/$id")->{code}, 404, 'not by somebody');
};


# Ann's hundred fill every slot and the queue; the first of Bob's must not
# wait for all of them, only for its turn.

subtest 'turns' => sub {
    my $code = "import time\ntime.sleep(0.2)\nprint(1)";

    my @ann = $ann->all([map { [POST => '/execute', { code => $code }] }
                         1 .. 120], clients => 20);
    is(scalar(grep { $_->{code} != 202 } @ann), 0, 'Ann\'s are accepted');

    my $first = post($bob, $code);
    my $job = $bob->finished($first);
    data_like($job, { status => 'completed' }, 'Bob\'s ended');

    my @jobs = map { $ann->finished($_->json->{job_id}) } @ann;
    is(scalar(grep { $_->{status} ne 'completed' } @jobs), 0,
       'Ann\'s ended, too');

    my $later = grep { $_->{completed_at} gt $job->{completed_at} } @jobs;
    cmp_ok($later, '>', 120 / 4, 'before the last quarter of Ann\'s')
        or diag("$later of Ann's ended after it");
    note("$later of 120 ended after it");
};

$server->finish;
done_testing();
