package CodeRemote::Data;

# Compares data with what is expected of it.  Of an object only the members
# that are expected are looked at; an array is compared as a whole; a regular
# expression or a function says itself what it likes.

use strict;
use warnings;

use Exporter qw( import );
use JSON::PP ();
use Test::More ();

our @EXPORT_OK = qw( differences data_like );

my $json = JSON::PP->new->utf8(0)->allow_nonref->canonical->allow_blessed
                   ->allow_unknown;


sub show {
    my ($value) = @_;

    return 'undef' if !defined $value;

    my $text = $json->encode($value);
    $text = substr($text, 0, 300) . '...' if length $text > 300;

    return $text;
}


# A list of sentences, empty when all is as expected.

sub differences {
    my ($got, $want, $path) = @_;

    $path //= '';
    my $at = length $path ? $path : 'it';

    if (ref $want eq 'CODE') {
        local $_ = $got;
        return $want->($got) ? () : "$at: is " . show($got);
    }

    if (ref $want eq 'Regexp') {
        return defined $got && !ref $got && $got =~ $want
               ? () : "$at: is " . show($got) . ", not like $want";
    }

    if (ref $want eq 'HASH') {
        return "$at: is " . show($got) . ', no object' if ref $got ne 'HASH';

        return map {
            exists $got->{$_}
                ? differences($got->{$_}, $want->{$_},
                              length $path ? "$path.$_" : $_)
                : "$at: has no member $_"
        } sort keys %$want;
    }

    if (ref $want eq 'ARRAY') {
        return "$at: is " . show($got) . ', not ' . show($want)
            if ref $got ne 'ARRAY' || @$got != @$want;

        return map { differences($got->[$_], $want->[$_], "$path\[$_]") }
               0 .. $#$want;
    }

    if (JSON::PP::is_bool($want)) {
        return JSON::PP::is_bool($got) && !$got == !$want
               ? () : "$at: is " . show($got) . ', not ' . show($want);
    }

    if (!defined $want || !defined $got || ref $got) {
        return !defined $want && !defined $got
               ? () : "$at: is " . show($got) . ', not ' . show($want);
    }

    return $got eq $want
           || ($want =~ /^-?\d+(?:\.\d+)?$/ && $got =~ /^-?\d+(?:\.\d+)?$/
               && $got == $want)
           ? () : "$at: is " . show($got) . ', not ' . show($want);
}


# As a test.

sub data_like {
    my ($got, $want, $name) = @_;

    my @wrong = differences($got, $want);

    return Test::More::ok(!@wrong, $name)
           || (Test::More::diag(join "\n", @wrong), 0)[1];
}


1;
