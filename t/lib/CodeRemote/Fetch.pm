package CodeRemote::Fetch;

# An nginx that asks other servers through the driver of libcurl (t/fetch/).
#
#   my $fetch = CodeRemote::Fetch->start(locations => '
#       location = /short { fetch; fetch_timeout 1s; }
#   ');
#   my $got = $fetch->get('http://127.0.0.1:1/', at => '/short',
#                         'X-How' => 'deaf');
#   $got->{rc}, $got->{status}, $got->{why}, $got->{body}
#   my $state = $fetch->state;      # what is in use

use strict;
use warnings;

use CodeRemote::Env ();
use CodeRemote::Procs ();
use CodeRemote::Server ();


# Options of CodeRemote::Server, whose locations are added to the usual ones.

sub start {
    my ($class, %opt) = @_;

    CodeRemote::Env::make('fetch-module');

    my $locations = delete $opt{locations} // '';
    my $main = delete $opt{main} // '';

    my $server = CodeRemote::Server->new(
        workers => 1,
        main => 'load_module ' . CodeRemote::Env::root_dir()
                . "/build/ngx_http_fetch_module.so;\n$main",
        locations => CodeRemote::Env::locations() . "
            location = /fetch { fetch; }
            location = /state { fetch_state; }
            location = /quick { return 200 quick; }
            $locations",
        %opt,
    )->start;

    return bless { server => $server, client => $server->client }, $class;
}


sub request {
    my ($url, %headers) = @_;

    my $location = delete $headers{at} // '/fetch';

    return (GET => $location, undef, { 'X-Url' => $url, %headers });
}


# What came of it; `body` is what was shown of the body.

sub outcome {
    my ($res) = @_;

    my ($head, $body) = split /\n\n/, $res->{body} // '', 2;
    my %out = map { split /=/, $_, 2 } split /\n/, $head // '';

    return { why => $res->text, %out, body => $body };
}


sub get {
    my ($self, @request) = @_;

    return outcome($self->{client}->request(request(@request)));
}


sub begin {
    my ($self, @request) = @_;

    return $self->{client}->start(request(@request));
}


# Timers, connections, and descriptors of the worker.

sub state {
    my ($self) = @_;

    my %state = map { split /=/ }
                split /\n/, $self->{client}->get('/state')->{body};
    my $pid = delete $state{pid};
    my @fds = glob "/proc/$pid/fd/*";

    return { %state, fds => scalar @fds };
}


sub finish {
    my ($self, @args) = @_;

    return $self->{server}->finish(@args);
}


1;
