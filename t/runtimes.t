# GET /runtimes: what a job's language may be, and what it allows.

use lib 't/lib';
use CodeRemote;
use Test::Nginx::Socket 'no_plan';


# The runtime of that name in the list, whatever the list is wrapped in.

sub runtime {
    my ($name, $want) = @_;

    return sub {
        my ($got) = @_;
        my $list = ref $got eq 'HASH' ? $got->{runtimes} : $got;
        my ($found) = grep { $_->{name} eq $name } @$list;

        my @wrong = CodeRemote::Data::differences($found, $want);
        diag(join "\n", @wrong) if @wrong;
        return !@wrong;
    };
}

CodeRemote::suite();

__DATA__

=== TEST 1: python
--- healthy
--- request
GET /runtimes
--- response_headers
Content-Type: application/json
--- json eval
main::runtime('python', { name => 'python', version => qr/^3\.\d+\.\d+$/,
                          language => 'Python' })


=== TEST 2: python-open
--- healthy
--- request
GET /runtimes
--- json eval
main::runtime('python-open', { name => 'python-open',
                               version => qr/^3\.\d+\.\d+$/ })


=== TEST 3: only what is allowed here is told
--- config eval
CodeRemote::Env::locations() . "coderemote_allow python-open;\n"
--- request
GET /runtimes
--- response_body_unlike: "python"
--- json eval
main::runtime('python-open', { name => 'python-open' })


=== TEST 4: what is not allowed here is not run here
--- config eval
CodeRemote::Env::locations() . "coderemote_allow python-open;\n"
--- request eval
[ "POST /execute\n{\"code\":\"print(1)\"}",
  "POST /execute\n{\"code\":\"print(1)\",\"language\":\"python\"}",
  "POST /execute?wait=true\n"
  . "{\"code\":\"print(1)\",\"language\":\"python-open\"}" ]
--- error_code eval
[ 422, 422, 200 ]
--- json eval
[ { errors => [{ field => 'language', message => qr/python-open/ }] },
  { errors => [{ field => 'language', message => qr/python-open/ }] },
  { status => 'completed' } ]


=== TEST 5: another method
--- request
POST /runtimes
{}
--- error_code: 405
--- raw_response_headers_like: \r\nAllow: GET\b
