# A start that is refused: the reason is in nginx's error log, /health says
# that no job can run, nobody tries without end, and what was mended works
# without another word.

use strict;
use warnings;

use lib 't/lib';
use IO::Socket::UNIX;
use POSIX ();
use Test::More;
use Time::HiRes qw( time );

use CodeRemote::Data qw( data_like );
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Profile qw( edit );
use CodeRemote::Server;

plan skip_all => 'without root nobody else\'s files can be made' if $> != 0;

my $install = CodeRemote::Env::install_dir();
my $conf = "$install/etc/coderemote/sandbox.conf";
my $profiles = "$install/etc/coderemote/runtimes.d";
my $libexec = "$install/libexec/coderemote";
my $zygote = "$libexec/zygote-python";
my $profile = "$profiles/python-open.conf";
my $helper = CodeRemote::Env::helper();
my ($uid, $gid) = (getpwnam 'www-data')[2, 3];

# one cell each is enough, and many starts are to come
edit($_, sub { s/^(language = .*)/$1\nslots = 1/m }) for qw( python
                                                             python-open );

my %kept = map { $_ => CodeRemote::Procs::slurp($_) } $conf, $profile;
my @mend;


sub put {
    my ($path, $text) = @_;

    open my $out, '>', $path or die "$path: $!\n";
    print $out $text;
    close $out or die "$path: $!\n";
}


# All as it was: what is not a file of root's any more is made one again.

sub mend {
    $_->() for reverse @mend;
    @mend = ();
}

END {
    local ($?, $@, $!);
    mend();
}


# Each answers nothing and remembers how it is undone.

sub mode {
    my ($path, $mode) = @_;

    my $old = (stat $path)[2] & 07777;
    push @mend, sub { chmod $old, $path };
    chmod $mode, $path or die "$path: $!\n";
}


sub owner {
    my ($path, $owner, $group) = @_;

    my (undef, undef, $mode, undef, $u, $g) = stat $path;
    push @mend, sub { chown $u, $g, $path; chmod $mode & 07777, $path };
    chown $owner, $group, $path or die "$path: $!\n";
}


sub text {
    my ($path, $text) = @_;

    push @mend, sub { put($path, $kept{$path}) };
    put($path, $text);
}


# Another thing in the file's place.

sub instead {
    my ($path, $make) = @_;

    rename $path, "$path.away" or die "$path: $!\n";
    push @mend, sub {
        -d $path && !-l $path ? rmdir $path : unlink $path;
        rename "$path.away", $path;
    };
    $make->($path);
}


sub more {
    my ($path, $text) = @_;

    push @mend, sub { unlink $path };
    put($path, $text);
}


# What is broken, how, and the sentence that says so.

my $root = qr/must belong to root and be writable by root alone/;

