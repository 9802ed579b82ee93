package CodeRemote::Example;

# A server with one of the whole configurations in conf/, of which nothing is
# changed but what is this machine's: paths, the port, the user.
#
#   my $server = CodeRemote::Example::server('conf/lua.conf', 8090 => $port);
#
# More pairs are texts and what to write in their place.

use strict;
use warnings;

use CodeRemote::Env ();
use CodeRemote::Procs ();
use CodeRemote::Server ();


# The modules of nginx that it loads and that are not here.

sub missing {
    my ($conf) = @_;

    my $text = CodeRemote::Procs::slurp(CodeRemote::Env::root_dir()
                                        . "/$conf");

    return grep { !/coderemote/ && !-e } $text =~ /^load_module (.*);$/mg;
}


sub server {
    my ($conf, %change) = @_;

    my $server = CodeRemote::Server->new;
    my $text = CodeRemote::Procs::slurp(CodeRemote::Env::root_dir()
                                        . "/$conf");
    my $dir = $server->{dir};
    my $etc = CodeRemote::Env::install_dir() . '/etc/coderemote';
    my $helper = CodeRemote::Env::helper();
    my $user = $server->{user};
    my $temp = join '', map { "    ${_}_temp_path $dir/tmp/$_;\n" }
               qw( client_body proxy fastcgi uwsgi scgi );

    my @changes = (
        [qr{load_module \S*/ngx_http_coderemote_module\.so},
         'load_module ' . CodeRemote::Env::module()],
        [qr{^user .*;}m, defined $user ? "user $user;" : ''],
        [qr{^worker_processes .*;}m, "worker_processes $server->{workers};"],
        [qr{/run/nginx\.pid}, "$dir/nginx.pid"],
        [qr{/var/log/nginx/}, "$dir/logs/"],
        [qr{/etc/coderemote/}, "$etc/"],
        [qr{unix:/run/coderemote/sandbox\.sock},
         "unix:$server->{sock} helper=$helper"],
        [qr{^http \{\n}m, "http {\n$temp"],
        [qr{listen  127\.0\.0\.1:80;},
         "listen 127.0.0.1:$server->{port};\n"
         . "        location = /health { coderemote_health; }"],
        map { [qr{\Q$_\E}, $change{$_}] } sort keys %change,
    );

    for my $change (@changes) {
        $text =~ s/$change->[0]/$change->[1]/g
            or die "$conf has no $change->[0]\n";
    }

    $server->{text} = $text;
    $server->write_config($text);

    return $server;
}


1;
