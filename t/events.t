# Server-sent events of a job: live, from any worker, from any point, to who
# reads slowly and over HTTP/2.

use strict;
use warnings;

use lib 't/lib';
use IO::Poll qw( POLLIN );
use IO::Socket::INET;
use Socket qw( SOL_SOCKET SO_RCVBUF );
use Test::More;

use CodeRemote::Data qw( data_like );
use CodeRemote::Events;
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

my $T = $JSON::PP::true;
my $none = '00000000-0000-4000-8000-000000000000';

my ($features) = `curl --version 2>/dev/null` =~ /^Features:(.*)/m;
my $curl2 = ($features // '') =~ /\bHTTP2\b/;
my $port2 = CodeRemote::Env::free_port();
my $locations = CodeRemote::Env::locations();

# a small buffer, so that what a client does not read stays with nginx
my $server = CodeRemote::Server->new(workers => 4, listen => 'sndbuf=16k',
    server => 'coderemote_user $http_x_user;', http => <<"_EOC_")->start;
server {
    listen 127.0.0.1:$port2 http2;
$locations
}
_EOC_

my $client = $server->client;


sub post {
    my ($code, %fields) = @_;

    my $res = $client->post('/execute', { code => $code, %fields });
    is($res->{code}, 202, 'accepted') or diag($res->text);

    return $res->json->{job_id};
}


sub follow {
    my ($id, $from) = @_;

    return CodeRemote::Events->new($client, "/execute/jobs/$id/events",
               defined $from ? { 'Last-Event-ID' => $from } : {});
}


sub kinds {
    return join ' ', map { $_->{event} } @_;
}


# A program that prints as soon as it may, and then runs until it is stopped.
my $waits = "print('first')\nimport time\ntime.sleep(60)\n";

# It is looked at when all else is done.
my $silent = follow(post($waits, timeout_seconds => 30));


subtest 'what runs is told as it happens' => sub {
    my $id = post($waits);
    my $es = follow($id);

    ok($es->until(sub { $_[0]->stdout eq "first\n" }), 'it is printed');
    ok(!$es->done, 'and the stream goes on');
    is($client->get("/execute/jobs/$id")->json->{status}, 'running',
       'while the job runs');

    $client->delete("/execute/jobs/$id");
    my @events = $es->finish;
    my $headers = $es->response->{headers};

    is($es->response->{code}, 200, 'the code');
    is($headers->{'content-type'}, 'text/event-stream', 'the type');
    is($headers->{'cache-control'}, 'no-store', 'nobody keeps it');
    is($headers->{'x-accel-buffering'}, 'no', 'no proxy collects it');

    like(kinds(@events),
         qr/^(?:job.status ){1,2}job.output job.result$/, 'the order');

    my @status = map { $_->{data}{status} }
                 grep { $_->{event} eq 'job.status' } @events;
    is($status[-1], 'running', 'it began before it wrote');

    data_like($events[-2], { id => 6, data => {
        type => 'job.output', job_id => $id, stream => 'stdout',
        data => "first\n", seq => 6 } }, 'the output');

    data_like($events[-1], { id => 'end', data => {
        type => 'job.result', job_id => $id, status => 'cancelled',
        result => { stdout => "first\n", error => 'the job was stopped' } } },
        'the result');

    is_deeply($events[-1]{data}{result},
              $client->get("/execute/jobs/$id")->json->{result},
              'is that of GET');
};


subtest 'a job that was done before' => sub {
    my $id = post("import sys\nprint('out')\nprint('err', file=sys.stderr)\n",
                  language => 'python-open');
    $client->finished($id);

    my @events = follow($id)->finish;

    is(kinds(@events), 'job.status job.output job.output job.result',
       'the same events');
    is(CodeRemote::Events::text('stdout', @events), "out\n", 'stdout');
    is(CodeRemote::Events::text('stderr', @events), "err\n", 'stderr');
    is($events[0]{data}{timestamp},
       $client->get("/execute/jobs/$id")->json->{started_at},
       'when it began');
    is($events[0]{id}, undef, 'a status is no place to come back to');
};


my $talk = <<'_EOC_';
import sys, time
for i in range(40):
    print('line', i, '\u20ac', flush=True)
    time.sleep(0.01)
    print('error', i, '\U0001f600', file=sys.stderr, flush=True)
    time.sleep(0.01)
_EOC_

subtest 'who comes again is told the rest, from any worker' => sub {
    my $id = post($talk, language => 'python-open');
    my @all = follow($id)->finish;
    my @output = grep { $_->{event} eq 'job.output' } @all;
    my %whole = map { $_ => CodeRemote::Events::text($_, @all) }
                qw( stdout stderr );
    my $job = $client->get("/execute/jobs/$id")->json;

    is($whole{stdout}, $job->{result}{stdout}, 'stdout is whole');
    is($whole{stderr}, $job->{result}{stderr}, 'stderr is whole');
    cmp_ok(scalar @output, '>', 20, 'in many events');

    my @again = map { follow($id, $_->{id}) } @output;
    ok($client->drive(sub { !grep { !$_->done } @again }), 'all of them end');

    my (@bad, %workers);

    for my $i (0 .. $#output) {
        my @rest = $again[$i]->events;
        $workers{ $again[$i]->response->{headers}{'x-worker'} } = 1;

        for my $stream (qw( stdout stderr )) {
            my $text = CodeRemote::Events::text($stream, @output[0 .. $i])
                       . CodeRemote::Events::text($stream, @rest);
            push @bad, "$output[$i]{id} $stream" if $text ne $whole{$stream};
        }

        push @bad, "$output[$i]{id} end" if $rest[-1]{event} ne 'job.result';
    }

    is_deeply(\@bad, [], 'each from its place');
    cmp_ok(scalar keys %workers, '>', 1, 'through several workers');

    my $last = $output[-1]{id};

    is(kinds(CodeRemote::Events::parse(
           $client->get("/execute/jobs/$id/events?seq=$last")->{body})),
       'job.status job.result', 'the place may stand in the address');
    is(CodeRemote::Events::text('stdout', CodeRemote::Events::parse(
           $client->get("/execute/jobs/$id/events?seq=0")->{body})),
       $whole{stdout}, 'that of the beginning, too');
    is(kinds(CodeRemote::Events->new($client,
           "/execute/jobs/$id/events?seq=0", { 'Last-Event-ID' => $last })
           ->finish), 'job.status job.result', 'the header is newer');
};


subtest 'from every worker while it runs' => sub {
    my $id = post("import time\nfor i in range(30):\n    print(i)\n"
                  . "    time.sleep(0.05)\n");
    my @es = map { follow($id) } 1 .. 24;

    ok($client->drive(sub { !grep { !$_->done } @es }), 'all of them end');

    my $whole = join '', map { "$_\n" } 0 .. 29;
    my %workers = map { $_->response->{headers}{'x-worker'} => 1 } @es;

    is(scalar(grep { $_->stdout ne $whole } @es), 0, 'each has all of it');
    is(scalar(grep { ($_->events)[-1]{event} ne 'job.result' } @es), 0,
       'and the result');
    cmp_ok(scalar keys %workers, '>', 1, 'through several workers');

    my ($most) = sort { $b <=> $a } map { scalar($_->events) } @es;
    cmp_ok($most, '>', 10, 'piece by piece');
};


subtest 'what is answered without a stream' => sub {
    my $id = post('print(1)');
    $client->finished($id);
    my $path = "/execute/jobs/$id/events";

    is($client->get($path, undef, { 'Last-Event-ID' => 'end' })->{code}, 204,
       'after the end there is nothing more');
    is($client->get("$path?seq=end")->{code}, 204, 'likewise');

    for my $bad (qw( x -1 1.5 99999999999999999999 ), '') {
        my $res = $client->get("$path?seq=$bad");
        is($res->{code}, 400, "no place: '$bad'");
        like($res->json->{detail}, qr/"id"/, 'what to do');
    }

    my $absent = $client->get("/execute/jobs/$none/events");
    is($absent->{code}, 404, 'there is no such job');
    is($client->get('/execute/jobs/x/events')->{code}, 404, 'nor such an id');
    is($client->get("$path/")->{code}, 404, 'nor anything below it');
    is($client->get("/execute/jobs/$id/event")->{code}, 404, 'nor beside it');

    my $other = $client->get($path, undef, { 'X-User' => 'bob' });
    is($other->{code}, 404, 'somebody else');
    is($other->{body} =~ s/\Q$id\E/ID/gr,
       $absent->{body} =~ s/\Q$none\E/ID/gr, 'is told the same');

    my $head = $client->request(HEAD => $path);
    ok($head->{code} == 200 && $head->{body} eq '', 'HEAD')
        or diag($head->text);
    is($head->{headers}{'content-type'}, 'text/event-stream', 'its type');

    for my $method (qw( POST DELETE PUT )) {
        my $res = $client->request($method => $path);
        is($res->{code}, 405, $method);
        is($res->{headers}{allow}, 'GET, HEAD', 'what is allowed');
    }

    is($client->get("/execute/jobs/$id")->{code}, 200, 'nothing has happened');
};


subtest 'HTTP/1.0' => sub {
    my $id = post($talk, language => 'python-open');
    my $r = $client->start_raw("GET /execute/jobs/$id/events HTTP/1.0\r\n"
                               . "Host: localhost\r\n\r\n");

    ok($client->drive(sub { $r->{done} }), 'it ends');
    is($r->{headers}{'transfer-encoding'}, undef, 'without chunks');
    is(CodeRemote::Events::text('stdout',
                                CodeRemote::Events::parse($r->{body})),
       $client->finished($id)->{result}{stdout}, 'the output');
};


subtest 'characters are whole' => sub {
    my $id = post(<<'_EOC_', language => 'python-open');
import os, time
for stream, text in (1, '\u20ac\U0001f600\xe9'), (2, '\xe9\u20ac'):
    for byte in text.encode():
        os.write(stream, bytes([byte]))
        time.sleep(0.05)
os.write(1, b'\xe2\x82')
_EOC_

    my $es = follow($id);
    my @events = $es->finish;
    my @data = map { $_->{data}{data} } grep { $_->{event} eq 'job.output' }
               @events;

    is(CodeRemote::Events::text('stdout', @events),
       "\x{20ac}\x{1f600}\x{e9}\x{fffd}", 'stdout');
    is(CodeRemote::Events::text('stderr', @events), "\x{e9}\x{20ac}",
       'stderr');
    is(scalar(grep { $_ eq '' } @data), 0, 'no event is empty');
    is($events[-2]{id}, 16, 'bytes are counted');
    is($events[-1]{data}{result}{stdout},
       CodeRemote::Events::text('stdout', @events), 'as in the result');
};


# A stream whose client does not read, until it does.

sub pause {
    my ($es) = @_;

    my $r = $es->response;

    # the request itself has to leave
    $client->drive(sub { !length $r->{out} });
    $client->{poll}->mask($r->{sock} => 0);
}


sub go_on {
    my ($es) = @_;

    $client->{poll}->mask($es->response->{sock} => POLLIN);
}


my $megabyte = "for i in range(20000):\n    print('%050d' % i)\n";
my $printed = join '', map { sprintf "%050d\n", $_ } 0 .. 19999;

subtest 'who does not read costs nobody anything' => sub {
    my $id = post($megabyte);
    my $before = CodeRemote::Procs::rss($server->workers);
    my @es = map { follow($id) } 1 .. 12;

    pause($_) for @es;
    is($client->finished($id)->{status}, 'completed', 'the job is not slowed');

    # so that each stream has got as far as it can
    is($client->run('print(1)')->{status}, 'completed', 'nor is another')
        for 1 .. 20;

    my $more = CodeRemote::Procs::rss($server->workers) - $before;
    note("$more bytes more for 12 streams of a megabyte");

    SKIP: {
        skip 'valgrind keeps what is freed', 1 if CodeRemote::Env::valgrind();

        cmp_ok($more, '<', 12 * 300 * 1024, 'what is unsent is bounded');
    }

    go_on($_) for @es;
    ok($client->drive(sub { !grep { !$_->done } @es }, 30), 'they end');
    is(scalar(grep { $_->stdout ne $printed } @es), 0,
       'all of it came to each');

    my $result = ($es[0]->events)[-1]{data}{result};
    ok(!defined $result->{stdout} && $result->{success},
       'a long output is not told again')
        or diag(explain($result));
};


subtest 'a job that is forgotten meanwhile' => sub {
    my $id = post($megabyte);
    my $es = follow($id);

    pause($es);
    $client->finished($id);
    is($client->delete("/execute/jobs/$id")->{code}, 204, 'it is forgotten');
    go_on($es);

    my @events = $es->finish;
    ok($es->done, 'the stream ends');
    is(scalar(grep { $_->{event} eq 'job.result' } @events), 0,
       'without a result');
    is($client->get("/execute/jobs/$id/events", undef,
                    { 'Last-Event-ID' => $events[-1]{id} })->{code},
       404, 'and cannot be had again');
};


subtest 'a client that leaves' => sub {
    my $id = post("import time\nprint(1)\ntime.sleep(1)\nprint(2)\n");
    my @es = map { follow($id) } 1 .. 8;

    ok($_->until(sub { $_[0]->stdout eq "1\n" }), 'it is told') for @es;
    $client->abort($_->response) for @es[0 .. 6];

    is($es[7]->finish && $es[7]->stdout, "1\n2\n", 'the others go on');
    is($client->finished($id)->{status}, 'completed', 'as does the job');
};


subtest 'HTTP/2' => sub {
    plan skip_all => 'there is no curl that speaks HTTP/2' if !$curl2;

    my $id = post($talk, language => 'python-open');
    my $curl = 'curl -sN --http2-prior-knowledge';
    my $url = "http://127.0.0.1:$port2/execute/jobs";
    my @events = CodeRemote::Events::parse(scalar `$curl $url/$id/events`);

    is(CodeRemote::Events::text('stdout', @events),
       $client->finished($id)->{result}{stdout}, 'stdout');
    is($events[-1]{event}, 'job.result', 'and the end');

    # a window smaller than the output
    $id = post($megabyte);
    @events = CodeRemote::Events::parse(
                  scalar `$curl --limit-rate 3m $url/$id/events`);
    ok(CodeRemote::Events::text('stdout', @events) eq $printed, 'a megabyte');
};


subtest 'a silent stream says that it is there' => sub {
    ok($silent->until(sub { ($_[0]->body // '') =~ /^:$/m }, 30), 'it does');
    is($silent->stdout, "first\n", 'nothing else came');
    $client->abort($silent->response);
};


subtest 'a reload' => sub {
    my @old = $server->workers;
    my $id = post("import time\nfor i in range(30):\n    print(i)\n"
                  . "    time.sleep(0.1)\n");
    my @es = map { follow($id) } 1 .. 12;

    ok($_->until(sub { length $_[0]->stdout }), 'it is told') for @es;
    ok($server->reload, 'reloaded');
    is(scalar(grep { $_->done } @es), 0, 'they go on');

    push @es, map { follow($id) } 1 .. 8;
    ok($client->drive(sub { !grep { !$_->done } @es }), 'until the job ends');

    my $whole = join '', map { "$_\n" } 0 .. 29;
    is(scalar(grep { $_->stdout ne $whole } @es), 0, 'each has all of it');
    is(scalar(grep { ($_->events)[-1]{event} ne 'job.result' } @es), 0,
       'and the result');

    ok(wait_for(sub {
        return !grep { CodeRemote::Procs::alive($_) } @old;
    }, 40), 'the old workers leave');
};


$server->finish;


subtest 'a client that does not read is lost while its job goes on' => sub {
    my $s = CodeRemote::Server->new(workers => 1, listen => 'sndbuf=16k',
                                    server => 'send_timeout 1s;')->start;

    # it goes on to write, so that there is always news
    my $res = $s->client->post('/execute', { code =>
        "import time\nprint('x' * 500000)\n"
        . "while True:\n    print('y')\n    time.sleep(0.1)\n" });
    my $path = '/execute/jobs/' . $res->json->{job_id};

    my $sock = IO::Socket::INET->new(Proto => 'tcp', PeerAddr => '127.0.0.1',
                                     PeerPort => $s->{port},
                                     Sockopts => [[SOL_SOCKET, SO_RCVBUF,
                                                   4096]])
        or die "connect: $!\n";

    print $sock "GET $path/events HTTP/1.1\r\nHost: localhost\r\n\r\n";

    ok(wait_for(sub {
        return $s->error_log =~ /the client did not take the events/;
    }, 5), 'it is lost');
    is($s->client->get($path)->json->{status}, 'running', 'the job runs');

    $s->client->delete($path);
    $s->finish(undef, 'a client that did not read');
};

done_testing();
