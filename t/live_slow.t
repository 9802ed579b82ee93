# Clients that stop reading while a job of theirs prints without end: it slows
# their own job and nobody else's, and costs the server little memory.  Figures
# of time are told, none is asserted.

use strict;
use warnings;

use lib 't/lib';
use JSON::PP ();
use Test::More;
use Time::HiRes qw( time );

use CodeRemote::Live qw( drive );
use CodeRemote::Procs;
use CodeRemote::Server;

my @programs = grep { !defined CodeRemote::Live::missing($_) }
               CodeRemote::Live::programs();

plan skip_all => 'none of the clients is there' if !@programs;

# The kernel's own buffers are small: what a client has not read stays with
# nginx.
my $server = CodeRemote::Server->new(listen => 'sndbuf=16k', http => <<'_EOC_');
coderemote_max_output 4m;
coderemote_timeout 5m;
_EOC_
$server->start;

my $client = $server->client;

# What a slow client may cost: what is unsent, a message that is made, and the
# connection.  A heap gives back late what was freed.
my $each = 256 * 1024;
my $heap = 4 * 1024 * 1024;

my $line = 'x' x 53;

# For ever, or so many lines of 64 bytes; the first alone until it is told to
# go on.
my $forever = "i = 0\nwhile True:\n    print(f'{i:09} $line')\n    i += 1\n";
my $long = "for i in range(30000):\n    print(f'{i:09} $line')\n";
my $paced = "$long    if i == 0:\n        input()\n";


sub kib { return sprintf '%d KiB', $_[0] / 1024 }


sub rss {
    return { workers => CodeRemote::Procs::rss($server->workers),
             supervisor => CodeRemote::Procs::rss($server->supervisor) };
}


# Others' jobs, one after the other: each must end, and how long they took.

