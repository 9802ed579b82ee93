# What of the page needs no browser: its types, and vitest's tests of html/.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Browser;
use CodeRemote::Env;

my $missing = CodeRemote::Browser::no_npm();
plan skip_all => $missing if defined $missing;

CodeRemote::Env::make('html/node_modules');

chdir CodeRemote::Env::root_dir() . '/html' or die "html: $!\n";

is(`node_modules/.bin/tsc --noEmit 2>&1`, '', 'types');

open my $out, '-|', 'node_modules/.bin/vitest run --reporter=tap-flat 2>&1'
    or die "vitest: $!\n";

my $count = 0;

while (my $line = <$out>) {
    if ($line =~ /^(not )?ok \d+ - (.*?)(?: # .*)?$/) {
        $count++;
        ok(!$1, $2);

    } elsif ($line !~ /^(?:1\.\.|TAP )/) {
        diag($line);
    }
}

close $out;
is($?, 0, 'vitest ends well');
cmp_ok($count, '>', 50, 'and did what there is');

done_testing();
