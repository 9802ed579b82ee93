# Zygotes that somebody has taken over, a dozen at once, each in another way:
# other runtimes serve as if they were not there, and the supervisor neither
# dies, spins, grows nor lets itself be used against others.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

plan skip_all => 'needs root: rootless, a zygote is its user anyway'
    if $> != 0;

# What the zygote itself does; what its slot-zygotes and cells do.

my @zygotes = qw( exits loud flood failing empty cut text deaf again slots
                  foreign );
my @cells = qw( talks dies noisy childless outside forged writes unfit );

# What an unfit cell says, as people are shown it.

my $excuse = 'no?day ? for it';


# An installation of its own, with such runtimes beside python.

my $root = CodeRemote::Env::root_dir();
my $dir = CodeRemote::Env::run_dir() . '/rogue';
my $uid = (getpwnam CodeRemote::Env::worker_user())[2];

CodeRemote::Env::make_install($dir, 'install', 'build/zygote-rogue');


sub put {
    my ($path, $text) = @_;

    open my $file, '>', "$dir/etc/coderemote/$path" or die "$path: $!\n";
    print $file $text;
    close $file or die "$path: $!\n";
}

put('sandbox.conf', "clients = $uid\n");
unlink "$dir/etc/coderemote/runtimes.d/python-open.conf";
system('install', '-m', '755', "$root/build/zygote-rogue",
       "$dir/libexec/coderemote/zygote-rogue") == 0 or die;

my ($tree) = CodeRemote::Procs::slurp("$root/t/probe/probe.conf")
             =~ /^(tree = .*)$/m;


sub descriptors { return scalar(my @fds = glob "/proc/$_[0]/fd/*") }


# Lines that the helper wrote.

sub lines {
    my ($server) = @_;
    return scalar(my @l = $server->error_log =~ /^coderemote-sandbox:/mg);
}


# Whether their cells wait parked, or are made when a job comes.
my $parked = '';


sub profiles {
    my ($slots, @rogues) = @_;

    unlink glob "$dir/etc/coderemote/runtimes.d/rogue-*.conf";

    put("runtimes.d/rogue-$_.conf", "program = zygote-rogue\nslots = $slots\n"
        . "timeout = 60s\nmemory = 64M\n$tree\noption.rogue = $_\n$parked")
        for @rogues;
}


sub among {
    my (@rogues) = @_;

    profiles(2, @rogues);

    my $server = CodeRemote::Server->new(workers => 1, install => $dir)->start;
    my $client = $server->client;
    my $supervisor = $server->supervisor;
    my $python = sub {
        return map { $_->{pid} } grep { $_->{name} eq 'zygote-python' }
               $server->kin('zygote');
    };
    my $zygote;

    # another runtime's cell may have been parked sooner
    ok(wait_for(sub { ($zygote) = $python->(); return $zygote }),
       'the other runtime has begun');

    # all have begun, and most have failed once
    ok(wait_for(sub {
        my $seen = grep { $server->error_log =~ /rogue-$_/ } @rogues;
        return $seen >= @rogues / 2;
    }, 30), 'they are at work') if !$parked;

    my %before = (fds => descriptors($supervisor),
                  rss => CodeRemote::Procs::rss($supervisor),
                  lines => lines($server), time => time);

    # jobs for them end, somehow; the others' go well
    my @theirs = map {
        my $res = $client->post('/execute', { code => 'x', timeout_seconds => 1,
                                              language => "rogue-$_" });
        is($res->{code}, 202, "rogue-$_ is given a job") or diag($res->text);
        [$_, ($res->json || {})->{job_id}];
    } @rogues;

    my @bad = grep { ($_->{status} // '') ne 'completed' }
              map { $client->run('print(1)') } 1 .. 200;
    is(scalar @bad, 0, '200 jobs of the other runtime ran')
        or diag(explain($bad[0]));

    for (@theirs) {
        my ($name, $id) = @$_;
        my $job = $client->finished($id, 60);
        like($job->{status} // '', qr/^(?:completed|failed)$/,
             "rogue-$name: its job has ended") or diag(explain($job));
        is($job->{result}{error}, $excuse, 'with what the cell said')
            if $name eq 'unfit';
        note("$name: ", $job->{result}{error} // $job->{status});
    }

    is(ref $client->get('/health')->json, 'HASH', '/health is JSON');
    is($server->supervisor, $supervisor, 'the supervisor is the same');
    is_deeply([$python->()], [$zygote], 'the other zygote, too');

    # a slot has some for a cell that is on the way
    cmp_ok(descriptors($supervisor), '<', $before{fds} + 20 * 2 * @rogues,
           'its descriptors are bounded');
    cmp_ok(CodeRemote::Procs::rss($supervisor), '<', $before{rss} + (16 << 20),
           'its memory is bounded');

    if (grep { $_ eq 'loud' } @rogues) {
        my ($said) = $server->error_log =~ /^(.*says: .*)$/m;
        is($said, 'coderemote-sandbox: zygote rogue-loud says: '
                  . '?[2Jcoderemote-sandbox: all is well',
           'what a zygote says is its own line of the log');
        like($server->error_log, qr/zygote rogue-loud says too much$/m,
             'and heard for so long only');
    }

    my $rate = (lines($server) - $before{lines}) / (time - $before{time} + 1);
    cmp_ok($rate, '<', 100, 'its log is bounded');
    note("$rate lines a second");

    # not one that spins: then it would be all of a core
    my $ticks = CodeRemote::Procs::ticks_in(3, $supervisor);
    cmp_ok($ticks, '<', 200, 'it does not spin');
    note("$ticks ticks in 3 seconds");

    $server->finish;
}


subtest 'zygotes' => sub { among(@zygotes) };
subtest 'slot-zygotes and cells' => sub { among(@cells) };

subtest 'the same, made when a job comes' => sub {
    $parked = "parked = 0\n";
    among(@cells);
    $parked = '';
};

# Its first cell is unfit, the next runs a job, and then there is none.
subtest 'what one cell said is not told of others' => sub {
    profiles(1, 'moody');

    my $server = CodeRemote::Server->new(workers => 1, install => $dir)->start;
    my $client = $server->client;

    is($client->run('x', language => 'rogue-moody')->{status}, 'completed',
       'a job ran');
    like($server->error_log, qr/: \Q$excuse\E$/m, 'after an unfit cell');

    my $profile;
    ok(wait_for(sub {
        ($profile) = grep { $_->{name} eq 'rogue-moody' }
                     @{ $client->get('/health')->json->{sandbox}{profiles} };
        return $profile->{ready} + $profile->{running} == 0;
    }), 'there is no cell');
    is($profile->{reason}, undef, 'and the reason is not the first cell\'s');

    $server->finish;
};

done_testing();
