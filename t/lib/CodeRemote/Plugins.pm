package CodeRemote::Plugins;

# Plug-ins for a server: what nginx -t says of them, and where the examples
# are.
#
#   my $odd = CodeRemote::Plugins::odd();            # of t/plugins/
#   my $sink = CodeRemote::Plugins::example('joblog');
#   my $said = CodeRemote::Plugins::said([$module, $odd], ODD_PLUGIN => 'late');

use strict;
use warnings;

use CodeRemote::Env ();
use CodeRemote::Server ();

my $server;


sub odd {
    CodeRemote::Env::make('odd-plugin');

    return CodeRemote::Env::root_dir()
           . '/build/ngx_http_odd_plugin_module.so';
}


sub example {
    my ($name) = @_;

    CodeRemote::Env::make('examples');

    return CodeRemote::Env::root_dir()
           . "/build/examples/nginx/ngx_http_${name}_module.so";
}


# What nginx -t says when it loads these files, in this order, and '' when it
# is content.  The environment may be added to.

sub said {
    my ($files, %env) = @_;

    local @ENV{keys %env} = values %env;

    $server //= CodeRemote::Server->new;

    my $load = join '', map { "load_module $_;\n" } @$files;
    my $text = $server->{text} =~ s/^load_module .*\n/$load/mr;

    # without the module there are none of its directives
    $text =~ s/^\s*coderemote_.*;\n//mg
        if !grep { $_ eq CodeRemote::Env::module() } @$files;

    $server->write_config($text);

    my @command = $server->nginx('-t');
    my $said = `@command 2>&1`;

    return $? == 0 ? '' : $said;
}


1;
