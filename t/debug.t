# A profile with `debug = on`: what the kernel's filter refuses is named on the
# program's stderr, and still refused; and what is ordinary is never refused.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Profile qw( writable edit );
use CodeRemote::Server;

plan skip_all => 'the profiles of this installation cannot be changed'
    if !writable('python');

for my $name (qw( python python-open )) {
    ok(edit($name, sub { $_ .= "\ndebug = on\n" }), "$name: debug = on");
}

my $server = CodeRemote::Server->new->start;
my $client = $server->client;


sub run {
    my ($runtime, $code) = @_;

    my $job = $client->run($code, language => $runtime, stdin => "line\n");

    return ref $job ? $job->{result} : {};
}


# What every job does, from its start to its end.

my $ordinary = <<'END';
import random, re, datetime, decimal, json
print(random.random() < 1, re.sub("a", "b", "a"), json.dumps([1]))
print(datetime.datetime.strptime("1 Jan 2024", "%d %b %Y").year, end="")
print(input(), decimal.Decimal(1) / 8, bytes(1 << 20)[:1])
END

my $more = <<'END';
import asyncio, os, queue, sqlite3, tempfile, threading
thread = threading.Thread(target=print, args=("thread",))
thread.start()
thread.join()
print(asyncio.run(asyncio.sleep(0, "loop")))
with tempfile.TemporaryDirectory() as d:
    db = sqlite3.connect(d + "/db")
    db.execute("create table t (x)")
    db.commit()
    print(os.listdir(d))
END

for my $case ([python => $ordinary], ['python-open' => $ordinary],
              ['python-open' => $more])
{
    my $result = run(@$case);

    ok($result->{success}, "$case->[0]: an ordinary program");

    # SQLite gives its files' owner to them when it is root, and without root
    # a cell is that to itself
    my $rootless = $> ? qr/(?:coderemote: refused system call fchown\n)*/ : '';
    like($result->{stderr}, qr/^$rootless\z/, '... which is refused nothing');
}

my $result = run('python-open', <<'END');
import ctypes, os, socket
for refused in (socket.socket, lambda: os.setuid(0),
                lambda: os.sched_setaffinity(0, {0})):
    try:
        refused()
    except PermissionError as e:
        print(e.errno)
print(ctypes.CDLL(None).syscall(9999))
END

is($result->{stdout}, "1\n1\n1\n-1\n", 'refused in debug mode, too');
is($result->{stderr}, join('', map { "coderemote: refused system call $_\n" }
                           qw( socket setuid sched_setaffinity unknown )),
   'and named');

$server->finish;
done_testing();
