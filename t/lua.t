# conf/lua.conf as it is shipped, and what else Lua makes of the handlers as
# subrequests.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use JSON::PP ();

use CodeRemote::Env;
use CodeRemote::Example;
use CodeRemote::Origin;
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;
use CodeRemote::Token;
use CodeRemote::WebSocket;

my @missing = CodeRemote::Example::missing('conf/lua.conf');

plan skip_all => "not installed: @missing" if @missing;

my $json = JSON::PP->new->utf8;
my $fails = CodeRemote::Env::run_dir() . '/fails';

my $origin = CodeRemote::Origin->start(sub {
    my ($sock, $request) = @_;
    my $status = -e $fails ? '503 Busy' : '204 Good';

    print $sock "HTTP/1.1 $status\r\nContent-Length: 0\r\n\r\n";
    return 0;
});


# The jobs that the webhook was told of.

sub told {
    my $heard = CodeRemote::Procs::slurp($origin->{heard});

    return map { $json->decode($_) } $heard =~ /^(\{"completed_at".*\})$/mg;
}

sub told_of {
    my ($id) = @_;

    return wait_for(sub { scalar grep { $_->{job_id} eq $id } told() }, 10)
           || diag('heard: ' . substr CodeRemote::Procs::slurp($origin->{heard}), 0, 900);
}


