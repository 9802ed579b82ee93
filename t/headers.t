# What the configuration as it is shipped says to browsers, on every route and
# with every error; and that the example of a whole nginx works.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Procs;
use CodeRemote::Server;

my $etc = CodeRemote::Env::install_dir() . '/etc/coderemote';

my %safe = (
    'x-content-type-options' => 'nosniff',
    'content-security-policy' => "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy' => 'no-referrer',
    'cache-control' => 'no-store',
    'cross-origin-resource-policy' => 'same-origin',
);


sub safe {
    my ($name, $code, $res) = @_;

    is($res->{code}, $code, $name) or diag($res->text);
    is_deeply({ map { $_ => $res->{headers}{$_} } keys %safe }, \%safe,
              "$name: is safe") or diag(explain($res->{headers}));
    is(scalar @{ $res->{fields}{'x-content-type-options'} || [] }, 1, 'once');
}


# conf/nginx.conf, with nothing changed but where things lie.

sub shipped {
    my ($server) = @_;
    my $text = CodeRemote::Procs::slurp(CodeRemote::Env::root_dir()
                                        . '/conf/nginx.conf');
    my $dir = $server->{dir};
    my $user = $server->{user};
    my $helper = CodeRemote::Env::helper();
    my $module = CodeRemote::Env::module();

    my @change = (
        [qr{/usr/lib/nginx/modules/ngx_http_coderemote_module\.so}, $module],
        [qr{^user .*$}m, defined $user ? "user $user;" : ''],
        [qr{/run/nginx\.pid}, "$dir/nginx.pid"],
        [qr{/var/log/nginx/}, "$dir/logs/"],
        [qr{unix:/run/coderemote/sandbox\.sock},
         "unix:$server->{sock} helper=$helper"],
        [qr{127\.0\.0\.1:80\b}, "127.0.0.1:$server->{port}"],
        [qr{/etc/coderemote/}, "$etc/"],
        [qr{^http \{\n}m, "http {\n" . join '', map {
            "    ${_}_temp_path $dir/tmp/$_;\n"
        } qw( client_body proxy fastcgi uwsgi scgi )],
    );

    for (@change) {
        my ($from, $to) = @$_;
        $text =~ s/$from/$to/g or fail("it has $from");
    }

    # the page is there where it was built
    $text =~ s{^.*web\.conf;\n}{}m if !-e "$etc/web.conf";

    return $text;
}


subtest 'the example as it is' => sub {
    my $server = CodeRemote::Server->new;
    $server->write_config(shipped($server));
    $server->start;

    my $client = $server->client;
    my $code = 'print("hello")';

    my $res = $client->post('/execute?wait=true', { code => $code });
    safe('a job', 200, $res);
    is($res->json->{result}{stdout}, "hello\n", 'which ran');
    is($res->{headers}{server}, 'nginx', 'no version');

    my $path = '/execute/jobs/' . $res->json->{job_id};
    safe('posted', 202, $client->post('/execute', { code => $code }));
    safe('asked for', 200, $client->get($path));
    safe('its head', 200, $client->request(HEAD => $path));
    safe('its events', 200, $client->get("$path/events"));
    safe('deleted', 204, $client->delete($path));
    safe('health', 200, $server->healthy);
    safe('runtimes', 200, $client->get('/runtimes'));
    safe('an analysis', 200, $client->post('/analyze', { code => $code }));
    safe('its analyzer', 200, $client->get('/analyze/status'));
    safe('no WebSocket', 426, $client->get('/ws'));

    safe('no JSON', 400, $client->post('/execute', '{',
        { 'Content-Type' => 'application/json' }));
    safe('not there', 404, $client->get($path));
    safe('no such address', 404, $client->get('/execute/x'));
    safe('another method', 405, $client->request(PUT => '/execute', {}));
    safe('too large', 413, $client->post('/execute', undef,
        { 'Content-Length' => 100 << 20 }));
    safe('no such type', 415, $client->post('/execute', 'x',
        { 'Content-Type' => 'text/plain' }));
    safe('a field', 422, $client->post('/execute', { code => 7 }));

    like($server->access_log, qr{POST /execute 200 .* completed$}m,
         'a line for the request');
    like(CodeRemote::Procs::slurp("$server->{dir}/logs/coderemote-audit.log"),
         qr/^\{.*"status":"completed".*\}$/m, 'and one for the job');

    $server->finish;
};


# What guards it answers for it: that is inside its locations, too.

subtest 'errors of what stands before it' => sub {
    my $dir = CodeRemote::Env::run_dir();

    open my $out, '>', "$dir/secret.key" or die $!;
    print $out 'x' x 32;
    close $out;

    my $server = CodeRemote::Server->new(
        locations => "include $etc/coderemote.conf;",
    )->start;
    my $client = $server->client;
    my $post = sub { $client->post('/execute', { code => 'pass' }) };

    for (['a token', 401, "coderemote_jwt x;
          coderemote_jwt_key_file $dir/secret.key;"],
         ['an address', 403, 'deny all;'],
         ['a limit', 429, 'coderemote_limit_requests 1/m;'])
    {
        my ($name, $code, $config) = @$_;

        $server->configure(server => $config);
        ok($server->reload, "$name: reload");
        $post->();
        safe($name, $code, CodeRemote::Procs::wait_for(sub {
            my $res = $post->();
            return $res->{code} == $code && $res;
        }) || $post->());
    }

    $server->finish;

    my $none = CodeRemote::Server->new(external => 1,
        locations => "include $etc/coderemote.conf;",
    )->start(health => 0);

    safe('no sandbox', 503, $none->client->get('/health'));
    safe('nor a job', 503, $none->client->post('/execute',
                                               { code => 'pass' }));
    $none->finish;
};

done_testing();
