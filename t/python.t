# Every program of t/python/ is run by a real nginx and helper.  The lines a
# program begins with say how, and what must come of it:
#
#   # expect: {"status": "completed", "stdout": "1\n"}
#   # stdin: "text"
#   # args: ["a", "b"]
#   # runtime: python-open
#   # memory_mb: 64
#   # only: driver         not for a server
#
# stdout, stderr, error, error_type and exit_code must be equal (null counts
# as empty); what ends with _has must be part of it (a string or a list of
# them), what ends with _hasnt must not.  violations is the list of [line,
# column, part of the message], violations_count how many there are.
#
# PROGRAMS="a.py b.py" runs only those.

use strict;
use warnings;

use lib 't/lib';
use JSON::PP ();
use Test::More;

use CodeRemote::Data qw( differences );
use CodeRemote::Server;

my $json = JSON::PP->new->utf8->allow_nonref;
my $dir = CodeRemote::Env::root_dir() . '/t/python';

my @names = map { s{.*/}{}r } sort glob "$dir/*.py";

if (my $only = $ENV{PROGRAMS}) {
    my %only = map { $_ => 1 } split ' ', $only;
    @names = grep { $only{$_} } @names;
}


sub load {
    my ($name) = @_;

    open my $in, '<', "$dir/$name" or die "$name: $!\n";
    my @lines = <$in>;
    my %said;

    for my $line (@lines) {
        my ($key, $value) = $line =~ /^# ([a-z_]+): (.*)$/ or last;

        $said{$key} = $key =~ /^(?:runtime|only)$/ ? $value =~ s/\s+$//r
            : eval { $json->decode($value) } // die "$name: $key: $@";

        # what is expected is no part of the program, and may be long
        $line = "#\n";
    }

    die "$name says nothing of what to expect\n" if !$said{expect};

    $said{code} = CORE::join('', @lines);
    utf8::decode($said{code});

    return \%said;
}


# What the program was expected to come to, as CodeRemote::Data takes it.

sub wanted {
    my ($key, $value) = @_;

    my ($name, $how) = $key =~ /^(.*)_(has|hasnt)$/;

    if (defined $how) {
        my @parts = ref $value ? @$value : $value;

        return $name => sub {
            my $text = $_[0] // '';

            for my $part (@parts) {
                return 0 if (index($text, $part) >= 0) != ($how eq 'has');
            }

            return 1;
        };
    }

    return $key => $value eq '' ? sub { ($_[0] // '') eq '' } : $value
        if !ref $value;

    return $key => $value;
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


sub wrong {
    my ($said, $job) = @_;

    return 'the answer is no job' if ref $job ne 'HASH' || !$job->{result};

    my %expect = %{ $said->{expect} };
    my $status = delete $expect{status};
    my @wrong = violations(\%expect, $job->{result}{security_violations});

    push @wrong, differences($job, { status => $status }) if defined $status;

    for my $key (sort keys %expect) {
        push @wrong, differences($job->{result},
                                 { wanted($key, $expect{$key}) });
    }

    return @wrong;
}


my @programs = grep { !$_->{only} }
               map { my $said = load($_); $said->{name} = $_; $said } @names;

plan skip_all => "there is no program in $dir" if !@programs;

my $server = CodeRemote::Server->new->start;

my @res = $server->client->all([map {
    [POST => '/execute?wait=true', {
        code     => $_->{code},
        stdin    => $_->{stdin} // '',
        language => $_->{runtime} // 'python',
        exists $_->{args} ? (args => $_->{args}) : (),
        exists $_->{memory_mb} ? (memory_limit_mb => $_->{memory_mb}) : (),
    }]
} @programs], clients => 4, deadline => 240);

for my $i (0 .. $#programs) {
    my @wrong = wrong($programs[$i], $res[$i]->json);

    ok(!@wrong, $programs[$i]{name})
        or diag(CORE::join("\n", @wrong,
                           substr $res[$i]{body} || $res[$i]->text, 0, 2000));
}

is($server->healthy->{code}, 200, 'healthy afterwards');

$server->finish;
done_testing();
