# Files that a program is given and files that it leaves: bytes come through
# unchanged, what is too much is told, and nobody else sees any of it.

use strict;
use warnings;

use lib 't/lib';
use MIME::Base64 qw( decode_base64 encode_base64 );
use Test::More;

use CodeRemote::Data qw( data_like );
use CodeRemote::Server;

my $server = CodeRemote::Server->new(
    server => 'coderemote_max_files 4m; coderemote_max_artifacts 1m;'
)->start;
my $client = $server->client;

my $true = CodeRemote::Client->decode('true');
my $false = CodeRemote::Client->decode('false');


sub run {
    my ($code, %fields) = @_;

    return $client->run($code, language => 'python-open', %fields);
}


sub artifacts {
    my ($job) = @_;
    return $job->{result}{artifacts};
}


sub names {
    my ($job) = @_;
    return join ' ', sort map { $_->{name} } @{ artifacts($job) };
}


subtest 'text and bytes' => sub {
    my $all = join '', map { chr } 0 .. 255;

    my $job = run(<<'EOT',
import os
os.mkdir('out')
open('out/all', 'wb').write(open('data/in.bin', 'rb').read()[::-1])
open('out/text', 'w').write('h\u00e9\n')
open('out/empty', 'w')
open('not', 'w').write('x')
print(open('data/in.txt').read())
EOT
        files => [{ name => 'data/in.txt', content => "\x{20ac}" },
                  { name => 'data/in.bin', encoding => 'base64',
                    content => encode_base64($all, '') }],
        artifacts => ['out/*']);

    data_like($job, { status => 'completed',
                      result => { stdout => "\x{20ac}\n" } }, 'the job')
        or diag(explain($job));

    my %of = map { $_->{name} => $_ } @{ artifacts($job) };
    is(names($job), 'out/all out/empty out/text', 'names');
    data_like($of{'out/all'}, { size => 256, encoding => 'base64',
                                left_out => $false }, 'bytes');
    is(decode_base64($of{'out/all'}{content}), scalar reverse($all),
       'and which');
    data_like($of{'out/text'}, { size => 4, encoding => 'utf8',
                                 content => "h\x{e9}\n" }, 'text');
    data_like($of{'out/empty'}, { size => 0, content => '',
                                  left_out => $false }, 'nothing');
};


# Beyond one frame of the protocol, and beyond its parts.

subtest 'large programs' => sub {
    my @files = map { { name => "f$_", content => chr(97 + $_) x 700_001 } }
                0 .. 4;

    my $job = run('import hashlib
for i in range(5):
    print(hashlib.md5(open(f"f{i}", "rb").read()).hexdigest())
', files => \@files);

    require Digest::MD5;
    is($job->{result}{stdout},
       join('', map { Digest::MD5::md5_hex($_->{content}) . "\n" } @files),
       'all of it arrives') or diag(explain($job));

    data_like(run('print(len(open("f0").read()), input())',
                  files => [$files[0]], stdin => 'in'),
              { result => { stdout => "700001 in\n" } }, 'before its input');
};


subtest 'what is too much is told' => sub {
    my $job = run(<<'EOT', artifacts => ['*']);
open('a', 'w').write('a' * 600000)
open('b', 'w').write('b' * 600000)
open('c', 'w').write('c' * 100)
EOT
    my %of = map { $_->{name} => $_ } @{ artifacts($job) };

    is(names($job), 'a b c', 'all are told');
    is(scalar(grep { $_->{left_out} } values %of), 1, 'one is left out')
        or diag(explain([map { [@$_{qw( name size left_out )}] }
                         values %of]));
    is($of{b}{content} // $of{a}{content}, ($of{b}{left_out} ? 'a' : 'b')
                                           x 600000, 'the other is whole');
    is($of{b}{size}, 600000, 'the size is told in any case');
    is($of{c}{content}, 'c' x 100, 'and what still fits');
};


subtest 'a program that does not end well leaves them, too' => sub {
    my $job = run("open('a', 'w').write('x')\nraise ValueError",
                  artifacts => ['a']);

    data_like($job, { status => 'failed', result => {
        error_type => 'ValueError',
        artifacts => [{ name => 'a', size => 1, encoding => 'utf8',
                        content => 'x', left_out => $false }] } }, 'the job');
};


subtest 'who has none, and who is not asked for any' => sub {
    is_deeply(artifacts(run("open('a', 'w')")), [], 'not asked for');
    is_deeply(artifacts(run('print(1)', artifacts => ['a'])), [], 'not there');
};


# A megabyte beside as much output: both come whole.

subtest 'beside output' => sub {
    my $job = run(<<'EOT', artifacts => ['a']);
open('a', 'w').write('a' * 1000000)
print('x' * 900000)
EOT
    is(length $job->{result}{stdout}, 900001, 'output');
    is(artifacts($job)->[0]{content}, 'a' x 1000000, 'and the artifact')
        or diag(explain($job->{result}{artifacts}[0]{left_out}));

    my $again = $client->get("/execute/jobs/$job->{job_id}")->json;
    is_deeply($again, $job, 'and later the same');
};


$server->finish;


# Where jobs have no room, the names at least are kept.

subtest 'a full zone' => sub {
    my $small = CodeRemote::Server->new(
        zone => 'coderemote 1m',
        server => 'coderemote_max_artifacts 4m;')->start;

    my $job = $small->client->run(<<'EOT', language => 'python-open',
open('large', 'w').write('a' * 3000000)
open('small', 'w').write('b')
EOT
                                  artifacts => ['*']);

    my %of = map { $_->{name} => $_ } @{ artifacts($job) };
    data_like($of{large}, { size => 3000000, content => undef,
                            left_out => $true }, 'the large one');
    data_like($of{small}, { content => 'b', left_out => $false },
              'the small one');
    is($small->client->run('print(1)')->{status}, 'completed',
       'there is room for jobs');

    $small->finish;
};

done_testing();
