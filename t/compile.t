# A program that is compiled is a job of two runs: what the compiler leaves are
# files of the second.  Said by a supervisor that is none, which sees what it
# is sent.

use strict;
use warnings;

use lib 't/lib';
use Test::More;
use Time::HiRes qw( time );

use CodeRemote::Data qw( data_like );
use CodeRemote::Fake qw( artifact claim result );
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;
use CodeRemote::Wire qw( ARTIFACTS CREDIT INPUT OUTPUT RESULT RUN STARTED STOP
                         TO_ERR TO_OUT );

use constant { ARGS => 1, WRITE => 4, COMPILE => 16,
               KIND_RUN => 0, KIND_COMPILE => 3, EXECUTE => 1 };

my $server = CodeRemote::Server->new(workers => 1, external => 1,
    server => 'coderemote_timeout 20s;');
my $client;


# Its connections each begin with $do; what it saw comes over a pipe.

sub fake {
    my ($do) = @_;

    pipe my $out, my $in or die "pipe(): $!\n";

    my $fake = CodeRemote::Fake->start($server->{sock}, sub {
        my ($c) = @_;
        my $see = sub { syswrite $in, join('', @_) . "\n" };

        $c->welcome(flags => ARGS | WRITE | COMPILE);
        $do->($c, $see);
        $c->idle;
    });

    close $in;

    if (!$client) {
        $server->start;
        $client = $server->client;
    }

    ok(wait_for(sub { $client->get('/health')->json->{sandbox}{connected} }),
       'nginx is connected');

    return $fake, $out;
}


sub seen {
    my ($fake, $out) = @_;

    $fake->stop;
    local $/;
    return scalar(<$out>) // '';
}


# The compiler's run, as far as its result.

sub compiles {
    my ($c, %f) = @_;

    my $run = $c->run;
    my $p = CodeRemote::Fake::program($run);
    die "kind $p->{kind}\n" if $p->{kind} != KIND_COMPILE;

    $c->send(STARTED, $run->{job});
    $c->send(OUTPUT, $run->{job}, "warning\n", TO_ERR);
    $c->send(OUTPUT, $run->{job}, "note\n", TO_OUT);
    $c->send(OUTPUT, $run->{job}, $_, ARTIFACTS)
        for unpack '(a16384)*', $f{artifacts}
            // artifact('program', "\x7fELF");
    $c->send(RESULT, $run->{job},
             result(run_us => 250_000, cpu_us => 200_000, peak => 9,
                    %{ $f{result} || {} }));

    return $run, $p;
}


