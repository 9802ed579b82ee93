# Models: every manner that a server may have, in Gemini's and in OpenAI's wire
# format, ends in the answer that docs/MODELS.md promises.

use strict;
use warnings;

use lib 't/lib';
use Test::More;
use Time::HiRes qw( time );

use CodeRemote::Data qw( data_like );
use CodeRemote::Env;
use CodeRemote::Model ();
use CodeRemote::Procs qw( wait_for );

my $yes = $JSON::PP::true;
my $no = $JSON::PP::false;

my $model = CodeRemote::Model->start;
my $server = $model->server(workers => 1)->start;
my $client = $server->client;

my $loop = "for i in range(n):\n    print(i)\n";


sub program { my ($how) = @_; return "# how: $how\n# name: $how\n$loop" }

sub ask {
    my ($where, $how) = @_;

    return $client->post("/$where", { code => program($how) });
}


# What a worker has open, and what it waits for.

sub open_files {
    my ($worker) = $server->workers;

    return join "\n", sort map {
        my $link = readlink($_) // '';
        $link =~ s/\[\d+\]//r;
    } glob "/proc/$worker/fd/*";
}


# Nothing of an analysis stays: connections to the model are closed, or idle
# ones that libcurl keeps for the next.

sub calm {
    my ($before) = @_;

    my $now;

    my $same = wait_for(sub {
        $now = scalar(split /\n/, open_files());
        return $now <= $before;
    }, 10);

    return $same ? undef : "$now files are open, and $before were";
}


my %good = (
    success => $yes, available => $yes, error => undef, notice => undef,
    time_complexity => 'O(n log n)', time_explanation => 'It sorts.',
    space_complexity => 'O(n)', space_explanation => 'It copies.',
    algorithm_identified => "H\x{e4}lften",
    suggestions => ['Use sorted()', "Nimm \x{fc}berall <b>heapq</b>"],
    narrative => qr/H\x{e4}lften \x{1f600} sort(?!.*check)/s,
);

for my $how (qw( well bytes crlf cr loose whole slow busy_once fail_once
                 early_once ))
{
    for my $format (qw( gemini openai )) {
        my $started = time;
        my $res = ask($format, $how);

        is($res->{code}, 200, "$format, $how: 200") or diag($res->text);
        data_like($res->json, {
            %good, provider => $format,
            model => $format eq 'gemini' ? qr/^gemini-/ : qr/^gpt-/,
            $how eq 'slow' ? (narrative => qr/^(?:at [\d.]+\n){5}/) : (),
        }, "$format, $how: the answer") or diag($res->text);

        diag(sprintf '%s, %s: %.3f s', $format, $how, time - $started);
    }
}


# Manner, status without another analyzer, and what it says.  retry: seconds.

my @bad = (
    ['silent', 504, 'did not answer in time'],
    ['mute', 504, 'did not answer in time'],
    ['early', 502, 'ended its answer early'],
    ['close', 503, 'cannot be reached'],
    ['busy', 503, 'takes no more requests', retry => 7],
    ['fail', 502, 'has failed'],
    ['error', 502, 'has failed'],
    ['html_fail', 502, 'has failed'],
    ['gone', 502, 'refuses the request'],
    ['html', 502, 'what no model would'],
    ['html_event', 502, 'what no model would'],
    ['text', 502, 'what no model would'],
    ['json', 502, 'what no model would'],
    ['wrong', 502, 'what no model would'],
    ['half', 502, 'what no model would'],
    ['nothing', 502, 'ended its answer early'],
    ['huge', 502, 'did not come to an end'],
    ['huge_line', 502, 'did not come to an end'],
    ['huge_comment', 502, 'did not come to an end'],
    ['huge_document', 502, 'did not come to an end'],
    ['huge_error', 502, 'has failed'],
    ['cut', 502, 'may not say as much'],
    ['empty', 502, 'answered nothing'],
    ['chat', 502, 'nothing that can be relied on'],
);

my $idle = scalar(split /\n/, open_files());

for my $case (@bad) {
    my ($how, $status, $text, %more) = @$case;

    for my $format (qw( gemini openai )) {
        my $started = time;
        my $waits = $client->start(POST => "/$format-only",
                                   { code => program($how) });

        # somebody else meanwhile
        my ($worst, $n, $other) = (0, 0, $server->client);

        while (!$waits->{done} && time - $started < 20) {
            my $at = time;
            $other->get('/health');
            my $took = time - $at;

            $worst = $took if $took > $worst;
            $n++;
            $client->drive(sub { $waits->{done} }, 0.02);
        }

        my $took = time - $started;

        ok($waits->{done}, "$format, $how: ends");
        is($waits->{code}, $status, "$format, $how: $status")
            or diag($waits->text);
        data_like($waits->json, { detail => qr/\Q$text\E/ },
                  "$format, $how: $text") or diag($waits->text);
        is($waits->{headers}{'retry-after'}, $more{retry},
           "$format, $how: when to come again");

        my $res = ask($format, $how);

        is($res->{code}, 200, "$format, $how: the builtin one answers")
            or diag($res->text);
        data_like($res->json, { provider => 'builtin', success => $yes,
                                available => $yes, model => undef,
                                notice => qr/\Q$text\E/ },
                  "$format, $how: and says why") or diag($res->text);

        diag(sprintf '%s, %s: %.3f s; meanwhile %d others, at most %.1f ms',
             $format, $how, $took, $n, 1000 * $worst);
    }
}


# Not for want of a server: nobody else is asked.

for my $case (['blocked', 'declines', 'I would'], ['unasked', 'declines', ''],
              ['key', 'does not accept the key', ''],
              ['forbidden', 'does not accept the key', ''])
{
    my ($how, $text) = @$case;

    for my $format (qw( gemini openai )) {
        my $res = ask($format, $how);

        is($res->{code}, 200, "$format, $how: 200") or diag($res->text);
        data_like($res->json, {
            success => $no, available => $yes, provider => $format,
            error => qr/\Q$text\E/, time_complexity => undef,
        }, "$format, $how: $text") or diag($res->text);
    }
}


# A model that forgets the word is believed where the program says nothing.

for my $how (qw( forget headings )) {
    for my $format (qw( gemini openai )) {
        my $res = ask($format, $how);

        data_like($res->json, {
            success => $yes, provider => $format,
            time_complexity => 'O(n log n)', space_complexity => 'O(n)',
            time_explanation => qr/sorts\.$/,
        }, "$format, $how: is believed") or diag($res->text);

        $res = $client->post("/$format",
            { code => program($how) . "# complexity\n" });

        data_like($res->json, { provider => 'builtin',
                                notice => qr/nothing that can be relied on/ },
                  "$format, $how: not if the program speaks of it")
            or diag($res->text);
    }
}

is(calm($idle), undef, 'no descriptor is left');

my $log = $server->error_log . $server->access_log;

unlike($log, qr/\Q$CodeRemote::Model::KEY\E/, 'the key is in no log');
unlike($log, qr/0123456789|abcdefghijkl/, 'nor a part of it');
unlike($log, qr/range\(n\)/, 'nor a program');
like($log, qr/It said: "no such model"/, 'but what went wrong');

$server->finish;
$model->stop;

done_testing();
