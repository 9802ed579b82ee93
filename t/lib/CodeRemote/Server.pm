package CodeRemote::Server;

# An nginx of a test's own, with the module and a sandbox, for what a block of
# Test::Nginx cannot say: several connections, signals, reloads.
#
#   my $s = CodeRemote::Server->new(http => 'coderemote_queue 8;');
#   $s->start;
#   $s->client->run('print(1)');
#   ...
#   $s->finish;         # stops it and checks that nothing is left

use strict;
use warnings;

use File::Path ();
use POSIX qw( :sys_wait_h );
use Test::More;

use CodeRemote::Client ();
use CodeRemote::Env ();
use CodeRemote::Procs ();
use CodeRemote::Profile ();

my $count = 0;
my %running;


# Options: workers, main, http, server, locations (configuration to add; the
# last one replaces the usual), runtimes (a list: their profiles are installed,
# and these alone are allowed), listen (its parameters), shutdown (the workers'
# time to leave), helper, zone, allow, user, command (what runs nginx);
# external: the sandbox is somebody else's; install: another installation,
# whose profiles are allowed, all of them; without: the layers that its helper
# leaves out, by name, for one built to do so (CR_INSTALL_TEST) and one server
# at a time.

sub new {
    my ($class, %opt) = @_;

    my $dir = CodeRemote::Env::run_dir() . '/s' . ++$count;

    File::Path::make_path("$dir/logs", "$dir/tmp");

    my $self = bless {
        dir     => $dir,
        port    => CodeRemote::Env::free_port(),
        sock    => "$dir/sandbox.sock",
        workers => CodeRemote::Env::workers(),
        user    => CodeRemote::Env::worker_user(),
        command => [],
        listen  => '',
        shutdown => '30s',
        owner   => $$,
        %opt,
    }, $class;

    CodeRemote::Procs::note() if $count == 1;

    $self->install if defined $self->{install};
    $self->runtimes if $self->{runtimes};
    $self->configure;

    return $self;
}


sub install {
    my ($self) = @_;

    my $etc = "$self->{install}/etc/coderemote";
    my @names = map { m{([^/]+)\.conf$} } glob "$etc/runtimes.d/*.conf";

    CodeRemote::Procs::also($self->{install});

    $self->{helper} //= CodeRemote::Env::helper($self->{install});
    $self->{allow} //= "coderemote_allow @names;";
    $self->{without_file} = "$etc/without";
}


sub runtimes {
    my ($self) = @_;

    my @names = @{ $self->{runtimes} };

    CodeRemote::Profile::add(@names);
    $self->{allow} //= "coderemote_allow @names;";
}


# What to leave out is there for as long as its server runs.

sub leave_out {
    my ($self) = @_;

    my $file = $self->{without_file} // return;

    unlink $file;
    return if !defined $self->{without};

    open my $out, '>', $file or die "$file: $!\n";
    print $out "$self->{without}\n";
    close $out or die "$file: $!\n";
}


sub configure {
    my ($self, %opt) = @_;

    @$self{keys %opt} = values %opt;

    my $user = defined $self->{user} ? "user $self->{user};" : '';
    my $load = CodeRemote::Env::main_config();
    my $main = $self->{main} // '';
    my $http = $self->{http} // '';
    my $server = $self->{server} // '';
    my $locations = $self->{locations} // CodeRemote::Env::locations();
    my $sandbox = CodeRemote::Env::http_config($self->{sock},
                     map { $_ => $self->{$_} }
                     grep { defined $self->{$_} } qw( zone helper allow
                                                 external ));
    my $dir = $self->{dir};
    my $temp = join "\n", map { "    ${_}_temp_path $dir/tmp/$_;" }
               qw( client_body proxy fastcgi uwsgi scgi );

    $self->{text} = <<"_EOC_";
$load
$user
daemon on;
worker_processes $self->{workers};
worker_shutdown_timeout $self->{shutdown};
error_log $dir/logs/error.log info;
pid $dir/nginx.pid;
$main

events {
    worker_connections 1024;
}

http {
$temp
    access_log $dir/logs/access.log;
    keepalive_timeout 60s;

$sandbox
$http

    server {
        listen 127.0.0.1:$self->{port} $self->{listen};
        client_max_body_size 4m;
        client_body_buffer_size 64k;
$server

$locations
    }
}
_EOC_

    $self->write_config($self->{text});
}


sub write_config {
    my ($self, $text) = @_;

    open my $out, '>', "$self->{dir}/nginx.conf"
        or die "$self->{dir}/nginx.conf: $!\n";
    print $out $text;
    close $out;
}


sub nginx {
    my ($self, @args) = @_;

    return (@{ $self->{command} }, CodeRemote::Env::nginx(),
            '-p', "$self->{dir}/", '-c', "$self->{dir}/nginx.conf",
            '-e', "$self->{dir}/logs/error.log", @args);
}


# Runs nginx and waits until a job can run.  Option: health => 0: do not wait.

