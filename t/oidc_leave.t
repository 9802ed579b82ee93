# A worker that is told to leave has a request whose token needs a key that is
# still to be had: it stays for it.

use strict;
use warnings;

use lib 't/lib';
use IO::Socket::INET;
use Test::More;

use CodeRemote::Procs qw( alive wait_for );
use CodeRemote::Provider;
use CodeRemote::Server;

my $provider = CodeRemote::Provider->start;

$provider->publish('a');

my $server = CodeRemote::Server->new(
    workers => 1,
    server => "coderemote_jwt_oidc $provider->{issuer};",
    locations => '
        location = /health { coderemote_health; }
        location = /t { coderemote_jwt t; empty_gif; }
    ',
)->start;


sub request {
    my ($token) = @_;

    return "GET /t HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
           . "Authorization: Bearer $token\r\n\r\n";
}


sub begin {
    my ($text) = @_;

    my $sock = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                     PeerPort => $server->{port})
        or die "connect: $!\n";

    syswrite $sock, $text;

    return $sock;
}


sub end {
    my ($sock, $text) = @_;

    local $/;
    local $SIG{PIPE} = 'IGNORE';
    syswrite $sock, $text;

    return <$sock> // '';
}


my $old = $provider->token('a');
my $first;

ok(wait_for(sub { $first = end(begin(request($old)), '') =~ m{ 200 OK} }),
   'its keys are there');

my ($worker) = $server->workers;
my $new = request($provider->token('new'));

$provider->publish('a', 'new');
$provider->behave('ok', delay => 1);

# The worker has the beginning of it when it is told to leave.

my $sock = begin(substr $new, 0, 30);
end(begin(request($old)), '');

ok($server->reload, 'a reload');

my $answer = end($sock, substr $new, 30);

like($answer, qr{^HTTP/1\.1 200 }, 'it is answered');
ok(wait_for(sub { !alive($worker) }), 'then the worker leaves');
is($provider->asked('/keys') >= 2, 1, 'the keys were had anew')
    or diag($provider->asked('/keys'));

$server->finish;
$provider->stop;
done_testing();
