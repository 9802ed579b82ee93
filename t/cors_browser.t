# Pages of other origins in a real browser: what it lets them ask and read.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Browser;
use CodeRemote::Server;
use CodeRemote::Token;

my $missing = CodeRemote::Browser::missing();
plan skip_all => $missing if defined $missing;

my $secret = 'a secret of this test, and longer than 32 bytes';
my $key = CodeRemote::Env::run_dir() . '/secret.key';

open my $out, '>', $key or die "$key: $!\n";
print $out $secret;
close $out;

# What the page is built with is what drives the browser.
CodeRemote::Browser::install();

my @pages = map { CodeRemote::Env::free_port() } 1 .. 2;
my @origins = map { "http://127.0.0.1:$_" } @pages;

my $server = CodeRemote::Server->new(
    http => join('', map { <<"_EOC_" } @pages),
server { listen 127.0.0.1:$_;
         location = /page { default_type text/html; return 200 "<p>page"; } }
_EOC_
    server => <<"_EOC_",
coderemote_cors_origin $origins[0];
set \$self http://127.0.0.1:\$server_port;
_EOC_
    locations => CodeRemote::Env::locations() . <<"_EOC_",
location /jwt { coderemote_execute; coderemote_jwt x;
                coderemote_jwt_key_file $key; }
location /limited { coderemote_execute; coderemote_limit_requests 1/m; }
location /open { coderemote_execute; }
location /any { coderemote_execute; coderemote_cors_origin any; }
location /off { coderemote_execute; coderemote_cors_origin off; }
location /cookies { coderemote_execute; coderemote_cors_credentials on; }
location /proxy { proxy_pass \$self/backend; }
location /backend { coderemote_cors_origin off;
                    add_header Access-Control-Allow-Origin https://a.example;
                    return 200 '"hello"'; }
_EOC_
)->start;

# its one is used up
is($server->client->post('/limited', { code => 'pass' })->{code}, 202,
   'a first program');

local $ENV{CR_PAGES} = join ' ', @origins;
local $ENV{CR_TOKEN} = CodeRemote::Token::make({ sub => 'ann' },
                                               secret => $secret);
CodeRemote::Browser::drive('cors', $server);

$server->finish;
done_testing();