sub others {
    my ($name) = @_;

    my (@ms, @bad);

    for my $n (1 .. 60) {
        my $start = time;
        my $job = $client->run("print('other', $n)");

        push @ms, 1000 * (time - $start);
        push @bad, $job if ($job->{result}{stdout} // '') ne "other $n\n";
    }

    is_deeply(\@bad, [], "$name: others' jobs run");

    @ms = sort { $a <=> $b } @ms;
    diag(sprintf '%s: another\'s job takes %.1f ms at the median, %.1f at most',
         $name, @ms[30, 59]);
}


# Memory grew by no more than so many slow clients may cost.

sub bounded {
    my ($name, $before, $clients) = @_;

    my $now = rss();

    for my $whose (sort keys %$now) {
        diag(sprintf '%s: memory of %s: %s, before: %s', $name, $whose,
             map { kib($_->{$whose}) } $now, $before);

        next if CodeRemote::Env::valgrind();

        cmp_ok($now->{$whose} - $before->{$whose}, '<=',
               $heap + $clients * $each, "$name: memory of $whose");
    }
}


# Starts programs, attached, each over a connection of its own, and stops
# reading once it prints.

sub stops_reading {
    my ($code, @sockets) = @_;

    my %request = map { $_->{name} => $_->execute($code) } @sockets;

    ok(drive(sub {
        my $running = grep {
            my $job = $_->job_of($request{$_->{name}});
            $job && @{ $job->{pieces} };
        } @sockets;
        return $running == @sockets;
    }, 20), 'it prints');

    $_->tell('pause') for @sockets;

    return map { $_->{accepted}{ $request{$_->{name}} } } @sockets;
}


# What was told, of programs that number their lines.

sub in_order {
    my ($job, $name) = @_;

    my $text = $job->{text}{stdout};
    my $n = 0;

    $text =~ s/[^\n]*\z//;

    for my $got (split /\n/, $text) {
        last if $got ne sprintf '%09d %s', $n, $line;
        $n++;
    }

    is($n, $text =~ tr/\n//, "$name: all lines, in order");

    return $n;
}


sub running {
    my ($id) = @_;

    return $client->get("/execute/jobs/$id")->json->{status} eq 'running';
}


# Its own job, and nobody else's, waits for the one who started it.

sub one {
    my ($live) = @_;

    my ($own, $observer, $reader) = $live->open(3);

    others('before') if $live->{name} eq $programs[0];

    my $before = rss();
    my ($slowed) = stops_reading($paced, $own);
    my $watched = $client->post('/execute', { code => $long })->json->{job_id};

    # a client that had read much would have a kernel that takes it all
    $own->send({ action => 'stdin', job_id => $slowed, data => "\n" });

    $_->subscribe($watched) for $observer, $reader;
    drive(sub { @{ $observer->{jobs}{$watched}{pieces} } });
    $observer->tell('pause');

    ok(drive(sub { $reader->{jobs}{$watched}{result} }, 40),
       'a job that is only watched does not wait for its watcher');
    others('while one does not read') if $live->{name} eq $programs[0];
    ok(running($slowed), 'a job waits for the client that started it');
    bounded('one that does not read, another that only watches', $before, 2);

    $_->tell('resume') for $own, $observer;

    ok(drive(sub {
        return $own->{jobs}{$slowed}{result}
               && $observer->{jobs}{$watched}{result};
    }, 40), 'when they read again they get the rest');

    for ([$own, $slowed, 'its own'], [$observer, $watched, 'another\'s'],
         [$reader, $watched, 'one who never stopped'])
    {
        my ($ws, $id, $name) = @$_;
        my $job = $ws->{jobs}{$id};

        is($job->{result}{status}, 'completed', "$name: it ends well");
        is(in_order($job, $name), 30000, "$name: to the last");
        is_deeply([@{ $ws->{bad} }, @{ $ws->{errors} }], [],
                  'nothing was told that must not be');
    }

    diag(sprintf '%s: the job that waited took %.1f s, %.2f s of CPU, to print'
         . ' %s', $live->{name},
         (map { $own->{jobs}{$slowed}{result}{result}{$_} / 1000 }
          qw( execution_time_ms cpu_time_ms )), kib(30000 * 64));

    $_->tell('close') for $own, $observer, $reader;
}


# Half of the slots run jobs that print for ever; many more look on.

sub many {
    my ($live) = @_;

    my $slots = $client->get('/health')->json->{sandbox}{profiles}[0]{slots};
    my $own = int($slots / 2);
    my @sockets = $live->open(50);
    my @attached = splice @sockets, 0, $own;

    ok(CodeRemote::Live::settle(@attached, @sockets), '50 are there');

    my $before = rss();
    my $start = time;
    my @jobs = stops_reading($forever, @attached);

    for my $i (0 .. $#sockets) {
        $sockets[$i]->subscribe($jobs[$i % @jobs]);
        $sockets[$i]->tell('pause');
    }

    others('while 50 do not read');

    is(scalar(grep { !running($_) } @jobs), 0, 'their jobs still run');

    bounded('50 that do not read', $before, 50);

    # an observer and the one who started it read again
    my ($one, $two) = ($attached[0], $sockets[0]);
    my $id = $jobs[0];

    $_->tell('resume') for $one, $two;

    ok(drive(sub {
        my ($a, $b) = map { ($_->{jobs}{$id} || {})->{seq} // 0 } $one, $two;
        return $a > 1_000_000 && $b > 1_000_000;
    }, 30), 'two of them go on');

    $one->send({ action => 'cancel', job_id => $id });
    ok(drive(sub {
        return !grep { !$_->{jobs}{$id}{result} } $one, $two;
    }, 30), 'to the end');

    for my $ws ($one, $two) {
        my $job = $ws->{jobs}{$id};

        is($job->{result}{status}, 'cancelled', 'it was stopped');
        cmp_ok(in_order($job, $ws->{name}), '>', 0, 'and told whole');
        is_deeply($ws->{bad}, [], 'nothing was told that must not be');
    }

    # the others leave without ever reading again
    $_->tell('drop') for @attached, @sockets;

    my $health;
    ok(CodeRemote::Procs::wait_for(sub {
        $health = $client->get('/health')->json;
        return $health->{jobs}{accepted} == 0;
    }), 'no job is left') or diag(explain($health));

    my @other = grep {
        $client->get("/execute/jobs/$_")->{body} !~ /"status":"cancelled"/
    } @jobs;
    is(scalar @other, 0, 'each ended with its client');

    diag(sprintf '50 that do not read: %.1f s', time - $start);
    others('after');
}


for my $name (@programs) {
    my $live = CodeRemote::Live->new($name, server => $server);

    subtest "$name: one" => sub { one($live) };
    subtest "$name: many" => sub { many($live) } if $name eq $programs[0];

    $live->end;
}

$server->finish;
done_testing();
