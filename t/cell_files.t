# Files that a job brings and artifacts that it leaves, as the sandbox takes
# and gives them: through the real helper, without nginx's contract.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Server;
use CodeRemote::Wire;

my $server = CodeRemote::Server->new->start;
my $user = CodeRemote::Env::worker_user();
my $wire = CodeRemote::Wire->connect($server->{sock},
    defined $user ? (uid => (getpwnam $user)[2]) : ());

ok($wire && $wire->hello, 'the sandbox welcomes one more worker')
    or BAIL_OUT('no sandbox');


sub run {
    my ($code, %opt) = @_;

    my $r = $wire->run($opt{runtime} // 'python-open', $code, %opt) // {};
    diag(explain($r)) if ($r->{end} // '') ne ($opt{end} // 'claim');

    return $r;
}


sub says {
    my ($r, $stdout, $name) = @_;

    is($r->{stdout}, $stdout, $name) or diag($r->{stderr}, $r->{error});
}


subtest 'files are there, and are modules' => sub {
    my $r = run(<<'_EOC_', files => {
import os, sys
import util
from pkg.deep import name
import test_of_mine
print(os.getcwd(), util.f(), name, open("data/in.txt").read())
print(sorted(os.listdir()), oct(os.stat("data").st_mode),
      oct(os.stat("data/in.txt").st_mode), oct(os.stat("run.sh").st_mode))
with open("new.py", "w") as f:
    f.write("x = 7")
import new
print(new.x, sys.path[0])
_EOC_
        'util.py' => "def f():\n    return 'of util'\n",
        'pkg/deep.py' => 'name = __name__',
        'data/in.txt' => 'in',
        'test_of_mine.py' => '',
        'run.sh' => "#!/bin/sh\n",
        'leer' => '',
    }, executable => ['run.sh']);

    says($r, <<'_EOC_', 'all as it should be');
/tmp of util pkg.deep in
['data', 'leer', 'pkg', 'run.sh', 'test_of_mine.py', 'util.py'] 0o40700 0o100600 0o100700
7 /tmp
_EOC_
    is_deeply($r->{artifacts}, {}, 'none is an artifact');
};


subtest 'artifacts' => sub {
    my $r = run(<<'_EOC_', patterns => ['out/*.txt', 'log'], artifact_max => 9);
import os
os.mkdir("out")
for name in "bca":
    with open(f"out/{name}.txt", "w") as f:
        f.write(name * 3)
open("out/d.txt", "w").write("too much")
open("log", "wb").write(bytes([0, 255, 10]))
os.symlink("/zygote", "out/z.txt")
print("done")
_EOC_

    says($r, "done\n", 'it ran');
    is_deeply($r->{artifacts}, { log => "\0\xff\n", 'out/a.txt' => 'aaa',
                                 'out/b.txt' => 'bbb', 'out/c.txt' => 3,
                                 'out/d.txt' => 8 },
              'by name, as far as there is room');
    is($r->{cut}, 0, 'nothing was cut');

    $r = run('open("a", "w").write("x" * 500)' . "\n1/0\n",
             patterns => ['a'], artifact_limit => 1 << 20);
    is($r->{error_type}, 'ZeroDivisionError', 'a program that fails');
    is_deeply($r->{artifacts}, { a => 'x' x 500 }, '... leaves what it left');

    $r = run('open("a", "w")', patterns => ['a'], artifact_max => 0);
    is_deeply($r->{artifacts}, {}, 'none where there is no room for any');

    $r = run('open("big", "wb").write(bytes(1 << 20))', patterns => ['*']);
    is(length $r->{artifacts}{big}, 1 << 20, 'a large one');
};


subtest 'what cannot be placed' => sub {
    my $r = run('print(1)', files => { 'a' => 'x', 'a/b' => 'y' });
    is($r->{error_type}, 'SandboxError', 'a file that is a folder');
    is($r->{error}, 'cannot place the file "a/b": Not a directory', 'why');
    is($r->{stdout}, '', 'it did not run');

    $r = run('print(1)', runtime => 'python', files => { 'a' => 'x' });
    is($r->{error_type}, 'SandboxError', 'a profile that does not write');
    like($r->{error}, qr/no folder/, 'why');

    $r = run('print(1)', runtime => 'python', patterns => ['*']);
    says($r, "1\n", 'patterns alone are nothing to it');
    is_deeply($r->{artifacts}, {}, 'none');

    $r = run('print(1)', kind => 'compile');
    is($r->{error_type}, 'SandboxError', 'nothing to compile with');
};


subtest 'programs that are larger than a frame' => sub {
    my $content = join '', map { pack 'N', $_ } 1 .. 1 << 20;
    my $r = run(<<'_EOC_', files => { 'large' => $content, 'small' => 's' });
import resource
data = open("large", "rb").read()
print(len(data), int.from_bytes(data[-4:], "big"), open("small").read())
_EOC_

    says($r, "4194304 1048576 s\n", 'are whole');

    # twice the file while it is placed, and no more of it than /tmp has

    $r = run('print(1)', files => { map { $_ => "$_" x (5 << 20) } 'a' .. 'c' },
             memory => 24 << 20);
    says($r, "1\n", 'what was placed is not kept in memory as well');
    note("peak: $r->{peak}");

    $r = run('print(1)', files => { map { $_ => $content } 'a' .. 'e' });
    is($r->{error_type}, 'SandboxError', 'more than /tmp has room for');
    like($r->{error}, qr{^/tmp is full: it has room for 16384 KB}, 'why');
};


subtest 'what a hostile program leaves' => sub {
    my $r = run(<<'_EOC_', patterns => ['*', '*/*', '*/*/*', '*/*/*/*']);
import os
os.mkdir("many")
try:
    for i in range(100000):
        os.link("many/0", f"many/{i}") if i else open("many/0", "w").close()
except OSError as e:
    print(e.strerror, i > 1000)
_EOC_

    says($r, "No space left on device True\n", 'as many files as there can be');
    is(scalar keys %{ $r->{artifacts} }, 64, 'no more than are taken');

    $r = run(<<'_EOC_', patterns => ['*']);
import os
open("left", "w").write("l" * 300000)
os.set_blocking(5, False)
for fd in range(6, 256):
    try: os.dup2(0, fd)
    except OSError: pass
print("ok")
_EOC_
    says($r, "ok\n", 'every descriptor in use');
    is_deeply([map { length } values %{ $r->{artifacts} }], [300000],
              '... and a pipe that does not wait');

    $r = run('import os; open("a", "w"); os.close(5); print(1)',
             patterns => ['*']);
    says($r, "1\n", 'the pipe of artifacts closed');
    is_deeply($r->{artifacts}, {}, 'none');

    $r = run(<<'_EOC_', patterns => ['*']);
import os, threading
def change():
    while True:
        for f in (lambda: os.unlink("x"), lambda: os.symlink("/zygote", "x"),
                  lambda: os.unlink("x"),
                  lambda: open("x", "w").write("x" * 100000),
                  lambda: os.truncate("x", 5)):
            try: f()
            except OSError: pass
threading.Thread(target=change, daemon=True).start()
_EOC_
    is($r->{end}, 'claim', 'files that change meanwhile');
    ok(!grep({ /ELF/ } values %{ $r->{artifacts} }), '... are no links');

    $r = run('import os; os.write(5, b"none"); open("a", "w").write("a")',
             patterns => ['a']);
    is($r->{artifacts}, undef, 'its own words there are its own');
};


undef $wire;
$server->finish;
done_testing();
