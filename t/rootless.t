# Without root the service still runs, with fewer layers, and says which.  An
# unprivileged user owns an installation of its own and starts nginx.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Data qw( data_like );
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

my $run = CodeRemote::Env::run_dir();
my ($user, $uid, $gid) = $> == 0 ? ((getpwnam 'nobody')[0, 2, 3])
                                 : ((getpwuid $>)[0], $>, $) + 0);

plan skip_all => 'there is no user nobody' if !defined $uid;


# The paths are compiled into the helper, so an installation is linked anew.

my $dir = "$run/rootless";
CodeRemote::Env::make_install($dir, 'install');

open my $conf, '>', "$dir/etc/coderemote/sandbox.conf" or die $!;
print $conf "clients = $uid\nrootless = on\n";
close $conf;

chmod 0755, "$dir/libexec/coderemote/coderemote-sandbox";
system('chown', '-R', "$uid:$gid", $run) == 0 or die if $> == 0;

CodeRemote::Procs::also($dir);

my $helper = "$dir/libexec/coderemote/coderemote-sandbox";
my @as = $> == 0
       ? ('setpriv', "--reuid=$uid", "--regid=$gid", '--clear-groups') : ();

# nginx opens its logs as whoever starts it
my $server = CodeRemote::Server->new(user => undef, helper => $helper,
                                     command => \@as);
system('chown', '-R', "$uid:$gid", $run) == 0 or die if $> == 0;
$server->start;

my $client = $server->client;


subtest 'who runs what' => sub {
    my $supervisor = $server->supervisor;
    ok($supervisor, 'a supervisor serves');

    my %uids = map {
        my ($u) = CodeRemote::Procs::slurp("/proc/$_->{pid}/status")
                  =~ /^Uid:\s+(\d+)/m;
        ($u => 1);
    } { pid => $supervisor }, $server->kin;

    is_deeply([keys %uids], [$uid], 'all of it is the unprivileged user\'s');
};


subtest 'it says which layers are off' => sub {
    my $sandbox = $client->get('/health')->json->{sandbox};
    my $off = join ' ', @{ $sandbox->{layers_off} };
    my $on = join ' ', @{ $sandbox->{layers_on} };

    like($off, qr/cgroup/, 'cgroups are off');
    like($on, qr/\b$_\b/, "$_ is on") for qw( seccomp landlock );
    like($server->error_log . $off, qr/cgroup/, 'the log says so');
};


subtest 'programs run' => sub {
    data_like($client->run('print(sum(range(10)))'),
              { status => 'completed', result => { stdout => "45\n" } },
              'one');
    data_like($client->run("while True:\n    pass", timeout_seconds => 1),
              { status => 'failed',
                result => { error_type => 'TimeoutError' } },
              'an endless one');
    data_like($client->run('x = bytearray(10 ** 9)'),
              { status => 'failed',
                result => { error_type => 'MemoryError' } },
              'a memory bomb');
    data_like($client->run('import os'),
              { result => { error_type => 'SecurityError' } }, 'a bad one');

    my @res = $client->all([map { [POST => '/execute?wait=true',
                                   { code => "print($_)" }] } 1 .. 60]);
    is(scalar(grep { ($res[$_ - 1]->json->{result}{stdout} // '')
                     ne "$_\n" } 1 .. 60), 0, 'sixty');
};


subtest 'what a job sees of the machine' => sub {
    my $job = $client->run(<<'_EOC_', language => 'python-open');
import os, socket
for path in ("/etc/passwd", "/proc/self", "/sys", "/home", "/root"):
    print(path, os.path.exists(path))
try:
    socket.socket()
    print("socket")
except OSError:
    print("no socket")
print(os.listdir("/tmp"))
_EOC_
    my $out = $job->{result}{stdout} // '';

    unlike($out, qr/True/, 'no file of it') or diag(explain($job));
    like($out, qr/^no socket$/m, 'no network');
};


subtest 'the supervisor dies' => sub {
    my $pid = $server->supervisor;
    my @kin = map { $_->{pid} } $server->kin;
    kill KILL => $pid;

    ok(wait_for(sub { !grep { CodeRemote::Procs::alive($_) } @kin }),
       'and all of its own with it');
    ok(wait_for(sub {
        ($client->run('print(1)')->{status} // '') eq 'completed'
    }), 'the service is back');
};

$server->{expected} = [qr/exited on signal 9/];
$server->finish;
done_testing();
