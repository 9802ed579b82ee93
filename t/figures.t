# Figures that programs draw with matplotlib under python-open: artifacts, and
# images in the page.

use strict;
use utf8;
use warnings;

use lib 't/lib';
use Test::More;

use MIME::Base64 qw( decode_base64 );
use CodeRemote::Browser;
use CodeRemote::Profile ();
use CodeRemote::Server;

my $python = '/usr/bin/python3';

# That the packages are there is the business of tools/deps.sh.
for my $name (qw( numpy matplotlib )) {
    plan skip_all => "no python3-$name for $python"
        if system("$python -c 'import $name' 2>/dev/null") != 0;
}

CodeRemote::Profile::whole('python-open');

my $server = CodeRemote::Server->new->start;
my $client = $server->client;

sub run_it {
    my ($code, %more) = @_;

    my $res = $client->request(POST => '/execute?wait=true', {
        language => 'python-open', code => $code, %more,
    });

    return $res->json->{result} // { error => $res->text };
}

# How a program ended, when that matters to what it printed.

sub prints {
    my ($code, $want, $name, %more) = @_;

    my $r = run_it($code, %more);

    is($r->{stdout}, $want, $name)
        or diag($r->{stderr} // '', $r->{error} // '');
    is($r->{stderr}, '', "$name: without a word of complaint");

    return $r;
}


sub png {
    my ($artifact) = @_;

    return if ($artifact->{encoding} // '') ne 'base64';

    my $bytes = decode_base64($artifact->{content});

    return if substr($bytes, 0, 8) ne "\x89PNG\r\n\x1a\n"
              || length $bytes != $artifact->{size};

    return join 'x', unpack 'N2', substr $bytes, 16, 8;
}

my $draw = <<'END';
import matplotlib.pyplot as plt
plt.semilogy([1, 2, 3], [1, 100, 1e5], label="$x^2$")
plt.title("größer")
plt.legend()
plt.show()
plt.figure(figsize=(3, 2))
plt.plot([1, 2])
plt.show()
plt.show()
print(plt.get_fignums())
END

my $r = prints($draw, "[]\n", 'figures are shown');

is_deeply([map { $_->{name} } @{ $r->{artifacts} // [] }],
          [qw( figure-1.png figure-2.png )], 'they come with the result');
is_deeply([map { png($_) } @{ $r->{artifacts} // [] }],
          [qw( 640x480 300x200 )], 'as images of their size');

$r = prints(<<'END', "True\n", 'a program that names its own file');
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
fig, ax = plt.subplots(subplot_kw={"projection": "3d"})
ax.plot([1, 2], [1, 2], [1, 2])
for end in "png", "svg", "pdf", "jpg":
    fig.savefig(f"/tmp/own.{end}")
fig.show()
print(plt.fignum_exists(1))
END

is_deeply([map { $_->{name} } @{ $r->{artifacts} // [] }], ['figure-1.png'],
          'nobody asked for it, and what was shown comes');

$r = prints(<<'END', "1\n", 'who shows nothing', artifacts => ['own.*']);
import matplotlib.pyplot as plt
plt.plot([1, 2])
plt.savefig("own.png")
print(1)
END

is_deeply([map { $_->{name} } @{ $r->{artifacts} // [] }], ['own.png'],
          'gets what he names');

$server->finish;


# In the page.

SKIP: {
    my $missing = CodeRemote::Browser::missing();
    skip $missing, 1 if defined $missing;

    $server = CodeRemote::Browser::server()->start;
    CodeRemote::Browser::drive('draw', $server);
    $server->finish;
}

done_testing();
