# What a supervisor makes of the end of a job: of one that ran programs of its
# own, whose signals and times are its processes', and of one that leaves
# artifacts, which are a stream that is bounded as its output is.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Profile;
use CodeRemote::Server;
use CodeRemote::Wire qw( CREDIT OUTPUT PROGRAM RESULT STOP ARTIFACTS );

plan skip_all => 'profiles cannot be written'
    if !CodeRemote::Profile::writable('python');

CodeRemote::Profile::add('bash');

# Without a limit of address space: its cgroup alone counts its memory.
CodeRemote::Profile::place('bash-threads',
    CodeRemote::Profile::shipped('bash') =~ s/^threads\s*=.*\n//mr
    . "threads = on\n");

my $server = CodeRemote::Server->new(workers => 1)->start;

my $wire = CodeRemote::Wire->connect($server->{sock}, $> == 0
    ? (uid => (getpwnam CodeRemote::Env::worker_user())[2]) : ());
$wire->hello or die 'no supervisor';


sub ends {
    my ($runtime, $code, $what, $is, %opt) = @_;

    my $result = $wire->run($runtime, $code, %opt);
    my %got = map { $_ => $result->{$_} } keys %$is;

    is_deeply(\%got, $is, $what) or diag(explain($result));

    return $result;
}


subtest 'programs of their own' => sub {
    ends('bash', 'echo out; echo err >&2', 'one that is done',
         { end => 'claim', exit_code => 0, stdout => "out\n",
           stderr => "err\n", error_type => '', cut => 0 });
    ends('bash', 'exit 3', 'its exit code', { end => 'claim', exit_code => 3 });
    ends('bash', 'kill -SEGV $$', 'a signal',
         { end => 'signal', signal => 11 });
    ends('bash', 'kill -KILL $$', 'its own SIGKILL is no lack of memory',
         { end => 'signal', signal => 9 });
    ends('bash', 'ulimit -t 1; while :; do :; done',
         'a limit of its own is not its job\'s',
         { end => 'signal', signal => 9 });
    ends('bash', 'bash -c "kill -SEGV \$\$"; exit 4',
         'a child\'s signal is not its own', { end => 'claim', exit_code => 4 });
    ends('bash', 'sleep 1000 & echo out', 'what it leaves behind ends with it',
         { end => 'claim', exit_code => 0, stdout => "out\n" });
    ends('bash', 'echo out; sleep 1000', 'the time is over',
         { end => 'timeout', stdout => "out\n" }, timeout_ms => 300);
    ends('bash', 'while :; do :; done & wait', 'and that of a child',
         { end => 'timeout' }, timeout_ms => 300);
};


subtest 'memory' => sub {
    plan skip_all => 'rootless there is no cgroup' if $> != 0;

    ends('bash-threads', 'a=x; while :; do a=$a$a; done', 'a memory bomb',
         { end => 'memory', signal => 0 }, memory => 64 << 20,
         timeout_ms => 60000);
    ends('bash-threads', 'kill -KILL $$', 'and none, in the same cgroup',
         { end => 'signal', signal => 9 });
};


# What `times` of a shell has said, in microseconds.

sub times_said {
    my ($result) = @_;

    my @times = $result->{stdout} =~ /(\d+)m([\d.]+)s/g;
    is(scalar @times, 8, 'the shell tells its own') or diag(explain($result));

    my $us = 0;
    while (my ($min, $sec) = splice @times, 0, 2) {
        $us += ($min * 60 + $sec) * 1e6;
    }

    diag("cpu $result->{cpu_us} us, run $result->{run_us} us, shell $us us");

    return $us;
}


