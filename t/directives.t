# The directives: what nginx refuses, with a line that says what is wrong, and
# what it takes.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Data qw( data_like );
use CodeRemote::Server;

my $dir = CodeRemote::Env::run_dir();
my $helper = CodeRemote::Env::helper();
my $sandbox = "coderemote_sandbox unix:$dir/t.sock helper=$helper;\n";
my $zone = "coderemote_zone coderemote 8m;\n";
my $location = "location /execute { coderemote_execute; }\n";
my $port = CodeRemote::Env::free_port();


# Answers nginx -t's status and what it wrote.

sub check {
    my (%part) = @_;

    my $http = $part{http} // $zone . $sandbox;
    my $server = $part{server} // $location;
    my $main = $part{main} // '';
    my $load = CodeRemote::Env::main_config();
    my $user = CodeRemote::Env::worker_user();
    $user = defined $user ? "user $user;" : '';

    open my $out, '>', "$dir/test.conf" or die $!;
    print $out <<"_EOC_";
$load
$user
error_log $dir/test.log;
pid $dir/test.pid;
$main
events {
}
http {
    access_log off;
    client_body_temp_path $dir/body;
    proxy_temp_path $dir/proxy;
    fastcgi_temp_path $dir/fastcgi;
    uwsgi_temp_path $dir/uwsgi;
    scgi_temp_path $dir/scgi;
$http
    server {
        listen 127.0.0.1:$port;
$server
    }
}
_EOC_
    close $out;

    my $text = `${\ CodeRemote::Env::nginx()} -t -e $dir/test.log -p $dir/ -c $dir/test.conf 2>&1`;

    return ($? >> 8, $text, $?);
}


sub good {
    my ($name, %part) = @_;

    my ($rc, $text) = check(%part);
    is($rc, 0, $name) or diag($text);
    unlike($text, qr/\[(?:warn|emerg|alert)\]/, "$name: without a word");
}


sub bad {
    my ($name, $like, %part) = @_;

    my ($rc, $text, $status) = check(%part);
    is($status & 127, 0, "$name: no crash");
    is($rc, 1, "$name: refused") or diag($text);
    like($text, $like, "$name: and it says why");
}


sub setting {
    my ($line) = @_;

    return (server => "location /execute { coderemote_execute; $line }\n");
}


good('all that is needed');
good('zone and sandbox have defaults', http => '');
good('nothing of it', http => '', server => '');

