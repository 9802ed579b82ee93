# Every program of t/hostile/ is run by a real nginx and helper, with one slot
# a profile, so that the next job follows in the same one.  Each comes to what
# it says; then a canary finds the slot clean, and nothing is more than before.
#
# CR_PROGRAMS="a.py b.py" runs only those.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Footprint;
use CodeRemote::Profile;
use CodeRemote::Programs qw( programs program request wrong );
use CodeRemote::Server;

my @runtimes = qw( python python-open lua );

# What the heap of a process may grow by over the whole run, in bytes.
my %allowance = (supervisor_rss => 1 << 20, worker_rss => 8 << 20);

CodeRemote::Profile::add('lua');

plan skip_all => 'the profiles cannot be written'
    if grep { !CodeRemote::Profile::writable($_) } @runtimes;

for my $runtime (@runtimes) {
    CodeRemote::Profile::edit($runtime, sub { $_ .= "\nslots = 1\n" });
}

my $root = CodeRemote::Env::root_dir();
my %canary = map { $_ => program(-e "$root/t/hostile/canary/$_.py"
                           ? "$root/t/hostile/canary/$_.py"
                           : "$root/t/hostile/canary/$_.lua") }
             @runtimes;

# A busy machine has little time for cells.
my $server = CodeRemote::Server->new(http => 'coderemote_timeout 300s;',
                                    runtimes => \@runtimes)->start;
my $client = $server->client(timeout => 60);

# What this machine, or this user, has not got, stops nothing; and where cells
# have no id of their own, no limit of an id's tasks does.
my %off = map { $_ => 1 }
          @{ $client->get('/health')->json->{sandbox}{layers_off} };
my %little = (%off, $off{ids} ? (rlimits => 1) : ());


sub out_of_reach {
    my ($said) = @_;

    my @by = split ' ', $said->{stopped_by} // '';
    my @gone = grep { $off{$_} } @by;

    return @gone && !grep({ !$little{$_} } @by) ? "off: @gone" : '';
}


# Those of several runtimes run side by side; the long ones first, so that
# long meets long.
my %lane;

for my $said (sort { ($b->{timeout} // 0) <=> ($a->{timeout} // 0) }
              map { programs("hostile/$_") }
              qw( policy exhaustion crash lies sideways kernel lua ))
{
    if (my $why = out_of_reach($said)) {
      SKIP: { skip "$said->{name}: $why", 1 }
        next;
    }

    push @{ $lane{$said->{runtime}} }, $said;
}

my %tokens;


# Runs one program a runtime, side by side.

sub run {
    my (@programs) = @_;

    my @res = $client->all([map { request($_) } @programs], deadline => 60);

    return map { my $job = $_->json;
                 ref $job ? $job : { says => $_->{body} // $_->text } } @res;
}


# The canaries: all as ever, and what is random was never seen before.

sub canaries_sing {
    my ($after, @canaries) = @_;

    my @jobs = run(@canaries);

    for my $i (0 .. $#canaries) {
        my @wrong = wrong($canaries[$i], $jobs[$i]);
        my ($token) = ($jobs[$i]{result}{stdout} // '') =~ /^token (.*)$/m;

        push @wrong, 'what is random is not new'
            if $tokens{$token // ''}++;

        ok(!@wrong, "$after: the next job in $canaries[$i]{runtime} is clean")
            or diag(join("\n", @wrong), explain($jobs[$i]));
    }
}


canaries_sing('at first', values %canary);

my $before = CodeRemote::Footprint::of($server)
    or die "the server does not come to rest\n";

while (my @programs = map { shift @{ $lane{$_} // [] } // () } @runtimes) {
    my $names = join ', ', map { $_->{name} } @programs;
    my @jobs = run(@programs);

    for my $i (0 .. $#programs) {
        my @wrong = wrong($programs[$i], $jobs[$i]);

        ok(!@wrong, $programs[$i]{name})
            or diag(join("\n", @wrong), explain($jobs[$i]));
    }

    canaries_sing($names, map { $canary{$_->{runtime}} } @programs);

    my @more = CodeRemote::Footprint::changes($server, $before);
    ok(!@more, "$names: no more than before") or diag(join "\n", @more);
}

my $after = CodeRemote::Footprint::take($server);

for my $what (sort keys %allowance) {
    cmp_ok($after->{$what}, '<=', $before->{$what} + $allowance{$what},
           "$what is within bounds");
}

is_deeply($after->{pids}, $before->{pids},
          'the supervisor and the workers are the same');

my @restarted = grep { $_->{restarts} }
                @{ $client->get('/health')->json->{sandbox}{profiles} };
is_deeply(\@restarted, [], 'no zygote had to be started again');

$server->finish;
done_testing();
