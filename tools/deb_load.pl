#!/usr/bin/perl
#
# A steady load of jobs for the tests of the packages: waited for, polled, and
# live over WebSockets.  Whatever was accepted must end with what it printed.
#
#     deb_load.pl PORT FOLDER
#
# It writes a line a job to FOLDER/load.log and begins no more once there is
# FOLDER/load.stop.  It fails when a job was lost, or when one sort had none.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../t/lib";

use CodeRemote::Client;
use CodeRemote::WebSocket;

my ($port, $dir) = @ARGV;
my @seconds = (0, 0.2, 1, 4);
my %sorts = (waited => [4, \&waited], polled => [4, \&polled],
             live => [4, \&live]);


sub program {
    my ($n) = @_;

    my $s = $seconds[$n % @seconds];

    return { code => "import time\nprint('begun', $n)\ntime.sleep($s)\n"
                     . "print('ended', $n)\n" };
}


# What came of an accepted job; a sentence, or nothing when all is well.

sub wrong {
    my ($n, $job) = @_;

    return 'it is not known' if !ref $job || !$job->{status};
    return "$job->{status}: " . ($job->{result}{error} // 'no error')
        if $job->{status} ne 'completed';
    return "another output: $job->{result}{stdout}"
        if $job->{result}{stdout} ne "begun $n\nended $n\n";
    return;
}


# Each answers "refused" and why, or the job as it ended.

sub posted {
    my ($client, $path, $n) = @_;

    my $res = $client->post($path, program($n));

    return "$res->{code} " . ($res->{error} // $res->{body})
        if $res->{code} != 200 && $res->{code} != 202;

    return (undef, $client->finished($res->json->{job_id}, 60));
}


sub waited {
    return posted($_[0], '/execute?wait=true', $_[1]);
}


sub polled {
    return posted($_[0], '/execute', $_[1]);
}


# A connection ends when its worker leaves; its job is asked for then.

sub live {
    my ($client, $n) = @_;

    my $ws = eval { CodeRemote::WebSocket->new(port => $port, timeout => 60) }
        or return "no connection: $@";

    my $id = $ws->execute(%{ program($n) });

    if (!defined $id) {
        return 'not accepted: ' . ($ws->{code} // 'no answer');
    }

    $ws->result($id);

    my $text = join '', map { $_->{data} } $ws->of($id, 'job.output');
    my $job = $client->finished($id, 60);

    if (!$ws->{closed} && $text ne ($job->{result}{stdout} // '')) {
        $job->{result}{stdout} = "live: $text";
    }

    $ws->drop;

    return (undef, $job);
}


sub work {
    my ($name, $number) = @_;

    my $client = CodeRemote::Client->new(port => $port, timeout => 60);
    open my $log, '>>', "$dir/load.log" or die "$dir/load.log: $!\n";

    for (my $n = $number * 100000; !-e "$dir/load.stop"; $n++) {
        my ($refused, $job) = $sorts{$name}[1]->($client, $n);
        my $wrong = $refused ? undef : wrong($n, $job);

        syswrite $log, "$name " . ($refused ? "refused $refused"
                                   : $wrong ? "LOST $n $wrong" : 'ok') . "\n";

        select undef, undef, undef, 0.2 if $refused;
    }
}


unlink "$dir/load.log", "$dir/load.stop";

my $number = 0;

for my $name (sort keys %sorts) {
    for (1 .. $sorts{$name}[0]) {
        $number++;
        defined(my $pid = fork) or die "fork: $!\n";
        next if $pid;
        work($name, $number);
        exit 0;
    }
}

1 while wait != -1;

my (%count, @lost);

open my $log, '<', "$dir/load.log" or die "$dir/load.log: $!\n";

while (my $line = <$log>) {
    my ($name, $what) = split ' ', $line;
    $count{$name}{$what}++;
    push @lost, $line if $what eq 'LOST';
}

for my $name (sort keys %sorts) {
    print "deb_load: $name: ", join(', ', map { "$count{$name}{$_} $_" }
                                    sort keys %{ $count{$name} }), "\n";
}

print "deb_load: $_" for @lost;

exit(@lost || grep({ !$count{$_}{ok} } keys %sorts) ? 1 : 0);
