# A hundred analyses at once while a thousand programs run: none of either
# fails, and what the programs' clients wait is shown.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Analyzer ();
use CodeRemote::Env ();

my $runs = $ENV{CR_ANALYZE_RUNS} || 1000;
my $analyses = 100;

# A machine that does much else at the time gets more of it.
my $seconds = 5 * CodeRemote::Env::slow();
$seconds = 60 if $seconds > 60;

my $server = CodeRemote::Analyzer::server(
    http => "coderemote_analyzer_builtin_timeout ${seconds}s;")->start;
my $client = $server->client(timeout => 120);


# Programs that differ, with loops two and three deep, sorting and recursion.

sub program {
    my ($n) = @_;

    return <<"_EOC_";
def f$n(n):
    return n if n < 2 else f$n(n - 1) + f$n(n - 2)

def main(items, n):
    best = $n
    for i in range(n):
        for j in range(i, n):
            best = max(best, items[i] * items[j])
    for item in sorted(items):
        while item > 1:
            item //= 2
    return best, f$n(n % 20)

n = int(input())
print(main(list(map(int, input().split())), n))
_EOC_
}


# What a model would write, with as much time between as it takes.

sub model {
    my ($n) = @_;

    return join "\n", (map { ("# wait 50", "# chunk word $_ of $n ") } 1 .. 40),
                      '# done O(n)';
}


sub quantile {
    my ($q, @sorted) = @_;

    return 1000 * $sorted[ $q * $#sorted ];
}


# Runs the programs, beside what is under way, and shows how long they took.

sub execute {
    my ($name, @beside) = @_;

    my @res = $client->all([map {
        [POST => '/execute?wait=true', { code => "print($_)" },
         { 'X-User' => "runs" . $_ % 16 }]
    } 1 .. $runs], clients => 16, deadline => 300);

    my $n = 0;
    my @bad = grep { $n++; !$_->json || ($_->json->{result}{stdout} // '')
                           ne "$n\n" } @res;
    my @took = sort { $a <=> $b } map { $_->{ended} - $_->{started} } @res;
    my $under_way = grep { !$_->{done} } @beside;

    is(scalar @bad, 0, "$name: each of $runs programs ran")
        or diag($bad[0]->text);
    diag(sprintf '%s: execute p50 %.1f ms, p99 %.1f ms; %d of %d analyses '
                 . 'under way at the end', $name, quantile(0.5, @took),
                 quantile(0.99, @took), $under_way, scalar @beside);
}


sub analyze {
    my ($path, $program) = @_;

    return map { $client->start(POST => $path, { code => $program->($_) },
                                { 'X-User' => "analyses" . $_ % 16 }) }
           1 .. $analyses;
}


sub answered {
    my ($name, @beside) = @_;

    ok($client->drive(sub { !grep { !$_->{done} } @beside }),
       "$name: all are answered");

    my @bad = grep { !$_->json || !$_->json->{success} } @beside;
    my @took = sort { $a <=> $b } map { $_->{ended} - $_->{started} } @beside;

    is(scalar @bad, 0, "$name: none of $analyses analyses failed")
        or diag($bad[0]->text);
    diag(sprintf '%s: analyze p50 %.1f ms, p99 %.1f ms', $name,
                 quantile(0.5, @took), quantile(0.99, @took));
}


execute('alone');

for my $case (['builtin', '/analyze', \&program], ['a model', '/fake', \&model])
{
    my ($name, $path, $program) = @$case;
    my @beside = analyze($path, $program);

    execute($name, @beside);
    answered($name, @beside);
}

is($client->get('/health')->json->{jobs}{accepted}, 0, 'no job is left');

$server->finish;
done_testing();
