# docs/PLUGINS.md, "Adding a language", followed word for word: the profile is the
# page's, and so are the commands, with the installation, the configuration and
# the port of this test in the place of a machine's.  What restarts nginx there
# starts it here.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Procs ();
use CodeRemote::Profile ();
use CodeRemote::Server;

my $root = CodeRemote::Env::root_dir();
my $install = CodeRemote::Env::install_dir();

my ($page) = CodeRemote::Procs::slurp("$root/docs/PLUGINS.md")
             =~ /^(## Adding a language\n.*?)^## /ms;


# What the page has to write, and to do, in its order.

sub blocks {
    my ($kind) = @_;
    return $page =~ /^```\Q$kind\E\n(.*?)^```$/msg;
}

my ($path) = $page =~ m{`(/etc/coderemote/runtimes\.d/(?:\w+)\.conf)`};
my ($name) = $path =~ m{(\w+)\.conf$};
my ($profile) = blocks('ini');
my ($allow) = blocks('nginx');
my @commands = map { split /\n/ } blocks('sh');

ok($profile && $allow && @commands, 'the page has a profile and commands')
    or BAIL_OUT('docs/PLUGINS.md says it in another way');


# The languages that are shipped are none that one adds.

ok(!-e "$root/conf/runtimes.d/$name.conf", "$name is not there already");

CodeRemote::Profile::place($name, $profile);

my $server = CodeRemote::Server->new(allow => $allow);
my $nginx = join ' ', $server->nginx;


sub said {
    my ($command) = @_;

    $command =~ s{/usr/libexec/coderemote/}{$install/libexec/coderemote/}g;
    $command =~ s{^nginx\b}{$nginx};
    $command =~ s{127\.0\.0\.1:8080}{127.0.0.1:$server->{port}}g;

    my $said = `$command 2>&1`;

    is($?, 0, $command) or diag($said);

    return $said;
}


my @said;

for my $command (@commands) {

    if ($command =~ /^systemctl restart nginx$/) {
        $server->start;
        next;
    }

    # tools/deps.sh has installed it
    if (my ($package) = $command =~ /^apt-get install (\S+)$/) {
        system("dpkg-query -W $package >/dev/null 2>&1") == 0
            or BAIL_OUT("$package is not installed");
        next;
    }

    push @said, said($command);
}


my ($checked) = $page =~ /^    (ok .*)$/m;

is((grep { /\Q$checked\E/ } @said), 1, 'the doctor says what the page says');

my ($told) = grep { $_->{name} eq $name }
             @{ (sub { ref $_[0] eq 'HASH' ? $_[0]{runtimes} : $_[0] })
                ->(CodeRemote::Client->decode($said[-2])) };

is($told->{language}, 'AWK', '/runtimes has it');
like($told->{version}, qr/^\d+\.\d/, "of version $told->{version}");
ok($told->{available}, 'ready');

my $job = CodeRemote::Client->decode($said[-1]);

is($job->{status}, 'completed', 'the program runs')
    or diag($said[-1]);
is($job->{result}{stdout}, "42\n", 'with its input');


# What is said of the rest.

my $client = $server->client;

$job = $client->run('BEGIN { print ARGV[1], ARGC; print 1 / n }',
                    language => $name, args => ['a b']);

is($job->{result}{stdout}, "a b 2\n", 'arguments');
like($job->{result}{stderr}, qr/main.awk:1: fatal: division by zero/,
     'messages');
is($job->{result}{exit_code}, 2, 'and how it ends');

$job = $client->run('BEGIN { while (1) x[n++] = n "x" }', language => $name,
                    memory_limit_mb => 64);

is($job->{result}{error_type}, 'MemoryError', 'it has a limit of memory');

$server->finish;


# A profile that is wrong is told before anything is started.

CodeRemote::Profile::place($name, $profile =~ s/^memory = .*$/memory = much/mr);

my ($line) = grep { $commands[$_] =~ /--check/ } 0 .. $#commands;
my $check = $commands[$line] =~ s{/usr/libexec/coderemote/}
                                 {$install/libexec/coderemote/}r;

like(`$check`, qr{^missing profiles: .*/\Q$name\E\.conf: line \d+: "memory"}m,
     'a wrong line');

CodeRemote::Profile::place($name, $profile =~ s{^tree = }{tree = /no/where }mr);

like(`$check`, qr{^missing profile \Q$name\E: "tree" has /no/where: No such}m,
     'what is not there');

done_testing();
