# Jobs belong to whom a token or coderemote_user names: for others they are not
# there, on no route and in no state, and others take turns with them.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Data qw( data_like );
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;
use CodeRemote::Token;
use CodeRemote::WebSocket;

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


# From here on with tokens, and everything that can be asked about a job.

my $secret = 'a secret of this test, and longer than 32 bytes';
my $key = CodeRemote::Env::run_dir() . '/secret.key';

open my $out, '>', $key or die "$key: $!\n";
print $out $secret;
close $out;

my $guarded = CodeRemote::Server->new(
    workers => 2,
    server => "coderemote_jwt x; coderemote_jwt_key_file $key;",
    locations => CodeRemote::Env::locations()
        =~ s/(coderemote_health;)/$1 coderemote_jwt off;/r,
)->start;

my %bearer = map {
    $_ => { Authorization => 'Bearer '
            . CodeRemote::Token::make({ sub => $_ }, secret => $secret) }
} qw( ann bob );

my %user = map { $_ => $guarded->client(headers => $bearer{$_}) } keys %bearer;


sub connect_ws {
    my ($who) = @_;

    return CodeRemote::WebSocket->new(port => $guarded->{port},
                                      headers => $bearer{$who});
}


# Two connections of Bob's, of two workers: names begin with the worker's.

my @bob = (connect_ws('bob'));

for (1 .. 200) {
    push @bob, connect_ws('bob');
    last if substr($bob[0]->name, 0, 10) ne substr($bob[1]->name, 0, 10);
    (pop @bob)->close;
}


sub never_was {
    my @hex = map { sprintf '%04x', int rand 0x10000 } 1 .. 8;

    return "$hex[0]$hex[1]-$hex[2]-4" . substr($hex[3], 1)
           . '-a' . substr($hex[4], 1) . "-$hex[5]$hex[6]$hex[7]";
}


# All that there is to say about a job: method, what follows its address, and
# more.  Nothing of it may wait.

my @http = (
    [GET => ''], [GET => '?wait=0.1'], [GET => '?wait=true'], [HEAD => ''],
    [GET => '', { Prefer => 'wait=1' }], [DELETE => ''],
    [GET => '/events'], [GET => '/events?seq=3'],
    [GET => '/events', { 'Last-Event-ID' => 'end' }], [HEAD => '/events'],
    [DELETE => '/events'], [PUT => ''], [POST => ''], [OPTIONS => ''],
);

my @ws = (
    { action => 'subscribe' }, { action => 'subscribe', seq => 3 },
    { action => 'unsubscribe' }, { action => 'cancel' },
    { action => 'stdin', data => "from Bob\n" },
    { action => 'stdin', eof => JSON::PP::true },
);


# An answer of HTTP, all of it but the time and the worker.

