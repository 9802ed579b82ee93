# Requests to other servers: libcurl in a worker's event loop (t/fetch/).

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Env;
use CodeRemote::Origin;
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

CodeRemote::Env::make('fetch-module');


sub ok_answer {
    my ($sock, $body) = @_;

    print $sock "HTTP/1.1 200 OK\r\nContent-Type: Text/Plain; charset=x\r\n"
                . 'Content-Length: ' . length($body) . "\r\n\r\n$body";
    return 1;
}


my %talk = (
    '/hello' => sub { ok_answer($_[0], 'hello') },
);

my $origin = CodeRemote::Origin->start(sub {
    my ($sock, $request) = @_;
    my $talk = $talk{$request->{path}} or return 0;
    return $talk->(@_);
});

my $here = "http://127.0.0.1:$origin->{port}";

my $server = CodeRemote::Server->new(
    workers => 1,
    main => 'load_module ' . CodeRemote::Env::root_dir()
            . '/build/ngx_http_fetch_module.so;',
    locations => CodeRemote::Env::locations() . '
        location = /fetch { fetch; }
    ',
)->start;

my $client = $server->client;


# What came of it, as a hash; `body` is what was shown of the body.

sub outcome {
    my ($res) = @_;

    my ($head, $body) = split /\n\n/, $res->{body} // '', 2;
    my %out = map { split /=/, $_, 2 } split /\n/, $head // '';

    return { %out, body => $body };
}


sub fetch {
    my ($url, %headers) = @_;

    my $location = delete $headers{at} // '/fetch';

    return outcome($client->get($location, undef,
                                { 'X-Url' => $url, %headers }));
}


subtest 'an answer' => sub {
    my $got = fetch("$here/hello");

    is($got->{rc}, 0, 'is whole');
    is($got->{status}, 200, 'its status');
    is($got->{type}, 'text/plain', 'its type, in lower case and alone');
    is($got->{body}, 'hello', 'its body');
};


$origin->stop;
$server->finish;
done_testing();