# The kernel's figures against those of the shell, which are rounded.
subtest 'the time of all processes' => sub {
    my $result = $wire->run('bash', <<'    END', timeout_ms => 60000);
for i in 1 2 3; do bash -c 'for ((i = 0; i < 100000; i++)); do :; done' & done
wait
times
    END
    cmp_ok($result->{cpu_us}, '>=', times_said($result) - 5000,
           'children are counted');

    $result = $wire->run('bash', <<'    END', timeout_ms => 60000);
coproc { for ((i = 0; i < 100000; i++)); do :; done; echo; sleep 1000; }
read -u ${COPROC[0]}
times
    END
    cmp_ok($result->{cpu_us}, '>=', times_said($result) + 5000,
           'and one that nobody has waited for');

    # most of it is the program's, whatever else the machine does meanwhile
    for (['itself', 'while :; do :; done'],
         ['its children', 'for i in 1 2 3; do while :; do :; done & done; wait'])
    {
        my ($whose, $code) = @$_;

        $result = $wire->run('bash', $code, timeout_ms => 3000);
        is($result->{end}, 'timeout', "$whose: its time is over");
        cmp_ok($result->{cpu_us}, '>', 50000, "$whose: and was counted");
        diag("cpu $result->{cpu_us} us");
    }
};


subtest 'artifacts' => sub {
    my $write = "open('a.bin', 'wb').write(bytes(range(256)) * 4000)\n";
    my $whole = join('', map { chr } 0 .. 255) x 4000;

    my $result = ends('python-open', $write, 'a file that is left',
        { end => 'claim', exit_code => 0, cut => 0 }, patterns => ['*.bin']);
    is_deeply($result->{artifacts}, { 'a.bin' => $whole }, 'is an artifact');

    # what the cell may write and what the supervisor keeps are two things
    $result = ends('python-open', $write, 'more than is kept',
        { end => 'claim', cut => 4 }, patterns => ['*.bin'],
        artifact_limit => 1000);
    is(length $result->{extras}, 1000, 'is cut, and it is said');

    $result = ends('python-open', $write, 'when none is asked for',
        { end => 'claim', cut => 0, extras => '' }, patterns => ['*.bin'],
        artifact_limit => 0);
};


subtest 'a program that writes artifacts itself' => sub {
    my $forever = "import os\nwhile True: os.write(5, b'x' * 100000)\n";

    my $result = ends('python-open', $forever, 'for ever',
        { end => 'timeout', cut => 4, stdout => '' }, timeout_ms => 500,
        artifact_limit => 300_000);
    is($result->{extras}, 'x' x 300_000, 'is heard as far as its limit goes');

    ends('python-open', $forever, 'with nobody to read them',
         { end => 'claim', exit_code => 1, error_type => 'BrokenPipeError',
           extras => '' }, artifact_limit => 0);

    ends('python-open', "import os\nos.close(5)\nprint(1)", 'and closes them',
         { end => 'claim', exit_code => 0, stdout => "1\n", cut => 0 });
};


# One credit for all streams.
subtest 'credit' => sub {
    my $code = "import os\nos.write(5, b'a' * 1000)\nprint('o' * 999)\n";
    my $job = $wire->start('python-open', $code, credit => 500);
    my ($got, $last) = (0, '');

    while (my ($type, undef, undef, $payload) = $wire->frame) {
        if ($type == OUTPUT) {
            $got += length $payload;
            cmp_ok($got, '<=', 500, 'no more than there is credit for');
            last if $got == 500;
        }
    }

    $wire->send(CREDIT, $job, 0, pack 'V', 2000);
    my $result = $wire->result($job);
    is($got + length($result->{stdout}) + length($result->{extras}), 2000,
       'then the rest');
    is($result->{cut}, 0, 'and nothing was cut');

    # who never gives any, and who wants it no more
    $result = ends('python-open', $code, 'without credit it ends all the same',
                   { end => 'claim', cut => 1 | 4, stdout => '', extras => '' },
                   credit => 0);

    $job = $wire->start('python-open', "$code\nimport time\ntime.sleep(60)",
                        credit => 100, timeout_ms => 60000);
    $wire->send(STOP, $job, 0, '');
    is($wire->result($job)->{end}, 'stopped', 'one that is stopped, too');
};


subtest 'a large program in parts' => sub {
    my $large = 'x' x 3_000_000;

    my $result = ends('python-open', "print(len(open('large').read()))",
        'runs', { end => 'claim', stdout => "3000000\n" },
        files => { large => $large });

    # while it runs there is no more to come
    my $job = $wire->start('python-open', 'input()', open => 1);
    $wire->send(PROGRAM, $job, 0, 'more');
    is($wire->result($job), undef, 'a part too many ends the connection');
};

undef $wire;
$server->finish;

done_testing();
