package CodeRemote::Analyzer;

# A server with /analyze and the analyzer of t/analyzer, which does as the
# program says.
#
#   my $server = CodeRemote::Analyzer::server(http => ...);
#   my $res = CodeRemote::Analyzer::ask($client, '/fake', "# done O(1)\n");
#   CodeRemote::Analyzer::starts($server)    # of the fake one
#
# The locations: /analyze (builtin), /fake (falls back to builtin), /only (falls
# back to nobody), /hasty (as /fake, and does not wait), /away and /away-only
# (not available), /ws (as /fake), /ws-only.

use strict;
use warnings;

use CodeRemote::Env ();
use CodeRemote::Server ();


sub server {
    my (%opt) = @_;

    CodeRemote::Env::make('fake-analyzer');

    my $main = 'load_module ' . CodeRemote::Env::root_dir()
               . '/build/ngx_http_fake_analyzer_module.so;';

    my $locations = CodeRemote::Env::locations();
    $locations =~ s{(coderemote_websocket;)}{$1 coderemote_analyzer fake;};

    return CodeRemote::Server->new(
        server => 'coderemote_user $http_x_user;',
        main => $main,
        locations => $locations . <<'_EOC_' . (delete $opt{more} // ''), %opt);
        location /analyze { coderemote_analyze; }
        location /fake { coderemote_analyze; coderemote_analyzer fake; }
        location /only { coderemote_analyze;
            coderemote_analyzer fake fallback=off; }
        location /hasty { coderemote_analyze;
            coderemote_analyzer fake deadline=300ms; }
        location /hasty-only { coderemote_analyze;
            coderemote_analyzer fake deadline=300ms fallback=off; }
        location /away { coderemote_analyze; coderemote_analyzer fake;
            fake_away on; }
        location /away-only { coderemote_analyze;
            coderemote_analyzer fake fallback=off; fake_away on; }
        location = /ws-only { coderemote_websocket;
            coderemote_websocket_jobs 2;
            coderemote_analyzer fake fallback=off; }
_EOC_
}


sub ask {
    my ($client, $path, $code, $headers) = @_;

    return $client->post($path, { code => $code }, $headers);
}


# How often the fake one was started.

sub starts {
    my ($server) = @_;

    return scalar(() = $server->error_log =~ /fake analyzer: start/g);
}


sub cancels {
    my ($server) = @_;

    return scalar(() = $server->error_log =~ /fake analyzer: cancel/g);
}


1;
