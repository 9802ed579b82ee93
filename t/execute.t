# POST /execute: what a request may say and what the answer holds.

use lib 't/lib';
use CodeRemote;
use Test::Nginx::Socket 'no_plan';

our $uuid = qr/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}
               -[0-9a-f]{12}$/x;
our $time = qr/^20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d(?:\.\d+)?Z$/;

CodeRemote::suite();

__DATA__

=== TEST 1: a program's output, and every member of a job
--- request
POST /execute?wait=true
{"code":"print(sum(range(10)))"}
--- response_headers
Content-Type: application/json
--- job eval
{
    job_id => $::uuid, status => 'completed', language => 'python',
    created_at => $::time, started_at => $::time, completed_at => $::time,
    result => {
        success => CodeRemote::true, stdout => "45\n", stderr => '',
        stdout_truncated => CodeRemote::false,
        stderr_truncated => CodeRemote::false,
        error => undef, error_type => undef, exit_code => 0,
        signal => undef, timed_out => CodeRemote::false,
        execution_time_ms => sub { $_ > 0 && $_ < 5000 },
        cpu_time_ms => sub { $_ > 0 && $_ < 5000 },
        memory_peak_bytes => sub { $_ > 0 && $_ < 300_000_000 },
        security_violations => [],
    },
}


=== TEST 2: without wait: accepted, and where to ask
--- request
POST /execute
{"code":"print(1)"}
--- error_code: 202
--- raw_response_headers_like: \r\nLocation: \S*/execute/jobs/[0-9a-f-]{36}\r\n
--- json eval
{ job_id => $::uuid, status => 'queued' }


=== TEST 3: Prefer: wait
--- request
POST /execute
{"code":"print(2)"}
--- more_headers
Content-Type: application/json
Prefer: wait=10
--- response_headers
Preference-Applied: wait=10
--- job eval
{ status => 'completed', result => { stdout => "2\n" } }


=== TEST 4: Prefer beside other preferences
--- request
POST /execute
{"code":"print(2)"}
--- more_headers
Content-Type: application/json
Prefer: handling=lenient, wait=10
--- job eval
{ status => 'completed', result => { stdout => "2\n" } }


=== TEST 5: ?wait=N
--- request
POST /execute?wait=10
{"code":"print(3)"}
--- job eval
{ status => 'completed', result => { stdout => "3\n" } }


=== TEST 6: a job that is not done in time is answered as accepted
--- uri: /execute?wait=1
--- code
import time
time.sleep(3)
print("late")
--- error_code: 202
--- json eval
{ job_id => $::uuid, status => qr/^(?:queued|running)$/ }


=== TEST 7: a content type with a parameter
--- request
POST /execute?wait=true
{"code":"print('\u00e9')"}
--- more_headers
Content-Type: application/json; charset=utf-8
--- job eval
{ status => 'completed', result => { stdout => "\x{e9}\n" } }


=== TEST 8: standard input
--- code
name = input()
print("hello", name)
print(input() + "|")
try:
    input()
except EOFError:
    print("end")
--- with eval
{ stdin => "world\nsecond" }
--- job eval
{ status => 'completed', result => { stdout => "hello world\nsecond|\nend\n" } }


=== TEST 9: standard input in full
--- code
n = 0
try:
    while True:
        n += len(input()) + 1
except EOFError:
    pass
print(n)
--- with eval
my $line = 'x' x 99 . "\n";
+{ stdin => $line x 10000 }
--- job eval
{ status => 'completed', result => { stdout => "1000000\n" } }


=== TEST 10: stdin that nobody reads
--- code
print("done")
--- with eval
my $line = 'x' x 99 . "\n";
+{ stdin => $line x 10000 }
--- job eval
{ status => 'completed', result => { stdout => "done\n" } }


=== TEST 11: an exception
--- code
def f(x):
    return 1 // x

print("before")
f(0)
--- job eval
{
    status => 'failed',
    result => {
        success => CodeRemote::false, stdout => "before\n",
        error_type => 'ZeroDivisionError', exit_code => 1,
        timed_out => CodeRemote::false, signal => undef,
        error => qr/integer division or modulo by zero/,
        stderr => qr/\ATraceback\ \(most\ recent\ call\ last\):\n
                     .*line\ 5,\ in\ <module>\n
                     .*line\ 2,\ in\ f\n
                     .*ZeroDivisionError:\ .*\n\z/sx,
    },
}


=== TEST 12: an exit code
--- code
print("out")
raise SystemExit(3)
--- job eval
{
    status => 'failed',
    result => { success => CodeRemote::false, stdout => "out\n",
                error_type => undef, exit_code => 3, signal => undef }
}


=== TEST 13: the exit code 0
--- code
exit(0)
--- job eval
{
    status => 'completed',
    result => { success => CodeRemote::true, exit_code => 0,
                error_type => undef }
}


=== TEST 14: a syntax error, where it is
--- code
x = 1
if x
    print(x)
--- job eval
{
    status => 'failed',
    result => { error_type => 'SyntaxError', stdout => '',
                stderr => qr/line 2/, error => qr/\S/ }
}


