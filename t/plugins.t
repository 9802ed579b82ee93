# Plug-ins that are loaded wrongly, or were built for something else: nginx
# says what is wrong and what to do, and does not start.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Env;
use CodeRemote::Plugins;
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

my $ours = CodeRemote::Env::module();
my $odd = CodeRemote::Plugins::odd();
my $conf = CodeRemote::Env::run_dir() . '/s1/nginx.conf:';


sub says {
    my ($said, $sentence, $name) = @_;

    ok(index($said, '[emerg] coderemote: ') >= 0
       && index($said, $sentence) >= 0, $name)
        or diag("said: $said");
}


# What nginx says of the plug-in that is wrong in this way.

sub said {
    my ($how) = @_;

    return CodeRemote::Plugins::said([$ours, $odd], ODD_PLUGIN => $how);
}


# A copy of a module with other bytes in the place of these.

sub patched {
    my ($file, $from, $to) = @_;

    my $bytes = CodeRemote::Procs::slurp($file);
    my $copy = CodeRemote::Env::run_dir() . '/patched.so';

    is(length $from, length $to, 'of the same length');
    ok($bytes =~ s/\Q$from\E/$to/, 'there to be patched');

    open my $out, '>', $copy or die "$copy: $!\n";
    print $out $bytes;
    close $out or die "$copy: $!\n";

    return $copy;
}


subtest 'as it should be' => sub {
    is(said(''), '', 'nginx takes the plug-in');
    is(said('older'), '', 'one built before a field was there, too');
    is(CodeRemote::Plugins::said([$ours]), '', 'the module without it');
};


subtest 'order' => sub {
    says(CodeRemote::Plugins::said([$odd, $ours]),
         'the plug-in with "odd" is loaded before the module it is for: put '
         . 'load_module of ngx_http_coderemote_module.so above that of the '
         . "plug-in\n", 'before the module');

    my $said = CodeRemote::Plugins::said([$odd]);

    says($said,
         'the plug-in with "odd" needs ngx_http_coderemote_module, which is '
         . 'not loaded: put load_module of ngx_http_coderemote_module.so '
         . "above that of the plug-in\n", 'without the module');
    unlike($said, qr/undefined symbol/, 'no word of the dynamic loader');
};


subtest 'another header' => sub {
    says(said('version'),
         'the policy hook of a plug-in was built for version 2 of '
         . 'ngx_http_coderemote_api.h, this module has version 1: build the '
         . "plug-in again with this module's header in $conf",
         'another version');
    says(said('larger'),
         'policy hook "odd" was built with a newer ngx_http_coderemote_api.h: '
         . 'install the newer ngx_http_coderemote_module, or build the '
         . "plug-in again with this one's header in $conf",
         'a larger structure');
    says(said('smaller'),
         ': start the structure with NGX_CR_API_HEAD() of its type '
         . "in $conf", 'a smaller one');
};


subtest 'names and functions' => sub {
    says(said('nameless'),
         'the policy hook of a plug-in has no name of 1 to 64 bytes: set its '
         . "\"name\" in $conf", 'without a name');
    says(said('twice'),
         'policy hook "odd" is registered already: load one of the '
         . "plug-ins that bring it, or rename one in $conf", 'twice');
    says(said('builtin'), '"builtin" is registered already',
         'as one that is built in');
    says(said('alias'), 'runtime "ODD" is registered already',
         'an alias that is another\'s name');
    says(said('function'),
         'analyzer "odd" has no cancel function: set it in the structure that '
         . "is registered in $conf", 'without a function');
    says(said('idle'),
         'policy hook "odd" has no admit, output or finish function',
         'that would do nothing');
};


subtest 'too late' => sub {
    my $sentence = 'policy hook "odd" was registered too late: register it in '
                   . "the plug-in's preconfiguration handler\n";

    says(said('late'), $sentence, 'after the configuration');
    says(said('last'), $sentence, 'when there is none any more');
};


subtest 'at a reload' => sub {
    local $ENV{ODD_PLUGIN} = 'version';

    my $server = CodeRemote::Server->new(
        expected => [qr/built for version 2|is loaded before/])->start;
    my @workers = $server->workers;

    $server->configure(main => "load_module $odd;");
    kill HUP => $server->master;

    ok(wait_for(sub {
           $server->error_log =~ /\[emerg\] .*built for version 2/
       }), 'nginx says so');
    is($server->client->run('print(1)')->{result}{stdout}, "1\n",
       'and goes on with what it had');
    is_deeply([$server->workers], \@workers, 'in the same workers');

    my @reload = $server->nginx('-s', 'reload');
    $server->write_config("load_module $odd;\n"
                          . $server->{text} =~ s/load_module \Q$odd\E;//r);
    like(`@reload 2>&1`, qr/is loaded before the module it is for/,
         'nginx -s reload looks before it asks for one');

    $server->finish;
};


# These are nginx's own words.

subtest 'another nginx' => sub {
    my ($signature) = CodeRemote::Procs::slurp($odd) =~ /(8,4,8,[01]{34})/;
    my $other = $signature =~ s/1(?=[01]*$)/0/r;

    like(CodeRemote::Plugins::said([$ours, patched($odd, $signature, $other)]),
         qr/module ".*patched\.so" is not binary compatible in \Q$conf\E\d/,
         'with other options');
};

subtest 'the same file twice' => sub {
    like(CodeRemote::Plugins::said([$ours, $odd, $odd]),
         qr/module "ngx_http_odd_plugin_module" is already loaded in \Q$conf\E\d/,
         'nginx says so');
};

done_testing();
