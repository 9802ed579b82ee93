# Modules that a profile of Python wants warm: those that are not there, those
# that may be missing, and one that leaves a thread behind.

use strict;
use warnings;

use lib 't/lib';
use Test::More;

use CodeRemote::Env;
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Profile ();
use CodeRemote::Server;

plan skip_all => 'a profile is root\'s' if !CodeRemote::Profile::writable('python-open');

# Where the zygote finds modules of the test's own.
my $dir = CodeRemote::Env::run_dir() . '/modules';
mkdir $dir or die "$dir: $!\n";

sub module {
    my ($name, $text) = @_;

    open my $out, '>', "$dir/$name.py" or die "$dir/$name.py: $!\n";
    print $out $text;
    close $out;
}

module('lingers', <<'END');
import threading
threading.Thread(target=threading.Event().wait, daemon=True).start()
END

module('broken', "import no_such_thing\n");

module('numbers_of_its_own', <<'END');
import os
drawn = os.urandom(8).hex()
setting = os.environ.get("SETTING")
def draw():
    global drawn
    drawn = os.urandom(8).hex()
END


# A server whose python-open warms so.

sub server_with {
    my (@options) = @_;

    CodeRemote::Profile::edit('python-open', sub {
        s/^(tree = .*)$/$1 $dir/m;
        s/^(option\.path = .*)$/$1 $dir/m;
        s/^option\.(?:warm_optional|warm_env|reseed) = .*\n//mg;
        $_ .= join '', map { "option.$_\n" } @options;
    });

    return CodeRemote::Server->new;
}

sub stdout_of {
    my ($server, $code) = @_;

    my $res = $server->client->request(POST => '/execute?wait=true',
                               { code => $code, language => 'python-open' });

    return $res->json->{result}{stdout} // $res->text;
}


my $server = server_with('warm_optional = not_there broken numbers_of_its_own',
                         'warm_env = SETTING=1',
                         'reseed = numbers_of_its_own:draw not_there:draw')
             ->start;

is(stdout_of($server, "print(1)\n"), "1\n", 'what is missing is done without');

my $ask = 'import os, sys; a = "numbers_of_its_own" in sys.modules;'
          . 'import numbers_of_its_own as n;'
          . 'print(a, n.setting, os.environ.get("SETTING"), n.drawn)';
my @drawn = map { stdout_of($server, $ask) } 1, 2;

like($_, qr/^False 1 None [0-9a-f]{16}\n$/,
     'a module is out of sight, was warm in its environment, and has its own '
     . 'numbers') for @drawn;
isnt($drawn[0], $drawn[1], 'which are no other cell\'s');

my $log = $server->error_log;

like($log, qr/says: broken cannot be imported: ModuleNotFoundError: .*thing/,
     'the log has why');
like($log, qr/says: not installed, programs do without: not_there broken$/m,
     'and what programs do without');

$server->finish;


$server = server_with('warm_optional = lingers')->start;

ok(wait_for(sub { $server->error_log =~ /left a thread behind/ }, 20),
   'a thread that was left is told of');

$server->finish;

done_testing();
