# conf/njs.conf as it is shipped: njs and the handlers as subrequests.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use Digest::SHA qw( sha256_hex );
use JSON::PP ();

use CodeRemote::Env;
use CodeRemote::Example;
use CodeRemote::Origin;
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Token;

my @missing = CodeRemote::Example::missing('conf/njs.conf');

plan skip_all => "not installed: @missing" if @missing;

my $json = JSON::PP->new->utf8;
my $dir = CodeRemote::Env::run_dir();
my $secret = 'a secret of this test, and longer than 32 bytes';

open my $out, '>', "$dir/secret.key" or die;
print $out $secret;
close $out;

my $origin = CodeRemote::Origin->start(sub {
    my ($sock) = @_;

    print $sock "HTTP/1.1 204 Good\r\nContent-Length: 0\r\n\r\n";
    return 0;
});

my $server = CodeRemote::Example::server('conf/njs.conf',
    '8090' => $origin->{port},
    'location = /policy {' => <<"_EOC_")->start;
        location /jwt {
            coderemote_jwt x;
            coderemote_jwt_key_file $dir/secret.key;
            auth_request /policy;
            js_content coderemote.run;
            set \$webhook http://127.0.0.1:$origin->{port}/jobs;
        }
        location = /policy {
_EOC_

my $guest = $server->client;
my $ann = $server->client(headers => { 'X-User' => 'ann' });
my $mallory = $server->client(headers => { 'X-User' => 'mallory' });


sub log_of {
    my ($id) = @_;

    my $line;

    wait_for(sub {
        ($line) = grep { $_->{job_id} eq $id } map { $json->decode($_) }
                  grep { /^\{/ } split /\n/, $server->access_log;
        return $line;
    });

    return $line // {};
}


subtest 'a policy for each user' => sub {
    is($mallory->post('/execute', { code => 'print(1)' })->{code}, 403,
       'one who may not');
    is($ann->run('print(1)')->{result}{stdout}, "1\n", 'one who may');
};


subtest 'limits that a function tells' => sub {
    my $sleep = { code => "import time\ntime.sleep(600)" };

    is($guest->post('/execute?wait=true', $sleep)->json
       ->{result}{error_type}, 'TimeoutError', 'a guest has little time');

    my $res = $ann->post('/execute?wait=2.5', $sleep);
    is($res->{code}, 202, 'one with a name has more');
    like($ann->delete('/execute/jobs/' . $res->json->{job_id})->{code},
         qr/^20[02]$/, 'until it is stopped');
};


subtest 'the log' => sub {
    my $l = log_of($ann->run('print(2)')->{job_id});

    is($l->{user}, substr(sha256_hex('ann'), 0, 12), 'has no name');
    is($l->{status}, 'completed', 'and all the rest');
};


subtest 'a program as it is' => sub {
    my $res = $ann->request(POST => '/run', "print('hi')",
                            { 'Content-Type' => 'text/x-python' });
    is($res->{code}, 200, 'ran');
    is($res->{body}, "hi\n", 'what it printed');
    is($res->{headers}{'x-job-status'}, 'completed', 'the job\'s status');
    is($res->{headers}{'content-type'}, 'text/plain; charset=utf-8', 'type');

    my $id = $res->{headers}{'x-job-id'};
    is(log_of($id)->{status}, 'completed', 'the log knows of the subrequest');
    ok(wait_for(sub { $origin->heard =~ /"job_id":"$id"/ }), 'the webhook');

    $res = $ann->request(POST => '/run', "print('\\0' * 1000000)");
    is(length $res->{body}, 1000001, 'a long answer');

    $res = $ann->request(POST => '/run', '');
    is($res->{code}, 422, 'none');
    like($res->{body}, qr/^The request cannot be run/, 'says so');

    is($mallory->request(POST => '/run', 'print(1)')->{code}, 403,
       'one who may not');

    my @res = $ann->all([map { [POST => '/run', "print($_)"] } 1 .. 40]);
    is_deeply([map { $_->{body} } @res], [map { "$_\n" } 1 .. 40],
              'forty at once');
};


subtest 'a webhook that is away' => sub {
    $origin->stop;

    my $res = $ann->request(POST => '/run', 'print(3)');
    is($res->{body}, "3\n", 'costs no answer');
    ok(wait_for(sub { $server->error_log =~ /the webhook was not told/ }, 10),
       'is logged');
};


subtest 'tokens' => sub {
    my $as = sub {
        my $token = CodeRemote::Token::make({ sub => $_[0] },
                                            secret => $secret);
        return $guest->request(POST => '/jwt', 'print(4)',
                               { Authorization => "Bearer $token" });
    };

    is($guest->request(POST => '/jwt', 'print(4)')->{code}, 401, 'none');
    is($as->('mallory')->{code}, 403, 'the policy knows the user');

    my $res = $as->('zoe');
    is($res->{body}, "4\n", 'who may');
    is(log_of($res->{headers}{'x-job-id'})->{user},
       substr(sha256_hex('zoe'), 0, 12), 'and the log, too');
};

$server->finish;
done_testing();