subtest 'conf/lua.conf' => sub {
    my $server = CodeRemote::Example::server('conf/lua.conf',
        '8090' => $origin->{port},
        'guests_from   8' => 'guests_from $arg_from',
        'guests_until  20' => 'guests_until 24')->start;
    my $guest = $server->client;
    my $ann = $server->client(headers => { 'X-User' => 'ann' });
    my $mallory = $server->client(headers => { 'X-User' => 'mallory' });
    my $sleep = { code => "import time\ntime.sleep(600)",
                  language => 'python' };

    subtest 'a policy for each user' => sub {
        my $res = $mallory->post('/execute', { code => 'print(1)' });
        is($res->{code}, 403, 'one who may not');
        is($res->{headers}{'content-type'}, 'application/problem+json', 'type');
        like($res->json->{detail}, qr/^Ask the staff/, 'what to do');

        $res = $guest->post('/execute?from=24', { code => 'print(1)' });
        is($res->{code}, 403, 'a guest at night');
        like($res->json->{detail}, qr/by day/, 'what to do');

        $res = $guest->post('/execute?from=0&wait=true', $sleep)->json;
        is($res->{result}{error_type}, 'TimeoutError', 'a guest by day');
        cmp_ok($res->{result}{execution_time_ms}, '<', 10000, 'not for long');

        $res = $ann->post('/execute?from=24&wait=2.5', $sleep);
        is($res->{code}, 202, 'one with a name has longer');
        $ann->delete("/execute/jobs/" . $res->json->{job_id});
    };

    subtest 'the log' => sub {
        my $code = "for i in range(10 ** 6): pass\nprint(1)";
        my @ids = map { $ann->post('/execute?from=0&wait=true',
                                   { code => $code })->json->{job_id} } 1 .. 2;
        my %by;

        wait_for(sub {
            %by = map { my $l = $json->decode($_); ($l->{job_id} => $l) }
                  grep { /"job_id":"[^"]/ } split /\n/, $server->access_log;
            return $by{$ids[1]};
        });

        my ($one, $two) = @by{@ids};

        is($two->{user}, 'ann', 'the user');
        is($two->{status}, 'completed', 'the status');
        cmp_ok($one->{used}, '>=', $one->{cpu_time}, 'what she has used');
        cmp_ok($two->{used}, '>', $one->{used}, 'and more');
    };

    subtest 'a program as it is' => sub {
        my $res = $ann->request(POST => '/run',
                                "print('hi')\nimport zip\n",
                                { 'Content-Type' => 'text/x-python' });
        is($res->{code}, 200, 'ran');
        is($res->{headers}{'x-job-status'}, 'failed', 'the job\'s status');
        like($res->{body}, qr/^hi\n|SecurityError|zip/, 'what it printed');

        $res = $ann->request(POST => '/run', 'print(6 * 7)',
                   { 'Content-Type' => 'application/x-www-form-urlencoded' });
        is($res->{body}, "42\n", 'whatever type it has');
        is($res->{headers}{'x-content-type-options'}, 'nosniff', 'headers');

        my $id = $res->{headers}{'x-job-id'};
        ok(wait_for(sub { $server->access_log =~ /"user":"ann","job_id":"$id"/
                   }), 'the log knows the job of the subrequest');

        $res = $ann->request(POST => '/run', '');
        is($res->{code}, 422, 'none');
        like($res->{body}, qr/^The request cannot be run/, 'says so');

        ok(told_of($id), 'the webhook');
    };

    subtest 'a client that goes' => sub {
        my $jobs = sub {
            return $ann->get('/health')->json->{jobs}{accepted};
        };

        my $r = $ann->start(POST => '/run', "import time\ntime.sleep(600)");

        ok($ann->drive(sub { $jobs->() == 1 }, 10), 'his program runs');
        $ann->abort($r);
        ok(wait_for(sub { $jobs->() == 0 }), 'and ends');
        ok(wait_for(sub { grep { $_->{status} eq 'cancelled' } told() }),
           'for it was stopped');
    };

    subtest 'the webhook' => sub {
        my $run = sub {
            my $res = $ann->post('/execute?from=0', { code => 'print(1)' });
            return $res->json->{job_id};
        };

        my $id = $run->();
        ok(told_of($id), 'a job that nobody waited for');

        my ($line) = grep { $_->{job_id} eq $id } told();
        is($line->{user}, 'ann', 'whose it was');
        is($line->{status}, 'completed', 'how it ended');

        open my $out, '>', $fails or die;
        close $out;
        my @ids = map { $run->() } 1 .. 3;
        ok(wait_for(sub {
               $server->error_log =~ /the webhook was not told: HTTP.1.1 503/
           }, 10), 'one that does not answer well');
        unlink $fails;

        my @told = map { told_of($_) } @ids;
        is(scalar(grep { $_ } @told), 3, 'is told later');

        my $file = "$server->{dir}/logs/coderemote-audit.log";
        rename $file, "$file.1" or die;
        kill USR1 => $server->master;
        ok(wait_for(sub { -e $file }), 'the file is moved away');
        ok(told_of($run->()), 'told of one in the next');

        ok($server->reload, 'reloaded');
        ok(told_of($run->()), 'and after a reload');
        my %times;
        $times{$_->{job_id}}++ for told();
        is($times{$id}, 1, 'once each');
    };

    $server->{expected} = [];
    $server->finish;
};

$origin->stop;


my $dir = CodeRemote::Env::run_dir();
my $secret = 'a secret of this test, and longer than 32 bytes';

open my $out, '>', "$dir/secret.key" or die;
print $out $secret;
close $out;

my $server = CodeRemote::Server->new(
    main => 'load_module /usr/lib/nginx/modules/ndk_http_module.so;'
            . 'load_module /usr/lib/nginx/modules/ngx_http_lua_module.so;',
    http => 'coderemote_audit_log logs/audit.log; coderemote_queue 24;'
            . 'log_format job "$uri $coderemote_job_id'
            . ' $coderemote_status $coderemote_user $coderemote_analyzer";',
    server => 'access_log logs/jobs.log job; coderemote_user $http_x_user;',
    locations => CodeRemote::Env::locations() . <<"_EOC_" . <<'_EOC_');
        location /jwt {
            coderemote_jwt x;
            coderemote_jwt_key_file $dir/secret.key;
            access_by_lua_block {
                if ngx.var.coderemote_user == "eve" then
                    return ngx.exit(403)
                end
            }
            content_by_lua_block {
                local res = ngx.location.capture("/execute?wait=true",
                    { method = ngx.HTTP_POST,
                      body = '{"code":"print(1)"}' })
                ngx.print(res.body)
            }
        }
