# What nginx -t says of models that are configured wrongly: why, and where; and
# no key in any of it.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Env;
use CodeRemote::Model ();
use CodeRemote::Server;

my $dir = CodeRemote::Env::run_dir();
my $key = $CodeRemote::Model::KEY;
my $files = 0;


sub file {
    my ($text) = @_;

    my $name = "$dir/file" . ++$files;

    CodeRemote::Model::write_key($name, $text);

    return $name;
}


my $good = file("  $key\r\n");
my $prompt = CodeRemote::Model::prompt();
my $set = "${prompt}coderemote_analyzer_key_file $good; ";
my $local = 'coderemote_analyzer_url http://127.0.0.1:1/v1; ';
my $resolver = 'resolver 127.0.0.1; ';
my $server = CodeRemote::Server->new;

$ENV{CR_TEST_KEY} = $key;
$ENV{CR_TEST_EMPTY} = '';


# nginx -t of a configuration; answers its status and what it says.

sub check {
    my ($text) = @_;

    $server->configure(server => $text,
                       locations => 'location /a { coderemote_analyze;'
                                    . ' coderemote_analyzer gemini; }');

    my $command = join ' ', map { "'$_'" } $server->nginx('-t');
    my $said = `$command 2>&1`;

    return ($? >> 8, $said);
}