my @broken = (
    ['sandbox.conf is missing', sub { instead($conf, sub { }) },
     qr/sandbox\.conf: No such file/],
    ['it is somebody\'s', sub { owner($conf, $uid, $gid) },
     qr/sandbox\.conf: it $root/],
    ['its group may write', sub { mode($conf, 0664) },
     qr/sandbox\.conf: it $root/],
    ['it is a link', sub {
         instead($conf, sub { symlink "$_[0].away", $_[0] })
     }, qr/sandbox\.conf: it is a link/],
    ['it is a folder', sub { instead($conf, sub { mkdir $_[0], 0755 }) },
     qr/sandbox\.conf: it is not a regular file/],
    ['it is a pipe', sub {
         instead($conf, sub { POSIX::mkfifo($_[0], 0644) })
     }, qr/sandbox\.conf: it is not a regular file/],
    ['it is huge', sub { text($conf, '#' x (8 << 20)) },
     qr/sandbox\.conf: it is longer than \d+ bytes/],
    ['it has an unknown key', sub { text($conf, "client = 33\n") },
     qr/line 1: "client" is not a known key/],
    ['it names nobody', sub {
         text($conf, "clients = no-such-user-here\n")
     }, qr/`clients` .* "no-such-user-here": there is no such user/],
    ['it names no uid', sub { text($conf, "clients = 4294967295\n") },
     qr/"clients" has a uid that is too large/],
    ['it names somebody else', sub { text($conf, "clients = 54321\n") },
     qr/uid $uid may not start it: not one of `clients`/],
    ['its folder is somebody\'s', sub { owner(dir($conf), $uid, $gid) },
     qr{etc/coderemote/: it $root}],
    ['its folder is everybody\'s', sub { mode(dir($conf), 0777) },
     qr{etc/coderemote/: it $root}],

    ['runtimes.d is missing', sub { instead($profiles, sub { }) },
     qr/runtimes\.d: No such file/],
    ['runtimes.d is empty', sub {
         instead($profiles, sub { mkdir $_[0], 0755 })
     }, qr/there is no profile in runtimes\.d/],
    ['runtimes.d is somebody\'s', sub { owner($profiles, $uid, $gid) },
     qr{runtimes\.d/: it $root}],
    ['runtimes.d is its group\'s', sub { mode($profiles, 0775) },
     qr{runtimes\.d/: it $root}],
    ['a profile is somebody\'s', sub { owner($profile, $uid, $gid) },
     qr/python-open\.conf: it $root/],
    ['a profile is everybody\'s', sub { mode($profile, 0666) },
     qr/python-open\.conf: it $root/],
    ['a profile is a link', sub {
         instead($profile, sub { symlink '/etc/passwd', $_[0] })
     }, qr/python-open\.conf: it is a link/],
    ['a profile is a pipe', sub {
         instead($profile, sub { POSIX::mkfifo($_[0], 0644) })
     }, qr/python-open\.conf: it is not a regular file/],
    ['a profile is a device', sub {
         instead($profile, sub { system 'mknod', $_[0], 'c', 1, 5 })
     }, qr/python-open\.conf: it is not a regular file/],
    ['a profile is wrong', sub { text($profile, "memory = much\n") },
     qr/python-open\.conf: line 1: "memory" is not a size/],
    ['a profile is binary', sub { text($profile, "\x7fELF\x01\x02") },
     qr/python-open\.conf: line 1: a control character/],
    ['a profile names no program there is', sub {
         more("$profiles/other.conf", "language = Other\n"
              . "program = zygote-other\ntree = /usr/lib\n")
     }, qr/profile other: .*zygote-other: No such file/],

    ['the zygote\'s program is missing', sub { instead($zygote, sub { }) },
     qr/profile python\S*: .*zygote-python: No such file/],
    ['it is somebody\'s', sub { owner($zygote, $uid, $gid) },
     qr/zygote-python: it $root/],
    ['it is everybody\'s', sub { mode($zygote, 0777) },
     qr/zygote-python: it $root/],
    ['it is no program', sub { mode($zygote, 0644) },
     qr/zygote-python: it is not a program/],
    ['it is a folder', sub { instead($zygote, sub { mkdir $_[0], 0755 }) },
     qr/zygote-python: it is not a program/],
    ['it is a link', sub {
         instead($zygote, sub { symlink "$_[0].away", $_[0] })
     }, qr/zygote-python: it is a link/],
    ['its folder is somebody\'s', sub { owner($libexec, $uid, $gid) },
     qr{libexec/coderemote/: it $root}],

    ['the helper is missing', sub { instead($helper, sub { }) },
     qr/coderemote-sandbox" cannot be started: .* No such file/s],
    ['it is not the workers\' to start', sub { mode($helper, 04700) },
     qr/coderemote-sandbox" cannot be started: /],
    ['it is not executable', sub { mode($helper, 0640) },
     qr/coderemote-sandbox" cannot be started: /],
    ['it is not setuid', sub { mode($helper, 0755) },
     qr/it is not root: install it setuid root/],
    ['it is setuid somebody', sub {
         owner($helper, (getpwnam 'nobody')[2], $gid);
         mode($helper, 04755);
     }, qr/coderemote-sandbox" is not started: it must be a file of root's/],
    ['it is its group\'s to write', sub { mode($helper, 04770) },
     qr/coderemote-sandbox" is not started: it must be a file of root's/],
    ['it is everybody\'s to write', sub { mode($helper, 04757) },
     qr/coderemote-sandbox" is not started: it must be a file of root's/],
    ['it is a folder', sub {
         instead($helper, sub { mkdir $_[0], 0755 })
     }, qr/coderemote-sandbox" is not started: it must be a file of root's/],
    ['it is no program', sub {
         instead($helper, sub { put($_[0], "x\n"); chmod 0755, $_[0] })
     }, qr/coderemote-sandbox" cannot be started: /],
);


sub dir { return $_[0] =~ s{/[^/]*$}{}r }


my $server = CodeRemote::Server->new->start;
my $client = $server->client;


# The supervisor ends, and another one is to start.  New workers have tried
# nothing yet, and so do not wait long.

sub refused {
    my ($name, $break, $reason) = @_;

    ok($server->reload, 'new workers');

    my $from = length $server->error_log;
    my $pid = $server->supervisor;
    my $log = sub { substr $server->error_log, $from };

    $break->();

    kill TERM => $pid if $pid;
    my $begun = time;

    ok(wait_for(sub { $log->() =~ $reason }, 20), "$name: the log says so")
        or diag($log->());

    # both wait a while for one that comes
    my ($health, $job);
    wait_for(sub {
        ($health, $job) = $client->all([[GET => '/health'],
            [POST => '/execute', { code => 'print(1)' }]]);
        return $health->{code} == 503 && $job->{code} == 503;
    });
    is($health->{code}, 503, 'no job can run');
    is(($health->json || {})->{status}, 'degraded', 'and /health says so');
    is($job->{code}, 503, 'a job is refused');

    # ever more rarely: the first pause is of 0.3 s, a worker
    my @starts = $log->() =~ /(?:started "|cannot be started|is not started)/g;
    my $most = $server->{workers} * (2 + (time - $begun) / 0.3);
    cmp_ok(scalar @starts, '<=', $most, 'it is not tried without end');

    mend();

    is($server->healthy(20)->{code}, 200, 'mended, it works again')
        or diag($log->());
}


for my $case (@broken) {
    my ($name, $break, $reason) = @$case;

    subtest $name => sub { refused($name, $break, $reason) };
}


subtest 'and so do jobs' => sub {
    data_like($client->run('print(6 * 7)'),
              { status => 'completed', result => { stdout => "42\n" } },
              'one runs');
};

$server->{expected} = [qr/coderemote/];
$server->finish;


# Here nginx itself refuses, or takes the place.

sub place {
    my ($make) = @_;

    my $s = CodeRemote::Server->new;
    my $kept = $make->($s->{sock});
    my $started = eval { $s->start; 1 };

    return ($s, $started, $@, $kept);
}


sub taken {
    my ($name, $make, $reason) = @_;

    subtest $name => sub {
        my ($s, $started, $error, $kept) = place($make);

        ok(!$started, 'nginx does not start');
        like($error, $reason, 'and says why');
        ok(-e $s->{sock}, 'what is there, stays');

        close $kept if ref $kept;
        $s->stop if $started;
        -d $s->{sock} ? rmdir $s->{sock} : unlink $s->{sock};

        ok(eval { $s->start; 1 }, 'once it is gone, nginx starts')
            or diag($@);
        $s->{expected} = [$reason];
        $s->finish;
    };
}


sub listener {
    my ($path) = @_;

    return IO::Socket::UNIX->new(Local => $path, Listen => 5)
           || die "$path: $!\n";
}


taken('a file where the socket is to be', sub { put($_[0], "x\n"); 1 },
      qr/is there and is no socket: remove it/);
taken('a folder there', sub { mkdir $_[0]; 1 },
      qr/is there and is no socket: remove it/);
taken('a link there', sub { symlink '/etc/passwd', $_[0]; 1 },
      qr/is there and is no socket: remove it/);
taken('somebody who listens there', \&listener, qr/somebody listens at/);


subtest 'a socket that nobody listens at any more' => sub {
    my ($s, $started, $error) = place(sub { close listener($_[0]); 1 });

    ok($started, 'nginx starts') or diag($error);
    ok($s->client->get('/health')->{code} == 200, 'and works');
    $s->finish;
};


subtest 'no folder for the socket' => sub {
    my $s = CodeRemote::Server->new;

    $s->{sock} = "$s->{dir}/none/sandbox.sock";
    $s->configure;
    ok(!eval { $s->start; 1 }, 'nginx does not start');
    like($@, qr/bind\(\) to ".*" failed: its folder must exist/, 'and says why');
};


# A worker is bound to a processor; what it starts is not.

subtest 'workers that have a processor each' => sub {
    my $s = CodeRemote::Server->new(
        main => 'worker_cpu_affinity 0001; worker_priority 5;', workers => 1
    )->start;

    my ($all) = CodeRemote::Procs::slurp('/proc/1/status')
                =~ /^Cpus_allowed_list:\s+(\S+)/m;
    my ($supervisor) = CodeRemote::Procs::slurp('/proc/' . $s->supervisor
                                                . '/status')
                       =~ /^Cpus_allowed_list:\s+(\S+)/m;

    is($supervisor, $all, 'jobs run on all');
    is(getpriority(0, $s->supervisor), 0, 'and with the usual priority');
    data_like($s->client->run('print(1)'), { status => 'completed' },
              'one runs');
    $s->finish;
};

done_testing();
