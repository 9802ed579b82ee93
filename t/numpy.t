# numpy, pandas and matplotlib under python-open, warm as the profile has them:
# what they compute, and what they may not do.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use Time::HiRes qw( time );

use CodeRemote::Profile ();
use CodeRemote::Server;

my $python = '/usr/bin/python3';

# That the packages are there is the business of tools/deps.sh.
for my $name (qw( numpy pandas matplotlib )) {
    plan skip_all => "no python3-$name for $python"
        if system("$python -c 'import $name' 2>/dev/null") != 0;
}

CodeRemote::Profile::whole('python-open');

my $server = CodeRemote::Server->new->start;
my $client = $server->client;

sub run_it {
    my ($code, %more) = @_;

    my $res = $client->request(POST => '/execute?wait=true', {
        language => 'python-open', code => $code, %more,
    });

    return $res->json->{result} // { error => $res->text };
}

# How a program ended, when that matters to what it printed.

sub prints {
    my ($code, $want, $name, %more) = @_;

    my $r = run_it($code, %more);

    is($r->{stdout}, $want, $name)
        or diag($r->{stderr} // '', $r->{error} // '');
    is($r->{stderr}, '', "$name: without a word of complaint");

    return $r;
}


prints(<<'END', "[2.0, 3.0]\n", 'a system is solved');
import numpy as np
print(np.linalg.solve([[3, 1], [1, 2]], [9, 8]).round(9).tolist())
END

prints(<<'END', "True 1.0 7\n", 'fft, linear algebra, random numbers');
import numpy as np
from numpy.random import default_rng
x = np.arange(64.0)
print(np.allclose(np.fft.ifft(np.fft.fft(x)), x),
      round(float(np.linalg.det(np.eye(50))), 6),
      int(default_rng(1).integers(7, 8)))
END

prints(<<'END', "a 4\nb 2\n2020-03-29 03:00:00+02:00\n", 'pandas groups');
import io
import pandas as pd
df = pd.read_csv(io.StringIO("k,v\na,1\nb,2\na,3\n"))
for key, value in df.groupby("k").v.sum().items():
    print(key, value)
print(pd.Timestamp("2020-03-29 01:00", tz="UTC").tz_convert("Europe/Berlin"))
END

prints(<<'END', "8.0 4950\n", 'threads compute');
from concurrent.futures import ThreadPoolExecutor
import numpy as np
a = np.ones((300, 300))
with ThreadPoolExecutor(4) as pool:
    done = list(pool.map(lambda n: (a @ a).trace() * 0 + n, range(100)))
print(np.dot(np.ones(8), np.ones(8)), int(sum(done)))
END


# Nothing that was drawn before the fork is drawn in two cells.

my %drawn;

for my $what ('np.random.rand()', 'np.random.default_rng().random()',
              'random.random()', 'pd.Series(range(10**6)).sample(1).item()')
{
    for (1 .. 3) {
        my $r = run_it("import random, numpy as np, pandas as pd\n"
                       . "print($what)\n");
        ok(!$drawn{ $r->{stdout} }++, "$what differs")
            or diag($r->{stdout}, $r->{stderr});
    }
}


# A program that wants none of it finds none of it.

prints(<<'END', "[] True\n", 'out of sight until it is imported');
import sys
import numbers
print([m for m in sys.modules if m.startswith(("numpy", "pandas", "matpl"))],
      sys.modules["numbers"] is numbers)
END

prints(<<'END', "numpy numpy True\n", 'and then as it should be');
import importlib.util
import numbers
import sys
spec = importlib.util.find_spec("numpy")
import numpy
import numpy.linalg
print(spec.name, numpy.__spec__.name,
      isinstance(numpy.int64(1), numbers.Integral)
      and numpy is sys.modules["numpy"]
      and type(numpy.__spec__.loader).__name__ == "SourceFileLoader")
END


# All code is mapped: whatever there is of these can be imported.

prints(<<'END', "ok\n", 'every module of machine code');
import importlib
import os
import warnings
from importlib.machinery import EXTENSION_SUFFIXES

warnings.simplefilter("ignore")

# For Tk, which is not for here.
APART = {"matplotlib.backends._tkagg"}

for top in "numpy", "pandas", "matplotlib", "contourpy", "kiwisolver":
    root = list(importlib.import_module(top).__path__)[0]
    for folder, _, files in os.walk(root):
        for file in files:
            name = os.path.join(folder[len(root) - len(top):], file)
            name = name.partition(".")[0].replace("/", ".")
            if (file.endswith(tuple(EXTENSION_SUFFIXES))
                    and "test" not in name and name not in APART):
                importlib.import_module(name)
print("ok")
END


# Memory.

for my $bomb ('np.ones(1 << 45)', '[np.ones(1 << 20) for _ in range(10**6)]') {
    my $r = run_it("import numpy as np\n$bomb\n", memory_limit_mb => 128);

    is($r->{error_type}, 'MemoryError', "$bomb ends as MemoryError")
        or diag($r->{stderr}, $r->{error});
}


# What warmth is worth, told and not asserted.

my $import = 'import numpy, pandas, matplotlib.pyplot';
my (@warm, @cold);

for (1 .. 5) {
    my $start = time;
    run_it($import);
    push @warm, time - $start;

    $start = time;
    system($python, '-c', $import);
    push @cold, time - $start;
}

my ($warm, $cold) = map { (sort { $a <=> $b } @$_)[2] * 1000 } \@warm, \@cold;

diag(sprintf '%s: warm %.1f ms, cold %.0f ms, ratio %.4f', $import, $warm,
             $cold, $warm / $cold);

$server->finish;
done_testing();
