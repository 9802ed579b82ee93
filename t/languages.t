# Every language whose profile is shipped: what a newcomer's first programs come
# to.  t/languages/NAME.txt has them, told apart by what they do.

use strict;
use warnings;

use lib 't/lib';
use JSON::PP ();
use Test::More;
use Time::HiRes qw( time );

use CodeRemote::Procs qw( wait_for );
use CodeRemote::Profile ();
use CodeRemote::Programs ();
use CodeRemote::Server;
use CodeRemote::WebSocket;

my $root = CodeRemote::Env::root_dir();
my $slow = CodeRemote::Env::slow();

my @languages = map { m{([^/]+)\.txt$} } sort glob "$root/t/languages/*.txt";

if (my $only = $ENV{CR_LANGUAGES}) {
    my %only = map { $_ => 1 } split ' ', $only;
    @languages = grep { $only{$_} } @languages;
}

# What a program is given, and what must come of it in any language.  What else
# a language says of it stands with the program.

my %kinds = (
    hello => { expect => { status => 'completed', exit_code => 0,
                           stdout => "hello\n", stderr => '' } },
    stdin => { request => { stdin => "a line\n" },
               expect => { status => 'completed',
                           stdout => "got a line\n" } },
    args => { request => { args => ['a b', '', "\x{e9}", '*'] },
              expect => { status => 'completed',
                          stdout => "a b\n\n\x{e9}\n*\n" } },
    wrong => { expect => { status => 'failed' } },
    fails => { expect => { status => 'failed' } },
    exits => { expect => { status => 'failed', error_type => '' } },
    endless => { request => { timeout_seconds => 3 * $slow },
                 expect => { status => 'failed', timed_out => JSON::PP::true,
                             error_type => 'TimeoutError',
                             stdout => "before\n" } },
    hungry => { request => { memory_limit_mb => 256 },
                expect => { status => 'failed', error_type => 'MemoryError',
                            memory_peak_bytes_min => 48 * 1024 * 1024,
                            memory_peak_bytes_max => 300 * 1024 * 1024 } },
    asks => { },
);


# The programs of a language: name, code, expect.

sub programs {
    my ($language) = @_;

    my $text = CodeRemote::Procs::slurp("$root/t/languages/$language.txt");
    my @programs;

    for my $part (split /^== /m, $text) {
        my ($head, $code) = split /\n/, $part, 2;
        next if !defined $code;

        my ($name, $expect) = split / \| /, $head, 2;

        push @programs, {
            name => $name, code => $code,
            expect => { %{ ($kinds{$name} || {})->{expect} || {} },
                        %{ CodeRemote::Client->decode($expect // '{}') } },
        };
    }

    return @programs;
}


# One that is Perl, but for what is there of it.

CodeRemote::Profile::place('absent', CodeRemote::Profile::shipped('perl')
                                     =~ s{/usr/bin/perl\b}{/usr/bin/prel}gr
                                     =~ s{package = perl}{package = prel5}r);

my $server = CodeRemote::Server->new(
    runtimes => [@languages, 'python'],
    allow    => "coderemote_allow @languages python absent;",
    http     => 'coderemote_timeout 120s; coderemote_memory 1024m;')->start;


# Asked and answered, in whatever the language has to write with.

sub asked {
    my ($language, $code) = @_;

    my $ws = CodeRemote::WebSocket->new(port => $server->{port},
                                        timeout => 60);
    my $id = $ws->execute(code => $code, language => $language);
    my $shown = '';

    while (my $m = $ws->want('job.output', $id)) {
        $shown .= $m->{data};
        last if length $shown >= length 'name? ';
    }

    is($shown, 'name? ', 'it is asked before anything is answered') or return;

    $ws->say(action => 'stdin', job_id => $id, data => "Ada\n",
             eof => JSON::PP::true);

    my $job = $ws->result($id);

    is($job->{status}, 'completed', 'it goes on')
        or diag(CodeRemote::Client->encode($job));
    like($job->{result}{stdout} // $ws->output($id), qr/hi Ada\n\z/,
         'with what was answered');
}


for my $language (@languages) {

    subtest $language => sub {
        my @programs = programs($language);
        my %has = map { $_->{name} => 1 } @programs;

        is_deeply([grep { !$has{$_} } sort keys %kinds], [],
                  'every kind of program is tried');

        for my $program (@programs) {
            my ($name, $code) = @$program{qw( name code )};

            if ($name eq 'asks') {
                subtest $name => sub { asked($language, $code) };
                next;
            }

            my $began = time;
            my $job = $server->client(timeout => 60)
                      ->run($code, language => $language,
                            %{ ($kinds{$name} || {})->{request} || {} });
            my @wrong = CodeRemote::Programs::wrong($program, $job);

            is_deeply(\@wrong, [], $name)
                or diag(join("\n", @wrong), "\n",
                        CodeRemote::Client->encode($job));

            diag(sprintf '%s, %s: %.0f ms, of that %.0f in the cell',
                 $language, $name, 1000 * (time - $began),
                 $job->{result}{execution_time_ms} // 0)
                if $name eq 'hello';
        }
    };
}


sub told {
    return map { $_->{name} => $_ }
           @{ $server->client->get('/runtimes')->json };
}


subtest 'what is told of them' => sub {
    my %told = told();

    for my $language (@languages) {
        my ($said) = CodeRemote::Profile::shipped($language)
                     =~ /^language = (.*)$/m;

        is($told{$language}{language}, $said, "$language is $said");
        like($told{$language}{version}, qr/^\d+(\.\d+)*$/,
             "of version $told{$language}{version}");
        ok($told{$language}{available}, 'and can be asked for');
    }
};


subtest 'a language that is not installed' => sub {
    my $why = 'prel is not installed: apt install prel5';

    ok(wait_for(sub { my %told = told(); $told{absent}{reason} }),
       'it is told');

    my %told = told();

    ok(!$told{absent}{available}, 'as one that cannot be asked for');
    is($told{absent}{reason}, $why, 'with what is to be done');

    my $res = $server->client->post('/execute?wait=true',
                                    { code => '1', language => 'absent' });

    is($res->{code}, 503, 'a job is refused');
    like($res->json->{detail}, qr/\Q$why\E/, 'with the same words');
};


subtest 'by other names' => sub {
    my %names = (bash => 'sh', cpp => 'C++', go => 'golang', node => 'js',
                 perl => 'pl', rust => 'rs', python => 'py');
    my %told = told();

    for my $name (grep { $names{$_} } @languages, 'python') {
        my $alias = $names{$name};

        ok((grep { $_ eq lc $alias } @{ $told{$name}{aliases} }),
           "$name is $alias as well");

        my $res = $server->client->post('/execute',
                                        { code => '#', language => $alias });

        is($res->{code}, 202, 'and can be asked for by that');
        is($server->client->finished($res->json->{job_id})->{language}, $name,
           'and is then called what it is');
    }
};


$server->finish;
done_testing();
