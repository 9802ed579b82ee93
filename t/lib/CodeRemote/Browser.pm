package CodeRemote::Browser;

# The page in a real browser: t/web/NAME.mjs drives Debian's chromium against a
# server of CodeRemote::Server, and tells what it saw.
#
#   my $server = CodeRemote::Browser::server(http => ...);
#   $server->start;
#   CodeRemote::Browser::drive('run', $server, reload => sub { ... });

use strict;
use warnings;

use IPC::Open2 qw( open2 );
use JSON::PP ();
use Test::More;

use CodeRemote::Env ();
use CodeRemote::Server ();

my $json = JSON::PP->new->utf8->allow_nonref;
my $chromium = $ENV{CHROMIUM} || '/usr/bin/chromium';
my $installed;


# Why it cannot be tried, or undef.

sub missing {
    return -x $chromium ? no_npm() : "no $chromium";
}


sub no_npm {
    for my $program (qw( node npm )) {
        return "no $program"
            if !grep { -x "$_/$program" } split /:/, $ENV{PATH};
    }

    return undef;
}


# The page as it is installed, with its configuration, in a folder that the
# workers can enter.

sub install {
    return $installed if defined $installed;

    my $dir = CodeRemote::Env::run_dir() . '/page';

    CodeRemote::Env::make('install-web', "PREFIX=$dir", 'DESTDIR=');

    return $installed = $dir;
}


# A server with the page at "/".  Options as of CodeRemote::Server; conf: what
# becomes of the text of web.conf.

sub server {
    my (%opt) = @_;

    my $dir = install();
    my $conf = "$dir/etc/coderemote/web.conf";

    if (my $change = delete $opt{conf}) {
        local $_ = CodeRemote::Procs::slurp($conf);
        $change->();

        $conf = CodeRemote::Env::run_dir() . '/web.conf';
        open my $out, '>', $conf or die "$conf: $!\n";
        print $out $_;
        close $out;
    }

    my $http = "include /etc/nginx/mime.types;\n" . ($opt{http} // '');
    my $locations = ($opt{locations} // CodeRemote::Env::locations())
                    . "location /analyze { coderemote_analyze; }\n"
                    . "include $conf;\n";

    return CodeRemote::Server->new(%opt, http => $http,
                                   locations => $locations);
}


# Runs t/web/NAME.mjs.  Of what it asks for, %do says how it is done.

sub drive {
    my ($name, $server, %do) = @_;

    local $ENV{CR_ORIGIN} = "http://127.0.0.1:$server->{port}";
    local $ENV{CR_SLOW} = CodeRemote::Env::slow();
    local $ENV{CHROMIUM} = $chromium;

    # Its own files go with the rest of the test's.
    local $ENV{HOME} = CodeRemote::Env::run_dir();
    local $ENV{TMPDIR} = CodeRemote::Env::run_dir();

    my $root = CodeRemote::Env::root_dir();
    my $pid = open2(my $out, my $in, 'node', "$root/t/web/$name.mjs");

    while (my $line = <$out>) {
        my $told = eval { $json->decode($line) };

        if (ref $told ne 'HASH') {
            diag($line);

        } elsif (exists $told->{ok}) {
            ok($told->{ok}, $told->{name}) or diag($told->{why});

        } elsif (exists $told->{do}) {
            my $act = $do{ $told->{do} };
            my $answer = $act ? $act->() : undef;

            ok(0, "nobody can do: $told->{do}") if !$act;
            print $in $json->encode($answer // 1), "\n";
            $in->flush;

        } else {
            note($told->{diag});
        }
    }

    waitpid $pid, 0;
    is($?, 0, "t/web/$name.mjs ends well");
}


1;
