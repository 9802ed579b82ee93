package CodeRemote::Killer;

# Ends processes of a server, kill -9, at moments and in an order that a seed
# decides.  Which process it meets is up to the moment; the plan is the same
# for every run with the seed.
#
#   my $killer = CodeRemote::Killer->new(server => $s, seed => 7,
#                                        weights => { cell => 10, worker => 1 });
#   $killer->step;     # often: kills who is due
#   $killer->{count}   # kills by kind
#   $killer->{log}     # [kind, pid, time before, time after]

use strict;
use warnings;

use Time::HiRes qw( time );

use CodeRemote::Procs;
use CodeRemote::Seeded;

# A process that dies is started again, and that start can be cut short, too:
# so often another of the kind, or of one that starts with it, follows at once.
my %again = (supervisor => [qw( supervisor init zygote slot cell )],
             init       => [qw( init zygote slot )],
             zygote     => [qw( zygote slot )],
             slot       => [qw( slot cell )],
             worker     => [qw( worker supervisor )],
             cell       => [qw( cell )]);


# Options: server, seed, weights, pause (seconds between two, on average).

sub new {
    my ($class, %opt) = @_;

    my $self = bless { pause => 0.06, count => {}, log => [], %opt }, $class;

    $self->{random} = CodeRemote::Seeded->new("kill $self->{seed}");
    $self->{first} = { %{ $self->{weights} } };
    $self->plan;

    return $self;
}


# Each kind has its turn at the beginning; then chance decides.

sub plan {
    my ($self) = @_;

    my $random = $self->{random};
    my $after = $self->{next};
    my $first = $self->{first};
    my $pause = $self->{pause} * 2 * $random->fraction;

    if (%$first) {
        $self->{next} = { kind => $random->pick($first) };
        delete $first->{$self->{next}{kind}};

    } elsif ($random->fraction < 0.3) {
        my $kinds = $again{$after->{kind}};
        my @may = grep { $self->{weights}{$_} } @$kinds;

        $self->{next} = { kind => $may[$random->below(scalar @may)] };
        $pause = 0.15 * $random->fraction;

    } else {
        $self->{next} = { kind => $random->pick($self->{weights}) };
    }

    $self->{next}{which} = $random->fraction;
    $self->{next}{at} = time + $pause;
}


sub step {
    my ($self) = @_;

    return if time < $self->{next}{at};

    # there may be none at this moment
    my @pids = $self->pids($self->{next}{kind}) or return;

    $self->kill($pids[$self->{next}{which} * @pids]);
    $self->plan;
}


sub kill {
    my ($self, $pid) = @_;

    my $kind = $self->{next}{kind};
    my $before = time;

    return if !CORE::kill(KILL => $pid);

    $self->{count}{$kind}++;
    push @{ $self->{log} }, [$kind, $pid, $before, time];
}


sub pids {
    my ($self, $kind) = @_;

    return $self->{server}->workers if $kind eq 'worker';

    return map { $_->{pid} } grep { $_->{kind} eq $kind }
           CodeRemote::Procs::served_by($self->{server}{sock});
}


# Whether a worker was killed in that time; only then may a connection end
# without an answer.

sub worker_died {
    my ($self, $from, $to) = @_;

    for (@{ $self->{log} }) {
        my ($kind, $pid, $before, $after) = @$_;
        return 1 if $kind eq 'worker' && $before <= $to && $after >= $from;
    }

    return 0;
}


1;
