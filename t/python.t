# Every program of t/python/ is run by a real nginx and helper.  Comments at
# its beginning say how and what comes of it:
#
#   # expect: {"status": "completed", "result": {"stdout": "1\n"}}
#             what the job must hold; a string "/.../" is a regular expression
#   # stdin: "text"
#   # runtime: python-open
#   # args: ["a", "b"]
#   # with: {"timeout_seconds": 2}
#
# Without an expectation a program must complete and write nothing to stderr.
# PROGRAMS="t/python/a.py ..." runs only what it names.

use strict;
use warnings;

use lib 't/lib';
use JSON::PP ();
use Test::More;

use CodeRemote::Data qw( data_like );
use CodeRemote::Server;

my $json = JSON::PP->new->utf8->allow_nonref;
my $dir = CodeRemote::Env::root_dir() . '/t/python';

my @files = $ENV{PROGRAMS} ? split ' ', $ENV{PROGRAMS} : sort glob "$dir/*.py";

plan skip_all => "there is no program in $dir" if !@files;

# A site may take longer programs than the usual 10 KB; these may be long.
my $server = CodeRemote::Server->new(
    http => "coderemote_max_code 200k;\ncoderemote_timeout 60s;"
)->start;


sub regexes {
    my ($value) = @_;

    if (ref $value eq 'HASH') {
        return { map { $_ => regexes($value->{$_}) } keys %$value };
    }

    if (ref $value eq 'ARRAY') {
        return [map { regexes($_) } @$value];
    }

    return qr/$1/s if defined $value && !ref $value
                      && $value =~ m{^/(.+)/$}s;

    return $value;
}


sub load {
    my ($file) = @_;

    open my $in, '<', $file or die "$file: $!\n";
    my $code = do { local $/; <$in> };
    my %head;

    while ($code =~ /^# (expect|stdin|args|with):\s*(.*)$/mg) {
        $head{$1} = eval { $json->decode($2) }
            // die "$file: the line of $1 is no JSON: $@";
    }

    $head{runtime} = $1 if $code =~ /^# runtime:\s*(\S+)/m;

    utf8::decode($code);

    return ({ code => $code,
              map({ exists $head{$_} ? ($_ => $head{$_}) : () }
                  qw( stdin args )),
              defined $head{runtime} ? (language => $head{runtime}) : (),
              %{ $head{with} || {} } },
            regexes($head{expect}
                    || { status => 'completed', result => { stderr => '' } }));
}


my @loaded = map { [load($_)] } @files;
my @res = $server->client->all([map { [POST => '/execute?wait=true', $_->[0]] }
                                @loaded],
                               clients => 4, deadline => 240);

for my $i (0 .. $#files) {
    my $name = $files[$i] =~ s{.*/}{}r;

    data_like($res[$i]->json, $loaded[$i][1], $name)
        or diag(substr $res[$i]{body} || $res[$i]->text, 0, 3000);
}

is($server->healthy->{code}, 200, 'healthy afterwards');

$server->finish;
done_testing();