=== TEST 15: what the policy does not allow
--- code
x = 1
import os
--- job eval
{
    status => 'failed',
    result => {
        error_type => 'SecurityError', stdout => '',
        security_violations => sub {
            @$_ >= 1 && $_->[0]{line} == 2 && $_->[0]{column} >= 1
            && $_->[0]{message} =~ /\bos\b/ && $_->[0]{message} =~ /math/
        }
    }
}


=== TEST 16: several violations at once
--- code
import os
import sys
eval("1")
--- job eval
{
    status => 'failed',
    result => {
        error_type => 'SecurityError',
        security_violations => sub {
            CORE::join(' ', map { $_->{line} } @$_) =~ /^1\b.* 2\b.* 3$/
        }
    }
}


=== TEST 17: the other profile has no source policy and takes arguments
--- code
import os, sys, threading
t = threading.Thread(target=lambda: print("thread"))
t.start()
t.join()
print(sys.argv[1:], os.getpid() > 0)
--- with eval
{ language => 'python-open', args => ['a b', '', "\x{e9}"] }
--- job eval
{
    status => 'completed', language => 'python-open',
    result => { stdout => "thread\n['a b', '', '\x{e9}'] True\n" }
}


=== TEST 18: no arguments are none
--- code
print("x")
--- with eval
{ args => [], stdin => '', timeout_seconds => 5, memory_limit_mb => 128 }
--- job eval
{ status => 'completed', result => { stdout => "x\n" } }


=== TEST 19: fractions of seconds
--- code
import time
time.sleep(20)
--- with eval
{ timeout_seconds => 0.25 }
--- job eval
{
    status => 'failed',
    result => { timed_out => CodeRemote::true, error_type => 'TimeoutError',
                execution_time_ms => sub { $_ >= 249 && $_ < 5000 } }
}


=== TEST 20: characters of every length, in and out
--- code
s = input()
print(s)
print(len(s))
--- with eval
{ stdin => "a\x{e9}\x{20ac}\x{1d11e}\n" }
--- job eval
{ result => { stdout => "a\x{e9}\x{20ac}\x{1d11e}\n4\n" } }


=== TEST 21: output that is no UTF-8
--- code
import os
os.write(1, b"a\xffb\xe2\x82c\n")
os.write(2, b"\xc3\x28\n")
--- with eval
{ language => 'python-open' }
--- job eval
{
    status => 'completed',
    result => { stdout => "a\x{fffd}b\x{fffd}c\n", stderr => "\x{fffd}(\n" }
}


=== TEST 22: NUL and control characters in the output
--- code
print("a\0b\x1b[0m\x7f\u2028")
--- job eval
{ status => 'completed',
  result => { stdout => "a\0b\x1b[0m\x7f\x{2028}\n" } }


=== TEST 23: a program that dies of a signal
--- code
import os, signal
print("alive", flush=True)
os.kill(os.getpid(), signal.SIGKILL)
--- with eval
{ language => 'python-open' }
--- job eval
sub {
    # the first process of a pid namespace ignores its own signals: then it
    # ends by itself
    my $r = $_[0]{result};
    return $r->{stdout} eq "alive\n"
           && ($_[0]{status} eq 'failed' && $r->{signal}
               || $_[0]{status} eq 'completed');
}


=== TEST 24: a program that ends without a word
--- code
import os
print("said", flush=True)
os._exit(7)
--- with eval
{ language => 'python-open' }
--- job eval
{
    status => 'failed',
    result => { stdout => "said\n", exit_code => 7,
                success => CodeRemote::false }
}


=== TEST 25: a program of the largest size
--- request eval
my $code = 'x = 1 #' . 'a' x (10 * 1024 - 7 - 9) . "\nprint(2)";
'POST /execute?wait=true
' . CodeRemote::Client->encode({ code => $code })
--- job eval
{ status => 'completed', result => { stdout => "2\n" } }


=== TEST 26: a body in many small pieces
--- request eval
[[ "POST /execute?wait=true\n", '{"code":"pri',
   { value => 'nt(', delay_before => 0.05 },
   { value => '12)"}', delay_before => 0.05 } ]]
--- json eval
[{ status => 'completed', result => { stdout => "12\n" } }]


=== TEST 27: a chunked body
--- raw_request eval
"POST /execute?wait=true HTTP/1.1\r\nHost: localhost\r\n"
. "Connection: close\r\nContent-Type: application/json\r\n"
. "Transfer-Encoding: chunked\r\n\r\n"
. "8\r\n{\"code\":\r\na\r\n\"print(5)\"\r\n1\r\n}\r\n0\r\n\r\n"
--- job eval
{ status => 'completed', result => { stdout => "5\n" } }


=== TEST 28: several requests on one connection
--- pipelined_requests eval
[ map { "POST /execute?wait=true\n{\"code\":\"print($_)\"}" } 1 .. 5 ]
--- error_code eval
[ (200) x 5 ]
--- json eval
[ map { { status => 'completed', result => { stdout => "$_\n" } } } 1 .. 5 ]


=== TEST 29: a body in a temporary file
--- config eval
CodeRemote::Env::locations() . "client_body_buffer_size 1k;\n"
--- code
s = input()
print(len(s))
--- with eval
{ stdin => 'y' x 200_000 }
--- job eval
{ status => 'completed', result => { stdout => "200000\n" } }
