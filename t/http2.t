# The same over HTTP/2, where many requests share a connection and a client
# that goes away resets its stream alone.

use strict;
use warnings;

use lib 't/lib';
use POSIX ();
use Test::More;

use CodeRemote::Client;
use CodeRemote::Data qw( data_like );
use CodeRemote::Procs qw( wait_for );
use CodeRemote::Server;

my ($features) = `curl --version 2>/dev/null` =~ /^Features:(.*)/m;

plan skip_all => 'there is no curl that speaks HTTP/2'
    if ($features // '') !~ /\bHTTP2\b/;

# curl shares a connection between requests only where TLS told it that the
# server speaks HTTP/2
my $dir = CodeRemote::Env::run_dir();

system("openssl req -x509 -newkey rsa:2048 -keyout $dir/key.pem"
       . " -out $dir/cert.pem -days 2 -nodes -subj /CN=localhost"
       . " >/dev/null 2>&1") == 0
    or plan skip_all => 'there is no openssl to make a certificate with';

# HTTP/1.1 for the questions, HTTP/2 for what is tested
my $port2 = CodeRemote::Env::free_port();

my $server = CodeRemote::Server->new(http => <<"_EOC_")->start;
log_format h2 '\$connection';
server {
    listen 127.0.0.1:$port2 ssl http2;
    ssl_certificate $dir/cert.pem;
    ssl_certificate_key $dir/key.pem;
    access_log logs/h2.log h2;
${\ CodeRemote::Env::locations() }
}
_EOC_

my $client = $server->client;
my $url = "https://127.0.0.1:$port2";

my @options = ('-s', '-k', '--http2', '-H', 'Content-Type: application/json');


sub curl {
    return ('curl', @options, @_);
}


# Starts a curl and answers its pid.

sub spawn {
    my @command = curl(@_);

    my $pid = fork // die "fork: $!\n";

    if ($pid == 0) {
        open STDOUT, '>', '/dev/null';
        { exec { $command[0] } @command };
        POSIX::_exit(127);
    }

    return $pid;
}


sub post {
    my ($code) = @_;

    open my $pipe, '-|', curl("$url/execute?wait=true", '-d',
                              CodeRemote::Client->encode({ code => $code }))
        or die "curl: $!\n";

    local $/;
    return CodeRemote::Client->decode(scalar <$pipe>);
}


sub cells_work {
    my @pids = map { $_->{pid} } $server->kin('cell');
    my $before = CodeRemote::Procs::cpu_ticks(@pids);
    select undef, undef, undef, 0.2;
    return CodeRemote::Procs::cpu_ticks(@pids) > $before;
}


data_like(post('print(6 * 7)'),
          { status => 'completed', result => { stdout => "42\n" } }, 'a job');

data_like(post(''), { status => 422, errors => [{ field => 'code' }] },
          'a problem');

data_like(post("for i in range(2000):\n    print('x' * 500)"),
          { status => 'completed',
            result => { stdout => sub {
                $_ eq scalar(('x' x 500 . "\n") x 2000)
            } } },
          'a megabyte');


subtest 'many streams of one connection' => sub {
    my @args;

    for my $n (1 .. 30) {
        my $body = CodeRemote::Client->encode({ code => "print($n)" });

        push @args, '--next' if @args;
        push @args, @options, '-d', $body, '-o', "$dir/h2-$n",
             "$url/execute?wait=true";
    }

    my $log = "$server->{dir}/logs/h2.log";
    my $before = length CodeRemote::Procs::slurp($log);

    is(system("curl --parallel --parallel-max 30 @{[map { quotemeta } @args]}"
              . ' >/dev/null 2>&1'), 0, 'curl');

    my @bad = grep {
        my $job = CodeRemote::Client->decode(
            CodeRemote::Procs::slurp("$dir/h2-$_"));
        !ref $job || ($job->{result}{stdout} // '') ne "$_\n"
    } 1 .. 30;

    is_deeply(\@bad, [], 'each has its own output');

    my %connections;
    $connections{$_}++
        for split /\n/, substr CodeRemote::Procs::slurp($log), $before;
    cmp_ok(scalar keys %connections, '<', 30, 'they shared connections');
    note(join ' ', values %connections);
};


subtest 'a client that goes away stops its job' => sub {
    my $body = CodeRemote::Client->encode({
        code => "while True:\n    pass", timeout_seconds => 30
    });
    my @pids = map { spawn("$url/execute?wait=true", '-d', $body) } 1 .. 3;

    ok(wait_for(\&cells_work), 'they run');

    kill KILL => @pids;
    waitpid $_, 0 for @pids;

    ok(wait_for(sub { !cells_work() }), 'none goes on');
    data_like($client->run('print(1)'), { status => 'completed' },
              'the next job works');
};

$server->finish;
done_testing();
