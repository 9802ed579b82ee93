# What the documents say is in the tree is there.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Env;
use CodeRemote::Procs;
use CodeRemote::Server;

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


# The examples of README.md are whole: nginx takes them, once the paths are
# those of this machine.

subtest 'configuration in README.md' => sub {
    my $text = CodeRemote::Procs::slurp('README.md');
    my @examples = $text =~ /^(    http \{\n(?:    .*\n|\n)*?    \}\n)/mg;
    my $server = CodeRemote::Server->new;
    my $dir = $server->{dir};
    my $etc = CodeRemote::Env::install_dir() . '/etc/coderemote';

    is(scalar @examples, 2, 'examples');

    system("openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=x"
           . " -keyout $dir/site.key -out $dir/site.pem 2>/dev/null") == 0
        or die "no certificate\n";

    my $user = CodeRemote::Env::worker_user();
    $user = defined $user ? "user $user;" : '';

    my $temp = join '', map { "${_}_temp_path $dir/tmp/$_;\n" }
               qw( client_body proxy fastcgi uwsgi scgi );

    for my $example (@examples) {
        my $http = $example =~ s{/etc/ssl/}{$dir/}gr
                   =~ s{/var/log/nginx/}{$dir/logs/}gr
                   =~ s{/etc/coderemote/}{$etc/}gr
                   =~ s{/run/coderemote/}{$dir/}gr
                   =~ s!^    http \{\n!http {\naccess_log off;\n$temp!r;

        $server->write_config(CodeRemote::Env::main_config()
            . "$user\npid $dir/nginx.pid;\nerror_log $dir/logs/error.log;\n"
            . "events { }\n$http");

        my @command = $server->nginx('-t');
        my $said = `@command 2>&1`;
        is($?, 0, 'nginx takes it') or diag($said);
    }
};

done_testing();
