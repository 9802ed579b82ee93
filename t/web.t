# The page in a real browser: what people do in it, against a real nginx and
# sandbox.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Browser;
use CodeRemote::Procs;

my $missing = CodeRemote::Browser::missing();
plan skip_all => $missing if defined $missing;

my $server = CodeRemote::Browser::server();
$server->start;

CodeRemote::Browser::drive($_, $server) for qw( run page figures );

my $client = $server->client;

# What is not a file of the page is not the page.
is($client->request('GET', '/nothing')->{code}, 404, 'nothing is elsewhere');

my $page = $client->request('GET', '/');
my ($script) = $page->{body} =~ m{src="(/assets/[^"]+\.js)"};
my $res = $client->request('GET', $script);

like($res->{headers}{'cache-control'}, qr/immutable/,
     'what has a name of its own is kept by browsers');
like($page->{headers}{'cache-control'}, qr/no-cache/, 'and the page is not');

for ($page, $res) {
    my ($scripts) = $_->{headers}{'content-security-policy'}
                    =~ /script-src ([^;]*)/;
    is($scripts, "'self'", 'no script but those of this server');
}

$server->finish;

done_testing();