sub runs {
    my ($c, %f) = @_;

    my $run = $c->run;
    my $p = CodeRemote::Fake::program($run);
    die "kind $p->{kind}\n" if $p->{kind} != KIND_RUN;

    $c->send(STARTED, $run->{job});
    $c->send(OUTPUT, $run->{job}, $f{out} // "out\n", TO_OUT);
    $c->send(RESULT, $run->{job},
             result(run_us => 5000, cpu_us => 4000, peak => 7,
                    %{ $f{result} || {} }));

    return $run, $p;
}


sub shown {
    my ($p) = @_;

    return join ' ', $p->{kind}, "[@{ $p->{args} }]", $p->{code},
           (map { "$_->[1]=$_->[2]/$_->[0]" } @{ $p->{files} }),
           $p->{artifact_max} > 0 ? 'artifacts' : 'none',
           "[@{ $p->{patterns} }]";
}


subtest 'compiled, then run' => sub {
    my @fake = fake(sub {
        my ($c, $see) = @_;

        my ($first, $p) = compiles($c);
        $see->(shown($p));
        $see->("timeout $first->{timeout_ms} memory $first->{memory}");

        my ($run, $q) = runs($c);
        $see->(shown($q));
        $see->("timeout $run->{timeout_ms} memory $run->{memory}");
        $see->("user ", $run->{user} == $first->{user} ? 'same' : 'another');
    });

    my $job = $client->run('main', stdin => 'in', args => ['-x'],
        timeout_seconds => 3, memory_limit_mb => 100,
        files => [{ name => 'a.h', content => 'h' },
                  { name => 'program', content => 'mine' }],
        artifacts => ['*.png']);

    data_like($job, { status => 'completed', result => {
        stdout => "out\n", stderr => "warning\nnote\n", exit_code => 0,
        execution_time_ms => 5, cpu_time_ms => 4, memory_peak_bytes => 7,
        compile_time_ms => 250 } }, 'the job') or diag(explain($job));

    my $limit = 1 << 30;
    my $own = 100 << 20;

    is(seen(@fake), <<"EOT", 'what the sandbox was sent');
3 [] main a.h=h/0 program=mine/0 artifacts []
timeout 20000 memory $limit
0 [-x] main a.h=h/0 program=\x7fELF/1 artifacts [*.png]
timeout 3000 memory $own
user same
EOT
};


# A compiled program of many frames goes back as it came.

subtest 'a large program' => sub {
    my $program = join '', map { pack 'V', $_ } 0 .. 1_000_000;

    my @fake = fake(sub {
        my ($c, $see) = @_;

        my $run = $c->run;
        $c->send(STARTED, $run->{job});

        my $credit = $run->{credit};

        for (unpack '(a16384)*', artifact('program', $program)) {
            while ($credit < length) {
                my $f = $c->next;
                $credit += unpack 'V', $f->{payload} if $f->{type} == CREDIT;
            }

            $credit -= length;
            $c->send(OUTPUT, $run->{job}, $_, ARTIFACTS);
        }

        $c->send(RESULT, $run->{job}, result());

        my ($second, $p) = runs($c);
        $see->($p->{files}[0][2] eq $program ? 'same' : 'another');
    });

    is($client->run('x')->{status}, 'completed', 'the job');
    is(seen(@fake), "same\n", 'the program');
};


# name, what the compiler comes to, what is told

my @ends = (
    ['an error', { claim => claim(exit_code => 1, error => 'main.c:1: no',
                                  error_type => 'CompileError') }, undef,
     { error_type => 'CompileError', error => 'main.c:1: no', exit_code => 1,
       timed_out => CodeRemote::Client->decode('false') }],
    ['too long', { end => 3 }, undef,
     { error_type => 'TimeoutError', exit_code => undef,
       error => 'compiling took longer than 20 seconds',
       timed_out => CodeRemote::Client->decode('true') }],
    ['too much memory', { end => 4 }, undef,
     { error_type => 'MemoryError',
       error => 'compiling used more than 1024 MB of memory' }],
    ['a signal', { end => 2, signal => 11 }, undef,
     { signal => 'SIGSEGV', error => 'the compiler was killed' }],
    ['no claim', { end => 1, exit_code => 4 }, undef,
     { error => 'compiling ended without a report', exit_code => 4 }],
    ['lost', { end => 6, reason => 'why not' }, undef,
     { error_type => 'SandboxError', error => 'why not' }],
    ['no program', {}, '',
     { error_type => 'CompileError', error => 'compiling left no program' }],
    ['a program that was left out', {},
     artifact('program', '', flags => 1, size => 1 << 40),
     { error_type => 'CompileError', error => qr/larger than 16 MB/ }],
    ['a program that was cut', {}, substr(artifact('program', 'x' x 99), 0, 80),
     { error_type => 'CompileError', error => qr/larger than 16 MB/ }],
    ['too many files', {}, join('', map { artifact("p$_", '') } 1 .. 64),
     { error_type => 'CompileError', error => qr/too many files/ }]
);

for (@ends) {
    my ($name, $result, $artifacts, $want) = @$_;

    subtest "compiling ends: $name" => sub {
        my @fake = fake(sub {
            my ($c, $see) = @_;
            compiles($c, result => $result, artifacts => $artifacts);
            $see->('another run') if $c->run;
        });

        data_like($client->run('x', files => [{ name => 'f', content => '' }]),
                  { status => 'failed', result => {
                        stdout => '', stderr => "warning\nnote\n",
                        execution_time_ms => 0, cpu_time_ms => 0,
                        compile_time_ms => 250, %$want } }, 'the job');
        is(seen(@fake), '', 'and nothing is run');
    };
}


subtest 'stopped while it is compiled' => sub {
    for my $late (0, 1) {
        my @fake = fake(sub {
            my ($c, $see) = @_;

            my $run = $c->run;
            $c->send(STARTED, $run->{job});

            my $f = $c->next;
            $f = $c->next while $f->{type} != STOP;

            # it may have ended by itself just before
            $c->send(OUTPUT, $run->{job}, artifact('program', 'x'), ARTIFACTS);
            $c->send(RESULT, $run->{job}, result($late ? () : (end => 5)));
            $see->('another run') if $c->run;
        });

        my $id = $client->post('/execute', { code => 'x' })->json->{job_id};

        ok(wait_for(sub {
            $client->get("/execute/jobs/$id")->json->{status} eq 'running';
        }), 'compiling counts as running');

        $client->delete("/execute/jobs/$id");
        data_like($client->finished($id), { status => 'cancelled' },
                  'the job');
        is(seen(@fake), '', 'nothing is run');
    }
};


subtest 'a sandbox that is gone' => sub {
    my @fake = fake(sub {
        my ($c) = @_;
        my $run = $c->run;
        $c->send(STARTED, $run->{job});
        die;
    });

    data_like($client->run('x'), { status => 'failed', result => {
        error_type => 'SandboxError',
        error => 'the sandbox ended while the job ran' } },
        'while it is compiled');
    seen(@fake);

    # The second run had not begun: it is for the next sandbox.

    my $first = "$server->{dir}/first";
    open my $file, '>', $first or die "$first: $!\n";

    @fake = fake(sub {
        my ($c, $see) = @_;

        if (unlink $first) {
            compiles($c);
            die;
        }

        my ($run, $p) = runs($c);
        $see->($p->{files}[0][2]);
    });

    is($client->run('x')->{status}, 'completed', 'between the two');
    is(seen(@fake), "\x7fELF\n", 'the program is kept');
};


subtest 'cases are compiled once' => sub {
    my @fake = fake(sub {
        my ($c, $see) = @_;

        my ($run, $p) = compiles($c);
        $see->(shown($p));

        for my $n (1 .. 5) {
            ($run, $p) = runs($c, out => "$n\n");
            $see->(shown($p));
        }
    });

    my $job = $client->run('main', cases => [
        map { { args => ["$_"], expected_stdout => "$_\n" } } 1 .. 5]);

    data_like($job, { status => 'completed', result => {
        cases_passed => 5, compile_time_ms => 250, stderr => "warning\nnote\n",
        cpu_time_ms => 20, memory_peak_bytes => 7 } }, 'the job')
        or diag(explain($job));

    is(seen(@fake), "3 [] main artifacts []\n"
                    . join('', map { "0 [$_] main program=\x7fELF/1 none []\n" }
                               1 .. 5), 'what the sandbox was sent');
};


# Artifacts as a cell that means harm may pack them.

sub hostile {
    my ($bytes) = @_;

    my @fake = fake(sub {
        my ($c, $see) = @_;
        compiles($c);
        my $run = $c->run;
        $c->send(STARTED, $run->{job});
        $c->send(OUTPUT, $run->{job}, $_, ARTIFACTS)
            for unpack '(a16384)*', $bytes;
        $c->send(RESULT, $run->{job}, result());
    });

    my $job = $client->run('x', artifacts => ['*']);
    seen(@fake);

    return $job;
}


sub told {
    my ($job) = @_;

    return join ' ', map { "$_->{name}=" . ($_->{content} // 'none') }
           @{ $job->{result}{artifacts} };
}


subtest 'hostile artifacts' => sub {
    is(told(hostile(artifact('a', 'x') . artifact('a', 'y')
                    . artifact('b', 'z'))), 'a=x b=z', 'a name twice');
    is(told(hostile(artifact('a', 'x') . artifact('../b', 'y')
                    . artifact('c', 'z'))), 'a=x', 'a name that leads out');
    is(told(hostile(artifact('a', 'x') . artifact('b', 'y', size => 7))),
       'a=x b=none', 'another size');
    is(told(hostile(artifact('a', 'x') . substr(artifact('b', 'yyy'), 0, -1))),
       'a=x b=none', 'a cut one');
    is(told(hostile(artifact('a', 'x') . "\xff" x 500)), 'a=x', 'garbage');
    is(told(hostile(artifact('a', 'x', flags => 1))), 'a=none',
       'left out, but with bytes');
    is(scalar(split / /, told(hostile(join '', map { artifact($_, '') }
                                               1 .. 100))), 64, 'too many');

    my $job = hostile(artifact('a', 'x' x (2 << 20)));
    data_like($job, { status => 'failed', result => {
        error => 'the sandbox ended while the job ran' } },
        'more than was asked for');
};


$server->finish;


# The same by a real compiler, in cells.

subtest 'C' => sub {
    plan skip_all => 'gcc is not installed' if !-x '/usr/bin/gcc';

    my $s = CodeRemote::Server->new(runtimes => ['c'])->start;
    my $c = $s->client(timeout => 120);

    my $code = <<'EOT';
#include <stdio.h>
#include "twice.h"
int main(void) {
    int n;
    if (scanf("%d", &n) != 1) return 2;
    printf("%d\n", TWICE(n));
    return 0;
}
EOT
    my %fields = (language => 'c', timeout_seconds => 30, files => [
        { name => 'twice.h', content => '#define TWICE(n) (2 * (n))' }]);

    data_like($c->run($code, %fields, stdin => '4'), {
        status => 'completed', result => {
            stdout => "8\n", compile_time_ms => sub { $_[0] > 0 || 'none' } },
    }, 'a program with a header');

    data_like($c->run('int main(void) { return x; }', %fields), {
        status => 'failed', result => {
            error_type => 'CompileError', exit_code => 1, stderr => qr/'?x/ },
    }, 'one that is none');

    my $start = time;
    my $job = $c->run($code, %fields, cases => [
        map { { stdin => "$_", expected_stdout => 2 * $_ . "\n" } } 1 .. 20]);
    my $once = time - $start;

    is($job->{result}{cases_passed}, 20, 'twenty cases, compiled once')
        or diag(explain($job));

    $start = time;
    my @res = $c->all([map { [POST => '/execute?wait=true',
                              { code => $code, %fields, stdin => "$_" }] }
                       1 .. 20], clients => 16, deadline => 120);
    is(scalar(grep { ($_->json->{result}{stdout} // '') !~ /^\d+\n$/ } @res),
       0, 'twenty requests, each compiled');

    my $each = time - $start;
    diag(sprintf '20 cases of C: %.1f s in one request, %.1f s in 20: %.1f '
                 . 'times', $once, $each, $each / $once);

    $s->finish;
};

done_testing();
