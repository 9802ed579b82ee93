# A layer that cannot be had stops the start, or is listed as off: by --check,
# in the log and by /health.  And the switch that the tests leave layers out
# with is in no program but the one built for them.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Layers qw( end_all installation probe server );
use CodeRemote::Procs qw( wait_for );

plan skip_all => 'only root has every layer to lose' if $> != 0;

my $root = CodeRemote::Env::root_dir();
my $run = CodeRemote::Env::run_dir();
my $strict = installation('install-probe', 'off');
my $tested = installation('install-test', 'on');

my $refuse = "$run/refuse";
my $out = `cc -O2 -Wall -o $refuse $root/t/layers/refuse.c -lseccomp 2>&1`;
is($?, 0, 'what takes system calls away') or diag($out);


# --check with a system call that the kernel does not know; as the doctor says.

for my $case (
    [unshare => 'user', 'missing'],
    [unshare => 'net', 'missing'],
    [pivot_root => 'root', 'missing'],
    [mount_setattr => 'root', 'missing'],
    [setgroups => 'ids', 'missing'],
    [capset => 'capabilities', 'missing'],
    [prlimit64 => 'rlimits', 'missing'],
    [landlock_create_ruleset => 'landlock', 'off'],
    [landlock_restrict_self => 'landlock', 'off'],
    [seccomp => 'seccomp', 'missing'],
) {
    my ($call, $layer, $state) = @$case;
    my $helper = CodeRemote::Env::helper($strict);
    my $said = `$refuse $call $helper --check 2>&1`;

    subtest "--check without $call" => sub {
        like($said, qr/^$state +\Q$layer\E +needs \S.*$/m, "$layer: $state");
        is($? >> 8, $state eq 'missing' ? 1 : 0, 'status');
    };
}


# A server whose helper is started by $how; answers it once it refused, or runs.

sub started_by {
    my ($install, $how) = @_;

    my $helper = CodeRemote::Env::helper($install);
    my $script = "$run/start";

    open my $file, '>', $script or die "$script: $!\n";
    print $file "#!/bin/sh\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\n",
                "export PATH\nexec $how\n" =~ s/HELPER/$helper/gr;
    close $file;
    chmod 0755, $script;

    my $server = CodeRemote::Server->new(install => $install, workers => 1,
                                         user => 'root', helper => $script,
                                         locations => undef);
    $server->start(health => 0);

    return $server;
}


sub off {
    my ($health) = @_;

    return $health->json->{sandbox}->{layers_off} || [];
}


my $no_cgroups = q{unshare --mount --propagation private sh -c '
    grep -o " /sys/fs/cgroup[^ ]*" /proc/self/mounts | while read -r point; do
        mount -o remount,bind,ro "$point"; done; exec HELPER'};

for my $case (
    ['Landlock', "$refuse landlock_create_ruleset HELPER", qr/landlock/, 1],
    ['seccomp', "$refuse seccomp HELPER", qr/seccomp/, 0],
    ['a root', "$refuse mount_setattr HELPER", qr/root/, 0],
    ['cgroups', $no_cgroups, qr/cgroup/, 1],
) {
    my ($name, $how, $said, $runs) = @$case;

    subtest "$name cannot be had" => sub {
        my $s = started_by($strict, $how);

        ok(wait_for(sub { $s->error_log =~ /coderemote-sandbox: .*$said/ }),
           'the log names it');
        ok(wait_for(sub { $s->error_log =~ /refusing to start|would run / }),
           'and that it does not start') or diag($s->error_log);
        is($s->client->get('/health')->{code}, 503, 'no job can run');
        $s->stop('TERM');
        ok(end_all(), 'it ends');
    };

    subtest "$name cannot be had, and the operator knows" => sub {
        my $s = started_by($tested, $how);
        my $c = $s->client;
        my $health;

        wait_for(sub {
            $health = $c->get('/health');
            return $health->{code} == 200
                   || !$runs && @{ off($health) };
        });

        my $off = join ' ', @{ off($health) };
        like($off, $said, 'it is listed as off');

        my $job = probe($c, 'probe', 'pid');
        $runs ? is($job->{probes}{pid}, '1 0', 'jobs run')
              : is($job->{probes}{pid}, 'SandboxError', 'no job runs without');
        $s->stop('TERM');
        ok(end_all(), 'it ends');
    };
}


subtest 'an unknown layer is not left out' => sub {
    my $s = CodeRemote::Server->new(install => $tested, workers => 1,
                                    without => 'seccomp nonsense');
    $s->start(health => 0);
    ok(wait_for(sub { $s->error_log =~ /no layer "nonsense"/ }), 'the log');
    is($s->client->get('/health')->{code}, 503, 'it does not start');
    $s->stop('TERM');
};


subtest 'the programs that are installed have no switch' => sub {
    my $has = sub {
        my ($dir) = @_;
        return map { m{([^/]+)$} }
               grep { CodeRemote::Procs::slurp($_) =~ m{cr_without|/without\0} }
               glob "$dir/libexec/coderemote/*";
    };

    my $production = CodeRemote::Env::install_dir();

    is_deeply([$has->($production)], [], 'in none');
    is_deeply([sort($has->($tested))],
              [qw( coderemote-sandbox zygote-exec zygote-lua zygote-probe
                   zygote-python )],
              'as those have that are built with it');

    my $s = server(install => $strict, without => 'seccomp landlock ids');
    my $health = $s->client->get('/health')->json;

    is_deeply($health->{sandbox}{layers_off}, [], 'a file changes nothing');
    is(probe($s->client, 'probe', 'sockets')->{probes}{sockets}, 'EPERM',
       'nor for a job');
    $s->finish;
};

done_testing();
