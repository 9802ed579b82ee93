# The other half of t/hostile.t: a program of t/hostile/ says what stops it,
# and with all of that taken away it comes to something else.  So each could
# fail, and each layer is needed.
#
# CR_PROGRAMS="a.py b.py" runs only those.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Profile;
use CodeRemote::Programs qw( programs request wrong );
use CodeRemote::Server;

my $install = $ENV{CR_INSTALL_TEST};

plan skip_all => 'CR_INSTALL_TEST names no installation that can leave '
                 . 'layers out' if !defined $install;
plan skip_all => 'layers are left out as root' if $> != 0;

my (%sets, @nothing);

for my $said (map { programs("hostile/$_") }
              qw( policy exhaustion crash lies sideways kernel lua ))
{
    my $what = join ' ', sort split ' ', $said->{stopped_by} // '';

    length $what ? push @{ $sets{$what} }, $said
                 : length($said->{bounded_by} // '') ? ()
                 : push @nothing, $said->{name};
}

CodeRemote::Profile::place('lua', CodeRemote::Profile::shipped('lua'),
                           $install);

is_deeply(\@nothing, [], 'each says what stops or what bounds it');


# One at a time, for what stops it is not there; without the policy alone all
# of the kernel's layers are.  A program may go on for ever now: no answer is
# not what it was to come to.

sub answers {
    my ($server, $at_once, @programs) = @_;

    my @res = $at_once > 1
        ? $server->client->all([map { request($_) } @programs],
                               clients => $at_once, deadline => 240)
        : map { $server->client->all([request($_)], deadline => 8) } @programs;

    return map { $_->json } @res;
}


for my $what (sort keys %sets) {
    my @layers = grep { $_ ne 'policy' } split ' ', $what;

    CodeRemote::Profile::edit('python', sub {
        if ($what =~ /\bpolicy\b/) {
            s/^policy\s*=.*\n//m;
            s/^option\.imports\s*=(.*)\n//m or die;
            my $modules = $1;
            s/^(option\.warm\b.*)$/$1 $modules/m or die;
        }
    }, $install);

    my $server = CodeRemote::Server->new(
        install => $install, @layers ? (without => "@layers") : ());

    if (!eval { $server->start; 1 }) {
        fail("without $what: a server starts");
        diag($@);
        next;
    }

    # or what is different could be so for every program
    is(($server->client->run('print(6 * 7)')->{result} || {})->{stdout},
       "42\n", "without $what: an ordinary program runs");

    my @programs = @{ $sets{$what} };
    my @jobs = answers($server, @layers ? 1 : 4, @programs);

    for my $i (0 .. $#programs) {
        ok(scalar wrong($programs[$i], $jobs[$i]),
           "without $what: $programs[$i]{name}") or diag(explain($jobs[$i]));
    }

    ok($server->stop, "without $what: nginx stops");
    is_deeply([CodeRemote::Procs::leaks(sockets => [$server->{sock}])], [],
              "without $what: nothing is left");
}

done_testing();
