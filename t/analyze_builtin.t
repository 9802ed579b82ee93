# What the builtin analyzer answers, in cells: the programs of
# t/analyze/programs.txt with what is known of them, and those of
# t/analyze/hostile.py, which it must come to an end with.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use JSON::PP ();
use Time::HiRes ();

use CodeRemote::Env ();
use CodeRemote::Server;

my $server = CodeRemote::Server->new(
    locations => CodeRemote::Env::locations()
                 . 'location /analyze { coderemote_analyze;'
                 . ' coderemote_max_code 256k; }')->start;

my $client = $server->client;


sub programs {
    open my $fh, '<', 't/analyze/programs.txt' or die "programs.txt: $!";
    local $/;

    return map {
        my ($head, $code) = /\A(.*)\n(.*)\z/s;
        ($head, $code) = split /\n/, $_, 2;
        my ($name, $time, $space) = split / \| /, $head;
        { name => $name, time => $time, space => $space, code => $code };
    } grep { length } split /^== /m, <$fh>;
}


# The figures that these programs take, for diag() alone.

sub ask {
    my ($code, $took) = @_;

    my $start = Time::HiRes::time();
    my $res = $client->post('/analyze', { code => $code });
    my $ms = 1000 * (Time::HiRes::time() - $start);

    $$took = $ms if $took && $ms > $$took;

    return $res;
}


subtest 'programs whose complexity is known' => sub {
    my @programs = programs();
    my $slowest = 0;

    cmp_ok(scalar @programs, '>=', 120, 'enough of them');

    for my $p (@programs) {
        my $answer = ask($p->{code}, \$slowest)->json;

        is("$answer->{time_complexity} | $answer->{space_complexity}",
           "$p->{time} | $p->{space}", $p->{name})
            or diag($answer->{time_explanation} // $answer->{error});
    }

    diag(sprintf 'the slowest took %.0f ms', $slowest);
};


subtest 'what is told beside it' => sub {
    my $answer = ask(<<'_EOC_')->json;
n = int(input())
a = list(map(int, input().split()))
for i in range(n):
    if i in a:
        print(i)
_EOC_

    like($answer->{time_explanation}, qr/line 4.*line 3/i,
         'the lines that it is about');
    like($answer->{space_explanation}, qr/line 2/, 'and for the space');
    like("@{ $answer->{suggestions} }", qr/Line 4: .* set/, 'a suggestion');
    like($answer->{narrative}, qr/\*\*Time: O\(m \* n\)\*\*/, 'Markdown');
    like($answer->{narrative}, qr/m is the length of a/, 'what the names are');

    $answer = ask("n = int(input())\nwhile n != 1:\n    n = n * 3 % 7 + n\n")
              ->json;

    is($answer->{time_complexity}, 'unknown', 'where it cannot know');
    like($answer->{time_explanation}, qr/^Line 2: it cannot be told/,
         'it says so, and where');

    my %algorithm = (
        'binary search' => "def f(a, x):\n    l, r = 0, len(a)\n"
            . "    while l < r:\n        m = (l + r) // 2\n"
            . "        if a[m] < x:\n            l = m + 1\n        else:\n"
            . "            r = m\n    return l\n",
        'sorting' => "a = input().split()\na.sort()\nprint(a)\n",
        'dynamic programming' => "from functools import cache\n\@cache\n"
            . "def f(n):\n    return n if n < 2 else f(n - 1) + f(n - 2)\n"
            . "print(f(int(input())))\n",
    );

    for my $name (sort keys %algorithm) {
        is(ask($algorithm{$name})->json->{algorithm_identified}, $name, $name);
    }

    $answer = ask("def f(:\n    pass\n")->json;
    ok(!$answer->{success}, 'a program that is none');
    like($answer->{error}, qr/line 1, column 7/, 'where it is wrong');
};


subtest 'hostile programs' => sub {
    open my $fh, '-|', '/usr/bin/python3', 't/analyze/hostile.py'
        or die "hostile.py: $!";
    my @programs = map { JSON::PP::decode_json($_) } <$fh>;
    close $fh or die 'hostile.py failed';

    for my $p (@programs) {
        my $took = 0;
        my $res = ask($p->{code}, \$took);
        my $answer = $res->json || {};

        diag(sprintf '%s: %.0f ms', $p->{name}, $took) if $took > 1000;

        is($res->{code}, 200, "$p->{name}: is answered")
            or diag(substr $res->text, 0, 500);
        ok($answer->{success} ? $answer->{time_complexity} =~ /^(O\(|unknown$)/
                              : $answer->{error} =~ /\w \w/,
           'with a complexity or a sentence');
        cmp_ok(length $res->{body} // $res->text, '<', 64 * 1024,
               'that is short');
    }
};


# Nothing of it is in the cells of programs that run.

subtest 'programs do not see it' => sub {
    my $job = $client->run(<<'_EOC_', language => 'python-open');
try:
    import analyze.main
    print("there")
except ImportError as e:
    print("not there")
_EOC_
    is($job->{result}{stdout}, "not there\n", 'it cannot be imported')
        or diag(explain($job));

    $job = $client->run(<<'_EOC_', language => 'python-open');
import gc, sys
print([n for n in sys.modules if "analyze" in n])
print([o for o in gc.get_objects() if getattr(o, "__module__", None)
       and str(o.__module__).startswith("analyze")])
_EOC_
    is($job->{result}{stdout}, "[]\n[]\n", 'not in memory either')
        or diag(explain($job));
};


is($server->healthy->{code}, 200, 'healthy afterwards');

$server->finish;
done_testing();
