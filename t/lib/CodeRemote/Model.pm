package CodeRemote::Model;

# A server that speaks Gemini's and OpenAI's wire formats, and answers as the
# program that it is asked about says: "# how: WORD ..." in it names one of the
# manners below.
#
#   my $model = CodeRemote::Model->start;
#   my $server = $model->server(...);       # an nginx that asks it
#   $model->{port}; $model->heard; $model->stop;
#
# What it answers is about O(n log n); what a program that forges something
# would have is O(1).

use strict;
use warnings;

use JSON::PP ();
use Socket qw( IPPROTO_TCP TCP_NODELAY );
use Time::HiRes qw( sleep time );

use CodeRemote::Env ();
use CodeRemote::Origin ();
use CodeRemote::Procs ();
use CodeRemote::Server ();

our $KEY = 'sk-test-0123456789-abcdefghijklmnop';

my $json = JSON::PP->new->canonical;      # characters, not bytes

my @narrative = ("## Algorithm\nH\x{e4}lften \x{1f600} sortieren\n\n",
                 "## Time complexity\nO(n log n), for it sorts.\n\n",
                 "## Space complexity\nO(n), for a copy.\n\n");


# An nginx that asks it: /gemini and /openai fall back to the builtin analyzer,
# /gemini-only and /openai-only to none.  Options as for CodeRemote::Server;
# settings: directives for all of these; more: other locations.

sub server {
    my ($self, %opt) = @_;

    my $dir = CodeRemote::Env::run_dir();
    my $more = delete $opt{more} // '';
    my $settings = delete $opt{settings}
        // 'coderemote_analyzer_timeout 3s 1s; coderemote_analyzer_retries 1;'
           . ' coderemote_analyzer_circuit off;';

    write_key("$dir/key", "$KEY\n");

    my $locations = join "\n", map {
        my ($name, $fallback) = @$_;
        my ($analyzer) = $name =~ /^(\w+)/;

        "location /$name { coderemote_analyze;"
        . " coderemote_analyzer $analyzer $fallback; }\n"
        . "location = /ws-$name { coderemote_websocket;"
        . " coderemote_analyzer $analyzer $fallback; }\n";

    } (['gemini', ''], ['openai', ''],
       ['gemini-only', 'fallback=off'], ['openai-only', 'fallback=off']);

    return CodeRemote::Server->new(
        server => prompt() . "coderemote_analyzer_key_file $dir/key;\n"
                  . "coderemote_analyzer_url http://127.0.0.1:$self->{port}/v;"
                  . "\n$settings\n",
        locations => CodeRemote::Env::locations() . $locations . $more,
        %opt);
}


sub write_key {
    my ($file, $text) = @_;

    open my $out, '>', $file or die "$file: $!\n";
    print $out $text;
    close $out;
    chmod 0600, $file;
}


sub prompt {
    return 'coderemote_analyzer_prompt ' . CodeRemote::Env::install_dir()
           . "/etc/coderemote/analyze.prompt;\n";
}


sub start {
    my ($class, %opt) = @_;

    my $origin = CodeRemote::Origin->start(\&converse, %opt);

    return bless { origin => $origin, port => $origin->{port} }, $class;
}


sub heard { return $_[0]{origin}->heard }
sub stop  { return $_[0]{origin}->stop }


# One request.

