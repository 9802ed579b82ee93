# Limits of time, output and memory, and what is left after a job met one.

use lib 't/lib';
use CodeRemote;
use Test::Nginx::Socket 'no_plan';

CodeRemote::suite(sub {
    my $c = CodeRemote::client();
    my @kin = CodeRemote::Procs::kin(
        CodeRemote::Procs::supervisor_of(CodeRemote::sock()));

    # After all of the above nothing may be at work any more.

    my $quiet = CodeRemote::Procs::wait_for(sub {
        my @pids = map { $_->{pid} } CodeRemote::Procs::family();
        my $before = CodeRemote::Procs::cpu_ticks(@pids);
        select undef, undef, undef, 0.3;
        return CodeRemote::Procs::cpu_ticks(@pids) - $before <= 3;
    });

    ok($quiet, 'the CPU is idle afterwards');

    # A bomb leaves memory as it was.

    my $total = sub {
        CodeRemote::Procs::rss(map { $_->{pid} } CodeRemote::Procs::family());
    };

    my $before = $total->();

    for (1 .. 4) {
        my $job = $c->run("x = []\nwhile True:\n    x.append('x' * 1000000)");
        is($job->{result}{error_type}, 'MemoryError', "bomb $_");
    }

    my $after;

    ok(CodeRemote::Procs::wait_for(sub {
        $after = $total->();
        return $after < $before + 64 * 1024 * 1024;
    }), 'memory is as before') or diag("$before, then $after");

    # Many that print without end at once: nobody's memory grows with it.

    my $supervisor = CodeRemote::Procs::supervisor_of(CodeRemote::sock());
    $before = CodeRemote::Procs::rss($supervisor);

    my @res = $c->all([map { [POST => '/execute?wait=true', {
        code => "while True:\n    print('y' * 10000)", timeout_seconds => 2
    }] } 1 .. 8]);

    is(scalar(grep { ($_->json->{result}{error_type} // '')
                     ne 'TimeoutError' } @res), 0, 'eight endless printers')
        or diag(map { $_->text } @res);
    is(scalar(grep { length $_->json->{result}{stdout} != 1048576
                     || !$_->json->{result}{stdout_truncated} } @res), 0,
       'each is cut');

    $after = CodeRemote::Procs::rss($supervisor);
    ok($after < $before + 16 * 1024 * 1024, 'the supervisor stays small')
        or diag("$before, then $after");
});

__DATA__

=== TEST 1: an endless loop
--- code
print("first")
print("half", end="")
while True:
    pass
--- with eval
{ timeout_seconds => 1 }
--- job eval
{
    status => 'failed',
    result => {
        success => CodeRemote::false, timed_out => CodeRemote::true,
        error_type => 'TimeoutError', error => qr/\b1\b/,
        stdout => "first\nhalf",
        execution_time_ms => sub { $_ >= 999 && $_ < 5000 },
        cpu_time_ms => sub { $_ > 10 && $_ < 1500 },
    }
}


=== TEST 2: asleep
--- code
import time
print("zzz")
time.sleep(60)
--- with eval
{ timeout_seconds => 1 }
--- job eval
{
    status => 'failed',
    result => { timed_out => CodeRemote::true, error_type => 'TimeoutError',
                stdout => "zzz\n",
                execution_time_ms => sub { $_ >= 999 && $_ < 5000 } }
}


=== TEST 3: an endless loop inside C
--- code
print("in")
sum(range(10 ** 15))
--- with eval
{ timeout_seconds => 1 }
--- job eval
{
    status => 'failed',
    result => { timed_out => CodeRemote::true, error_type => 'TimeoutError',
                stdout => "in\n" }
}


=== TEST 4: a loop that catches everything
--- code
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
--- with eval
{ timeout_seconds => 1 }
--- job eval
{
    status => 'failed',
    result => { timed_out => CodeRemote::true, error_type => 'TimeoutError' }
}


=== TEST 5: a loop that ignores signals
--- code
import signal
for s in range(1, 32):
    try:
        signal.signal(s, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
print("deaf", flush=True)
while True:
    pass
--- with eval
{ timeout_seconds => 1, language => 'python-open' }
--- job eval
{
    status => 'failed',
    result => { timed_out => CodeRemote::true, error_type => 'TimeoutError',
                stdout => "deaf\n" }
}


=== TEST 6: waiting for input that never comes is no wait
--- code
try:
    input()
except EOFError:
    print("end of input")
--- job eval
{ status => 'completed', result => { stdout => "end of input\n" } }


=== TEST 7: ten thousand lines, a print each
--- code
for i in range(10000):
    print("line", i)
--- job eval
{
    status => 'completed',
    result => { stdout => CORE::join('', map { "line $_\n" } 0 .. 9999),
                stdout_truncated => CodeRemote::false }
}


=== TEST 8: five megabytes
--- code
for i in range(5):
    print("%d" % i * 1024 * 1024, end="")
print("the end")
--- job eval
{
    status => 'completed',
    result => {
        success => CodeRemote::true, stdout => '0' x (1024 * 1024),
        stdout_truncated => CodeRemote::true, stderr => '',
        stderr_truncated => CodeRemote::false,
    }
}


=== TEST 9: five megabytes in small writes
--- code
for i in range(500000):
    print("%09d" % i)
--- job eval
{
    status => 'completed',
    result => {
        stdout => sub {
            length($_) == 1048576 && /\A000000000\n000000001\n/
        },
        stdout_truncated => CodeRemote::true,
    }
}


=== TEST 10: each stream has a limit of its own
--- code
import sys
sys.stderr.write("e" * (2 * 1024 * 1024))
print("short")
--- with eval
{ language => 'python-open' }
--- job eval
{
    status => 'completed',
    result => {
        stdout => "short\n", stdout_truncated => CodeRemote::false,
        stderr => 'e' x (1024 * 1024), stderr_truncated => CodeRemote::true,
    }
}


=== TEST 11: exactly the limit is not cut
--- code
print("x" * (1024 * 1024 - 1))
--- job eval
{
    status => 'completed',
    result => { stdout => 'x' x (1024 * 1024 - 1) . "\n",
                stdout_truncated => CodeRemote::false }
}


=== TEST 12: one byte over it is
--- code
print("x" * (1024 * 1024))
--- job eval
{
    status => 'completed',
    result => { stdout => 'x' x (1024 * 1024),
                stdout_truncated => CodeRemote::true }
}


=== TEST 13: a character that the cut would split
--- code
print("x" * (1024 * 1024 - 1) + "\u20ac")
--- job eval
{
    status => 'completed',
    result => { stdout => 'x' x (1024 * 1024 - 1),
                stdout_truncated => CodeRemote::true }
}


=== TEST 14: output without end, then the time is over
--- code
while True:
    print("spam" * 100)
--- with eval
{ timeout_seconds => 2 }
--- job eval
{
    status => 'failed',
    result => { timed_out => CodeRemote::true, error_type => 'TimeoutError',
                stdout => sub { length($_) == 1048576 },
                stdout_truncated => CodeRemote::true }
}


=== TEST 15: a site's own limits
--- http
coderemote_max_output 100;
coderemote_timeout 2s;
coderemote_memory 64m;
coderemote_max_code 1k;
coderemote_max_stdin 10;
--- request eval
[
    map { "POST /execute?wait=true\n" . CodeRemote::Client->encode($_) } (
        { code => 'print("x" * 500)' },
        { code => 'print(1)', timeout_seconds => 3 },
        { code => 'print(1)', memory_limit_mb => 65 },
        { code => '#' x 1025 },
        { code => 'print(1)', stdin => 'x' x 11 },
        { code => "while True:\n    pass" },
        { code => 'x = bytearray(100_000_000)' },
    )
]
--- error_code eval
[ 200, 422, 422, 422, 422, 200, 200 ]
--- json eval
[
    { status => 'completed', result => { stdout => 'x' x 100,
      stdout_truncated => CodeRemote::true } },
    { errors => [{ field => 'timeout_seconds', message => qr/2/ }] },
    { errors => [{ field => 'memory_limit_mb', message => qr/64/ }] },
    { errors => [{ field => 'code', message => qr/1024/ }] },
    { errors => [{ field => 'stdin', message => qr/10/ }] },
    { result => { error_type => 'TimeoutError',
                  execution_time_ms => sub { $_ >= 1999 && $_ < 5000 } } },
    { result => { error_type => 'MemoryError' } },
]


=== TEST 16: a memory bomb in one piece
--- code
print("before")
x = bytearray(10 ** 9)
print("after")
--- job eval
{
    status => 'failed',
    result => { error_type => 'MemoryError', stdout => "before\n",
                timed_out => CodeRemote::false }
}


=== TEST 17: a memory bomb bit by bit
--- code
x = []
while True:
    x.append(" " * 100000)
--- job eval
{
    status => 'failed',
    result => { error_type => 'MemoryError',
                memory_peak_bytes => sub { $_ > 50_000_000
                                           && $_ < 400_000_000 } }
}


=== TEST 18: a memory bomb of small objects
--- code
x = {}
i = 0
while True:
    x[i] = [i]
    i += 1
--- job eval
{ status => 'failed', result => { error_type => 'MemoryError' } }


=== TEST 19: a memory bomb that catches
--- code
x = []
try:
    while True:
        x.append(" " * 1000000)
except MemoryError:
    x.clear()
    print("caught")
--- job eval
{ status => 'completed', result => { stdout => "caught\n" } }


=== TEST 20: the limit asked for
--- code
x = bytearray(100 * 1024 * 1024)
print("fits")
--- with eval
{ memory_limit_mb => 64 }
--- job eval
{ status => 'failed', result => { error_type => 'MemoryError',
                                  stdout => '' } }


=== TEST 21: the same fits the default
--- code
x = bytearray(100 * 1024 * 1024)
print("fits")
--- job eval
{
    status => 'completed',
    result => { stdout => "fits\n",
                memory_peak_bytes => sub { $_ > 100 * 1024 * 1024 } }
}


=== TEST 22: a bomb where threads are allowed
--- code
x = []
while True:
    x.append(bytearray(1000000))
--- with eval
{ language => 'python-open' }
--- root: without root there is no cgroup to limit memory
--- job eval
{ status => 'failed', result => { error_type => 'MemoryError' } }


=== TEST 23: recursion without end
--- code
def f(n):
    return f(n + 1)
f(0)
--- job eval
{
    status => 'failed',
    result => { error_type => 'RecursionError',
                stderr => sub { length($_) > 100 && length($_) < 20000 } }
}


=== TEST 24: an exception with a text without end
--- code
raise ValueError("x" * 10_000_000)
--- job eval
{
    status => 'failed',
    result => { error_type => 'ValueError',
                error => sub { length($_) > 100 && length($_) <= 8192 } }
}


=== TEST 25: processes without end
--- code
import os, time
n = 0
try:
    while True:
        if os.fork() == 0:
            time.sleep(60)
        n += 1
except OSError:
    pass
print("stopped", n < 200)
--- with eval
{ language => 'python-open', timeout_seconds => 10 }
--- job eval
sub {
    # forking may be refused altogether
    $_[0]{status} eq 'completed'
    && $_[0]{result}{stdout} =~ /^stopped True$/m
}


=== TEST 26: threads up to the limit, and not beyond
--- code
import threading, time
stop = threading.Event()
n = 0
try:
    while n < 1000:
        threading.Thread(target=stop.wait, daemon=True).start()
        n += 1
except RuntimeError:
    pass
stop.set()
print(20 <= n <= 64)
--- with eval
{ language => 'python-open', timeout_seconds => 10 }
--- root: without root there is no cgroup to limit tasks
--- job eval
{ status => 'completed', result => { stdout => "True\n" } }


=== TEST 27: the next job works
--- code
print("fine")
--- job eval
{ status => 'completed', result => { stdout => "fine\n" } }
