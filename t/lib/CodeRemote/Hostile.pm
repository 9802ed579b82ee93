package CodeRemote::Hostile;

# Every program of some folders of t/hostile/ is run by a real nginx and
# helper, with one slot a profile, so that the next job follows in the same
# one.  Each comes to what it says; then a canary finds the slot clean, and
# nothing is more than before.
#
# CR_PROGRAMS="a.py b.py" runs only those.

use strict;
use warnings;

use Exporter qw( import );
use Test::More;

use CodeRemote::Footprint;
use CodeRemote::Profile;
use CodeRemote::Programs qw( programs program request wrong );
use CodeRemote::Server;

our @EXPORT_OK = qw( hostile );

# What the heap of a process may grow by over the whole run, in bytes.
my %allowance = (supervisor_rss => 1 << 20, worker_rss => 8 << 20);

my %tokens;


# What this machine, or this user, has not got, stops nothing; and where cells
# have no id of their own, no limit of an id's tasks does.

sub out_of_reach {
    my ($said, %off) = @_;

    my %little = (%off, $off{ids} ? (rlimits => 1) : ());
    my @by = split ' ', $said->{stopped_by} // '';
    my @gone = grep { $off{$_} } @by;

    return @gone && !grep({ !$little{$_} } @by) ? "off: @gone" : '';
}


# Runs one program a runtime, side by side.

sub run {
    my ($client, @programs) = @_;

    my @res = $client->all([map { request($_) } @programs], deadline => 60);

    return map { my $job = $_->json;
                 ref $job ? $job : { says => $_->{body} // $_->text } } @res;
}


# The canaries: all as ever, and what is random was never seen before.

sub canaries_sing {
    my ($client, $after, @canaries) = @_;

    my @jobs = run($client, @canaries);

    for my $i (0 .. $#canaries) {
        my @wrong = wrong($canaries[$i], $jobs[$i]);
        my ($token) = ($jobs[$i]{result}{stdout} // '') =~ /^token (.*)$/m;

        push @wrong, 'what is random is not new'
            if $tokens{$token // ''}++;

        ok(!@wrong, "$after: the next job in $canaries[$i]{runtime} is clean")
            or diag(join("\n", @wrong), explain($jobs[$i]));
    }
}


# A cell of a runtime that is started when a job comes waits here, as others
# do, so that rest is the same for all.

sub one_slot {
    my ($runtime) = @_;

    CodeRemote::Profile::edit($runtime, sub {
        s/^parked\s*=.*\n//m;
        $_ .= "\nslots = 1\n";
    });
}


# Those of several runtimes run side by side; the long ones first, so that
# long meets long.

sub lanes {
    my ($client, $runtimes, @families) = @_;

    my %here = map { $_ => 1 } @$runtimes;
    my %lane;
    my %off = map { $_ => 1 }
              @{ $client->get('/health')->json->{sandbox}{layers_off} };

    for my $said (sort { ($b->{timeout} // 0) <=> ($a->{timeout} // 0) }
                  map { programs("hostile/$_") } @families)
    {
        my $why = $here{$said->{runtime}} ? out_of_reach($said, %off)
                                          : "no $said->{runtime}";

        if ($why) {
          SKIP: { skip "$said->{name}: $why", 1 }
            next;
        }

        push @{ $lane{$said->{runtime}} }, $said;
    }

    return \%lane;
}


# runtimes: the profiles; families: the folders.

sub hostile {
    my (%opt) = @_;

    my @runtimes = @{ $opt{runtimes} };
    my $root = CodeRemote::Env::root_dir();
    my %canary = map { my ($file) = glob "$root/t/hostile/canary/$_.*";
                       $_ => program($file) } @runtimes;

    CodeRemote::Profile::add(@runtimes);
    one_slot($_) for @runtimes;

    # A busy machine has little time for cells.
    my $server = CodeRemote::Server->new(
        runtimes => \@runtimes, http => 'coderemote_timeout 300s;')->start;
    my $client = $server->client(timeout => 60);
    my $lane = lanes($client, \@runtimes, @{ $opt{families} });

    canaries_sing($client, 'at first', values %canary);

    my $before = CodeRemote::Footprint::of($server)
        or die "the server does not come to rest\n";

    while (my @programs = map { shift @{ $lane->{$_} // [] } // () } @runtimes)
    {
        my $names = join ', ', map { $_->{name} } @programs;
        my @jobs = run($client, @programs);

        for my $i (0 .. $#programs) {
            my @wrong = wrong($programs[$i], $jobs[$i]);

            ok(!@wrong, $programs[$i]{name})
                or diag(join("\n", @wrong), explain($jobs[$i]));
        }

        canaries_sing($client, $names,
                      map { $canary{$_->{runtime}} } @programs);

        my @more = CodeRemote::Footprint::changes($server, $before);
        ok(!@more, "$names: no more than before") or diag(join "\n", @more);
    }

    is_deeply([sort map { $_->{name} } map { @$_ } values %$lane], [],
              'all have run');
    is_nothing_more($server, $before);

    $server->finish;
}


sub is_nothing_more {
    my ($server, $before) = @_;

    my $after = CodeRemote::Footprint::take($server);

    for my $what (sort keys %allowance) {
        cmp_ok($after->{$what}, '<=', $before->{$what} + $allowance{$what},
               "$what is within bounds");
    }

    is_deeply($after->{pids}, $before->{pids},
              'the supervisor and the workers are the same');

    my $health = $server->client->get('/health')->json;
    my @restarted = grep { $_->{restarts} } @{ $health->{sandbox}{profiles} };
    is_deeply(\@restarted, [], 'no zygote had to be started again');
}


1;