sub start {
    my ($self, %opt) = @_;

    my @command = $self->nginx;

    $self->leave_out;

    my $rc = system { $command[0] } @command;

    if ($rc != 0) {
        die "nginx does not start:\n" . $self->error_log;
    }

    my $pid;

    CodeRemote::Procs::wait_for(sub {
        ($pid) = CodeRemote::Procs::slurp("$self->{dir}/nginx.pid")
                 =~ /^(\d+)\n/;
    }) or die "nginx wrote no pid:\n" . $self->error_log;

    $self->{pid} = $pid;
    $running{$pid} = $self;

    if ($opt{health} // 1) {
        my $res = $self->healthy;

        if ($res->{code} != 200) {
            my $log = $self->error_log;
            $self->stop;
            die 'no job can run: ' . $res->text . "\n$log";
        }
    }

    return $self;
}


sub client {
    my ($self, %opt) = @_;

    return CodeRemote::Client->new(port => $self->{port}, %opt);
}


# Polls /health for 200.  Answers the last response.

sub healthy {
    my ($self, $deadline) = @_;

    return $self->client->until_ok('/health', sub { $_[0]{code} == 200 },
                                   $deadline || 10);
}


sub error_log {
    my ($self) = @_;

    return CodeRemote::Procs::slurp("$self->{dir}/logs/error.log");
}


sub access_log {
    my ($self) = @_;

    return CodeRemote::Procs::slurp("$self->{dir}/logs/access.log");
}


sub master { return $_[0]{pid} }


sub workers {
    my ($self) = @_;

    my @workers;

    for my $dir (glob '/proc/[0-9]*') {
        my $status = CodeRemote::Procs::slurp("$dir/status");
        next if $status !~ /^PPid:\s+$self->{pid}$/m;
        next if $status !~ /^State:\s+[^ZX]/m;

        my $cmd = CodeRemote::Env::valgrind() ? 'worker process'
                : CodeRemote::Procs::slurp("$dir/cmdline");
        next if $cmd !~ /worker process/ || $cmd =~ /shutting down/;

        push @workers, $dir =~ /(\d+)$/;
    }

    @workers = sort { $a <=> $b } @workers;

    return @workers;
}


sub supervisor {
    my ($self) = @_;

    return CodeRemote::Procs::supervisor_of($self->{sock});
}


# The descendants of this server's supervisor, of one kind or all.

sub kin {
    my ($self, $kind) = @_;

    my $pid = $self->supervisor or return;

    return grep { !defined $kind || $_->{kind} eq $kind }
           CodeRemote::Procs::kin($pid);
}


# Loads the configuration anew and waits until other workers serve.

sub reload {
    my ($self) = @_;

    my %old = map { $_ => 1 } $self->workers;

    kill HUP => $self->{pid};

    return CodeRemote::Procs::wait_for(sub {
        my @new = grep { !$old{$_} } $self->workers;
        return @new >= $self->{workers};
    }, 15);
}


# A pair of clients' responses is needed from two workers: asks until a worker
# that is not in the list answers.  Takes the arguments of start().

sub by_other_worker {
    my ($self, $not, @request) = @_;

    my $client = $self->client;
    my $res;

    for (1 .. 2000) {
        $res = $client->request(@request);
        return $res if ($res->{headers}{'x-worker'} // 0) != $not;
    }

    return undef;
}


sub stop {
    my ($self, $signal) = @_;

    my $pid = delete $self->{pid} or return 1;

    delete $running{$pid};
    CodeRemote::Procs::family();
    kill $signal || 'QUIT', $pid;

    my $gone = CodeRemote::Procs::wait_for(sub {
        return !CodeRemote::Procs::alive($pid);
    }, 15);

    if (!$gone) {
        kill KILL => $pid;
    }

    unlink $self->{without_file} if defined $self->{without};

    return $gone;
}


# Stops nginx, and tells as a test that nothing stays behind.

sub finish {
    my ($self, $signal, $name) = @_;

    $name = defined $name ? "$name: " : '';

    ok($self->stop($signal), "${name}nginx stops");

    my @left = CodeRemote::Procs::leaks(sockets => [$self->{sock}]);

    is_deeply(\@left, [], "${name}no process, cgroup, mount or socket is left")
        or diag(join "\n", @left);

    if (CodeRemote::Env::valgrind()) {
        is(CodeRemote::Env::valgrind_said(), '',
           "${name}valgrind has nothing to say");
    }

    my @bad = grep { /\[(?:alert|emerg|crit)\]/ } split /\n/,
              $self->error_log;
    @bad = grep { my $l = $_; !grep { $l =~ $_ } @{ $self->{expected} || [] } }
           @bad;

    is_deeply(\@bad, [], "${name}nothing worse than an error was logged")
        or diag(join "\n", @bad);
}


END {
    local ($?, $@, $!);

    for my $server (values %running) {
        $server->stop('TERM') if $server->{owner} == $$;
    }
}


1;
