# Every program of t/python/ is run by a real nginx and helper, with what
# t/lib/CodeRemote/Programs.pm knows of them.
#
# CR_PROGRAMS="a.py b.py" runs only those.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Programs qw( programs request wrong );
use CodeRemote::Server;

my @programs = grep { !$_->{only} } programs('python');

plan skip_all => 'there is no program in t/python' if !@programs;

my $server = CodeRemote::Server->new->start;

my @res = $server->client->all([map { request($_) } @programs], clients => 4,
                               deadline => 240);

for my $i (0 .. $#programs) {
    my @wrong = wrong($programs[$i], $res[$i]->json);

    ok(!@wrong, $programs[$i]{name} =~ s{.*/}{}r)
        or diag(join "\n", @wrong,
                substr $res[$i]{body} || $res[$i]->text, 0, 2000);
}

is($server->healthy->{code}, 200, 'healthy afterwards');

$server->finish;
done_testing();
