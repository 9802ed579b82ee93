# The audit log: one line for every job, whichever way it came and ended, and
# nothing in it of a program's text or of a token.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use Digest::SHA qw( sha256_hex );
use JSON::PP ();

use CodeRemote::Data qw( data_like );
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;
use CodeRemote::Token;
use CodeRemote::WebSocket;

my $secret = 'a secret of this test, and longer than 32 bytes';
my $dir = CodeRemote::Env::run_dir();

# Whatever is run has it in it, and no log may.
my $mark = 'a_mark_in_every_program';

open my $out, '>', "$dir/secret.key" or die "$dir/secret.key: $!\n";
print $out $secret;
close $out;

my $file = "$dir/audit.log";

my $server = CodeRemote::Server->new(
    http => "coderemote_audit_log $file; coderemote_queue 24;",
    server => 'coderemote_user $http_x_user;',
    locations => CodeRemote::Env::locations() . <<"_EOC_",
location /analyze { coderemote_analyze; }
location /one { coderemote_execute; coderemote_limit_running 1; }
location /jwt { coderemote_execute; coderemote_jwt x;
                coderemote_jwt_key_file $dir/secret.key; }
location = /jwt/ws { coderemote_websocket; coderemote_jwt x;
                     coderemote_jwt_key_file $dir/secret.key; }
_EOC_
)->start;

my $client = $server->client(headers => { 'X-User' => 'ann' });


sub code {
    return "# $mark\n$_[0]\n";
}

my $hello = code('print(1)');
my $sleep = code("import time\ntime.sleep(600)");


# The lines, as data, by job.  Every byte of the file must be of one.