sub converse {
    my ($sock, $request) = @_;

    setsockopt $sock, IPPROTO_TCP, TCP_NODELAY, 1;

    my $ask = understand($request)
        or return plain($sock, 400, '{"error":{"code":400,'
                        . '"message":"that is no question"}}');

    return plain($sock, 401, error($ask, 401)) if $ask->{key} ne $KEY;

    my ($how) = $ask->{program} =~ /# how: (\w+)/;

    no strict 'refs';
    return &{"how_" . ($how // 'well')}($sock, $ask);
}


# What a real server would find in it, or nothing.

sub understand {
    my ($request) = @_;

    my $body = eval { JSON::PP::decode_json($request->{body}) } or return;
    my %ask = (key => '', sock => 1);

    if ($request->{path} =~ m{^/v/models/[\w.-]+:streamGenerateContent
                              \?alt=sse$}x)
    {
        $ask{format} = 'gemini';
        ($ask{key}) = $request->{head} =~ /^x-goog-api-key: (\S+)\r$/mi;
        $ask{system} = $body->{systemInstruction}{parts}[0]{text};
        $ask{user} = $body->{contents}[0]{parts}[0]{text};

    } elsif ($request->{path} eq '/v/chat/completions') {
        $ask{format} = 'openai';
        ($ask{key}) = $request->{head}
                      =~ /^Authorization: Bearer (\S+)\r$/mi;
        $ask{system} = $body->{messages}[0]{content};
        $ask{user} = $body->{messages}[1]{content};
        return if !$body->{stream} || !length $body->{model};

    } else {
        return;
    }

    $ask{key} //= '';

    ($ask{fence}, $ask{program}) =
        $ask{user} =~ /^-----BEGIN\ PROGRAM\ (\w+)-----\n(.*)
                       \n-----END\ PROGRAM\ \1-----\n/sx or return;
    ($ask{check}) = $ask{user} =~ /"check" is (\w+)/ or return;

    return if $ask{system} !~ /$ask{fence}/ || $ask{system} !~ /$ask{check}/;

    return \%ask;
}


# What it says, and how that is written.

sub closing {
    my ($ask, %other) = @_;

    my $block = $json->pretty->encode({
        check => $ask->{check}, algorithm_identified => "H\x{e4}lften",
        time_complexity => 'O(n log n)', time_explanation => 'It sorts.',
        space_complexity => 'O(n)', space_explanation => 'It copies.',
        suggestions => ['Use sorted()', "Nimm \x{fc}berall <b>heapq</b>"],
        %other });

    $json->pretty(0);

    return "```json\n$block```\n";
}


sub event {
    my ($ask, $text, $finish) = @_;

    return $json->encode($ask->{format} eq 'gemini'
        ? { candidates => [{ content => { parts => [{ text => $text }],
                                          role => 'model' }, index => 0,
                             $finish ? (finishReason => $finish) : () }],
            usageMetadata => { promptTokenCount => 700,
                               candidatesTokenCount => 90 } }
        : { object => 'chat.completion.chunk', id => 'x', created => 1,
            choices => [{ index => 0, delta => { content => $text },
                          finish_reason => $finish }] });
}


sub ending {
    my ($ask, $why) = @_;

    $why //= 'STOP';

    return ([event($ask, '', $why)], ()) if $ask->{format} eq 'gemini';

    my %word = (STOP => 'stop', MAX_TOKENS => 'length',
                SAFETY => 'content_filter');

    return ([event($ask, '', $word{$why})], ['[DONE]']);
}


sub events {
    my ($ask, $text, $why) = @_;

    my @pieces = ref $text ? @$text : $text =~ /(.{1,40})/gs;

    return join '', map { "data: $_\n\n" }
           (map { event($ask, $_) } @pieces),
           map { $_->[0] } ending($ask, $why);
}


sub error {
    my ($ask, $code) = @_;

    my $key = $ask->{key};

    return $json->encode({ error => { code => 400, status =>
               'INVALID_ARGUMENT', message => "API key $key not valid",
               details => [{ reason => 'API_KEY_INVALID' }] } })
        if $code == 401 && $ask->{format} eq 'gemini';

    return $json->encode({ error => { code => $code == 401
               ? 'invalid_api_key' : $code, type => 'x',
               message => "Something with $key at $code" } });
}


sub bytes { my ($text) = @_; utf8::encode($text); return $text }


sub plain {
    my ($sock, $status, $text, $type, @headers) = @_;

    $text = bytes($text);

    print $sock "HTTP/1.1 $status X\r\n",
        'Content-Type: ', $type // 'application/json', "\r\n",
        (map { "$_\r\n" } @headers),
        'Content-Length: ', length $text, "\r\n\r\n", $text;

    return 1;
}


sub stream {
    my ($sock, $type) = @_;

    print $sock "HTTP/1.1 200 OK\r\nContent-Type: ",
        $type // 'text/event-stream; charset=utf-8',
        "\r\nTransfer-Encoding: chunked\r\n\r\n";
}


sub chunk {
    my ($sock, $bytes) = @_;

    return syswrite $sock, sprintf("%x\r\n", length $bytes) . "$bytes\r\n";
}


sub streamed {
    my ($sock, $bytes, $step) = @_;

    stream($sock);

    for (my $i = 0; $i < length $bytes; $i += $step) {
        chunk($sock, substr $bytes, $i, $step) or return 0;
    }

    print $sock "0\r\n\r\n";

    return 1;
}


sub answer { my ($ask) = @_; return join '', @narrative, closing($ask) }


# How often this program was asked about, this time included.

sub asked {
    my ($ask) = @_;

    my ($name) = $ask->{program} =~ /# name: (\w+)/;
    my $file = CodeRemote::Env::run_dir() . "/asked-$ask->{format}-$name";

    open my $out, '>>', $file or die;
    syswrite $out, 'x';
    close $out;

    return -s $file;
}


# The manners.

sub how_well {
    my ($sock, $ask) = @_;

    return streamed($sock, bytes(events($ask, answer($ask))), 65536);
}


sub how_bytes {
    my ($sock, $ask) = @_;

    return streamed($sock, bytes(events($ask, answer($ask))), 1);
}


sub how_crlf {
    my ($sock, $ask) = @_;

    my $text = events($ask, answer($ask));

    $text =~ s/\n/\r\n/g;

    return streamed($sock, bytes(": h\x{e4}\r\nevent: x\r\n\r\n$text"), 7);
}


sub how_cr {
    my ($sock, $ask) = @_;

    my $text = events($ask, answer($ask));

    $text =~ s/\n/\r/g;

    return streamed($sock, "\xef\xbb\xbf" . bytes($text), 5);
}


# Events without what ends the last one, and without the last one.

sub how_loose {
    my ($sock, $ask) = @_;

    my $text = events($ask, answer($ask));

    $text =~ s/\n+\z//;
    $text =~ s/data: \[DONE\]\z//;

    return streamed($sock, bytes($text), 100);
}


sub how_whole {
    my ($sock, $ask) = @_;

    return plain($sock, 200, $ask->{format} eq 'gemini'
        ? '[' . event($ask, answer($ask)) . ','
          . event($ask, '', 'STOP') . ']'
        : $json->encode({ object => 'chat.completion', choices => [{
              message => { role => 'assistant', content => answer($ask) },
              finish_reason => 'stop' }] }));
}


# The time of each event is in it: seconds of the clock.

sub how_slow {
    my ($sock, $ask) = @_;

    stream($sock);

    for (1 .. 5) {
        chunk($sock, bytes('data: ' . event($ask,
              sprintf "at %.6f\n", time) . "\n\n")) or return 0;
        sleep 0.2;
    }

    chunk($sock, bytes(events($ask, closing($ask)))) or return 0;
    print $sock "0\r\n\r\n";

    return 1;
}


sub wait_for_end {
    my ($sock) = @_;

    my $buf;

    return sysread($sock, $buf, 1) && 0;
}


sub how_silent {
    my ($sock, $ask) = @_;

    stream($sock);
    chunk($sock, bytes('data: ' . event($ask, 'Well') . "\n\n"));

    return wait_for_end($sock);
}


sub how_mute { my ($sock) = @_; return wait_for_end($sock) }


sub how_early {
    my ($sock, $ask) = @_;

    my $text = bytes(events($ask, answer($ask)));

    stream($sock);
    chunk($sock, substr $text, 0, length($text) / 3);

    return 0;
}


sub how_early_once {
    my ($sock, $ask) = @_;

    return how_well($sock, $ask) if asked($ask) > 1;

    stream($sock);
    chunk($sock, 'data: {');

    return 0;
}


sub how_close { return 0 }


sub how_busy {
    my ($sock, $ask) = @_;

    return plain($sock, 429, error($ask, 429), undef, 'Retry-After: 7');
}


sub how_busy_once {
    my ($sock, $ask) = @_;

    return asked($ask) > 1 ? how_well($sock, $ask)
           : plain($sock, 429, error($ask, 429), undef, 'Retry-After: 1');
}


sub how_fail {
    my ($sock, $ask) = @_;

    asked($ask) if $ask->{program} =~ /# name:/;

    return plain($sock, 500, error($ask, 500));
}


sub how_fail_once {
    my ($sock, $ask) = @_;

    return asked($ask) > 1 ? how_well($sock, $ask)
                           : plain($sock, 503, 'overloaded', 'text/plain');
}


sub how_error {
    my ($sock, $ask) = @_;

    return streamed($sock, 'data: ' . error($ask, 503) . "\n\n", 1000);
}


sub how_key { my ($sock, $ask) = @_; return plain($sock,
    $ask->{format} eq 'gemini' ? 400 : 401, error($ask, 401)) }

sub how_forbidden { my ($sock, $ask) = @_; return plain($sock, 403,
    error($ask, 403)) }

sub how_gone { my ($sock, $ask) = @_; return plain($sock, 404,
    '{"error":{"code":404,"message":"no such model"}}') }


sub html { return "<!doctype html>\n<title>Welcome</title>\n" }

sub how_html { return plain($_[0], 200, html(), 'text/html') }
sub how_html_event { return plain($_[0], 200, html(), 'text/event-stream') }
sub how_html_fail { return plain($_[0], 502, html(), 'text/html') }
sub how_text { return plain($_[0], 200, "It works!\n", 'text/plain') }
sub how_json { return plain($_[0], 200, '{"hello":"world"}') }
sub how_half { return plain($_[0], 200, '{"choices":[{"message":{"con') }
sub how_nothing { return plain($_[0], 200, '', 'text/event-stream') }

sub how_wrong {
    return streamed($_[0], "data: {\"candidates\": nonsense}\n\n", 9);
}


sub flood {
    my ($sock, $head, $piece) = @_;

    print $sock $head;

    for (1 .. 50) {
        syswrite $sock, $piece or return 0;
    }

    return 0;
}


my $megabyte = 1024 * 1024;
my $endless = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";


sub how_huge {
    my ($sock, $ask) = @_;

    my $piece = 'data: ' . event($ask, 'x' x 1000) . "\n\n";

    return flood($sock, $endless, $piece x ($megabyte / length $piece));
}


sub how_huge_line { return flood($_[0], $endless . 'data: ', 'x' x $megabyte) }

sub how_huge_comment { return flood($_[0], $endless,
    scalar((': ' . 'x' x 61 . "\n") x ($megabyte / 64))) }

sub how_huge_document { return flood($_[0], $endless . '{"a":"',
    'x' x $megabyte) }

sub how_huge_error { return flood($_[0],
    "HTTP/1.1 500 X\r\nContent-Type: text/html\r\n\r\n", 'x' x $megabyte) }


sub how_blocked {
    my ($sock, $ask) = @_;

    return streamed($sock, events($ask, ['I would'], 'SAFETY'), 1000);
}


sub how_unasked {
    my ($sock, $ask) = @_;

    return streamed($sock, 'data: ' . ($ask->{format} eq 'gemini'
        ? '{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"}}'
        : '{"choices":[{"delta":{"refusal":"I will not"}}]}') . "\n\n", 1000);
}


sub how_cut {
    my ($sock, $ask) = @_;

    return streamed($sock, bytes(events($ask, [@narrative], 'MAX_TOKENS')),
                    1000);
}


sub how_empty {
    my ($sock, $ask) = @_;

    return streamed($sock, events($ask, []), 1000);
}


sub how_chat {
    my ($sock, $ask) = @_;

    return streamed($sock, events($ask, ['I like turtles.']), 1000);
}


# A model that forgets the word, with a block or without one.

sub how_forget {
    my ($sock, $ask) = @_;

    return streamed($sock, bytes(events($ask,
                        closing($ask, check => 'the word'))), 1000);
}


sub how_headings {
    my ($sock, $ask) = @_;

    return streamed($sock, bytes(events($ask, [@narrative])), 1000);
}


# Copies of the program, as a model that falls for it would write them.

sub how_echo {
    my ($sock, $ask) = @_;

    my ($way) = $ask->{program} =~ /# way: (\w+)/;
    my $p = $ask->{program};
    my $quoted = $p =~ s/^/> /mgr;

    my %ways = (
        before => "$p\n" . closing($ask),
        after => closing($ask) . "\n$p\n",
        fenced => "```python\n$p\n```\n" . closing($ask),
        closed => closing($ask) . "```json\n$p\n```\n",
        around => $p . closing($ask) . $p,
        quoted => closing($ask) . "$quoted\n",
        escaped => closing($ask, time_explanation => $p),
        prompt => "$ask->{system}\n$ask->{user}\n" . closing($ask),
        later => closing($ask) . "$ask->{system}\n$ask->{user}\n",
        forgot => "$p\n",
    );

    return streamed($sock, bytes(events($ask, $ways{$way})), 1000);
}


1;
