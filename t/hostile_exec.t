# Hostile programs that are executed: t/hostile/programs/, by
# CodeRemote::Hostile.  What is in C can do whatever a processor and a kernel
# let it.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Hostile qw( hostile );
use CodeRemote::Profile;

plan skip_all => 'the profiles cannot be written'
    if !CodeRemote::Profile::writable('python');
plan skip_all => 'gcc is not installed' if !-x '/usr/bin/gcc';

# What others of the languages need; without it their programs are skipped.
my %needs = (
    cpp  => '/usr/bin/g++',
    go   => '/usr/lib/go/bin/go',
    java => '/usr/lib/jvm/default-java/bin/java',
    node => '/usr/bin/node',
    rust => '/usr/bin/rustc',
);

# Compiled programs of megabytes pass through: an empty queue of a worker's is
# kept with up to 4 MB.
hostile(runtimes => [qw( bash c perl ),
                     grep { -x $needs{$_} } sort keys %needs],
        families => ['programs'], supervisor_rss => 9 << 20);

done_testing();
