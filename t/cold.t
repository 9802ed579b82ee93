# Runtimes whose cells are made when a job comes, and those of which a few wait
# parked; and runtimes whose tools are not installed.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Procs qw( alive wait_for );
use CodeRemote::Profile;
use CodeRemote::Server;
use CodeRemote::Wire;

plan skip_all => 'profiles cannot be written'
    if !CodeRemote::Profile::writable('python');

use constant { COMPILE => 16, COLD => 32, ABSENT => 64 };


# Python's own profile, with other lines instead of, or beside, its own.

sub place {
    my ($name, %lines) = @_;

    my $text = CodeRemote::Profile::shipped('python');

    for my $key (keys %lines) {
        $text =~ s/^\Q$key\E\s*=.*\n//m;
        $text .= "$key = $lines{$key}\n";
    }

    CodeRemote::Profile::place($name, $text);
}

# What is missing at first; and a file, for `make test` may be anywhere.

my $missing = CodeRemote::Env::run_dir() . '/cold.missing';
my ($tree) = CodeRemote::Profile::shipped('python') =~ /^tree\s*=\s*(.*)$/m;

place('cold', slots => 3, parked => 0, memory_default => '100M');
place('few', slots => 4, parked => 1);
place('old', slots => 3, parked => 0, renew => '1s');
place('absent', slots => 2, tree => "$tree $missing", compile => 'on',
      seccomp => 'exec', write => '1M');
place('maybe', slots => 2, tree => "$tree -$missing");

my $server = CodeRemote::Server->new(workers => 1)->start;
my $began = time;

my $wire = CodeRemote::Wire->connect($server->{sock}, $> == 0
    ? (uid => (getpwnam CodeRemote::Env::worker_user())[2]) : ());
$wire->hello or die 'no supervisor';


sub status { return $wire->status->{$_[0]} }


# The numbers of a runtime, once they are these.

sub settles {
    my ($name, $what, %is) = @_;

    my $now;
    ok(wait_for(sub {
        $now = status($name);
        return !grep { $now->{$_} != $is{$_} } keys %is;
    }), $what) or diag(explain($now));
}


sub prints {
    my ($name, $what) = @_;

    my $result = $wire->run($name, 'print(6 * 7)');

    is($result->{stdout}, "42\n", $what) or diag(explain($result));
}


subtest 'nothing is parked before a job comes' => sub {
    settles('python', 'others are ready', ready => status('python')->{slots});

    my $cold = status('cold');
    is($cold->{ready}, 0, 'a cold one is not');
    ok($cold->{flags} & COLD, 'and it says so');
    is($cold->{reason}, '', 'without a reason');
    is($cold->{memory_default}, 100 << 20, 'its default of memory is told');
    ok(!(status('python')->{flags} & (COLD|ABSENT|COMPILE)), 'others do not');

    prints('cold', 'a job runs');
    prints('cold', "and another, $_") for 1 .. 5;

    settles('cold', 'and there is no cell again', ready => 0, running => 0);
};


subtest 'as many cells as jobs, no more than slots' => sub {
    my @jobs = map { $wire->start('cold', 'print(input())', open => 1,
                                  timeout_ms => 60000, user => $_) } 1 .. 5;

    settles('cold', 'all slots run, the others wait', running => 3,
            queued => 2);
    $wire->send(CodeRemote::Wire::INPUT, $_, 1, "$_\n") for @jobs;

    # in any order: each is asked for alone
    my %ends;
    while (keys %ends < 5) {
        my ($type, $job, undef, $payload) = $wire->frame or last;
        $ends{$job} = unpack 'C', $payload if $type == 9;
    }

    is_deeply(\%ends, { map { $_ => 0 } @jobs }, 'all have ended by themselves');
    settles('cold', 'nothing is left over', running => 0, queued => 0);
};


subtest 'a job that is stopped while its cell is made' => sub {
    for my $n (1 .. 10) {
        my $job = $wire->start('cold', 'print(1)');
        $wire->send(CodeRemote::Wire::STOP, $job, 0, '');
        like($wire->result($job)->{end}, qr/^(?:stopped|claim)$/, "it ends, $n");
    }

    prints('cold', 'another runs');
};


subtest 'a few are parked' => sub {
    settles('few', 'one is', ready => 1);

    my @jobs;
    for my $n (1 .. 4) {
        push @jobs, $wire->start('few', 'print(input())', open => 1,
                                 timeout_ms => 60000, user => $n);
        settles('few', "and another while $n run", running => $n,
                ready => $n < 4 ? 1 : 0);
    }

    $wire->send(CodeRemote::Wire::STOP, $_, 0, '') for @jobs;
    $wire->result($_) for $jobs[-1];
    settles('few', 'one again', running => 0, ready => 1);
};


subtest 'generations come and go, jobs or not' => sub {
    prints('old', 'a job runs');

    my $inits = sub { scalar grep { $_->{kind} eq 'init' } $server->kin };
    my %seeds;

    ok(wait_for(sub {
        my $result = $wire->run('old', 'print(hash("seed"))');
        $seeds{$result->{stdout}}++;
        return keys %seeds >= 3;
    }, 20), 'the newest is used') or diag(explain(\%seeds));

    ok(wait_for(sub { $inits->() <= 6 }), 'old ones go')
        or diag(join ' ', map { "$_->{kind}:$_->{pid}" } $server->kin);
    is(status('old')->{restarts}, 0, 'which is no restart');
    prints('old', 'a job runs');
};


subtest 'its processes die' => sub {
    plan skip_all => 'needs root to know whose is whose' if $> != 0;

    # All zygotes, slot-zygotes and inits of all runtimes, again and again.
    for my $n (1 .. 3) {
        prints('cold', 'a job runs');
        kill 'KILL', map { $_->{pid} } $server->kin;
        prints('cold', "and one after all its processes died, $n");
    }

    settles('few', 'one is parked again', ready => 1);
};


subtest 'what is not installed' => sub {
    my $absent = status('absent');

    ok($absent->{flags} & ABSENT, 'it is told');
    ok($absent->{flags} & COMPILE, 'beside what else is known');
    like($absent->{reason}, qr/^\Q$missing\E is not installed/, 'and what');
    is($absent->{restarts}, 0, 'nothing was started again for it');

    my $result = $wire->run('absent', 'print(1)');
    is($result->{end}, 'refused', 'a job is refused');
    is($result->{reason}, $absent->{reason}, 'with the reason');

    prints('maybe', 'what may be missing may be missing');

    my @lines = $server->error_log =~ /^(.*\Q$missing\E.*)$/mg;
    is(scalar @lines, 1, 'the log has it once') or diag(explain(\@lines));
};


# It is looked for once a minute.
subtest 'what is installed later' => sub {
    open my $file, '>', $missing or die "$missing: $!\n";
    close $file;

    ok(wait_for(sub { !(status('absent')->{flags} & ABSENT) }, 70),
       'it is found');
    diag('after ' . (time - $began) . ' seconds');

    is(status('absent')->{reason}, '', 'without a reason');
    prints('absent', 'a job runs') if $> == 0;
    is(status('absent')->{restarts}, 0, 'which was no restart');

    unlink $missing;
};

undef $wire;
$server->finish;

done_testing();