sub lines {
    my %by;

    for my $line (split /\n/, CodeRemote::Procs::slurp($_[0] // $file), -1) {
        next if $line eq '';
        my $data = CodeRemote::Client::decode($line);
        push @{ $by{ref $data ? $data->{job_id} : "no JSON: $line"} }, $data;
    }

    return \%by;
}


# The one line of a job.

sub line {
    my ($id, $name) = @_;
    my $lines;

    wait_for(sub { $lines = lines()->{$id} });
    is(scalar @{ $lines || [] }, 1, "$name: one line") or return {};

    return $lines->[0];
}


my $time = qr/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

sub told {
    my ($id, $want, $name) = @_;
    my $got = line($id, $name);

    data_like($got, { completed_at => $time, created_at => $time, %$want },
              $name);

    return $got;
}


sub post {
    my ($code, %fields) = @_;
    my $res = $client->post('/execute', { code => $code, %fields });

    is($res->{code}, 202, 'accepted') or diag($res->text);

    return $res->json->{job_id};
}


sub running {
    my ($id) = @_;

    return wait_for(sub {
        return $client->get("/execute/jobs/$id")->json->{status} eq 'running';
    });
}


subtest 'what a line tells' => sub {
    my $job = $client->run($hello);
    my $line = told($job->{job_id}, {
        user => 'ann', address => '127.0.0.1', runtime => 'python',
        kind => 'run', code_bytes => length $hello,
        code_sha256 => sha256_hex($hello), status => 'completed',
        error_type => undef, reason => undef, started_at => $time,
        run_time => sub { $_ >= 0 && $_ < 60 },
        cpu_time => sub { $_ >= 0 && $_ < 60 },
        memory_peak_bytes => sub { $_ > 0 },
    }, 'a job');

    is(join(' ', sort keys %$line), 'address code_bytes code_sha256'
       . ' completed_at cpu_time created_at error_type job_id kind'
       . ' memory_peak_bytes reason run_time runtime started_at status user',
       'all of it, and nothing else');
};


subtest 'whichever way it ends' => sub {
    for ([completed => code('pass'), {}, status => 'completed'],
         [exception => code('1/0'), {}, error_type => 'ZeroDivisionError'],
         [syntax => code('('), {}, error_type => 'SyntaxError'],
         [source => code('import os'), {}, error_type => 'SecurityError'],
         [time => code('while True: pass'), { timeout_seconds => 0.3 },
             error_type => 'TimeoutError'],
         [memory => code('x = "x" * (1 << 30)'), {},
             error_type => 'MemoryError'],
         [exit => code('raise SystemExit(3)'), {}, error_type => undef])
    {
        my ($name, $code, $fields, @want) = @$_;
        told(post($code, %$fields), { status => 'failed', reason => undef,
                                      @want }, $name);
    }

    my $id = post($sleep);
    ok(running($id), 'one runs');
    is($client->delete("/execute/jobs/$id")->{code}, 200, 'and is stopped');
    told($id, { status => 'cancelled', started_at => $time }, 'cancelled');

    my $r = $client->start(POST => '/execute?wait=true', { code => $sleep },
                           { 'X-User' => 'goes' });
    $client->drive(sub {
        return grep { $_->{running} }
               @{ $client->get('/health')->json->{sandbox}{profiles} };
    });
    $client->abort($r);
    ok(wait_for(sub {
        ($id) = map { $_->[0]{job_id} }
                grep { ($_->[0]{user} // '') eq 'goes' } values %{ lines() };
    }), 'a client goes');
    told($id, { status => 'cancelled' }, 'gone');

    # done and forgotten is no other line
    $id = post($hello);
    $client->finished($id);
    is($client->delete("/execute/jobs/$id")->{code}, 204, 'forgotten');
    told($id, { status => 'completed' }, 'forgotten');
};


subtest 'whichever way it comes' => sub {
    my $ws = CodeRemote::WebSocket->new(port => $server->{port},
                                        headers => { 'X-User' => 'wanda' });

    my $id = $ws->execute(code => $hello);
    $ws->result($id);
    told($id, { user => 'wanda', status => 'completed' }, 'over a WebSocket');

    $ws->say(action => 'ping');
    my $connection = $ws->want('pong')->{connection_id};
    my $res = $client->post('/execute', { code => $hello,
        connection_id => $connection }, { 'X-User' => 'wanda' });
    $ws->result($res->json->{job_id});
    told($res->json->{job_id}, { user => 'wanda' }, 'posted for it');

    my $attached = $ws->execute(code => $sleep);
    my $detached = $ws->execute(code => code("import time\ntime.sleep(0.3)"),
                                detach => JSON::PP::true);
    $ws->want('job.status', $attached);
    $ws->close;
    told($attached, { status => 'cancelled' }, 'attached');
    told($detached, { status => 'completed' }, 'detached');

    my $token = CodeRemote::Token::make({ sub => 'tom' }, secret => $secret);
    $res = $client->post('/jwt', { code => $hello },
                         { Authorization => "Bearer $token" });
    told($res->json->{job_id}, { user => 'tom' }, 'with a token');

    $ws = CodeRemote::WebSocket->new(port => $server->{port},
                                     path => "/jwt/ws?token=$token");
    $id = $ws->execute(code => $hello);
    $ws->result($id);
    told($id, { user => 'tom' }, 'with a token for a WebSocket');
    $ws->close;

    $res = $client->post('/analyze', { code => $hello },
                         { 'X-User' => 'alan' });
    is($res->{code}, 200, 'analyzed') or diag($res->text);
    my @of_alan = grep { ($_->[0]{user} // '') eq 'alan' } values %{ lines() };
    is(scalar @of_alan, 1, 'analyzed: one line');
    data_like($of_alan[0][0], { kind => 'analyze', runtime => 'python',
        code_sha256 => sha256_hex($hello), started_at => $time,
        address => '127.0.0.1' }, 'analyzed');

    $res = $client->post('/execute?wait=true', { code => $hello },
                         { 'X-User' => undef });
    told($res->json->{job_id}, { user => undef, address => '127.0.0.1' },
         'of nobody');
};


subtest 'what was not run' => sub {
    my $before = keys %{ lines() };

    is($client->post('/execute', { code => 7 })->{code}, 422, 'no program');
    is($client->post('/jwt', { code => $hello })->{code}, 401, 'no token');
    is(scalar keys %{ lines() }, $before, 'is no job');

    my $one = $client->post('/one', { code => $sleep })->json->{job_id};
    my $res = $client->post('/one', { code => $hello });
    is($res->{code}, 429, 'over a limit');

    my @refused = grep { $_->[0]{status} eq 'refused' } values %{ lines() };
    is(scalar @refused, 1, 'is one that was refused');
    data_like($refused[0][0], { user => 'ann', started_at => undef,
        code_sha256 => sha256_hex($hello), run_time => undef,
        cpu_time => undef, reason => qr/1 unfinished jobs/ }, 'with a reason');

    $client->delete("/one/jobs/$one");
    told($one, { status => 'cancelled' }, 'the other one');
};


# A log is read by people and by programs: nobody can write a line into it.

subtest 'texts of clients and programs' => sub {
    for (["a\"b\\c", "a\"b\\c"], ["\x80\xffx", "\x{fffd}\x{fffd}x"],
         ["tab\there", "tab\there"], ["\xc3\xa4" x 200, "\x{e4}" x 128])
    {
        my ($sent, $told) = @$_;

        my $res = $client->post('/execute?wait=true', { code => $hello },
                                { 'X-User' => $sent });
        my $line = line($res->json->{job_id}, 'a user');
        is($line->{user}, $told, 'as he is');
    }

    my $id = post(code('class X(Exception): pass
X.__name__ = "a\\"},{b" * 100
raise X'));
    is($client->finished($id)->{status}, 'failed', 'a program fails');
    line($id, 'an exception');

    unlike(CodeRemote::Procs::slurp($file), qr/[\x00-\x09\x0b-\x1f\x7f]/,
           'no control character but the ends of lines');
};


subtest 'a log that is rotated' => sub {
    my $running = post($sleep);
    ok(running($running), 'a job runs');

    rename $file, "$file.1" or die $!;
    kill USR1 => $server->master;
    ok(wait_for(sub { -e $file }), 'another file');

    my ($id, @ids);
    ok(wait_for(sub {
        push @ids, $client->run($hello)->{job_id};
        my %by = %{ lines() };
        return grep { $by{$_} } @ids;
    }), 'gets lines');

    $client->delete("/execute/jobs/$running");
    ok(wait_for(sub { lines()->{$running} || lines("$file.1")->{$running} }),
       'also of a job that began before');

    my %new = %{ lines() };
    my %old = %{ lines("$file.1") };
    is_deeply([grep { $new{$_} && $old{$_} } keys %new], [], 'none is in both');
    is(scalar(grep { !$new{$_} && !$old{$_} } @ids), 0, 'none is in neither');

    open my $in, '<', $file or die $!;
    open my $to, '>>', "$file.1" or die $!;
    print $to do { local $/; <$in> };
    close $to;
    rename "$file.1", $file or die $!;
    kill USR1 => $server->master;
};


# All of these were accepted; none is told of twice or never.

subtest 'whatever dies' => sub {
    my $post = sub {
        my %by;

        for (1 .. 12) {
            my $res = $client->post('/execute', { code => $sleep });
            push @{ $by{ $res->{headers}{'x-worker'} } },
                 $res->json->{job_id};
        }

        return \%by;
    };

    my $once = sub {
        my ($want, $name, @ids) = @_;
        my %by;

        wait_for(sub { %by = %{ lines() }; return !grep { !$by{$_} } @ids });
        is(scalar(grep { @{ $by{$_} || [] } != 1 } @ids), 0,
           "$name: a line each");
        data_like($_->[0], { status => 'failed', code_bytes => length $sleep,
                             error_type => 'SandboxError', user => 'ann',
                             %$want }, $name)
            for map { $by{$_} // () } @ids;
    };

    my $by = $post->();
    my ($victim, @others) = sort { @{ $by->{$b} } <=> @{ $by->{$a} } }
                            keys %$by;
    kill KILL => $victim;
    $once->({ reason => 'the worker that ran the job died',
              run_time => undef }, 'a worker', @{ $by->{$victim} });

    my @rest = map { @{ $by->{$_} } } @others;
    my %by = %{ lines() };
    is(scalar(grep { $by{$_} } @rest), 0, 'those of others still run');

    kill KILL => $server->supervisor;
    $once->({ reason => qr/^the sandbox ended/ }, 'the supervisor', @rest);
    is($server->healthy->{code}, 200, 'another one serves');

    # a reload leaves them to the old workers, and a stop ends them

    my @ids = map { @$_ } values %{ $post->() };
    ok($server->reload, 'reload');
    is($client->run($hello)->{status}, 'completed', 'new workers run jobs');

    $server->stop('TERM');
    $once->({ reason => qr/^the server was stopped/ }, 'nginx', @ids);
};


subtest 'one line each, and no secret' => sub {
    my $lines = lines();

    is_deeply([grep { @{ $lines->{$_} } != 1 } keys %$lines], [],
              'of ' . keys(%$lines) . ' jobs');

    for my $log ($file, glob "$server->{dir}/logs/*.log") {
        my $text = CodeRemote::Procs::slurp($log);
        unlike($text, qr/$mark/, "no program in $log") if $log eq $file;
        unlike($text, qr/eyJ[\w-]{20}/, "no token in $log");
        unlike($text, qr/\Q$secret\E/, "no key in $log");
    }
};

$server->{expected} = [qr/exited on signal 9/];
$server->finish;
done_testing();
