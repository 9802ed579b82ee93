# Lua, the second language that is warm: every program of t/lua/ by a real
# nginx and helper, then what takes more than one program.
#
# CR_PROGRAMS="a.lua b.lua" runs only those.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Programs qw( programs request wrong );
use CodeRemote::Server;
use CodeRemote::WebSocket;
use CodeRemote::Wire;

my $server = CodeRemote::Server->new(runtimes => ['lua'])->start;
my $client = $server->client;


sub run {
    my ($code, %opt) = @_;

    return $client->run($code, language => 'lua', %opt);
}


my @programs = programs('lua');
my @res = $client->all([map { request($_) } @programs], clients => 4,
                       deadline => 120);

for my $i (0 .. $#programs) {
    my @wrong = wrong($programs[$i], $res[$i]->json);

    ok(!@wrong, $programs[$i]{name} =~ s{.*/}{}r)
        or diag(join "\n", @wrong,
                substr $res[$i]{body} || $res[$i]->text, 0, 2000);
}


subtest 'what a file may begin with' => sub {
    is(run("#!/usr/bin/lua\nprint(1)")->{result}{stdout}, "1\n",
       'its interpreter');
    is(run("#")->{status}, 'completed', 'nothing more');
    is(run("\x{feff}print(2)")->{result}{stdout}, "2\n", 'a byte order mark');
    is(run("#\nx x")->{result}{error}, "main.lua:2: syntax error near 'x'",
       'the lines are counted');
    is(run("\e[31mLua")->{result}{error_type}, 'SyntaxError',
       'what is no text');
};


subtest 'random numbers are of each cell alone' => sub {
    my %seen;
    my @jobs = map { $_->json } $client->all([map {
        [POST => '/execute?wait=true',
         { language => 'lua', code => 'print(math.random(1 << 52))' }]
    } 1 .. 40], clients => 8);

    $seen{$_->{result}{stdout}}++ for @jobs;
    is(scalar keys %seen, 40, '40 jobs, 40 numbers');
    is(run('math.randomseed(42) print(math.random(1000), math.random(1000))')
           ->{result}{stdout},
       run('math.randomseed(42) print(math.random(1000), math.random(1000))')
           ->{result}{stdout}, 'and a seed is a seed');
};


subtest 'live: output when it is written, input when it is asked for' => sub {
    my $ws = CodeRemote::WebSocket->new(port => $server->{port});
    my $job = $ws->execute(language => 'lua', code => <<'_EOC_');
io.write("name? ")
local name = io.read()
io.write("hello ", name)
io.stdout:flush()
print(", " .. (io.read("n") + 1))
local n = 0
for line in io.lines() do n = n + 1 end
print(n - 1 .. " lines more")
_EOC_
    my $shown = sub {
        my ($text) = @_;
        ok($ws->pump(sub { $ws->output($job) eq $text }), "it shows: $text")
            or diag($ws->output($job));
    };

    $shown->('name? ');
    $ws->say(action => 'stdin', job_id => $job, data => "Ada\n");
    $shown->('name? hello Ada');
    $ws->say(action => 'stdin', job_id => $job, data => '4');
    $ws->say(action => 'stdin', job_id => $job, data => "1\na\nb\n",
             eof => $JSON::PP::true);

    is($ws->result($job)->{result}{stdout},
       "name? hello Ada, 42\n2 lines more\n", 'all of it');
    $ws->close;
};


subtest 'files, artifacts, a check alone' => sub {
    my $user = CodeRemote::Env::worker_user();
    my $wire = CodeRemote::Wire->connect($server->{sock},
        defined $user ? (uid => (getpwnam $user)[2]) : ());

    $wire->hello or BAIL_OUT('no sandbox');

    my $r = $wire->run('lua', <<'_EOC_', files => {
local util = require("util")
print(util.f(), require("pkg.deep"), io.open("in.txt"):read("a"))
io.open("out.txt", "w"):write(("x"):rep(5000))
_EOC_
        'util.lua' => 'return { f = function() return "util" end }',
        'pkg/deep.lua' => 'return ...',
        'in.txt' => 'in',
    }, patterns => ['out.*']);

    is($r->{stdout}, "util\tpkg.deep\tin\n", 'files are there, and modules')
        or diag($r->{stderr});
    is_deeply($r->{artifacts}, { 'out.txt' => 'x' x 5000 },
              'what it did not close is written');

    $r = $wire->run('lua', 'print(1)', kind => 'check');
    is("$r->{end} $r->{exit_code} $r->{stdout}", 'claim 0 ', 'it is not run');
    $r = $wire->run('lua', 'print(1', kind => 'check');
    is($r->{error_type}, 'SyntaxError', 'what is wrong is told');
};


subtest 'it is told of' => sub {
    my ($lua) = grep { $_->{name} eq 'lua' }
                @{ $client->get('/runtimes')->json };

    is($lua->{language}, 'Lua', 'its language');
    like($lua->{version}, qr/^5\.4\.\d+$/, 'its version');
};


subtest 'what is made ready when it is needed' => sub {
    my @jobs = map { $_->json } $client->all([map {
        [POST => '/execute?wait=true',
         { language => 'lua', code => "print($_)" }]
    } 1 .. 60], clients => 30);

    is_deeply([map { $_->{result}{stdout} } @jobs],
              [map { "$_\n" } 1 .. 60], 'more at once than are parked');
};


is($server->healthy->{code}, 200, 'healthy afterwards');

$server->finish;
done_testing();
