# The examples of docs/API.md that have files and cases are what they say.

use strict;
use warnings;

use lib 't/lib';
use JSON::PP ();
use Test::More;

use CodeRemote::Data qw( data_like );
use CodeRemote::Env;
use CodeRemote::Procs;
use CodeRemote::Server;

my $doc = CodeRemote::Procs::slurp(CodeRemote::Env::root_dir()
                                   . '/docs/API.md');
my $server = CodeRemote::Server->new->start;


# The result of the request that a section begins with, and the section.

sub example {
    my ($title) = @_;

    my ($section) = $doc =~ /^## \Q$title\E\n(.*?)^## /ms
        or die "no section $title\n";
    my ($request) = $section
        =~ /^    POST \/execute\?wait=true\n\n((?:    .*\n)+)/m
        or die "no request in $title\n";

    my $res = $server->client->post('/execute?wait=true', $request,
                                    { 'Content-Type' => 'application/json' });

    is($res->{code}, 200, "$title: taken") or diag($res->text);

    return ($res->json->{result}, $section);
}


subtest 'files and artifacts' => sub {
    my ($result, $section) = example('Files and artifacts');
    my ($told) = $section =~ /^    "artifacts":(\[\n.*?\])\n/ms;

    $told = JSON::PP->new->utf8->decode($told);

    is($result->{success}, JSON::PP::true, 'it ends well')
        or diag($result->{stderr});
    is_deeply([sort { $a->{name} cmp $b->{name} } @{ $result->{artifacts} }],
              $told, 'with these artifacts');
};


subtest 'cases' => sub {
    my ($result, $section) = example('Cases');
    my ($passed) = $section =~ /^    "cases_passed":(\d+),/m;
    my @verdicts = $section =~ /^      \{"verdict":"(\w+)"/mg;
    my @stdout = $section =~ /^      \{"verdict":.*?"stdout":("[^"]*")/mg;

    is($result->{cases_passed}, $passed, 'so many pass');
    is_deeply([map { $_->{verdict} } @{ $result->{cases} }], \@verdicts,
              'with these verdicts');
    is_deeply([map { $_->{stdout} } @{ $result->{cases} }],
              [map { CodeRemote::Client->decode($_) } @stdout],
              'and this output');
};

$server->finish;
done_testing();
