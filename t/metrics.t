# GET /metrics: each number moves when what it counts happens, and no other
# does; and Prometheus' own tool accepts the whole.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use MIME::Base64 qw( encode_base64url );

use CodeRemote::Events;
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;
use CodeRemote::Token;
use CodeRemote::WebSocket;

my $key = CodeRemote::Env::run_dir() . '/metrics.json';
my $secret = 'k' x 32;

open my $out, '>', $key or die "$key: $!\n";
print $out '{"keys":[{"kty":"oct","alg":"HS256","k":"'
           . encode_base64url($secret) . '"}]}';
close $out;

my $server = CodeRemote::Server->new(
    workers => 2,
    http => 'coderemote_queue 4;',
    expected => [qr/exited on signal 9/, qr/the sandbox/],
    locations => CodeRemote::Env::locations() . <<"_EOC_")->start;

        location = /metrics {
            coderemote_metrics;
        }

        location /analyze {
            coderemote_analyze;
        }

        location /limited {
            coderemote_execute;
            coderemote_limit_running 1;
        }

        location /signed {
            coderemote_execute;
            coderemote_jwt on;
            coderemote_jwt_key_file $key;
        }
_EOC_

my $client = $server->client;
my ($seen, %types);


# All series, and each family's type.

sub metrics {
    my $res = $client->get('/metrics');
    my %value;

    die $res->text if $res->{code} != 200;

    for (split /\n/, $res->{body}) {
        if (/^# TYPE (\S+) (\S+)$/) {
            $types{$1} = $2;
            next;
        }

        next if /^# HELP \S+ \S/;

        /^([a-z_]+(?:\{[^{}]*\})?) (-?[0-9.]+)$/ or die "what is '$_'?\n";
        die "$1 is there twice\n" if exists $value{"$1"};
        $value{"$1"} = $2;
    }

    return \%value;
}


# What has changed since the last time, but for what moves by itself.

