# Zygotes share their address layout and their hash seed with all that they
# fork, so they are renewed now and then; and what must be another job's secret
# is drawn anew in every cell.

use strict;
use warnings;

use lib 't/lib';
use Test::More;
use Time::HiRes qw( time );

use CodeRemote::Procs qw( wait_for );
use CodeRemote::Profile;
use CodeRemote::Server;

plan skip_all => 'the profile cannot be written'
    if !CodeRemote::Profile::writable('python');


sub printed {
    my ($client, $code) = @_;

    my $job = $client->post('/execute?wait=true', { code => $code })->json;

    is($job->{status}, 'completed', 'the job completes')
        or diag(explain($job));

    return $job->{result}{stdout};
}


subtest 'every cell draws its own random numbers' => sub {
    my $server = CodeRemote::Server->new->start;
    my $client = $server->client;
    my %seen;

    $seen{printed($client, "import random\nprint(random.random())\n")}++
        for 1 .. 40;

    is(scalar keys %seen, 40, '40 jobs, 40 numbers');

    $server->finish;
};


subtest 'a zygote that is old gives way, and no job notices' => sub {
    ok(CodeRemote::Profile::edit('python', sub {
        s/^renew\s*=.*$/renew = 1s/m;
    }), 'the profile says when');

    my $server = CodeRemote::Server->new->start;
    my $client = $server->client;
    my (%seeds, $bad);

    ok(wait_for(sub {
        my $job = $client->post('/execute?wait=true',
                                { code => 'print(hash("seed"))' })->json;
        $bad //= $job if ($job->{status} // '') ne 'completed';
        $seeds{$job->{result}{stdout} // ''}++;
        return keys %seeds >= 3;
    }, 20), 'the hash seed changes, twice') or diag(explain(\%seeds));

    is($bad, undef, 'every job meanwhile completed') or diag(explain($bad));

    my ($python) = grep { $_->{name} eq 'python' }
                   @{$client->get('/health')->json->{sandbox}{profiles}};
    is($python->{restarts}, 0, 'which is no restart');

    ok(wait_for(sub {
        my @inits = grep { $_->{kind} eq 'init' } $server->kin;
        return @inits <= 4;
    }, 10), 'old generations go');

    $server->finish;
};


done_testing();
