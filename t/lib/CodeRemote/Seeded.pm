package CodeRemote::Seeded;

# Random numbers that a seed decides, each user with a row of its own, so that
# what one draws does not change what another gets.

use strict;
use warnings;

use Digest::SHA qw( sha256 );


sub new {
    my ($class, $seed) = @_;

    return bless { seed => $seed, count => 0 }, $class;
}


# At least 0 and below 1.

sub fraction {
    my ($self) = @_;

    return unpack('N', sha256("$self->{seed} " . $self->{count}++)) / 2 ** 32;
}


sub below {
    my ($self, $n) = @_;

    return int($self->fraction * $n);
}


# A key of a hash of weights.

sub pick {
    my ($self, $weights) = @_;

    my $sum = 0;
    $sum += $_ for values %$weights;

    my $left = $self->fraction * $sum;
    my @keys = sort keys %$weights;

    for my $key (@keys) {
        return $key if $left < $weights->{$key};
        $left -= $weights->{$key};
    }

    return $keys[-1];
}


1;