sub changes {
    my $now = metrics();
    my %change = map { $_ => $now->{$_} - ($seen->{$_} // 0) }
                 grep { $now->{$_} != ($seen->{$_} // 0) } keys %$now;

    $seen = $now;

    return \%change;
}


# Waits until every counter that is named has moved by so much, and tells as a
# test whether these alone did.  Gauges of the moment and times are left out.

sub moved {
    my ($name, %want) = @_;

    my %sum;

    my $done = wait_for(sub {
        my $change = changes();

        for (keys %$change) {
            next if /^coderemote_(jobs_kept|jobs_unfinished|profile_|websockets
                                  |event_streams|build|sandbox_up)/x
                    || /_seconds_(bucket|sum)|cpu_seconds/;
            s/^coderemote_//;
            $sum{$_} += $change->{"coderemote_$_"};
        }

        return !grep { ($sum{$_} // 0) < $want{$_} } keys %want;
    }, 20);

    ok($done, $name);
    is_deeply(\%sum, \%want, "$name: these alone");
}


# The series of one job.

sub job {
    my ($outcome, %more) = @_;

    my $runtime = delete $more{runtime} // 'python';
    my $user = delete $more{user} // 'anonymous';

    return ("jobs_total{runtime=\"$runtime\",outcome=\"$outcome\","
            . "user=\"$user\"}" => 1,
            (map { ("job_$_" . "seconds_count{runtime=\"$runtime\"}" => 1) }
                 'wait_', 'run_', ''),
            %more);
}


sub run {
    my ($fields, $path, $headers) = @_;

    return $client->post(($path // '/execute') . '?wait=true', $fields,
                         $headers);
}


$seen = metrics();

# --- jobs, by how they end

run({ code => 'print(1)' });
moved('a job', job('completed',
      'output_bytes_total{runtime="python",stream="stdout"}' => 2));

run({ code => '1/0' });
my $text = $seen->{'coderemote_output_bytes_total{runtime="python",'
                   . 'stream="stderr"}'};
changes();
cmp_ok($seen->{'coderemote_output_bytes_total{runtime="python",'
               . 'stream="stderr"}'}, '>', $text, 'bytes of stderr');
is($seen->{'coderemote_jobs_total{runtime="python",outcome="failed",'
           . 'user="anonymous"}'}, 1, 'a job that failed');

run({ code => 'while True: pass', timeout_seconds => 0.2 });
moved('a time-out', job('timeout'));

run({ code => "import ctypes\nctypes.string_at(0)",
      language => 'python-open' });
is(changes()->{'coderemote_jobs_total{runtime="python-open",'
               . 'outcome="signal",user="anonymous"}'}, 1, 'a signal');

run({ code => "b = b'x' * (1 << 20)\nl = []\nwhile True: l.append(b * 8)",
      language => 'python-open', memory_limit_mb => 32 });
my $memory = changes();
is(($memory->{'coderemote_jobs_total{runtime="python-open",'
              . 'outcome="memory",user="anonymous"}'} // 0)
   + ($memory->{'coderemote_jobs_total{runtime="python-open",'
                . 'outcome="failed",user="anonymous"}'} // 0), 1,
   'one that needs too much memory');

my $id = $client->post('/execute', { code => "while True:\n    pass" })
                ->json->{job_id};
ok(wait_for(sub { metrics()->{'coderemote_profile_running{runtime="python"}'}
                  == 1 }, 20), 'a job that runs is told');
is(metrics()->{coderemote_jobs_unfinished}, 1, '... and is unfinished');
$client->delete("/execute/jobs/$id");
moved('a cancelled one', job('cancelled'));

# --- refusals

run({ code => '' });
moved('a wrong field', 'rejections_total{reason="fields"}' => 1);

my @ids = map { $client->post('/execute', { code => "while True:\n    pass" })
                       ->json->{job_id} } 1 .. 4;
is($client->post('/execute', { code => '1' })->{code}, 429, 'the queue is full');
is(changes()->{'coderemote_rejections_total{reason="queue"}'}, 1,
   '... and it is counted');
$client->delete("/execute/jobs/$_") for @ids;
ok(wait_for(sub { metrics()->{coderemote_jobs_unfinished} == 0 }, 20),
   'they are gone');

$id = $client->post('/limited', { code => "while True:\n    pass" })
             ->json->{job_id};
is($client->post('/limited', { code => '1' })->{code}, 429, 'a limit');
is(changes()->{'coderemote_rejections_total{reason="policy"}'}, 1,
   '... is counted');
$client->delete("/limited/jobs/$id");
ok(wait_for(sub { metrics()->{coderemote_jobs_unfinished} == 0 }, 20),
   'it is gone');
changes();

# --- tokens

my $token = CodeRemote::Token::make({ sub => 'ann' }, secret => $secret);

sub signed {
    my ($token) = @_;

    return run({ code => '1' }, '/signed',
               defined $token ? { Authorization => "Bearer $token" } : {});
}

signed();
moved('no token', 'tokens_total{outcome="missing"}' => 1);

signed('x.y.z');
moved('a token that is none', 'tokens_total{outcome="invalid"}' => 1);

is(signed($token)->{code}, 200, 'a good token')
    or diag(signed($token)->text);
my $change = changes();
is($change->{'coderemote_tokens_total{outcome="good"}'}, 1, '... is counted');
is($change->{'coderemote_jobs_total{runtime="python",outcome="completed",'
             . 'user="known"}'}, 1, '... and its job as a known user\'s');

signed($token);
$change = changes();
is(($change->{'coderemote_tokens_total{outcome="seen"}'} // 0)
   + ($change->{'coderemote_tokens_total{outcome="good"}'} // 0), 1,
   'and again');

# --- analyses

$client->post('/analyze', { code => "for i in range(10):\n    print(i)" });
moved('an analysis', 'analyses_total{outcome="done"}' => 1);

# --- what is open

my $ws = CodeRemote::WebSocket->new(port => $server->{port});
ok(wait_for(sub { metrics()->{coderemote_websockets} == 1 }, 20),
   'a WebSocket is counted');
$ws->drop;
ok(wait_for(sub { metrics()->{coderemote_websockets} == 0 }, 20),
   '... until it is closed');

$id = $client->post('/execute', { code => "while True:\n    pass" })
             ->json->{job_id};
my $es = CodeRemote::Events->new($client, "/execute/jobs/$id/events");
ok(wait_for(sub { $client->step(0.05);
                  metrics()->{coderemote_event_streams} == 1 }, 20),
   'a stream of events is counted');
$client->delete("/execute/jobs/$id");
ok(wait_for(sub { $client->step(0.05);
                  metrics()->{coderemote_event_streams} == 0 }, 20),
   '... until it has ended');

# --- a worker that is killed takes its gauges along, and no counter

my @held = map { CodeRemote::WebSocket->new(port => $server->{port}) } 1 .. 8;
ok(wait_for(sub { metrics()->{coderemote_websockets} == 8 }, 20), 'eight');

my $before = metrics();
kill 9, $_ for $server->workers;
$server->healthy;
ok(wait_for(sub { metrics()->{coderemote_websockets} == 0 }, 20),
   'none is left of killed workers');
my $after = metrics();
is_deeply([grep { $after->{$_} < $before->{$_} }
           grep { /_total|_count/ && !/profile_restarts/ } sort keys %$before],
          [], 'no counter went back');
cmp_ok($after->{coderemote_sandbox_connections_total}, '>',
       $before->{coderemote_sandbox_connections_total},
       'new workers are connected');

# --- a reload keeps them

$server->reload;
$after = metrics();
is_deeply([grep { ($after->{$_} // -1) < $before->{$_} }
           grep { /_total|_count/ && !/profile_restarts/ } sort keys %$before],
          [], 'nor after a reload');

# --- the format

{
    my $file = CodeRemote::Env::run_dir() . '/metrics.txt';

    open my $out, '>', $file or die "$file: $!\n";
    print $out $client->get('/metrics')->{body};
    close $out;

    my $said = `promtool check metrics < $file 2>&1`;
    is($?, 0, 'promtool accepts the metrics') or diag($said);

    $said = `promtool check rules conf/monitoring/alerts.yml 2>&1`;
    is($?, 0, 'and the alerts') or diag($said);
}

# --- what the alerts and the dashboard ask for is there

my %known = map { /^([a-z_]+)/ ? ($1 => 1) : () } keys %{ metrics() };

for my $file ('alerts.yml', 'dashboard.json') {
    my $text = CodeRemote::Procs::slurp("conf/monitoring/$file");
    my %asked = map { $_ => 1 } $text =~ /\b(coderemote_[a-z_]+)/g;

    cmp_ok(scalar keys %asked, '>', 5, "$file asks for some");
    is_deeply([grep { !$known{$_} } sort keys %asked], [],
              '... and all of them there are');
}

$server->finish;

done_testing();
