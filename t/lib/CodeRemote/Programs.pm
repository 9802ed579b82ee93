package CodeRemote::Programs;

# Programs as data: files whose first lines say how each is run and what must
# come of it.  The runtime is that of the file's language if they say none.  In
# Lua they begin with "--", in C++, Go, Java, JavaScript and Rust with "//".
#
#   # expect: {"status": "completed", "stdout": "1\n"}
#   # stdin: "text"
#   # args: ["a", "b"]
#   # runtime: python-open
#   # memory_mb: 64
#   # timeout: 1
#   # only: driver          not for a server
#   # stopped_by: LAYERS    what together stops it: with all of these taken
#                           away it comes to something else
#   # bounded_by: WORDS     or, where nothing of that can be taken away: why
#                           it cannot do more
#
# stdout, stderr, error, error_type and exit_code must be equal (null counts
# as empty); what ends with _has must be part of it (a string or a list of
# them), what ends with _hasnt must not; _in is a list of what it may be,
# _like a regular expression, _min and _max are bounds of a number or of a
# text's length.  violations is the list of [line, column, part of the
# message], violations_count how many there are.

use strict;
use warnings;

use Exporter qw( import );
use JSON::PP ();

use CodeRemote::Data qw( differences );
use CodeRemote::Env ();

our @EXPORT_OK = qw( programs program request wrong );

my $json = JSON::PP->new->utf8->allow_nonref;

# What is words and not JSON.
my %words = map { $_ => 1 } qw( runtime only stopped_by bounded_by );

# By the ends of their names.
my %runtimes = (py => 'python', lua => 'lua', sh => 'bash', pl => 'perl',
                c => 'c', cpp => 'cpp', go => 'go', java => 'java',
                js => 'node', rs => 'rust');

my %known = map { $_ => 1 } keys %words, qw( expect stdin args memory_mb
                                             timeout );


# The programs of a folder below t/.
# CR_PROGRAMS="a.py b.py" keeps only those.

sub programs {
    my ($folder) = @_;

    my $dir = CodeRemote::Env::root_dir() . "/t/$folder";
    my @names = map { s{.*/}{}r }
                sort map { glob "$dir/*.$_" } keys %runtimes;

    if (my $only = $ENV{CR_PROGRAMS}) {
        my %only = map { (s{.*/}{}r, 1) } split ' ', $only;
        @names = grep { $only{$_} } @names;
    }

    return map { program("$dir/$_") } @names;
}


sub program {
    my ($path) = @_;

    my ($name) = $path =~ m{([^/]+/[^/]+)$};

    open my $in, '<', $path or die "$name: $!\n";
    my @lines = <$in>;
    my %said = (name => $name);

    for my $line (@lines) {
        my ($mark, $key, $value) = $line =~ m{^(#|--|//) ([a-z_]+): (.*)$}
            or last;

        # the program's own comment
        last if !$known{$key};

        $said{$key} = $words{$key} ? $value =~ s/\s+$//r
                    : eval { $json->decode($value) } // die "$name: $key: $@";

        # what is expected is no part of the program, and may be long
        $line = "$mark\n";
    }

    die "$name says nothing of what to expect\n" if !$said{expect};

    $said{runtime} //= $runtimes{$path =~ s/.*\.//r};
    $said{code} = CORE::join('', @lines);
    utf8::decode($said{code});

    return \%said;
}


# The request that runs it, as CodeRemote::Client takes it.

sub request {
    my ($said) = @_;

    return [POST => '/execute?wait=true', {
        code     => $said->{code},
        stdin    => $said->{stdin} // '',
        language => $said->{runtime},
        exists $said->{args} ? (args => $said->{args}) : (),
        exists $said->{memory_mb}
            ? (memory_limit_mb => $said->{memory_mb}) : (),
        exists $said->{timeout} ? (timeout_seconds => $said->{timeout}) : (),
    }];
}


sub parts {
    my ($value) = @_;

    return ref $value ? @$value : $value;
}


sub size {
    my ($value) = @_;

    return !defined $value ? 0 : $value =~ /^-?\d+(?:\.\d+)?\z/ ? $value
                                                               : length $value;
}


# What the end of an expectation's name asks of the value.

my %ways = (
    has   => sub { my ($got, $want) = @_;
                   !grep { index($got // '', $_) < 0 } parts($want) },
    hasnt => sub { my ($got, $want) = @_;
                   !grep { index($got // '', $_) >= 0 } parts($want) },
    in    => sub { my ($got, $want) = @_;
                   scalar grep { ($got // '') eq ($_ // '') } @$want },
    like  => sub { ($_[0] // '') =~ /$_[1]/ },
    min   => sub { size($_[0]) >= $_[1] },
    max   => sub { size($_[0]) <= $_[1] },
);


sub expected {
    my ($key, $value, $result) = @_;

    if ($key =~ /^(.*)_(has|hasnt|in|like|min|max)$/) {
        my ($name, $way) = ($1, $ways{$2});

        return differences($result,
                           { $name => sub { $way->($_[0], $value) } });
    }

    $value = sub { ($_[0] // '') eq '' } if !ref $value && ($value // '') eq '';

    return differences($result, { $key => $value });
}


sub violations {
    my ($expect, $found) = @_;

    if (my $list = delete $expect->{violations}) {
        return differences($found, [map {
            my ($line, $column, $part) = @$_;
            { line => $line, column => $column, message => qr/\Q$part\E/ }
        } @$list], 'violations');
    }

    my $n = delete $expect->{violations_count} // 0;

    return @$found == $n ? () : 'there are ' . @$found . ' violations';
}


# How a job differs from what was expected of the program: sentences.

sub wrong {
    my ($said, $job) = @_;

    return 'the answer is no job' if ref $job ne 'HASH' || !$job->{result};

    my %expect = %{ $said->{expect} };
    my $status = delete $expect{status};
    my @wrong = violations(\%expect, $job->{result}{security_violations});

    push @wrong, differences($job, { status => $status }) if defined $status;

    push @wrong, map { expected($_, $expect{$_}, $job->{result}) }
                 sort keys %expect;

    return @wrong;
}


1;
