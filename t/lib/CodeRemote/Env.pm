package CodeRemote::Env;

# Where the suites run: the installation under test, the folder of run-time
# state, a port, the workers' user.
#
#   CR_INSTALL    a finished installation; it must be set
#   CR_INSTALL_TEST  another, whose helper can leave layers out, with the
#                 profiles python, python-open, probe and probe-write
#   CR_RUN_DIR    where folders of run-time state are made; it must be such
#                 that the workers' user can reach it (default: /tmp)
#   CR_WORKERS    nginx's workers (default: 2)
#   CR_WORKER     whom they run as, when root starts them (default: www-data)
#   CR_SLOW       a factor for every deadline, for slow runs as valgrind's
#   CR_KEEP       keeps the folder of run-time state
#   TEST_NGINX_BINARY         nginx (default: /usr/sbin/nginx)
#   TEST_NGINX_USE_VALGRIND   runs nginx and its workers under valgrind; what
#                             it finds fails the test (t/valgrind.supp)

use strict;
use warnings;

use Exporter qw( import );
use File::Path ();
use File::Temp ();
use IO::Socket::INET;

our @EXPORT_OK = qw( install_dir helper module nginx workers run_dir
                     free_port worker_user slow main_config http_config
                     locations root_dir make make_install valgrind
                     valgrind_said );

my $run_dir;
my $owner = $$;
my $wrapper;
my @installed;

# Test::Nginx would start and end nginx for every block.
my $valgrind = delete $ENV{TEST_NGINX_USE_VALGRIND};


sub install_dir {
    my $dir = $ENV{CR_INSTALL}
        or die "CR_INSTALL must name the installation that is tested\n";

    -d $dir or die "CR_INSTALL: $dir: $!\n";

    return $dir;
}


sub module {
    return install_dir() . '/lib/nginx/modules/ngx_http_coderemote_module.so';
}


sub helper {
    my ($install) = @_;

    return ($install // install_dir())
           . '/libexec/coderemote/coderemote-sandbox';
}


sub nginx {
    my $nginx = $ENV{TEST_NGINX_BINARY} || '/usr/sbin/nginx';

    return $nginx if !$valgrind;
    return $wrapper if defined $wrapper;

    # The processes write a file each, the workers as their own user.
    my $dir = run_dir() . '/valgrind';
    mkdir $dir;
    chmod 0777, $dir;

    my $options = '-q --leak-check=full --show-leak-kinds=definite'
                  . ' --keep-debuginfo=yes --num-callers=40'
                  . ' --gen-suppressions=all --suppressions=' . root_dir()
                  . "/t/valgrind.supp --log-file=$dir/%p";

    $wrapper = run_dir() . '/nginx';
    open my $out, '>', $wrapper or die "$wrapper: $!\n";
    print $out <<"_EOC_";
#!/bin/sh
case \$1 in
    -v|-V) exec $nginx "\$@" ;;
esac
exec valgrind $options $nginx "\$@"
_EOC_
    close $out;
    chmod 0755, $wrapper;

    return $wrapper;
}


sub valgrind {
    return $valgrind;
}


# What valgrind found, once nginx has ended.

sub valgrind_said {
    my $said = '';

    for my $file (glob run_dir() . '/valgrind/*') {
        open my $in, '<', $file or next;
        local $/;
        $said .= <$in> // '';
    }

    return $said;
}


sub workers {
    return $ENV{CR_WORKERS} || 2;
}


sub worker_user {
    return undef if $> != 0;
    return $ENV{CR_WORKER} || 'www-data';
}


sub slow {
    return ($ENV{CR_SLOW} || 1) * ($valgrind ? 5 : 1);
}


# The checkout.

sub root_dir {
    my $dir = __FILE__;

    require Cwd;
    $dir = Cwd::abs_path($dir);
    $dir =~ s{/t/lib/CodeRemote/Env\.pm$}{};

    return $dir;
}


# Has make do something in the checkout, where one at a time may build.

sub make {
    my (@what) = @_;

    my $root = root_dir();
    my $out = `flock $root/build/lock make -s -C $root @what 2>&1`;

    die "make @what:\n$out" if $? != 0;
}


# An installation of a test's own, in a folder below its own: the helper is
# linked for it, and what that leaves in build/ goes with this process.

sub make_install {
    my ($dir, @what) = @_;

    push @installed, $dir;
    make(@what, "PREFIX=$dir", 'DESTDIR=', 'WEB=',
         "'PROFILES=python python-open'");
}


# A folder that is this process's alone and goes away with it.

sub run_dir {
    return $run_dir if defined $run_dir;

    my $parent = $ENV{CR_RUN_DIR} || '/tmp';

    File::Path::make_path($parent);
    $run_dir = File::Temp::tempdir('coderemote-t-XXXXXX', DIR => $parent);
    chmod 0755, $run_dir;

    return $run_dir;
}


# A test that is stopped cleans up as one that ends.
$SIG{$_} = sub { exit 130 } for qw( HUP INT TERM );

END {
    if (defined $run_dir && $$ == $owner) {
        local ($?, $@, $!);

        for my $dir (@installed) {
            my $name = join '@', grep { length } split m{/}, $dir;
            File::Path::remove_tree(map { root_dir() . "/build/$_/$name" }
                                    qw( prefix test/prefix ));
        }

        if ($ENV{CR_KEEP}) {
            print STDERR "# kept: $run_dir\n";

        } else {
            File::Path::remove_tree($run_dir, { safe => 1, error => \my $err });
        }
    }
}


# A port of the loopback that was free a moment ago, outside the range that
# the kernel hands out to clients.

sub free_port {
    for (1 .. 200) {
        my $port = 10000 + int rand 20000;

        my $sock = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
                                         LocalPort => $port, Listen => 1,
                                         ReuseAddr => 1)
            or next;

        close $sock;
        return $port;
    }

    die "no free port\n";
}


# The parts of nginx's configuration that every suite has.

sub main_config {
    return 'load_module ' . module() . ";\n";
}


sub http_config {
    my ($sock, %opt) = @_;

    my $zone = $opt{zone} // 'coderemote 128m';
    my $helper = $opt{helper} // helper();
    my $start = $opt{external} ? 'external' : "helper=$helper";
    my $allow = $opt{allow} // 'coderemote_allow python python-open;';

    return <<"_EOC_";
    coderemote_zone $zone;
    coderemote_sandbox unix:$sock $start;
    $allow
_EOC_
}


sub locations {
    return <<'_EOC_';
        add_header X-Worker $pid always;

        location /execute {
            coderemote_execute;
        }

        location = /health {
            coderemote_health;
        }

        location = /runtimes {
            coderemote_runtimes;
        }

        location = /ws {
            coderemote_websocket;
        }
_EOC_
}


1;