sub answer {
    my ($id, $method, $rest, $headers) = @_;
    my $r = $user{bob}->start($method => "/execute/jobs/$id$rest", undef,
                              $headers);

    $user{bob}->drive(sub { $r->{done} });

    my $fields = $r->{fields} || {};
    my $text = join "\n", $r->{code}, (map { "$_: @{ $fields->{$_} }" }
                                       grep { !/^(?:date|x-worker)$/ }
                                       sort keys %$fields), $r->{body};

    return ($text =~ s/\Q$id\E/ID/gr, $r->{headers}{'x-worker'} // 0);
}


# The same from both workers, as far as they can be had.

sub answers {
    my (@request) = @_;
    my %by;

    for (1 .. 40) {
        my ($text, $worker) = answer(@request);
        $by{$worker} = $text;
        return \%by if keys %by == 2;
    }

    return \%by;
}


sub told {
    my ($ws, $id, $message) = @_;

    $ws->say(%$message, job_id => $id, request_id => 'q');

    my $m = $ws->want('error|unsubscribed|job\..*');

    return CodeRemote::Client->encode($m // {}) =~ s/\Q$id\E/ID/gr
           =~ s/"seen":1,?//r;
}


sub hidden {
    my ($id, $state) = @_;
    my $none = never_was();
    my ($n, $workers, @bad) = (0, 0);

    for my $request (@http) {
        my $got = answers($id, @$request);
        my $want = answers($none, @$request);
        my %texts = map { $_ => 1 } values %$got, values %$want;

        $n++;
        $workers = keys %$got if keys %$got > $workers;
        push @bad, [@$request[0, 1], keys %texts] if keys %texts != 1;
    }

    for my $ws (@bob) {
        for my $message (@ws) {
            my ($got, $want) = map { told($ws, $_, $message) } $id, $none;

            $n++;
            push @bad, [$message->{action}, $got, $want] if $got ne $want;
        }
    }

    is_deeply(\@bad, [], "$state: $n answers are those for none");
    is($workers, 2, 'of both workers') if CodeRemote::Env::workers() > 1;
}


subtest 'on no route, in no state' => sub {
    my $ann = $user{ann};
    my $watch = connect_ws('ann');
    my $echo = "while True:\n    print('Ann', input())\n";

    my $id = $watch->execute(code => $echo);
    ok($watch->want('job.status', $id), 'one runs');
    hidden($id, 'running');

    $watch->say(action => 'stdin', job_id => $id, data => "said\n",
                eof => JSON::PP::true);
    my $result = $watch->result($id);
    is($watch->output($id), "Ann said\n", 'it heard its owner alone');
    is($result->{result}{error_type}, 'EOFError', 'it ended by itself');
    hidden($id, 'failed');

    my $posted = $ann->post('/execute?wait=true', { code => 'print("mine")' });
    my $path = '/execute/jobs/' . $posted->json->{job_id};
    hidden($posted->json->{job_id}, 'completed');
    is($ann->get($path)->{code}, 200, 'its owner still has it');
    is($ann->get("$path/events")->{code}, 200, 'and its events');
    is($ann->delete($path)->{code}, 204, 'and forgets it');
    hidden($posted->json->{job_id}, 'forgotten');

    $id = $ann->post('/execute', { code => 'while True: pass' })
              ->json->{job_id};
    $ann->delete("/execute/jobs/$id");
    is($ann->get("/execute/jobs/$id?wait=true")->json->{status}, 'cancelled',
       'one is cancelled');
    hidden($id, 'cancelled');
};


# A cell each for as many users as there are cells: what comes then waits.

subtest 'nor while it waits' => sub {
    my ($python) = grep { $_->{name} eq 'python' }
        @{ $user{ann}->get('/health')->json->{sandbox}{profiles} };
    my @cells;

    for my $i (1 .. $python->{slots}) {
        my $token = CodeRemote::Token::make({ sub => "user $i" },
                                            secret => $secret);
        my $client = $guarded->client(headers => {
            Authorization => "Bearer $token" });
        push @cells, [$client, $client->post('/execute', {
            code => "import time\ntime.sleep(60)" })->json->{job_id}];
    }

    my $id = $user{ann}->post('/execute', { code => 'print(1)' })
                       ->json->{job_id};
    hidden($id, 'queued');

    $_->[0]->delete("/execute/jobs/$_->[1]") for @cells;
    is($user{ann}->get("/execute/jobs/$id?wait=true")->json->{status},
       'completed', 'it runs, once it may');
};


subtest 'nor reports to another\'s connection' => sub {
    my $mine = connect_ws('ann');
    my $code = 'print("Bob\'s")';
    my @res;

    # never: as long, and of no worker's connection
    for my $name ($mine->name, substr($mine->name, 0, 10) . '0' x 22) {
        my $res = $user{bob}->post('/execute', { code => $code,
                                                 connection_id => $name });
        is($res->{code}, 202, 'accepted');
        is($user{bob}->get('/execute/jobs/' . $res->json->{job_id}
                           . '?wait=true')->json->{status}, 'completed',
           'and run');
        push @res, join ' ', sort keys %{ $res->{fields} },
                                  keys %{ $res->json };
        ok($mine->settle, 'the connection lives');
        is_deeply([$mine->of($res->json->{job_id})], [],
                  'and is told nothing');
    }

    is($res[0], $res[1], 'one answer for both');
};


# Each bit that is not fixed is drawn anew: of 400 none is far from the half.

subtest 'ids cannot be guessed' => sub {
    my $odd = sub {
        my ($fixed, @hex) = @_;
        my (@count, %seen);

        for my $hex (@hex) {
            my @bits = split //, unpack 'B*', pack 'H*', $hex;
            $count[$_] += $bits[$_] for 0 .. $#bits;
            $seen{$hex}++;
        }

        is(scalar keys %seen, scalar @hex, 'all are different');
        my $half = @hex / 2;
        my $far = 6 * sqrt(@hex) / 2;
        return [grep { !$fixed->($_) && abs($count[$_] - $half) > $far }
                0 .. $#count];
    };

    my @res = $user{ann}->all([map { [POST => '/execute', { code => '1' }] }
                               1 .. 400], clients => 10);
    my @ids = map { $_->json->{job_id} =~ tr/-//dr } @res;

    is(scalar(grep { !/^.{12}4.{3}[89ab]/ } @ids), 0, 'version 4 of RFC 9562');
    is_deeply($odd->(sub { ($_[0] >= 48 && $_[0] < 52) || $_[0] == 64
                           || $_[0] == 65 }, @ids),
              [], 'all 122 bits of a job\'s');

    my @names;

    for (1 .. 100) {
        my $ws = connect_ws('ann');
        push @names, substr $ws->name, 10;
        $ws->close;
    }

    is_deeply($odd->(sub { 0 }, @names), [], 'all 88 of a connection\'s');

    ok(wait_for(sub {
        return !$user{ann}->get('/health')->json->{jobs}{accepted};
    }), 'all have ended');
};

$_->close for @bob;
$guarded->finish;
done_testing();
