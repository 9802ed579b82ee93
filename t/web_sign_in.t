# The page at a server that wants tokens: people sign in at a provider, tokens
# are renewed, expire, and nothing that was written is lost.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Browser;

my $missing = CodeRemote::Browser::missing();
plan skip_all => $missing if defined $missing;

my $port = CodeRemote::Env::free_port();
my $issuer = "http://127.0.0.1:$port";

my $config = qq({"sign_in":{"authority":"$issuer","client_id":"page",)
             . '"scope":"openid profile offline_access"}}';

# Who asks how the sandbox is has no token.
my $locations = CodeRemote::Env::locations()
                =~ s/coderemote_health;/$& coderemote_jwt off;/r;

my $server = CodeRemote::Browser::server(
    server => <<"_EOC_",
coderemote_jwt           "Code Remote";
coderemote_jwt_oidc      $issuer;
coderemote_jwt_audience  code;
coderemote_jwt_leeway    1s;
_EOC_
    locations => $locations,
    conf => sub {
        s/(set \$coderemote_sign_in) "";/$1 "$issuer";/
            or die "web.conf: no sign-in\n";
        s/return 200 +'\{\}';/return 200 '$config';/
            or die "web.conf: no config.json\n";
    },
);

$ENV{CR_PROVIDER} = $port;

CodeRemote::Browser::drive('sign_in', $server, start => sub {
    $server->start;
    return JSON::PP::true;
});

$server->finish;

done_testing();
