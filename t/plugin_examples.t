# The modules of examples/, which are built with the public header alone.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use JSON::PP ();

use CodeRemote::Env;
use CodeRemote::Plugins;
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

my @names = qw( outline refuse joblog );
my %file = map { $_ => CodeRemote::Plugins::example($_) } @names;
my $dir = CodeRemote::Env::run_dir();
my $log = "$dir/jobs.log";
my $json = JSON::PP->new->utf8;


subtest 'what they are built with' => sub {
    my $inc = CodeRemote::Env::root_dir() . '/build/examples/include';
    my $log = CodeRemote::Procs::slurp("$inc/../nginx/Makefile");

    is_deeply([map { m{([^/]+)$} } glob "$inc/*"],
              ['ngx_http_coderemote_api.h'], 'a folder with one header');
    unlike($log, qr/ngx_http_coderemote_module\/|sandbox_helper/,
           'nothing else of ours');
    like($log, qr/\Q$inc\E/, 'it is the one that is used');
};


subtest 'load order' => sub {
    my $ours = CodeRemote::Env::module();

    for my $name (@names) {
        like(CodeRemote::Plugins::said([$file{$name}, $ours]),
             qr/the plug-in with "$name" is loaded before the module/,
             "$name before the module");
    }

    is(CodeRemote::Plugins::said([$ours, @file{@names}]), '', 'as they should');
};


subtest 'directives' => sub {
    my $server = CodeRemote::Server->new(
        main => join '', map { "load_module $_;\n" } @file{@names});

    my @wrong = (
        ['refuse_program turtle;', qr/needs a pattern and a sentence/],
        ['refuse_program "" "No.";', qr/has an empty pattern/],
        ['refuse_program ~( "No.";', qr/pcre2?_compile\(\) failed/],
        ['joblog logs/a output=2k;', qr/takes a file, or off, and output=/],
        ['joblog logs/a size=1k;', qr/takes a file, or off, and output=/],
        ['joblog logs/a; joblog logs/b;', qr/is duplicate/],
        ['access_log logs/a combined buffer=4k; joblog logs/a;',
         qr/names a file that another log with a buffer has/],
        ['outline_depth 0;', qr/value must be between 1 and 32/],
    );

    for my $case (@wrong) {
        $server->configure(http => $case->[0]);
        my @command = $server->nginx('-t');
        like(`@command 2>&1`, $case->[1], $case->[0]);
    }
};


my $server = CodeRemote::Server->new(
    main => join('', map { "load_module $_;\n" } @file{@names}),
    http => "joblog $log output=64;",
    server => 'coderemote_user $http_x_user;'
              . 'refuse_program turtle "There is no screen.";'
              . 'refuse_program "~^\s*while\s+1\b" "Say when it ends.";',
    locations => CodeRemote::Env::locations() . <<'_EOC_',
        location /free { coderemote_execute; refuse_program off; }
        location /own { coderemote_execute; refuse_program print "Be quiet."; }
        location /quiet { coderemote_execute; joblog off; }
        location /analyze { coderemote_analyze; coderemote_analyzer outline; }
        location /deep { coderemote_analyze; coderemote_analyzer outline;
            outline_depth 3; }
_EOC_
)->start;

my $client = $server->client(headers => { 'X-User' => 'ann' });


