# The setuid helper, started by whom it does not trust.  Whatever its caller
# prepares, it refuses with a reason, or serves as if nothing had been: the
# same rights, the same cells.

use strict;
use warnings;

use lib 't/lib';
use Fcntl ();
use IO::Socket::UNIX;
use Test::More;

use CodeRemote::Procs qw( wait_for );
use CodeRemote::Profile qw( edit );
use CodeRemote::Scene;

plan skip_all => 'without root there is no setuid helper' if $> != 0;

my ($uid, $gid) = (getpwnam 'www-data')[2, 3];
my ($other, $others) = (getpwnam 'nobody')[2, 3];

plan skip_all => 'there is no user www-data or nobody'
    if !defined $uid || !defined $other;

my $helper = CodeRemote::Env::helper();
my $dir = CodeRemote::Scene::prepare();

# one cell each is enough, and many starts are to come
edit($_, sub { s/^(language = .*)/$1\nslots = 1/m }) for qw( python
                                                             python-open );

CodeRemote::Procs::note();


sub scene { return CodeRemote::Scene->new(tricks => [@_]) }


# What the supervisor and a cell are when nothing was prepared.

my %plain;

sub prints {
    my ($s) = @_;

    return { supervisor => CodeRemote::Scene::fingerprint($s->supervisor),
             cell => CodeRemote::Scene::fingerprint($s->cell) };
}


# A list of what differs from the plain scene.

