# What a program is given beside its code, where it is wrong: files, patterns
# of artifacts, cases.  Each is told where and what to do.

use lib 't/lib';
use CodeRemote;
use Test::Nginx::Socket 'no_plan';


sub field {
    my ($field, $message) = @_;

    return { errors => [{ field => $field, message => $message || qr/\S/ }] };
}


sub fields {
    return { errors => [map { { field => $_ } } @_] };
}


# A request under a language whose programs have a folder.

sub body {
    my (%fields) = @_;

    return "POST /execute?wait=true\n" . CodeRemote::Client->encode(
        { code => 'print(1)', language => 'python-open', %fields });
}


sub files {
    return body(files => [map { { name => $_, content => '' } } @_]);
}


sub base64 {
    return body(files => [map { { name => "f$_", content => $_[$_],
                                  encoding => 'base64' } } 0 .. $#_]);
}


sub with {
    return CodeRemote::Env::locations() =~ s/coderemote_execute;/$& $_[0]/r;
}


our $base64 = qr/base64 as RFC 4648 has it, padded and without line ends/;
our $name = qr{must be a path such as "data/in.txt"};

CodeRemote::suite();

__DATA__

=== TEST 1: files that are no array
--- request eval: main::body(files => {})
--- error_code: 422
--- problem eval: main::field('files', qr/array/)


=== TEST 2: a file that is no object
--- request eval: main::body(files => ['a.txt'])
--- error_code: 422
--- problem eval: main::field('files[0]', qr/object/)


=== TEST 3: files without a name, without content
--- request eval: main::body(files => [{ content => '' }, { name => 'a' }])
--- error_code: 422
--- problem eval: main::fields('files[0].name', 'files[1].content')


=== TEST 4: members of another kind
--- request eval
main::body(files => [{ name => 1, content => [], encoding => {} },
                     { name => 'a', content => '', encoding => 'hex' },
                     { name => 'b', content => '', encoding => undef }])
--- error_code: 422
--- problem eval
main::fields('files[0].name', 'files[0].content', 'files[1].encoding',
             'files[2].encoding')


=== TEST 5: a member that is none
--- request eval
main::body(files => [{ name => 'a', content => '', mode => 0755 },
                     { name => 'b', content => '', ('x' x 200) => 1 }])
--- error_code: 422
--- problem eval
{ errors => [{ field => 'files[0].mode', message => qr/not a member/ },
             { field => qr/^files\[1\]\.x{50,90}$/ }] }


=== TEST 6: names that lead elsewhere, each by its place
--- request eval
main::files('/etc/passwd', '../a', 'a/../../b', 'a/..', '.', './a', 'a//b',
            'a/', '')
--- error_code: 422
--- problem eval
{ errors => [map { { field => "files[$_].name", message => $main::name } }
             0 .. 8] }


=== TEST 7: names with bytes that no name needs
--- request eval: main::files("a\0b", "a\nb", "\x7f", "a\x1b")
--- error_code: 422
--- problem eval: main::fields(map { "files[$_].name" } 0 .. 3)


=== TEST 8: names too long, too deep
--- request eval: main::files('x' x 256, 'd/' x 8 . 'f')
--- error_code: 422
--- problem eval
main::fields('files[0].name', 'files[1].name')


=== TEST 9: a name twice
--- request eval: main::files('a', 'b', 'a')
--- error_code: 422
--- problem eval: main::field('files[2].name', qr/name of files\[0\]/)


=== TEST 10: a name that is another one's folder
--- request eval: main::files('a/b', 'ab', 'a', 'a/b/c')
--- error_code: 422
--- problem eval
{ errors => [{ field => 'files[2].name', message => qr/files\[0\].*folder/ },
             { field => 'files[3].name', message => qr/files\[0\].*folder/ }] }


=== TEST 11: one file more than are taken
--- request eval: main::files(1 .. 65)
--- error_code: 422
--- problem eval: main::field('files', qr/65 files; at most 64/)


=== TEST 12: what is no base64
--- request eval
main::base64('A', 'AA', 'AAA', 'AAAA=', 'A===', '====', 'AA=A', "AAA\n", 'AA==A',
             'AA-_', "AA\0A", 'AAAA====', "\x{e9}AAA")
--- error_code: 422
--- problem eval
{ errors => [map { { field => "files[$_].content",
                     message => $main::base64 } } 0 .. 12] }


=== TEST 13: a byte more than fits, in both encodings
--- config eval: main::with('coderemote_max_files 100;')
--- request eval
main::body(files => [{ name => 'a', content => 'x' x 99 },
                     { name => 'b', content => 'AAA=',
                       encoding => 'base64' }])
--- error_code: 422
--- problem eval: main::field('files', qr/101 bytes together; at most 100/)


=== TEST 14: bytes count, not characters
--- config eval: main::with('coderemote_max_files 100;')
--- request eval
main::body(files => [{ name => 'a', content => "\x{20ac}" x 34 }])
--- error_code: 422
--- problem eval: main::field('files', qr/102 bytes together; at most 100/)


=== TEST 15: base64 of what is far too much is not looked at
--- config eval: main::with('coderemote_max_files 100;')
--- request eval: main::base64('####' x 50)
--- error_code: 422
--- problem eval: main::field('files', qr/150 bytes together; at most 100/)


=== TEST 16: under a language whose programs have no folder
--- request eval
main::body(language => 'python', files => [{ name => 'a', content => '' }],
           artifacts => ['a'])
--- error_code: 422
--- problem eval
{ errors => [{ field => 'files', message => qr/under "python".*"python-open"/ },
             { field => 'artifacts', message => qr/"python-open"/ }] }


=== TEST 17: and no other language is allowed here
--- config eval: CodeRemote::Env::locations() . "coderemote_allow python;\n"
--- request eval
main::body(language => 'python', files => [{ name => 'a', content => '' }])
--- error_code: 422
--- problem eval: main::field('files', qr/nor have those of any other/)


=== TEST 18: where none are taken
--- config eval
main::with('coderemote_max_files 0; coderemote_max_artifacts 0;
            coderemote_max_cases 0;')
--- request eval
main::body(files => [{ name => 'a', content => '' }], artifacts => ['a'],
           cases => [{}])
--- error_code: 422
--- problem eval
{ errors => [map { { field => $_, message => 'are not taken here' } }
             qw( cases files artifacts )] }


=== TEST 19: artifacts that are no array of patterns
--- request eval
[ main::body(artifacts => '*.png'), main::body(artifacts => [1, '', '/a', '..',
                                                             'a/../b', undef]) ]
--- error_code eval
[ 422, 422 ]
--- json eval
[ main::field('artifacts', qr/array/),
  { errors => [map { { field => "artifacts[$_]", message => $main::name } }
               0 .. 5] } ]


=== TEST 20: patterns without end
--- request eval: main::body(artifacts => [('a') x 17])
--- error_code: 422
--- problem eval: main::field('artifacts', qr/17 patterns; at most 16/)


=== TEST 21: cases that are none
--- request eval
[ main::body(cases => {}), main::body(cases => []), main::body(cases => [1]) ]
--- error_code eval
[ 422, 422, 422 ]
--- json eval
[ main::field('cases', qr/array/), main::field('cases', qr/empty/),
  main::field('cases[0]', qr/object/) ]


=== TEST 22: members of cases
--- request eval
main::body(cases => [{ stdin => 1 }, { expected_stdout => undef },
                     { args => 'x' }, { args => ['a', 1] }, { expected => '' },
                     { args => [('a') x 65] }, { args => ["\0"] }])
--- error_code: 422
--- problem eval
main::fields('cases[0].stdin', 'cases[1].expected_stdout', 'cases[2].args',
             'cases[3].args', 'cases[4].expected', 'cases[5].args',
             'cases[6].args')


=== TEST 23: what belongs to one run, beside cases
--- request eval
main::body(cases => [{}], stdin => '', args => [], artifacts => ['a'])
--- error_code: 422
--- problem eval
main::fields('stdin', 'args', 'artifacts')


=== TEST 24: what belongs to cases, without
--- request eval: main::body(compare => 'exact', stop_on_failure => CodeRemote::true)
--- error_code: 422
--- problem eval
{ errors => [{ field => 'compare', message => qr/without cases/ },
             { field => 'stop_on_failure', message => qr/without cases/ }] }


=== TEST 25: how to compare
--- request eval
main::body(cases => [{}], compare => 'trailing', stop_on_failure => 1)
--- error_code: 422
--- problem eval
{ errors => [{ field => 'compare', message => qr/"exact" or "trailing_space"/ },
             { field => 'stop_on_failure', message => qr/true or false/ }] }


=== TEST 26: a case more than are taken
--- config eval: main::with('coderemote_max_cases 3;')
--- request eval: main::body(cases => [({}) x 4])
--- error_code: 422
--- problem eval: main::field('cases', qr/4 cases; at most 3/)


=== TEST 27: arguments of a case, where there are none
--- request eval: main::body(language => 'python', cases => [{}, { args => ['a'] }])
--- error_code: 422
--- problem eval: main::field('cases[1].args', qr/under "python"/)


=== TEST 28: input of all cases, and what they expect, together
--- config eval
main::with('coderemote_max_stdin 100; coderemote_max_output 50;')
--- request eval
main::body(cases => [{ stdin => 'x' x 60, expected_stdout => 'x' x 30 },
                     { stdin => 'x' x 30, args => ['x' x 11],
                       expected_stdout => 'x' x 21 }])
--- error_code: 422
--- problem eval
{ errors => [{ field => 'cases', message => qr/101 bytes of stdin and args/ },
             { field => 'cases',
               message => qr/51 bytes of expected_stdout/ }] }


=== TEST 29: all that is wrong is told, up to a bound
--- request eval: main::body(cases => [(1) x 100])
--- error_code: 422
--- problem eval: main::fields(map { "cases[$_]" } 0 .. 31)
