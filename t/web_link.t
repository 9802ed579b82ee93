# The page when something is not as it should be: connections that are lost,
# workers that go, a sandbox that is away, a user who asks too much.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Browser;

my $missing = CodeRemote::Browser::missing();
plan skip_all => $missing if defined $missing;

subtest 'the connection' => sub {
    my $server = CodeRemote::Browser::server()->start;

    CodeRemote::Browser::drive('link', $server, reload => sub {
        return $server->reload ? JSON::PP::true : JSON::PP::false;
    });
    $server->finish;
};

subtest 'a limit' => sub {
    my $server = CodeRemote::Browser::server(
        http => 'coderemote_limit_requests 1/m;')->start;

    CodeRemote::Browser::drive('limit', $server);
    $server->finish;
};

subtest 'no sandbox' => sub {
    my $server = CodeRemote::Browser::server(external => 1);

    $server->start(health => 0);

    CodeRemote::Browser::drive('away', $server, bring => sub {
        $server->configure(external => undef);
        $server->reload or return JSON::PP::false;
        return $server->healthy->{code} == 200 ? JSON::PP::true
                                               : JSON::PP::false;
    });
    $server->finish;
};

done_testing();
