# Files of a request lie in the program's folder; what it leaves there comes
# back as artifacts.

use lib 't/lib';
use CodeRemote;
use MIME::Base64 qw( encode_base64 );
use Test::Nginx::Socket 'no_plan';


# Artifacts of a done job, by their names; the rest of the result beside it.

sub left {
    my ($want, %result) = @_;

    return { status => 'completed', result => {
        %result,
        artifacts => sub {
            my %got = map { $_->{name} => $_ } @{ $_[0] };
            my @wrong = CodeRemote::Data::differences(\%got, $want);
            push @wrong, 'others: ' . join ' ', sort keys %got
                if keys %got != keys %$want;
            diag(join "\n", @wrong) if @wrong;
            return !@wrong;
        } } };
}


sub text {
    my ($content, $size) = @_;

    utf8::encode(my $bytes = $content);

    return { size => $size // length $bytes, encoding => 'utf8',
             content => $content, left_out => CodeRemote::false() };
}


sub bytes {
    my ($content) = @_;

    return { size => length $content, encoding => 'base64',
             content => encode_base64($content, ''),
             left_out => CodeRemote::false() };
}


sub out {
    my ($size) = @_;

    return { size => $size, content => undef, left_out => CodeRemote::true() };
}


sub with {
    return CodeRemote::Env::locations() =~ s/coderemote_execute;/$& $_[0]/r;
}


# JSON that has three bytes for each of a file's.

sub wasteful {
    my $code = q{b = open('big').read(); print(len(b), set(b))};
    my $content = '\u00e9' x 500_000;

    return "POST /execute?wait=true\n{\"language\":\"python-open\","
           . "\"code\":\"$code\",\"files\":[{\"name\":\"big\","
           . "\"content\":\"$content\"}]}";
}


our %open = (language => 'python-open');

CodeRemote::suite();

__DATA__

=== TEST 1: modules and data, in folders, as the program finds them
--- healthy
--- code
import shop.cart, helper
print(shop.cart.total('data/prices.txt'), helper.name)
print(open('data/prices.txt').read().split())
--- with eval
+{ %main::open, files => [
   { name => 'shop/cart.py',
     content => "def total(path):\n    return sum(map(int, open(path)))\n" },
   { name => 'helper.py', content => "name = 'h\x{e9}'", encoding => 'utf8' },
   { name => 'data/prices.txt', content => 'MTAKMzIK',
     encoding => 'base64' } ] }
--- job eval
{ status => 'completed',
  result => { stdout => "42 h\x{e9}\n['10', '32']\n", artifacts => [] } }


=== TEST 2: any bytes, and none
--- code
print(open('all', 'rb').read() == bytes(range(256)) * 100)
print(open('nul', 'rb').read(), open('empty', 'rb').read())
--- with eval
+{ %main::open, files => [
   { name => 'all', encoding => 'base64',
     content => MIME::Base64::encode_base64(
                    CORE::join('', map { chr } 0 .. 255) x 100, '') },
   { name => 'nul', content => "a\0b\r\n" },
   { name => 'empty', content => '' } ] }
--- job eval
{ status => 'completed',
  result => { stdout => "True\nb'a\\x00b\\r\\n' b''\n" } }


=== TEST 3: as many files as may be, with names as long as may be
--- code
import os
names = [os.path.join(d, f) for d, _, fs in os.walk('.') for f in fs]
print(len(names), sorted(names)[-1] == './' + '/'.join('x' * 31 for i in range(8)))
print(open('/'.join('x' * 31 for i in range(8))).read())
--- with eval
+{ %main::open, files => [
   { name => CORE::join('/', ('x' x 31) x 8), content => 'deep' },
   map { { name => "f$_", content => "$_" } } 1 .. 63 ] }
--- job eval
{ status => 'completed', result => { stdout => "64 True\ndeep\n" } }


=== TEST 4: as large as may be together, to the byte
--- healthy
--- config eval: main::with('coderemote_max_files 3000;')
--- code
print(len(open('a').read()), len(open('b').read()))
--- with eval
+{ %main::open, files => [
   { name => 'a', content => 'x' x 1000 },
   { name => 'b', encoding => 'base64',
     content => MIME::Base64::encode_base64('y' x 2000, '') } ] }
--- job eval
{ status => 'completed', result => { stdout => "1000 2000\n" } }


=== TEST 5: a megabyte of text, in JSON that is three times as long
--- healthy
--- request eval: main::wasteful()
--- job eval
{ status => 'completed', result => { stdout => "500000 {'\x{e9}'}\n" } }


=== TEST 6: the files are the program's own to change
--- code
import os
with open('a', 'a') as f:
    f.write('+')
os.rename('a', 'd/b')
print(open('d/b').read(), sorted(os.listdir('.')))
--- with eval
+{ %main::open, files => [{ name => 'a', content => 'x' },
                          { name => 'd/c', content => '' }] }
--- job eval
{ status => 'completed', result => { stdout => "x+ ['d']\n" } }


