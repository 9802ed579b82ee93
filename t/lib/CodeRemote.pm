package CodeRemote;

# What the suites add to Test::Nginx.  A test file begins
#
#   use lib 't/lib';
#   use CodeRemote;
#   use Test::Nginx::Socket 'no_plan';
#
#   CodeRemote::suite();
#
#   __DATA__
#
# Sections of a block beside Test::Nginx's own:
#
#   code      a program; the request is a POST /execute?wait=true of it
#   with      (eval) further members of that request
#   job       (eval) what the answer must hold, as CodeRemote::Data compares
#   json      (eval) the same of any answer; an array for several requests
#   problem   (eval) the same of a problem+json; the error code is to be
#             given too, and a good request afterwards must succeed
#   http      directives for http{} beside the usual ones
#   healthy   waits for a parked cell of every profile first
#   root      why the block needs root: without, it is skipped
#
# nginx and the sandbox go on from block to block while the configuration
# stays the same.

use strict;
use warnings;

use CodeRemote::Env ();

BEGIN {
    my $port = CodeRemote::Env::free_port();

    # The configuration gets the address too: this service runs anybody's
    # programs, also in a test.
    $ENV{TEST_NGINX_SERVER_PORT} = "127.0.0.1:$port";
    $ENV{TEST_NGINX_CLIENT_PORT} = $port;
    $ENV{TEST_NGINX_STREAM_PORT} = $port;
    $ENV{TEST_NGINX_SERVROOT} = CodeRemote::Env::run_dir() . '/servroot';
    $ENV{TEST_NGINX_BINARY} = CodeRemote::Env::nginx();
    $ENV{TEST_NGINX_LOG_LEVEL} ||= 'info';

    $ENV{TEST_NGINX_FORCE_RESTART_ON_TEST} //= 0;

    my $user = CodeRemote::Env::worker_user();
    $ENV{TEST_NGINX_WORKER_USER} = $user if defined $user;
}

use Test::Nginx::Util ();

use CodeRemote::Client ();
use CodeRemote::Data ();
use CodeRemote::Procs ();

my $json_type = 'Content-Type: application/json';


sub sock {
    return "$ENV{TEST_NGINX_SERVROOT}/logs/sandbox.sock";
}


sub client {
    return CodeRemote::Client->new(port => $ENV{TEST_NGINX_CLIENT_PORT}, @_);
}


sub true  { return $JSON::PP::true }
sub false { return $JSON::PP::false }


# Runs the blocks of the file, then $more->() while nginx still serves, and
# last stops it and looks for what it left behind.

sub suite {
    my ($more) = @_;

    CodeRemote::Procs::note();

    Test::Nginx::Util::master_on();
    Test::Nginx::Util::no_shuffle();
    Test::Nginx::Util::no_root_location();
    Test::Nginx::Util::workers(CodeRemote::Env::workers());
    Test::Nginx::Util::worker_connections(1024);
    Test::Nginx::Util::timeout(20 * CodeRemote::Env::slow());

    Test::Nginx::Util::add_block_preprocessor(\&prepare);
    Test::Nginx::Socket::add_response_body_check(\&check);

    Test::Nginx::Util::run_tests();

    $more->() if $more && !CodeRemote::Env::valgrind();

    finish();
}


sub prepare {
    my ($block) = @_;

    # every nginx is as new as that: the reason is what skips it
    $block->set_value(skip_nginx => '2: > 0.1.0: ' . $block->root)
        if defined $block->root && $> != 0;

    $block->set_value(main_config => CodeRemote::Env::main_config())
        if !defined $block->main_config;

    my $http = CodeRemote::Env::http_config(sock());
    $http .= $block->http if defined $block->http;
    $http = $block->http_config if defined $block->http_config;
    $block->set_value(http_config => $http);

    my $config = $block->config // CodeRemote::Env::locations();

    # nginx is started anew when this differs, whatever the rest does
    $config .= join '', map { "# $_\n" } split /\n/, $http;
    $block->set_value(config => $config);

    prepare_code($block) if defined $block->code;

    $block->set_value(more_headers => $json_type)
        if !defined $block->more_headers;

    prepare_problem($block) if defined $block->problem;

    $block->set_value(init => 'CodeRemote::wait_until_healthy()')
        if defined $block->healthy;
}


sub wait_until_healthy {
    client()->until_ok('/health', sub {
        my $health = $_[0]->json;
        return ref $health && $health->{status} eq 'healthy';
    });
}


sub prepare_code {
    my ($block) = @_;

    my %fields = (code => $block->code, %{ $block->with || {} });
    my $uri = $block->uri // '/execute?wait=true';

    $uri =~ s/\s+$//;

    $block->set_value(request => "POST $uri\n"
                                 . CodeRemote::Client->encode(\%fields));
}


# A wrong request is followed by a good one.

sub prepare_problem {
    my ($block) = @_;

    my $headers = $block->response_headers // '';

    $block->set_value(request => [
        $block->request, qq{POST /execute?wait=true\n{"code":"print(6*7)"}}
    ]);

    $block->set_value(more_headers => [$block->more_headers, $json_type]);
    $block->set_value(error_code => [$block->error_code, 200]);

    $block->set_value(response_headers => [
        "Content-Type: application/problem+json\n$headers", $json_type
    ]);
}


sub check {
    my ($block, $body, $index, $repeated, $dry_run) = @_;

    return if $dry_run;

    my $want = $block->job // $block->json;
    my $name = $block->name;

    if (defined $block->problem) {
        $want = $index == 0
              ? [problem($block)]->[0]
              : { status => 'completed', result => { stdout => "42\n" } };
        $name .= $index == 0 ? ' - problem' : ' - the next request works';

    } elsif (ref $block->request || $block->pipelined_requests) {
        $want = $want->[$index] if defined $want;
    }

    return if !defined $want;

    my $got = CodeRemote::Client->decode($body);

    CodeRemote::Data::data_like($got, $want, "$name - data")
        or Test::More::diag(substr $body, 0, 1000);
}


# What every problem has, and what this one must have.

sub problem {
    my ($block) = @_;

    my $code = $block->error_code->[0];

    return sub {
        my ($got) = @_;

        my @wrong = CodeRemote::Data::differences($got, {
            type => 'about:blank', title => qr/\S/, status => $code,
            detail => qr/\S+ \S+/, %{ $block->problem }
        });

        Test::More::diag(join "\n", @wrong) if @wrong;
        return !@wrong;
    };
}


sub finish {
    my $file = $Test::Nginx::Util::PidFile;

    CodeRemote::Procs::family();

    if (-f $file) {
        my ($pid) = CodeRemote::Procs::slurp($file) =~ /(\d+)/;

        kill QUIT => $pid;

        Test::More::ok(CodeRemote::Procs::wait_for(sub {
            waitpid $pid, 1;
            return !CodeRemote::Procs::alive($pid);
        }, 15), 'nginx stops');
    }

    my @left = CodeRemote::Procs::leaks(sockets => [sock()]);

    Test::More::is_deeply(\@left, [],
                          'no process, cgroup, mount or socket is left');

    if (CodeRemote::Env::valgrind()) {
        Test::More::is(CodeRemote::Env::valgrind_said(), '',
                       'valgrind has nothing to say');
    }
}


1;