sub differences {
    my ($prints, $except) = @_;

    my @differ;

    for my $of (sort keys %plain) {
        for my $key (sort keys %{ $plain{$of} }) {
            my ($old, $new) = map { $_->{$of}{$key} // 'nothing' }
                              \%plain, $prints;

            next if $old eq $new || "$of $key" =~ $except;
            push @differ, "$of: $key: $new, not $old";
        }
    }

    return @differ;
}


sub works {
    my ($name, $tricks, %opt) = @_;

    my $s = CodeRemote::Scene->new(tricks => $tricks, %opt);

    if (!$s->works) {
        my $status = $s->end;

        SKIP: {
            skip $s->said, 1 if ($status // 0) == 77;
            fail($name);
            diag("status ", $status // 'none', ', ', $s->said);
            diag(explain($s->{result})) if $s->{result};
        }
        return;
    }

    my @differ = differences(prints($s), $opt{except} // qr/^$/);

    is_deeply(\@differ, [], "$name: nothing of it is left");
    is($s->end, 0, "$name: it leaves");
}


# It ends by itself, says why in a line, and has served nobody.

sub refuses {
    my ($name, $tricks, $reason, %opt) = @_;

    my $s = CodeRemote::Scene->new(tricks => $tricks, %opt);
    my $status = $s->status;

    if (!defined $status) {
        $s->end;
        return fail("$name: it ends");
    }

    SKIP: {
        skip $s->said, 1 if $status == 77;
        cmp_ok($status, '<', 77, "$name: it refuses");
        cmp_ok($status, '>', 0, "$name: with a status");
        like($s->said, $reason, "$name: and says why");
    }

    return $s;
}


# Either: it serves, within the limits that were set, or it says what it has
# not got.

sub bears {
    my ($name, $tricks, $except) = @_;

    my $s = CodeRemote::Scene->new(tricks => $tricks);

    if ($s->works) {
        my @differ = differences(prints($s), $except);

        is_deeply(\@differ, [], "$name: it serves");
        return is($s->end, 0, "$name: it leaves");
    }

    my $reason = $s->{result} ? $s->{result}{reason} : '';
    my $status = $s->end // 'none';

    like($s->said . $reason, qr/\S+ \S+/, "$name: it says why not")
        or diag("status $status");
    note($s->said, $reason);
}


# The caller's own doing, before the helper's first instruction: all that is
# to be seen is that nothing is left of it.

sub dies {
    my ($name, $tricks) = @_;

    cmp_ok(scene(@$tricks)->status // 0, '>', 0, "$name: it does not start");
}


subtest 'a plain start' => sub {
    my $s = scene();

    ok($s->works, 'a job runs') or diag($s->said);
    %plain = %{ prints($s) };

    my $pid = $s->supervisor;
    my $status = CodeRemote::Procs::slurp("/proc/$pid/status");
    my $print = $plain{supervisor};

    like($status, qr/^Uid:\t0\t0\t0\t0$/m, 'root in every id');
    like($status, qr/^Gid:\t0\t0\t0\t0$/m, 'and group');
    is($print->{Groups}, '', 'no other group');
    is($print->{CapInh}, '0' x 16, 'no inheritable capability');
    is($print->{CapAmb}, '0' x 16, 'no ambient one');
    is($print->{$_}, $print->{CapBnd}, "$_ is all there can be")
        for qw( CapEff CapPrm );

    # SETGID, SETUID; SYS_ADMIN where user namespaces are restricted
    like($print->{CapEff}, qr/^0{10}[02]0{3}c0$/, 'which is little');
    is($print->{NoNewPrivs}, 1, 'no new privileges');
    is($print->{TracerPid}, 0, 'not traced');
    is($print->{cwd}, '/', 'its folder');
    is($print->{Umask}, '0077', 'its umask');
    is($print->{tty}, 0, 'no terminal');
    is($print->{ShdPnd}, '0' x 16, 'nothing pending');
    is(CodeRemote::Procs::slurp("/proc/$pid/environ"), '', 'no environment');

    my ($sid) = CodeRemote::Procs::slurp("/proc/$pid/stat") =~ /\) \S+ \d+ \d+ (\d+)/;
    is($sid, $pid, 'its session');

    my ($owner) = (stat "/proc/$pid/environ")[4];
    is($owner, 0, 'not dumpable');

    my $cell = $plain{cell};

    is($cell->{$_}, '0' x 16, "a cell has no $_")
        for qw( CapInh CapPrm CapEff CapBnd CapAmb SigBlk );
    is($cell->{NoNewPrivs}, 1, 'no new privileges');
    is($cell->{oom_score_adj}, 1000, 'killed first');

    is($s->end, 0, 'it leaves when asked to');
};


subtest 'who may start it' => sub {
    my $denied = CodeRemote::Scene->new(as => "$other:$others",
                                        uid => $other);
    is($denied->status, 79, 'not whom the group keeps out');
    like($denied->said, qr/Permission denied/, 'says the kernel');

    for ([$other, "$other:$gid", 'nobody, by his group'],
         [$other, "$other:$others:$gid", 'by another group of his'],
         [54321, "54321:$gid", 'a uid without a name'])
    {
        my ($who, $as, $name) = @$_;

        refuses($name, [], qr/^coderemote-sandbox:\ uid\ $who\ may\ not\ start
                              \ it:\ not\ one\ of\ `clients`.*\n\z/x,
                as => $as, uid => $who);
    }

    my $s = scene();
    ok($s->works, 'www-data may');
    ok(!$s->connect(uid => $other), 'nobody may not connect to it');
    like($s->said, qr/connection by uid $other is refused/, 'and it says so');
    ok($s->works, 'it goes on');
    $s->end;
};


subtest 'another way to the program' => sub {
    symlink $helper, "$dir/own/link" or die $!;
    works('a symbolic link', [], program => "$dir/own/link");
    works('another name', ['name=--check']);
    works('a name of the form of a format', ['name=%s%n%s%n']);

    SKIP: {
        skip 'another file system', 1 if !link $helper, "$dir/hard";
        works('a hard link', [], program => "$dir/hard");
        unlink "$dir/hard";
    }

    File::Copy::copy($helper, "$dir/own/copy") or die $!;
    chown $uid, $gid, "$dir/own/copy";
    chmod 0755, "$dir/own/copy";
    refuses('a copy without the bit', [], qr/it is not root/,
            program => "$dir/own/copy");
    chmod 06755, "$dir/own/copy";
    refuses('a copy that is setuid its caller', [], qr/it is not root/,
            program => "$dir/own/copy");
};


subtest 'arguments' => sub {
    works('none at all, not even a name', ['argc-none']);

    refuses('thousands', ['args=5000'], qr/^usage: /);
    refuses('a huge one', ['arg-huge=100000'], qr/^usage: /);
    refuses("\"$_\"", [], qr/^usage: /, args => [$_])
        for '%s%s%n', '--prefix', '--chec', '', '-';
    refuses('--check and more', [], qr/^usage: /, args => ['--check', 'x']);

    my $s = CodeRemote::Scene->new(args => ['--version']);
    is($s->status, 0, '--version');
    like($s->wrote, qr/^coderemote-sandbox \d/, 'is told');

    $s = CodeRemote::Scene->new(args => ['--check'], as => "$other:$gid");
    ok(defined $s->status, '--check ends, for anybody of the group');
    like($s->wrote, qr/seccomp/, 'and tells the layers');
};


subtest 'environment' => sub {
    works('hostile variables', ["env-hostile=$dir/own/none.so"]);
    works('thousands of variables', ['env-many=4000']);
    ok(!glob('/tmp/cr-ld-debug*'), 'the linker obeyed none');
};


subtest 'standard descriptors' => sub {
    works("closed: $_", ["close=$_"]) for qw( 0 1 2 01 02 12 012 );

    for my $n (0 .. 2) {
        works("$n is a full device", ["file=$n:/dev/full"]);
        works("$n is a folder", ["file=$n:/"]);
        works("$n is a full pipe", ["full-pipe=$n"]);
        works("$n is a pipe without a reader", ["broken-pipe=$n"]);
        works("$n is a socket", ["socket=$n"]);
    }

    works('hundreds more', ['files=500']);
};


subtest 'descriptor 3' => sub {
    my $reason = qr/^coderemote-sandbox: descriptor 3 is no .*socket.*\n\z/;
    my $sock = "$dir/own/three.sock";
    my @none = (listen => 0);

    refuses('closed', ['close=3'], $reason, @none);
    refuses('closed, with the others', ['close=013'], $reason, @none);
    refuses('a device', ['file=3:/dev/null'], $reason, @none);
    refuses('a folder', ['file=3:/'], $reason, @none);
    refuses('a full pipe', ['full-pipe=3'], $reason, @none);
    refuses('a socket that does not listen', ["bound=$sock"], $reason, @none);
    refuses('a connected one', ['connected'], $reason, @none);
    refuses('one of packets', ["seqpacket=$sock"], $reason, @none);
    refuses('one of the network', ['tcp'], $reason, @none);
};


# It is what a second start of several meets: no mistake, and no second server.

subtest 'somebody serves the socket already' => sub {
    my $s = scene('locked');

    is($s->status, 0, 'it leaves');
    is($s->said, '', 'without a word');
};


subtest 'working folder' => sub {
    works('deleted', ["cwd-deleted=$dir/own/deleted"]);
    works('locked', ["cwd-locked=$dir/own/locked"]);
    works('of the system', ['cwd=/proc/self']);
    works('umask 0', ['umask=0']);
    works('umask 777', ['umask=777']);
};


subtest 'signals and timers' => sub {
    works('all blocked', ['block']);
    works('all ignored', ['ignore']);
    works('SIGCHLD ignored', ['ignore-one=17']);
    works('all pending', ['pending']);
    works('timers', ['alarm=400']);
    works('all of it', ['alarm=400', 'ignore', 'pending']);
};


subtest 'scheduling' => sub {
    works('nice', ['nice=19']);
    works('the policy for batches', ['policy=3']);
    works('the policy for idle times', ['policy=5']);
    works('the idle class of disks', ['ionice']);
    works('one processor', ['affinity=0']);
    works('a memory policy', ['mempolicy']);
    works('timers that may be late', ['slack=3000000000']);
    works('first to die without memory', ['oom=900']);
};


subtest 'what else a process hands on' => sub {
    works("personality $_", ["personality=$_"])
        for qw( 0040000 0400000 5d60000 0020000 0000008 );
    works('dumpable', ['dumpable=1']);
    works('not dumpable', ['dumpable=0']);
    works('a reaper of orphans', ['subreaper']);
    works('with children', ['children=5']);
    works('a signal at its parent\'s death', ['pdeathsig=9']);
    works('no huge pages', ['thp']);
    dies('no time stamp counter', ['tsc']);
    works('kept capabilities', ['keep-caps']);
    works('a core dump filter', ['coredump-filter=0x7f'],
          except => qr/coredump_filter$/);
    works('no new executable memory', ['mdwe']);
    works('no speculation', ['speculation'], except => qr/Spec/);
    works('a process group', ['group']);
    works('keys of its session', ['keyring=coderemote']);
    works('forked', ['forked']);
};


subtest 'soft limits' => sub {
    works($_, ["limit=$_:-"])
        for qw( as:50000000 core:0 cpu:1 data:8000000 fsize:0 memlock:0
                msgqueue:0 nofile:5 nproc:0 nproc:1 rss:0 rttime:1
                sigpending:0 stack:300000 );
};


subtest 'hard limits' => sub {
    bears("at most $_", ["limit=$_:" . s/^.*://r], qr/ Max /)
        for qw( as:30000000 as:100000000 as:1000000000 core:0 data:1000000
                data:8000000 data:100000000 fsize:0 fsize:4096 locks:0
                memlock:0 msgqueue:0 nofile:3 nofile:4 nofile:5 nofile:10
                nofile:30 nofile:60 nofile:100 nofile:200 nproc:0 nproc:1
                nproc:4 rss:0 rttime:100000 sigpending:0 stack:300000
                stack:8388608 );

    dies('hardly any stack', ['limit=stack:10000:10000']);
    dies('hardly any memory', ['limit=as:1000000:1000000']);

    refuses("CPU time: $_ s", ["limit=cpu:$_:$_"], qr/CPU time is limited/)
        for 1, 1000;
};


subtest 'a terminal' => sub {
    my ($terminal, $path) = terminal();

    for my $tricks (["terminal=$path"], ["terminal=$path", 'forked'],
                    ["terminal=$path", 'forked', 'group'])
    {
        my $s = scene(@$tricks);
        my $name = join ' ', map { s/=.*//r } @$tricks;

        ok($s->works, "$name: a job runs") or diag($s->said);

        # to stop whatever listens to it
        syswrite $terminal, "\x1a";

        ok($s->works, "$name: no key stops it");
        $s->end;
    }

    my $s = scene("terminal=$path");
    ok($s->works, 'a job runs');
    close $terminal;
    ok($s->works, 'the terminal goes, it stays');
    is($s->end, 0, 'it leaves');
};


# The master of a terminal, and the path of its slave.

sub terminal {
    my $number = pack 'i', 0;

    sysopen my $terminal, '/dev/ptmx', Fcntl::O_RDWR() | Fcntl::O_NOCTTY()
        or die "/dev/ptmx: $!\n";
    ioctl $terminal, 0x40045431, $number or die "TIOCSPTLCK: $!\n";
    ioctl $terminal, 0x80045430, $number or die "TIOCGPTN: $!\n";

    my $path = '/dev/pts/' . unpack 'i', $number;
    chmod 0666, $path or die "$path: $!\n";

    return ($terminal, $path);
}


# Each line is an attempt and what came of it.

sub harmless {
    my ($name, $report) = @_;

    my @done = grep { /: done$/ } split /\n/, $report;

    is_deeply(\@done, [], "$name: nothing can be done to it");
    cmp_ok(scalar split(/\n/, $report), '>', 40, 'it was all tried');
}


subtest 'who starts it has no power over it' => sub {
    my $s = scene();
    ok($s->works, 'a job runs');

    my $supervisor = $s->supervisor;
    my $attack = CodeRemote::Scene::attack();
    my %pids = (supervisor => $supervisor, cell => $s->cell,
                map { $_->{kind} => $_->{pid} }
                grep { $_->{kind} ne 'cell' }
                CodeRemote::Procs::kin($supervisor));

    for my $kind (sort keys %pids) {
        for ([$uid, $gid], [$other, $gid]) {
            my ($u, $g) = @$_;
            my $as = "setpriv --reuid=$u --regid=$g --clear-groups";

            harmless("$kind, by uid $u",
                     scalar `$as $attack $pids{$kind}`);
        }
    }

    ok($s->works, 'it works on');
    is($s->supervisor, $supervisor, 'the same');
    is_deeply([differences(prints($s), qr/^$/)], [], 'and as before');
    $s->end;
};


subtest 'nor by what he opened before' => sub {
    my $s = CodeRemote::Scene->new(program => CodeRemote::Scene::attack(),
                                   args => ['spy', $helper]);

    ok($s->works, 'a job runs');
    ok(wait_for(sub { $s->wrote =~ /^end$/m }), 'everything was tried');
    like($s->wrote, qr/^mem, opened before: /m, 'with open files, too');

    # for a moment it is of its caller's session, where anybody may say this
    harmless('supervisor', $s->wrote =~ s/^SIGCONT: done\n/SIGCONT\n/mr);
    ok($s->works, 'it works on');
    is_deeply([differences(prints($s), qr/^$/)], [], 'and as before');
    $s->end;
};


subtest 'its listening socket is shut down by whom it came from' => sub {
    my $sock = "$dir/own/shut.sock";
    my $listener = IO::Socket::UNIX->new(Local => $sock, Listen => 5) or die;

    chmod 0666, $sock;

    my $s = CodeRemote::Scene->new(listen => 0, listener => $listener,
                                   sock => $sock);
    ok($s->works, 'a job runs') or diag($s->said);

    my $pid = $s->supervisor;
    shutdown $listener, 2;

    ok(wait_for(sub { $s->said =~ /the listening socket was shut down/ }), 'it says so');
    ok($s->works, 'who is connected stays so');
    is(scalar(() = $s->said =~ /shut down/g), 1, 'it does not try for ever');

    delete $s->{wire};
    is($s->status, 0, 'with the last it leaves');
};


subtest 'no way to more rights' => sub {
    refuses('no_new_privs', ['no-new-privs'], qr/it is not root/);
    refuses('a filter', ['no-new-privs', 'seccomp=105'], qr/it is not root/);
    refuses('traced', ['traced'], qr/it is not root/);
    refuses('a user namespace', ['user-namespace=33'],
            qr/coderemote-sandbox|cannot open shared object|Permission/);
    refuses('root of a user namespace', ['user-namespace=0'],
            qr/coderemote-sandbox|Permission/);
    refuses('a filter in a user namespace',
            ['user-namespace=0', 'seccomp=105'],
            qr/coderemote-sandbox|Permission/);
};


is_deeply([glob "$dir/own/core*"], [], 'no core was written');

my @left = CodeRemote::Procs::leaks();
is_deeply(\@left, [], 'no process, cgroup or mount is left');

done_testing();
