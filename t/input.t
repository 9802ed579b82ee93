# Input that comes while a program runs, as the sandbox takes it: the question
# is shown before the answer is waited for, an answer may come in pieces, the
# end is one of its own, and who does not read keeps only himself waiting.  And
# through whichever worker it comes.

use strict;
use warnings;

use lib 't/lib';
use JSON::PP ();
use Test::More;

use CodeRemote::Server;
use CodeRemote::WebSocket;
use CodeRemote::Wire qw( INPUT CREDIT STARTED OUTPUT RESULT TO_OUT );

my $server = CodeRemote::Server->new(workers => 2)->start;
my $user = CodeRemote::Env::worker_user();
my $wire = CodeRemote::Wire->connect($server->{sock},
    defined $user ? (uid => (getpwnam $user)[2]) : ());

ok($wire && $wire->hello, 'the sandbox welcomes one more worker')
    or BAIL_OUT('no sandbox');


sub start {
    my ($code, %opt) = @_;

    # sys is only to be had where nothing is refused
    my $runtime = $code =~ /import sys/ ? 'python-open' : 'python';

    return $wire->start($runtime, $code, open => 1, %opt);
}


sub feed {
    my ($job, $data, $eof) = @_;

    return $wire->send(INPUT, $job, $eof ? 1 : 0, $data);
}


# Reads on until stdout is so, and answers whether it ever was.

sub shown {
    my ($job, $text) = @_;

    my $out = '';

    while (my ($type, $of, $flags, $payload) = $wire->frame) {
        $out .= $payload if $type == OUTPUT && $of == $job
                            && $flags == TO_OUT;
        return is($out, $text, 'it shows ' . $text =~ s/\n/\\n/gr)
            if length $out >= length $text || $type == RESULT;
    }

    return fail("it did not show $text");
}


subtest 'a question, an answer, and the end' => sub {
    my $job = start(<<'CODE');
name = input("name? ")
print("hi", name)
try:
    input("more? ")
except EOFError as e:
    print(type(e).__name__)
CODE

    shown($job, 'name? ') or return;
    feed($job, "Ada\n");
    shown($job, "hi Ada\nmore? ") or return;
    feed($job, '', 1);

    my $result = $wire->result($job);
    is($result->{stdout}, "EOFError\n", 'then it ends');
    is($result->{end}, 'claim', 'by itself');
};


subtest 'an answer in pieces, and two at once' => sub {
    my $job = start("print(input('a'))\nprint(input('b'))\nprint(input('c'))");

    shown($job, 'a') or return;
    feed($job, $_) for 'o', 'n', '', "e\ntwo", "\n";
    shown($job, "one\nbtwo\nc") or return;
    feed($job, 'last', 1);
    is($wire->result($job)->{stdout}, "last\n", 'the last needs no newline');
};


subtest 'a question without input(), and on stderr' => sub {
    my $job = start(<<'CODE');
import sys
print("x? ", end="")
x = sys.stdin.readline()
print("y? ", end="", file=sys.stderr)
sys.exit(sys.stdin.readline() + x)
CODE

    shown($job, 'x? ') or return;
    feed($job, "1\n");

    my ($type, $of, $flags, $payload) = $wire->frame;
    ($type, $of, $flags, $payload) = $wire->frame while $type == CREDIT;
    is($payload, 'y? ', 'it is shown');

    feed($job, "2\n", 1);
    is($wire->result($job)->{stderr}, "2\n1\n\n", 'it ends');
};


# As far as there is credit, however slowly the program takes it.

subtest 'much input' => sub {
    my $job = start(<<'CODE');
n = 0
try:
    while True:
        n += len(input()) + 1
except EOFError:
    print(n)
CODE

    my ($credit, $left, $line) = (16384, 300_000, ('x' x 99) . "\n");
    my $data = $line x ($left / 100);

    while (length $data) {
        my $part = substr $data, 0, $credit < 5000 ? $credit : 5000, '';

        feed($job, $part);
        $credit -= length $part;

        while ($credit == 0) {
            my ($type, $of, undef, $payload) = $wire->frame or last;
            $credit += unpack 'V', $payload if $type == CREDIT;
        }

        last if $credit == 0;
    }

    feed($job, '', 1);
    is($wire->result($job)->{stdout}, "300000\n", 'all of it came');
};


subtest 'nobody answers' => sub {
    my $job = start("input('? ')", timeout_ms => 300);

    shown($job, '? ') or return;
    is($wire->result($job)->{end}, 'timeout', 'its time is over');

    $job = start("import sys\nsys.stdin.close()\nprint('deaf')\nwhile 1: pass",
                 timeout_ms => 500);
    shown($job, "deaf\n") or return;
    feed($job, 'x' x 16384);
    is($wire->result($job)->{end}, 'timeout', 'nor is he waited for');
};


# More at a time than the sandbox takes unasked, between output.

subtest 'from both workers in turns' => sub {
    my $ws = CodeRemote::WebSocket->new(port => $server->{port});
    my $other;

    for (1 .. 200) {
        $other = CodeRemote::WebSocket->new(port => $server->{port});
        last if substr($other->name, 0, 2) ne substr($ws->name, 0, 2);
    }

    isnt(substr($other->name, 0, 2), substr($ws->name, 0, 2), 'there are two');

    my $job = $ws->execute(code => <<'CODE');
try:
    while True:
        s = input()
        print(len(s), s[:1], s[-1:])
except EOFError:
    print("end")
CODE

    my $want = '';

    for my $n (1 .. 12) {
        my $from = $n % 3 ? $other : $ws;
        my ($first, $last, $len) = (chr(64 + $n), chr(96 + $n), $n * 3000);

        $from->say(action => 'stdin', job_id => $job,
                   data => $first . 'x' x ($len - 2) . "$last\n");
        $want .= "$len $first $last\n";

        # until it is shown, for two connections have no order
        $from->pump(sub { !length $from->{out} });
        $ws->pump(sub { ($ws->output($job) // '') eq $want })
            or return is($ws->output($job), $want, "line $n");
    }

    $other->say(action => 'stdin', job_id => $job, eof => $JSON::PP::true);
    $other->pump(sub { !length $other->{out} });

    is($ws->result($job)->{result}{stdout}, "${want}end\n", 'all of it came');
};


$wire->{sock}->close;
$server->finish;

done_testing();
