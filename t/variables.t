# What $coderemote_* tell the access log.

use strict;
use warnings;

use lib 't/lib';
use Digest::SHA qw( sha256_hex );
use Test::More;

use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

my @names = qw( job_id status error_type runtime user code_sha256 run_time
                cpu_time );

my $format = join '|', '$status', map { "\$coderemote_$_" } @names;

my $server = CodeRemote::Server->new(
    http => "log_format cr '$format';",
    server => "access_log logs/vars.log cr;\n"
              . "coderemote_user \$http_x_user;\n"
              . "add_header X-Job \$coderemote_job_id;\n",
)->start;

my $client = $server->client;
my $lines = 0;


# The log's next line, as an object.

sub logged {
    my @lines;

    wait_for(sub {
        @lines = split /\n/,
                 CodeRemote::Procs::slurp("$server->{dir}/logs/vars.log");
        return @lines > $lines;
    }) or return {};

    my %line;
    @line{'code', @names} = split /\|/, $lines[$lines++], -1;

    return \%line;
}

# /health was asked before
$lines = () = CodeRemote::Procs::slurp("$server->{dir}/logs/vars.log") =~ /\n/g;


subtest 'a job that is waited for' => sub {
    my $code = "print('x')\n1 // 0\n";
    my $res = $client->post('/execute?wait=true', { code => $code },
                            { 'X-User' => 'ann' });
    my $l = logged();

    is($l->{code}, 200, 'status');
    is($l->{job_id}, $res->json->{job_id}, 'job_id');
    is($l->{status}, 'failed', 'status');
    is($l->{error_type}, 'ZeroDivisionError', 'error_type');
    is($l->{runtime}, 'python', 'runtime');
    is($l->{user}, 'ann', 'user');
    is($l->{code_sha256}, sha256_hex($code), 'code_sha256');
    like($l->{run_time}, qr/^\d+\.\d{3}$/, 'run_time');
    like($l->{cpu_time}, qr/^\d+\.\d{3}$/, 'cpu_time');
    is($res->{headers}{'x-job'}, $res->json->{job_id}, 'in a header');
};


subtest 'times' => sub {
    $client->run("import time\ntime.sleep(0.3)\nprint(1)");
    my $l = logged();

    is($l->{status}, 'completed', 'completed');
    is($l->{error_type}, '-', 'no error_type');
    is($l->{user}, '-', 'nobody');
    cmp_ok($l->{run_time}, '>=', 0.299, 'run_time');
    cmp_ok($l->{cpu_time}, '<', $l->{run_time}, 'cpu_time');
};


subtest 'accepted' => sub {
    my $res = $client->post('/execute', { code => 'print(1)' });
    my $l = logged();

    is($l->{job_id}, $res->json->{job_id}, 'job_id');
    like($l->{status}, qr/^(?:queued|running)$/, 'status');
    is($l->{run_time}, '-', 'no time yet');

    $client->finished($res->json->{job_id});
    $l = logged() while ($l->{status} // 'completed') ne 'completed';
    is($l->{job_id}, $res->json->{job_id}, 'and when it is asked for');
};


subtest 'no job' => sub {
    $client->post('/execute', { code => '' });
    my $l = logged();

    is($l->{code}, 422, 'refused');
    is($l->{job_id}, '-', 'no job_id');
    is($l->{status}, '-', 'no status');

    $client->get('/execute/jobs/none');
    is(logged()->{code}, 404, 'not found');

    $client->get('/health');
    $l = logged();
    is($l->{job_id}, '-', 'health has none');
};

subtest 'an exception\'s name in the log' => sub {
    # the name is the job's own word: no line of the log may be forged by it
    my $code = "X = type('a\\nb|c\"', (Exception,), {})\nraise X('y')\n";
    $client->post('/execute?wait=true',
                  { code => $code, language => 'python-open' });
    my $all = sub { CodeRemote::Procs::slurp("$server->{dir}/logs/vars.log") };

    ok(wait_for(sub { (() = $all->() =~ /\n/g) > $lines }), 'logged');
    my $last = (split /\n/, $all->())[-1];
    like($last, qr/^200\|[0-9a-f-]{36}\|failed\|/, 'one line')
        or diag($all->());
};

$server->finish;
done_testing();