=== TEST 7: the next program finds nothing of it
--- code
import os
print(sorted(os.listdir('.')))
--- with eval
+{ %main::open }
--- job eval
{ status => 'completed', result => { stdout => "[]\n", artifacts => [] } }


=== TEST 8: artifacts: text and bytes, by names and patterns
--- code
import os
os.makedirs('out/deep')
open('out/a.txt', 'w').write('h\u00e9llo\n')
open('out/b.bin', 'wb').write(bytes([0, 255]))
open('out/nul.txt', 'wb').write(b'a\0b')
open('out/bad.txt', 'wb').write(b'\xff')
open('out/empty', 'w')
open('out/deep/no.txt', 'w').write('x')
open('x.log', 'w').write('log')
open('y.log', 'w').write('log')
open('z.log', 'w').write('log')
--- with eval
+{ %main::open, artifacts => ['out/*', '[xy].log', 'none', 'out/a.txt'] }
--- job eval
main::left({ 'out/a.txt' => main::text("h\x{e9}llo\n"),
             'out/b.bin' => main::bytes("\0\xff"),
             'out/nul.txt' => main::bytes("a\0b"),
             'out/bad.txt' => main::bytes("\xff"),
             'out/empty' => main::text(''),
             'x.log' => main::text('log'), 'y.log' => main::text('log') })


=== TEST 9: nothing is taken that was not asked for
--- code
open('a', 'w').write('x')
--- with eval
+{ %main::open }
--- job eval
{ status => 'completed', result => { artifacts => [] } }


=== TEST 10: no pattern fits
--- code
open('a', 'w').write('x')
--- with eval
+{ %main::open, artifacts => ['b', '*/a'] }
--- job eval
{ status => 'completed', result => { artifacts => [] } }


=== TEST 11: a file of the request comes back
--- code
print(1)
--- with eval
+{ %main::open, files => [{ name => 'd/a', content => 'x' }],
   artifacts => ['d/a'] }
--- job eval
main::left({ 'd/a' => main::text('x') }, stdout => "1\n")


=== TEST 12: links, folders and pipes are no files
--- code
import os
open('real', 'w').write('x')
os.symlink('real', 'link')
os.symlink('/etc/hostname', 'host')
os.symlink('/', 'root')
os.mkdir('folder')
os.symlink('folder', 'way')
open('folder/f', 'w').write('f')
try:
    os.mkfifo('pipe')
except OSError:
    pass
--- with eval
+{ %main::open, artifacts => ['*', 'way/*', 'root/etc/*', 'folder/*'] }
--- job eval
main::left({ real => main::text('x'), 'folder/f' => main::text('f') })


=== TEST 13: what is too large is named, without its content
--- healthy
--- config eval: main::with('coderemote_max_artifacts 100;')
--- code
open('a', 'w').write('x' * 40)
open('b', 'w').write('y' * 101)
open('c', 'w').write('z' * 50)
--- with eval
+{ %main::open, artifacts => ['a', 'b', 'c'] }
--- job eval
main::left({ a => main::text('x' x 40), b => main::out(101),
             c => main::text('z' x 50) })


=== TEST 14: more than fits together
--- config eval: main::with('coderemote_max_artifacts 100;')
--- code
for n in 'abc':
    open(n, 'w').write(n * 60)
--- with eval
+{ %main::open, artifacts => ['?'] }
--- job eval
{ result => { artifacts => sub {
    my @left = grep { $_->{left_out} } @{ $_[0] };
    my @kept = grep { !$_->{left_out} } @{ $_[0] };
    return @left == 2 && @kept == 1 && length $kept[0]{content} == 60
           && !grep { defined $_->{content} || $_->{size} != 60 } @left;
} } }


=== TEST 15: many more than are taken
--- healthy
--- code
for n in range(200):
    open('f%03d' % n, 'w').write(str(n))
--- with eval
+{ %main::open, artifacts => ['f*'] }
--- job eval
{ status => 'completed',
  result => { artifacts => sub { return @{ $_[0] } == 64 } } }


=== TEST 16: what a program left that failed
--- code
open('a', 'w').write('before')
1 / 0
--- with eval
+{ %main::open, artifacts => ['a'] }
--- job eval
{ status => 'failed',
  result => { error_type => 'ZeroDivisionError',
              artifacts => [{ name => 'a', content => 'before' }] } }


=== TEST 17: a folder that is full
--- code
try:
    open('big', 'wb').write(bytes(100 << 20))
except OSError as e:
    print(type(e).__name__, e.errno)
open('small', 'w').write('x')
--- with eval
+{ %main::open, artifacts => ['small'] }
--- job eval
{ status => qr/completed|failed/ }


=== TEST 18: names that are no UTF-8
--- code
import os
open(b'\xff\xfe.txt', 'w').write('x')
--- with eval
+{ %main::open, artifacts => ['*.txt'] }
--- job eval
{ status => 'completed',
  result => { artifacts => [{ name => "\x{fffd}\x{fffd}.txt", content => 'x' }] } }