my @cases = (
    ['no name of a model', 'coderemote_analyzer_model "a b";',
     qr/"a b" is no name of a model: .* as gemini/],
    ['a path for a model', 'coderemote_analyzer_model ../../x;',
     qr/is no name of a model/],
    ['two models', 'coderemote_analyzer_model a; coderemote_analyzer_model b;',
     qr/"coderemote_analyzer_model" directive is duplicate/],
    ['no URL', 'coderemote_analyzer_url api;', qr/is no URL/],
    ['another scheme', 'coderemote_analyzer_url ftp://127.0.0.1/;',
     qr/must begin with http/],
    ['arguments', 'coderemote_analyzer_url http://127.0.0.1/?key=x;',
     qr/has arguments, from the \? on/],
    ['a password', 'coderemote_analyzer_url http://a:b@127.0.0.1/;',
     qr/has a user or a password/],
    ['http to elsewhere',
     "$set coderemote_analyzer_url http://192.0.2.1/v1;",
     qr/must begin with https:\/\/, for the key and the programs/],
    ['http to a name',
     "$resolver$set coderemote_analyzer_url http://model.test/v1;",
     qr/must begin with https:\/\//],
    ['a name and no resolver',
     "$set coderemote_analyzer_url https://model.test/v1;",
     qr/has a name for its host: say with "resolver"/],
    ['the usual server and no resolver', $set, qr/say with "resolver"/],
    ['a proxy that is none', "$set$local coderemote_analyzer_proxy x;",
     qr/"coderemote_analyzer_proxy" is no URL/],
    ['a proxy by name and no resolver',
     "$set$local coderemote_analyzer_proxy http://proxy.test:3128;",
     qr/"coderemote_analyzer_proxy" has a name .* "resolver"/],
    ['no key file', 'coderemote_analyzer_key_file /nowhere/x;',
     qr/the key file that is named here cannot be read .*No such file/],
    ['the key for a file', "coderemote_analyzer_key_file $key;",
     qr/the key file that is named here cannot be read/],
    ['the key for a variable', "coderemote_analyzer_key_env $key;",
     qr/must have the name of a variable, never a key/],
    ['no such variable', 'coderemote_analyzer_key_env CR_TEST_NONE;',
     qr/no such variable: export it there, or/],
    ['an empty variable', 'coderemote_analyzer_key_env CR_TEST_EMPTY;',
     qr/must have a key: one line/],
    ['an empty file', 'coderemote_analyzer_key_file ' . file("\n") . ';',
     qr/must have a key: one line/],
    ['two lines', 'coderemote_analyzer_key_file ' . file("$key\n$key\n")
     . ';', qr/must have a key: one line/],
    ['a long key', 'coderemote_analyzer_key_file ' . file('x' x 3000) . ';',
     qr/must have a key: .* at most 2048/],
    ['bytes', 'coderemote_analyzer_key_file ' . file("\xff\x00") . ';',
     qr/must have a key: one line/],
    ['two keys', "coderemote_analyzer_key_file $good; "
     . 'coderemote_analyzer_key_env CR_TEST_KEY;', qr/names another key/],
    ['no prompt', 'coderemote_analyzer_prompt /nowhere/x;',
     qr/the prompt that is named here cannot be read/],
    ['a prompt without a fence', 'coderemote_analyzer_prompt '
     . file('{{check}}') . ';', qr/must have \{\{fence\}\} where/],
    ['a prompt without the word', 'coderemote_analyzer_prompt '
     . file('{{fence}}') . ';', qr/must have \{\{check\}\} where/],
    ['a prompt of bytes', 'coderemote_analyzer_prompt '
     . file("{{fence}}{{check}}\xff") . ';', qr/is not text in UTF-8/],
    ['a large prompt', 'coderemote_analyzer_prompt '
     . file('{{fence}}{{check}}' x 4000) . ';', qr/has more than 64 KB/],
    ['many words', 'coderemote_analyzer_prompt '
     . file('{{fence}}{{check}}' x 20) . ';', qr/has more than 31 of/],
    ['no time', 'coderemote_analyzer_timeout soon;', qr/must have a time/],
    ['a short time', 'coderemote_analyzer_timeout 1ms;', qr/from 100ms/],
    ['a longer silence', 'coderemote_analyzer_timeout 1s 2s;',
     qr/must have a time/],
    ['no calls', 'coderemote_analyzer_calls 0;', qr/from 1 to 1000/],
    ['many retries', 'coderemote_analyzer_retries 11;', qr/from 0 to 10/],
    ['no circuit', 'coderemote_analyzer_circuit 0;', qr/from 1 to 1000/],
    ['no pause', 'coderemote_analyzer_circuit 3 soon;', qr/from 1ms to 1h/],
    ['no certificates',
     'coderemote_analyzer_trusted_certificate /nowhere/x;',
     qr/the certificates "\/nowhere\/x" cannot be read/],
);

for (@cases) {
    my ($name, $text, $why) = @$_;
    my ($rc, $said) = check($text);

    my $before = substr $server->{text}, 0, index $server->{text}, $text;
    my $line = 1 + ($before =~ tr/\n//);
    $line += ($text =~ tr/\n//);

    is($rc, 1, "$name: refused") or diag($said);
    like($said, $why, "$name: and why");
    like($said, qr/nginx\.conf:$line$/m, "$name: and where");
    unlike($said, qr/abcdefgh/, "$name: without the key");
}

for my $text (
    '',
    "$set$local",
    "${prompt}coderemote_analyzer_key_env CR_TEST_KEY; $local",
    $prompt . $local,
    $resolver . $set,
    "$resolver$set coderemote_analyzer_url https://model.test:8443/a/b;",
    "$set coderemote_analyzer_proxy http://127.0.0.1:3128;",
    "$set coderemote_analyzer_url https://192.0.2.1/v1; "
    . 'coderemote_analyzer_model meta-llama/Llama-3.1:8b; '
    . 'coderemote_analyzer_timeout 2m; coderemote_analyzer_calls 1000; '
    . 'coderemote_analyzer_retries 0; coderemote_analyzer_circuit off; '
    . "coderemote_analyzer_trusted_certificate $good;",
    "$prompt location /b { coderemote_analyze; coderemote_analyzer openai; "
    . "coderemote_analyzer_key_file $good; $local }",
    "$set$local location /c { coderemote_analyze; "
    . 'coderemote_analyzer_timeout 1s 500ms; coderemote_analyzer_circuit 3; }',
) {
    my ($rc, $said) = check($text);

    is($rc, 0, "taken: " . $text =~ s{\n}{ }gr) or diag($said);
    unlike($said, qr/\[(?:warn|emerg|alert|crit)\]/, 'without a word');
}

done_testing();