sub run {
    my ($code, $where) = @_;

    return $client->post(($where // '/execute') . '?wait=true',
                         { code => $code, language => 'python-open' });
}


# The line of a job, once it is there.

sub line {
    my ($what) = @_;

    my ($line, @all);

    wait_for(sub {
        @all = map { $json->decode($_) }
               split /\n/, CodeRemote::Procs::slurp($log);
        ($line) = grep { $what->($_) } @all;
    }) or diag('no such line: ' . CodeRemote::Procs::slurp($log));

    return $line // {};
}

sub line_of {
    my ($id) = @_;

    return line(sub { $_[0]{job_id} eq $id });
}


subtest 'the analyzer' => sub {
    my $code = <<'_EOC_';
"""Pairs
for nothing.
"""
def pairs(words):
    for a in words:
        if a:
            # a comment
            for b in words:
                yield a, b

    while words:
        words.pop()
_EOC_

    my $r = $client->post('/analyze', { code => $code })->json;

    ok($r->{success}, 'a success');
    is($r->{provider}, 'outline', 'by it');
    is($r->{narrative}, '12 lines, 8 of them code: 3 loops, 1 branches, '
                        . '1 functions.', 'what it counts');
    is($r->{time_complexity}, 'O(n^2)', 'what it guesses');
    is_deeply($r->{suggestions},
              ['Look at line 8: a set or a dictionary may take the place of '
               . 'its loop.'], 'what it suggests');

    $r = $client->post('/deep', { code => $code })->json;
    is_deeply($r->{suggestions}, [], 'less in a location that says so');

    $r = $client->post('/analyze', { code => "print(1)" })->json;
    is($r->{time_complexity}, 'O(1)', 'no loop');

    $r = $client->post('/analyze', { code => 'for i in range(3): print(i)' })
         ->json;
    is($r->{time_complexity}, 'O(n)', 'one');

    my $deep = join '', map { ' ' x $_ . "for x$_ in y:\n" } 0 .. 99;
    $r = $client->post('/analyze', { code => $deep . ' ' x 100 . 'pass' })
         ->json;
    is($r->{time_complexity}, 'O(n^32)', 'a hundred');

    my @all = $client->all([map { [POST => '/analyze', { code => "a = $_" }] }
                            1 .. 40]);
    is(scalar(grep { $_->json->{success} } @all), 40, 'forty at once');
};


subtest 'the policy' => sub {
    my $res = run("import turtle\n");

    is($res->{code}, 403, 'refused');
    is($res->json->{detail}, 'There is no screen.', 'with the sentence');

    is(run("x = 'TURTLE'")->json->{detail}, 'There is no screen.',
       'in any letters');
    is(run("if 1:\n  while 1: pass")->json->{detail}, 'Say when it ends.',
       'by a pattern');
    is(run("x = 'while 1'; print(x)")->json->{result}{stdout}, "while 1\n",
       'which does not match');

    is(run("print('turtle')", '/free')->json->{result}{stdout}, "turtle\n",
       'off in a location');
    is(run("print('turtle')", '/own')->json->{detail}, 'Be quiet.',
       'others in a location');
    is(run("turtle = 1", '/own')->{code}, 200, 'and only those');

    is($client->post('/analyze', { code => 'turtle' })->{code}, 403,
       'no analysis either');

    my @files = map { { name => $_->[0], content => $_->[1] } }
                (['one.py', 'x = 1'], ['two.py', "import turtle\n"]);
    my %job = (code => 'import two', language => 'python-open');

    is($client->post('/execute?wait=true', { %job, files => \@files })->{code},
       403, 'nor in a file');
    is($client->post('/execute?wait=true',
                     { %job, code => 'print(1)',
                       files => [$files[0]] })->json->{result}{stdout},
       "1\n", 'another file is nothing bad');
};


subtest 'the sink' => sub {
    my $id = run("print('hi \"there\"')\n")->json->{job_id};
    my $l = line_of($id);

    is($l->{user}, 'ann', 'whose it is');
    is($l->{language}, 'python-open', 'the language');
    is($l->{status}, 'completed', 'how it ended');
    is($l->{stdout}, "hi \"there\"\n", 'what it printed');
    cmp_ok($l->{run_us}, '>', 0, 'how long it took');
    cmp_ok($l->{memory}, '>', 0, 'and what');

    $l = line_of(run("1 // 0\n")->json->{job_id});
    is($l->{status}, 'failed', 'one that failed');
    is($l->{error_type}, 'ZeroDivisionError', 'of what');

    $l = line_of(run("import sys\n"
                     . "sys.stdout.buffer.write(bytes(range(256)) * 9)\n")
                 ->json->{job_id});
    is(length $l->{stdout}, 64, 'any bytes, and not too many');

    $l = line_of(run("import sys\nsys.stdout.buffer.write("
                     . "b'\\xe2\\x82\\xac\\xed\\xa0\\x80\\xff')")
                 ->json->{job_id});
    is($l->{stdout}, "\x{20ac}????", 'what is no UTF-8');

    run("turtle");
    $l = line(sub { $_[0]{reason} eq 'There is no screen.' });
    is($l->{status}, 'failed', 'one that was refused');

    my $quiet = run('print(1)', '/quiet')->json->{job_id};
    line_of(run('print(2)')->json->{job_id});
    unlike(CodeRemote::Procs::slurp($log), qr/$quiet/, 'off in a location');
};


subtest 'a file that is moved away' => sub {
    my $before = CodeRemote::Procs::slurp($log);

    rename $log, "$log.1" or die;
    my $id = run('print(3)')->json->{job_id};
    kill USR1 => $server->master;

    ok(wait_for(sub { -e $log }), 'another one');
    ok(wait_for(sub {
           (CodeRemote::Procs::slurp("$log.1")
            . CodeRemote::Procs::slurp($log)) =~ /$id/ }), 'nothing is lost');

    line_of(run('print(4)')->json->{job_id});
    like(CodeRemote::Procs::slurp("$log.1"), qr/^\Q$before\E/,
         'what was there stays');
};


subtest 'many jobs, a reload and the end' => sub {
    my @ids = map { $_->json->{job_id} }
              $client->all([map { [POST => '/execute?wait=true',
                                   { code => "print('x' * 1000, $_)" }] }
                            1 .. 60]);
    ok($server->reload, 'reloaded');

    push @ids, run('print(5)')->json->{job_id};
    $server->finish;

    my $all = CodeRemote::Procs::slurp($log);
    my @lost = grep { $all !~ /$_/ } @ids;

    is_deeply(\@lost, [], 'all are written');
    is(scalar(grep { !eval { $json->decode($_) } } split /\n/, $all), 0,
       'all lines are JSON');
};

done_testing();