_EOC_
        location /analyze { coderemote_analyze; }
        location /forward { content_by_lua_block {
            ngx.req.read_body()
            local res = ngx.location.capture("/execute?wait=true",
                { method = ngx.HTTP_POST, always_forward_body = true })
            ngx.status = res.status
            ngx.print(res.body)
        } }
        location /small { coderemote_execute; client_max_body_size 40; }
        location /any { content_by_lua_block {
            ngx.req.read_body()
            local args = ngx.req.get_uri_args()
            local res = ngx.location.capture(args.to,
                { method = ngx["HTTP_" .. (args.method or "POST")],
                  body = args.method ~= "GET" and ngx.req.get_body_data()
                         or nil })
            ngx.status = res.status
            ngx.header["Content-Type"] = res.header["Content-Type"]
            ngx.header["X-Retry"] = res.header["Retry-After"]
            ngx.header["X-Location"] = res.header["Location"]
            ngx.print(res.body)
        } }
        location /abort { lua_check_client_abort on; content_by_lua_block {
            ngx.req.read_body()
            ngx.on_abort(function() ngx.exit(499) end)
            ngx.print(ngx.location.capture("/execute?wait=true",
                { method = ngx.HTTP_POST,
                  body = ngx.req.get_body_data() }).body)
        } }
        location /many { content_by_lua_block {
            local cjson = require "cjson"
            local all = {}
            for i = 1, 20 do
                all[i] = { "/execute?wait=true", { method = ngx.HTTP_POST,
                    body = cjson.encode({ code = "print(" .. i .. ")" }) } }
            end
            for _, res in ipairs({ ngx.location.capture_multi(all) }) do
                local job = cjson.decode(res.body)
                ngx.say(job.result.stdout)
            end
        } }
_EOC_
$server->start;

my $client = $server->client(headers => { 'X-User' => 'ann' });