good('every setting, where a location is',
     setting('coderemote_allow python python-open;
              coderemote_timeout 10s; coderemote_memory 128m;
              coderemote_max_code 20k; coderemote_max_stdin 2m;
              coderemote_max_output 512k; coderemote_max_files 5m;
              coderemote_max_artifacts 16m; coderemote_max_cases 1000;
              coderemote_user $remote_user;'));
good('no files, no artifacts, no cases',
     setting('coderemote_max_files 0; coderemote_max_artifacts 0;
              coderemote_max_cases 0;'));

good('in http and server',
     http => $zone . $sandbox . 'coderemote_timeout 500ms;
              coderemote_queue 5; coderemote_job_ttl 1h;',
     server => "coderemote_memory 64m;\n$location");

good('external', http => $zone . "coderemote_sandbox unix:$dir/x.sock external;");

good('all handlers', server => "$location
     location /h { coderemote_health; } location /r { coderemote_runtimes; }
     location /ws { coderemote_websocket; }");

my $ws = "$location location /ws { coderemote_websocket; }\n";

good("of WebSockets: $_", server => "$ws $_;\n")
    for 'coderemote_websocket_origin same',
        'coderemote_websocket_origin any',
        'coderemote_websocket_origin same https://a.example http://b:3000',
        'coderemote_websocket_jobs 1', 'coderemote_websocket_jobs 1024',
        'coderemote_websocket_message 1k', 'coderemote_websocket_buffer 64m',
        'coderemote_websocket_ping 0', 'coderemote_websocket_ping 1m',
        'coderemote_websocket_idle 0', 'coderemote_websocket_idle 30d';

bad("of WebSockets: $_->[0]", $_->[1],
    server => "$ws coderemote_websocket_$_->[0];\n")
    for ['origin', qr/invalid number of arguments/],
        ['origin example.com', qr/invalid origin "example.com"/],
        ['origin https://', qr/invalid origin "https:/],
        ['origin https://a.example/', qr/invalid origin "https:/],
        ['origin any https://a.example', qr/invalid origin "any"/],
        ["origin any;\ncoderemote_websocket_origin any", qr/duplicate/],
        ['jobs 0', qr/must be from 1 to 1024/],
        ['jobs 1025', qr/must be from 1 to 1024/],
        ['jobs some', qr/invalid/],
        ['message 1023', qr/must be from 1k to 64m/],
        ['message 65m', qr/must be from 1k to 64m/],
        ['buffer 0', qr/must be from 1k to 64m/],
        ['ping 25h', qr/must be from 0 to 24h/],
        ['ping -1s', qr/invalid/],
        ['idle 31d', qr/must be from 0 to 30d/];


for my $handler (qw( coderemote_execute coderemote_health
                     coderemote_runtimes coderemote_websocket ))
{
    bad("$handler with an argument", qr/invalid number of arguments/,
        server => "location / { $handler on; }\n");
    bad("$handler outside a location", qr/not allowed here/,
        server => "$handler;\n");
}

bad('a zone without a size', qr/invalid number of arguments/,
    http => "coderemote_zone x;\n$sandbox");
bad('a zone too small', qr/coderemote_zone|too small/,
    http => "coderemote_zone x 8k;\n$sandbox");
bad('a zone of no size', qr/coderemote_zone|invalid/,
    http => "coderemote_zone x much;\n$sandbox");
bad('two zones', qr/duplicate/, http => $zone . $zone . $sandbox);
bad('two sandboxes', qr/duplicate/, http => $zone . $sandbox . $sandbox);
bad('a zone in a location', qr/not allowed here/,
    setting('coderemote_zone x 8m;'));
bad('a sandbox in a server', qr/not allowed here/,
    http => $zone, server => "$sandbox $location");

bad('a sandbox that is no Unix socket', qr/unix:/,
    http => $zone . "coderemote_sandbox 127.0.0.1:80;\n");
bad('a sandbox without a path', qr/unix:|path/,
    http => $zone . "coderemote_sandbox unix:;\n");
bad('a sandbox with a path too long', qr/long/,
    http => $zone . 'coderemote_sandbox unix:/' . 'x' x 120 . ";\n");
bad('an unknown parameter', qr/invalid parameter|nonsense/,
    http => $zone . "coderemote_sandbox unix:$dir/x.sock nonsense;\n");
bad('a helper that is no full path', qr/helper/,
    http => $zone . "coderemote_sandbox unix:$dir/x.sock helper=bin/x;\n");

bad('a timeout of zero', qr/coderemote_timeout|invalid|must/,
    setting('coderemote_timeout 0;'));
bad('a timeout that is none', qr/invalid|coderemote_timeout/,
    setting('coderemote_timeout soon;'));
bad('a timeout below zero', qr/invalid|coderemote_timeout/,
    setting('coderemote_timeout -1s;'));
bad('memory of zero', qr/coderemote_memory|invalid|must/,
    setting('coderemote_memory 0;'));
bad('memory below what a program needs', qr/coderemote_memory|16|must/,
    setting('coderemote_memory 1m;'));
bad('code of zero', qr/coderemote_max_code|invalid|must/,
    setting('coderemote_max_code 0;'));
bad('code over what a message holds', qr/coderemote_max_code|at most|must/,
    setting('coderemote_max_code 100m;'));
bad('output of zero', qr/coderemote_max_output|invalid|must/,
    setting('coderemote_max_output 0;'));
bad("coderemote_max_$_->[0]", $_->[1], setting("coderemote_max_$_->[0];"))
    for ['files 17m', qr/max_files" must be from 0 to 16m and not "17m".*:\d/],
        ['files many', qr/invalid/], ['files -1', qr/invalid/],
        ["files 1;\ncoderemote_max_files 2", qr/duplicate/],
        ['artifacts 17m', qr/max_artifacts" must be from 0 to 16m/],
        ['artifacts', qr/invalid number of arguments/],
        ['cases 1001', qr/max_cases" must be from 0 to 1000 and not "1001"/],
        ['cases some', qr/invalid/], ['cases -1', qr/invalid/];
bad('a queue of zero', qr/coderemote_queue|invalid|must/,
    http => $zone . $sandbox . 'coderemote_queue 0;');
bad('a queue that is no number', qr/invalid|coderemote_queue/,
    http => $zone . $sandbox . 'coderemote_queue many;');
bad('a time to live that is none', qr/invalid|coderemote_job_ttl/,
    http => $zone . $sandbox . 'coderemote_job_ttl soon;');
bad('a setting twice', qr/duplicate/,
    setting('coderemote_timeout 1s; coderemote_timeout 2s;'));
bad('nothing allowed', qr/invalid number of arguments/,
    setting('coderemote_allow;'));
bad('an allowed name without end', qr/long|invalid/,
    setting('coderemote_allow ' . 'x' x 100 . ';'));
bad('a variable that there is not', qr/unknown "coderemote_nothing" variable/,
    setting('coderemote_user $coderemote_nothing;'));


good('limits, with a zone and without',
     http => $zone . $sandbox . 'coderemote_limit_zone limits 1m;
              coderemote_limit_requests 30/m;',
     server => "coderemote_limit_cpu 30m/day;
                location /execute { coderemote_execute;
                                    coderemote_limit_running 4;
                                    coderemote_limit_cpu off; }");
good('limits, the most', setting('coderemote_limit_requests 100000/m;
     coderemote_limit_running 65536; coderemote_limit_queued 65536;
     coderemote_limit_cpu 100d/day;'));

bad('a zone of limits without a size', qr/invalid number of arguments/,
    http => "coderemote_limit_zone x;\n$zone$sandbox");
bad('a zone of limits too small', qr/must be a number .* at least 32k/,
    http => "coderemote_limit_zone x 8k;\n$zone$sandbox");
bad('a zone of limits of no size', qr/must be a number .* not "much"/,
    http => "coderemote_limit_zone x much;\n$zone$sandbox");
bad('two zones of limits', qr/duplicate/,
    http => "coderemote_limit_zone x 1m;\n" x 2 . $zone . $sandbox);
bad('a zone of limits that is the jobs\' own', qr/already|conflict/,
    http => "coderemote_limit_zone coderemote 8m;\n$zone$sandbox");
bad('a zone of limits in a location', qr/not allowed here/,
    setting('coderemote_limit_zone x 1m;'));

my %limit = (
    requests => [qr{a number from 1 to 100000 and "/m"},
                 qw( 0/m 30 30/s many/m -1/m 100001/m /m )],
    running  => [qr{a number from 1 to 65536}, qw( 0 4/m many -1 65537 )],
    queued   => [qr{a number from 1 to 65536}, qw( 0 4/m many -1 65537 )],
    cpu      => [qr{a time from 1s to 100d and "/day"},
                 qw( 0/day 30m 30m/m soon/day 101d/day 10ms/day /day )],
);

for my $name (sort keys %limit) {
    my ($like, @values) = @{ $limit{$name} };

    bad("a limit $name of $_", qr/coderemote_limit_$name" must be $like/,
        setting("coderemote_limit_$name $_;")) for @values;
    bad("a limit $name twice", qr/duplicate/,
        setting("coderemote_limit_$name off;" x 2));
}


good("an audit log: $_", http => "$zone$sandbox coderemote_audit_log $_;")
    for 'off', "$dir/audit.log", 'audit.log';

bad("an audit log: $_->[0]", $_->[1],
    http => "$zone$sandbox coderemote_audit_log $_->[0];")
    for ["$dir/\$host.log", qr/must be a file without variables.*test\.conf:/],
        ['syslog:server=127.0.0.1', qr/must be a file without variables/],
        ["''", qr/must be a file without variables/],
        ["$dir/a json", qr/invalid number of arguments/],
        ["$dir/none/audit.log", qr/No such file or directory/],
        ["off;\ncoderemote_audit_log off", qr/duplicate/];

bad('an audit log in a location', qr/not allowed here/,
    setting("coderemote_audit_log $dir/audit.log;"));


my $page = 'https://app.example';

good("for pages elsewhere: $_", server => "$location $_\n")
    for 'coderemote_cors_origin off;', 'coderemote_cors_origin any;',
        "coderemote_cors_origin $page http://localhost:3000 http://[::1]:81;",
        "coderemote_cors_origin HTTPS://App.Example chrome-extension://abc;",
        "coderemote_cors_origin $page; coderemote_cors_credentials on;",
        'coderemote_cors_origin any; coderemote_cors_credentials off;',
        'coderemote_cors_max_age 0;', 'coderemote_cors_max_age 24h;',
        'coderemote_cors_headers X-One x_two;', 'coderemote_cors_expose ETag;';

bad("for pages elsewhere: $_->[0]",
    qr/$_->[1].*test\.conf:\d+/,
    server => "$location coderemote_cors_$_->[0];\n")
    for ['origin', 'invalid number of arguments'],
        (map { ["origin $_", 'invalid origin'] }
         'app.example', 'https://', '://app.example', "$page/", "$page/x",
         "$page:443", 'http://app.example:80', "$page:0", "$page:65536",
         "$page:", 'https://:8080', 'https://*.example', 'null', '*',
         "any $page", "$page off", "'$page https://b.example'"),
        ["origin any;\ncoderemote_cors_origin off", 'duplicate'],
        ['credentials any', 'invalid value'],
        ["credentials on;\ncoderemote_cors_origin any",
         'would let any page act as'],
        (map { ["max_age $_", 'must be a time from 0 to 24h'] }
         '25h', 'soon', '-1s'),
        ["max_age 1h;\ncoderemote_cors_max_age 1h", 'duplicate'],
        ['headers', 'invalid number of arguments'],
        ['headers X-One,', 'invalid field'],
        ["headers 'X One'", 'invalid field'],
        ["expose ''", 'invalid field'],
        ["expose A;\ncoderemote_cors_expose B", 'duplicate'];

bad('credentials for any, where it is inherited',
    qr/would let any page act as .* in .*test\.conf:\d+/,
    http => "$zone$sandbox coderemote_cors_origin any;\n",
    server => 'location /execute { coderemote_execute;
                                   coderemote_cors_credentials on; }');


# A whole nginx: what the checks above cannot see.

subtest 'a location of its own for each' => sub {
    my $s = CodeRemote::Server->new(
        http => 'coderemote_timeout 20s;',
        allow => '',
        locations => <<'_EOC_',
location = /health { coderemote_health; }
location /run { coderemote_execute; coderemote_timeout 1s; }
location /open { coderemote_execute; coderemote_allow python-open;
                 coderemote_max_output 5; }
_EOC_
    )->start;
    my $c = $s->client;

    my $res = $c->post('/run', { code => 'print(1)' });
    is($res->{code}, 202, 'accepted');
    my $id = $res->json->{job_id};
    like($res->{headers}{location}, qr{/run/jobs/\Q$id\E$}, 'Location');
    is($c->get("/run/jobs/$id?wait=true")->json->{status}, 'completed',
       'its jobs lie below it');

    data_like($c->post('/run?wait=true', { code => 'while True: pass' })->json,
              { result => { error_type => 'TimeoutError',
                            execution_time_ms => sub { $_ < 10_000 } } },
              'its own timeout');

    is($c->post('/run', { code => 'print(1)',
                          language => 'python-open' })->{code}, 422,
       'python alone where nothing is said');
    is($c->post('/open', { code => 'print(1)' })->{code}, 422,
       'its own runtimes');
    data_like($c->post('/open?wait=true', { code => 'print("x" * 10)',
                                           language => 'python-open' })->json,
              { result => { stdout => 'xxxxx',
                            stdout_truncated => $JSON::PP::true } },
              'its own limit of output');

    $s->finish;
};


subtest 'at the root, and with a slash' => sub {
    my $s = CodeRemote::Server->new(locations => <<'_EOC_')->start;
location = /health { coderemote_health; }
location / { coderemote_execute; }
location /deep/er/ { coderemote_execute; }
_EOC_
    my $c = $s->client;

    for (['/', ''], ['/deep/er/', '/deep/er']) {
        my ($path, $base) = @$_;

        my $res = $c->post($path, { code => 'print(1)' });
        is($res->{code}, 202, "$path: accepted") or diag($res->text);
        my $id = $res->json->{job_id};
        is($res->{headers}{location}, "$base/jobs/$id", 'Location');
        is($c->get("$base/jobs/$id?wait=true")->json->{status}, 'completed',
           'found there');
        is($c->get("$base/nothing")->{code}, 404, 'else nothing');
    }

    $s->finish;
};


subtest 'a user that asks for itself' => sub {
    my $s = CodeRemote::Server->new(server =>
        'coderemote_user $coderemote_user;'
    )->start;

    my $res = $s->client->post('/execute?wait=true', { code => 'print(1)' });
    ok($res->{code} >= 200, 'is answered') or diag($res->text);
    like($s->client->get('/health')->{code}, qr{^(?:200|503)$},
         'and the worker lives');

    $s->{expected} = [qr/cycle/];
    $s->finish;
};

sub analyze {
    my ($line) = @_;

    return (server => "location /analyze { coderemote_analyze; $line }\n");
}


good('analyses', analyze('coderemote_analyzer builtin;'),
     http => $zone . $sandbox . "coderemote_analyze_cache results 32k;\n");
good('every setting of them',
     analyze('coderemote_analyzer builtin fallback=off deadline=30s;
              coderemote_analyzer_builtin_timeout 1s;
              coderemote_analyzer_builtin_memory 64m;'),
     http => $zone . $sandbox . "coderemote_analyze_cache results 1m 12h;\n");

bad('an analyzer that is not there',
    qr/there is no analyzer "gpt"; there are .*"builtin".* in .*test[.]conf:\d+/,
    analyze('coderemote_analyzer gpt;'));
bad('a fallback that is not there', qr/there is no analyzer "x"; there are/,
    analyze('coderemote_analyzer builtin fallback=x;'));
bad('no such parameter', qr/"fall=x": fallback= .* or deadline= .* expected/,
    analyze('coderemote_analyzer builtin fall=x;'));
bad('no deadline', qr/"deadline" must be a time of at most 1h and not "2h"/,
    analyze('coderemote_analyzer builtin deadline=2h;'));
bad('two analyzers', qr/"coderemote_analyzer" directive is duplicate/,
    analyze('coderemote_analyzer builtin; coderemote_analyzer builtin;'));
bad('no prefix', qr{"coderemote_analyze" needs a location with a prefix, such },
    server => "location = /analyze { coderemote_analyze; }\n");
bad('a cache that is too small', qr/at least 32k, and not "31k"/,
    analyze(''), http => $zone . $sandbox
                         . "coderemote_analyze_cache results 31k;\n");
bad('a cache for no time', qr/must be one such as 12h, and not "0"/,
    analyze(''), http => $zone . $sandbox
                         . "coderemote_analyze_cache results 1m 0;\n");
bad('two caches', qr/"coderemote_analyze_cache" directive is duplicate/,
    analyze(''), http => $zone . $sandbox
                         . "coderemote_analyze_cache results 1m;\n" x 2);
bad('too short an analysis', qr/must be from 100ms to 60s and not "1ms"/,
    analyze('coderemote_analyzer_builtin_timeout 1ms;'));
bad('too little memory', qr/must be from 16m to 1024m and not "1m"/,
    analyze('coderemote_analyzer_builtin_memory 1m;'));

done_testing();
