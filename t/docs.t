# What the documents say is in the tree is there.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Env;
use CodeRemote::Procs;

chdir CodeRemote::Env::root_dir() or die;

for my $doc ('README.md', glob 'docs/*.md') {
    my $text = CodeRemote::Procs::slurp($doc);

    my %named = map { $_ => 1 }
        $text =~ m{`((?:t|conf|docs|tools|sandbox_helper
                       |ngx_http_coderemote_module)/[\w./-]*\w/?)`}gx,
        map { "docs/$_" } $text =~ m{\]\(([A-Z]+\.md)\)}g;

    my @gone = grep { !m{/NAME|_NAME} && !-e } sort keys %named;

    is_deeply(\@gone, [], $doc);
}

done_testing();