sub ask {
    my ($to, $body, %opt) = @_;

    return $client->post("/any?to=$to" . ($opt{query} // ''), $body,
                         $opt{headers});
}


subtest 'whose word the type of a body is' => sub {
    my $form = { 'Content-Type' => 'text/plain' };
    my $text = '{"code":"print(1)"}';

    is($client->request(POST => '/forward', $text, $form)->{code}, 415,
       'the client\'s body has the client\'s type');
    is($client->post('/forward', { code => 'print(1)' })->{code}, 200,
       'which may be right');
    is($client->request(POST => '/any?to=/execute', $text, $form)->{code}, 202,
       'a body of its own has none');
    is($client->request(POST => '/any?to=/analyze', $text, $form)->{code}, 200,
       'nor for an analysis');
};


subtest 'all that there is' => sub {
    my $res = ask('/execute', { code => 'print(7)' });
    is($res->{code}, 202, 'accepted');

    my $id = $res->json->{job_id};
    is($res->{headers}{'x-location'}, "/execute/jobs/$id", 'its address');

    $res = ask("/execute/jobs/$id%3Fwait=true", {}, query => '&method=GET');
    is($res->json->{result}{stdout}, "7\n", 'waited for');

    $res = ask("/execute/jobs/$id/events", {}, query => '&method=GET');
    is($res->{code}, 400, 'no events');
    like($res->json->{detail}, qr/ask.* for the job/, 'and what else');

    $res = ask("/execute/jobs/$id", {}, query => '&method=DELETE');
    is($res->{code}, 204, 'forgotten');

    $res = ask('/analyze', { code => "n = int(input())\nfor i in range(n): pass" });
    is($res->json->{time_complexity}, 'O(n)', 'an analysis');

    is(ask('/ws', {}, query => '&method=GET')->{code}, 426, 'no WebSocket');
    is(ask('/health', {}, query => '&method=GET')->{code}, 200, 'the health');
    is(ask('/runtimes', {}, query => '&method=GET')->{code}, 200, 'runtimes');
};


subtest 'errors' => sub {
    my $res = ask('/execute', { code => '' });
    is($res->{code}, 422, 'of a field');
    is($res->json->{errors}[0]{field}, 'code', 'which');

    is(ask('/execute', [1])->{code}, 400, 'no object');
    is(ask('/execute/jobs/none', {}, query => '&method=GET')->{code}, 404,
       'no such job');

    $res = ask('/small', { code => 'print(' . ' ' x 100 . ')' });
    is($res->{code}, 413, 'nginx\'s own');
    is($res->{body}, '', 'of which Lua gets the status alone');
};


subtest 'a queue that is full' => sub {
    my @ids = map { ask('/execute', { code => "import time\ntime.sleep(600)" })
                    ->json->{job_id} } 1 .. 24;

    my $res = ask('/execute', { code => 'print(1)' });
    is($res->{code}, 429, 'refused');
    cmp_ok($res->{headers}{'x-retry'}, '>', 0, 'for how long');

    $client->all([map { [DELETE => "/execute/jobs/$_"] } @ids]);
    ok(wait_for(sub { ask('/execute?wait=true', { code => 'print(1)' })
                      ->{code} == 200 }), 'room again');
};


subtest 'many at once, and the same connection' => sub {
    my $want = join '', map { "$_\n\n" } 1 .. 20;

    is($client->get('/many')->{body}, $want, 'each its own answer');

    my $post = "POST /any?to=/execute%%3Fwait=true HTTP/1.1\r\nHost: a\r\n"
               . "Content-Type: application/json\r\nContent-Length: %d\r\n"
               . "%s\r\n%s";
    my $body = '{"code":"print(1)"}';
    my $bad = '{"code":""}';
    my $raw = sprintf($post, length $body, '', $body)
              . sprintf($post, length $bad, '', $bad)
              . sprintf($post, length $body, "Connection: close\r\n", $body);

    my $sock = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                     PeerPort => $server->{port}) or die;
    print $sock $raw;
    my $all = do { local $/; <$sock> };

    is_deeply([$all =~ m{^HTTP/1\.1 (\d+)}mg], [200, 422, 200],
              'three in one connection');
    is(scalar(() = $all =~ /"stdout":"1\\n"/g), 2, 'and their answers');
};


# Jobs that run.

sub busy {
    return $client->get('/health')->json->{jobs}{accepted};
}


subtest 'a client that goes' => sub {
    my $r = $client->start(POST => '/abort',
                            { code => "import time\ntime.sleep(600)\n\n\n" });

    ok($client->drive(sub { busy() == 1 }, 10), 'its job runs');
    $client->abort($r);
    ok(wait_for(sub { busy() == 0 }), 'and ends');
    like(CodeRemote::Procs::slurp("$server->{dir}/logs/audit.log"),
         qr/"code_bytes":30,.*"status":"cancelled"/, 'for it was stopped');
};


subtest 'tokens' => sub {
    my $token = sub {
        return { Authorization => 'Bearer ' . CodeRemote::Token::make(
                     { sub => $_[0] }, secret => $secret) };
    };

    is($client->get('/jwt')->{code}, 401, 'asked for where the client is');
    is($client->request(GET => '/jwt', undef, $token->('eve'))->{code}, 403,
       'and then Lua knows the user');

    my $res = $client->request(GET => '/jwt', undef, $token->('zoe'));
    my $id = $res->json->{job_id};

    is($res->json->{result}{stdout}, "1\n", 'of whom the job is');
    ok(wait_for(sub {
           CodeRemote::Procs::slurp("$server->{dir}/logs/jobs.log")
           =~ m{^/jwt $id completed zoe -$}m }), 'as the log has it');
};


subtest 'the log of an analysis' => sub {
    ask('/analyze', { code => 'print(1)' });
    ok(wait_for(sub {
           CodeRemote::Procs::slurp("$server->{dir}/logs/jobs.log")
           =~ m{^/any - - ann builtin$}m }), 'as well');
};

$server->finish;
done_testing();
