# A runtime that cannot be started: what asks for it is told why, soon, and the
# other runtimes serve on.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Data qw( data_like );
use CodeRemote::Profile;
use CodeRemote::Server;

plan skip_all => 'the profile cannot be written'
    if !CodeRemote::Profile::writable('python');

ok(CodeRemote::Profile::edit('python', sub {
    s/^option\.warm\s*=\s*/option.warm = no_such_module /m;
}), 'the profile warms a module that is not there');

my $server = CodeRemote::Server->new->start;
my $client = $server->client;

for (1 .. 3) {
    data_like($client->post('/execute?wait=true', { code => 'print(1)' })->json,
              { status => 'failed',
                result => { error_type => 'SandboxError',
                            error => qr/no_such_module/ } },
              'a job ends, with the reason');
}

data_like($client->post('/execute?wait=true', { code => 'print(1)',
                                                language => 'python-open' })
                 ->json,
          { status => 'completed', result => { stdout => "1\n" } },
          'the other runtime runs');

my ($python) = grep { $_->{name} eq 'python' }
               @{$client->get('/health')->json->{sandbox}{profiles}};

is($python->{ready}, 0, 'no cell is ready');
like($python->{reason}, qr/no_such_module/, 'and /health says why');

$server->finish;

done_testing();
