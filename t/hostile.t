# Hostile programs of the warm languages: t/hostile/, by CodeRemote::Hostile.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Hostile qw( hostile );
use CodeRemote::Profile;

plan skip_all => 'the profiles cannot be written'
    if !CodeRemote::Profile::writable('python');

hostile(runtimes => [qw( python python-open lua )],
        families => [qw( policy exhaustion crash lies sideways kernel lua )]);

done_testing();
