# Requests that are wrong: each is told what is wrong and what to do, and the
# next request works.

use lib 't/lib';
use CodeRemote;
use Test::Nginx::Socket 'no_plan';


# errors: the field, and in words what about it.

sub field {
    my ($field, $message) = @_;

    return { errors => [{ field => $field, message => $message || qr/\S/ }] };
}


sub body {
    return "POST /execute?wait=true\n" . CodeRemote::Client->encode(@_);
}


CodeRemote::suite();

__DATA__

=== TEST 1: no JSON
--- request
POST /execute
print(1)
--- error_code: 400
--- problem eval: {}


=== TEST 2: no body
--- request
POST /execute
--- error_code: 400
--- problem eval: {}


=== TEST 3: an empty body
--- request
POST /execute
--- more_headers
Content-Type: application/json
Content-Length: 0
--- error_code: 400
--- problem eval: {}


=== TEST 4: JSON that breaks off
--- request
POST /execute
{"code":"print(1)"
--- error_code: 400
--- problem eval: {}


=== TEST 5: more behind the JSON
--- request
POST /execute
{"code":"print(1)"} x
--- error_code: 400
--- problem eval: {}


=== TEST 6: a member twice
--- request
POST /execute
{"code":"print(1)","code":"print(2)"}
--- error_code: 400
--- problem eval: {}


=== TEST 7: a lone high surrogate
--- request
POST /execute
{"code":"print('\ud800')"}
--- error_code: 400
--- problem eval: {}


=== TEST 8: a lone low surrogate, in another member
--- request
POST /execute
{"code":"print(1)","stdin":"\udfff"}
--- error_code: 400
--- problem eval: {}


=== TEST 9: bytes that are no UTF-8
--- request eval
"POST /execute\n{\"code\":\"print('\xff\xfe')\"}"
--- error_code: 400
--- problem eval: {}


=== TEST 10: a surrogate as three bytes
--- request eval
"POST /execute\n{\"code\":\"print('\xed\xa0\x80')\"}"
--- error_code: 400
--- problem eval: {}


=== TEST 11: a bare NUL byte
--- request eval
"POST /execute\n{\"code\":\"print(1)\0\"}"
--- error_code: 400
--- problem eval: {}


=== TEST 12: depth without end
--- request eval
"POST /execute\n" . '[' x 100_000
--- error_code: 400
--- problem eval: {}


=== TEST 13: deep objects that do end
--- request eval
"POST /execute\n" . '{"a":' x 5000 . '1' . '}' x 5000
--- error_code: 400
--- problem eval: {}


=== TEST 14: a number that no double holds
--- request
POST /execute
{"code":"print(1)","timeout_seconds":1e999}
--- error_code: 400
--- problem eval: {}


=== TEST 15: NaN
--- request
POST /execute
{"code":"print(1)","timeout_seconds":NaN}
--- error_code: 400
--- problem eval: {}


=== TEST 16: an array
--- request
POST /execute
["print(1)"]
--- error_code: 400
--- problem eval: {}


=== TEST 17: a string
--- request
POST /execute
"print(1)"
--- error_code: 400
--- problem eval: {}


=== TEST 18: a form
--- request
POST /execute
{"code":"print(1)"}
--- more_headers
Content-Type: application/x-www-form-urlencoded
--- error_code: 415
--- problem eval: { detail => qr{application/json} }


=== TEST 19: a type that only begins like JSON's
--- request
POST /execute
{"code":"print(1)"}
--- more_headers
Content-Type: application/jsonlines
--- error_code: 415
--- problem eval: { detail => qr{application/json} }


=== TEST 20: no content type
--- request
POST /execute
{"code":"print(1)"}
--- more_headers
X-Nothing: at all
--- error_code: 415
--- problem eval: { detail => qr{application/json} }


=== TEST 21: code missing
--- request
POST /execute
{}
--- error_code: 422
--- problem eval: main::field('code')


=== TEST 22: code empty
--- request
POST /execute
{"code":""}
--- error_code: 422
--- problem eval: main::field('code')


=== TEST 23: code a number
--- request
POST /execute
{"code":1}
--- error_code: 422
--- problem eval: main::field('code', qr/string/)


=== TEST 24: code null
--- request
POST /execute
{"code":null}
--- error_code: 422
--- problem eval: main::field('code', qr/string/)


=== TEST 25: code an array
--- request
POST /execute
{"code":["print(1)"]}
--- error_code: 422
--- problem eval: main::field('code', qr/string/)


=== TEST 26: code with NUL
--- request
POST /execute
{"code":"print(1)\u0000print(2)"}
--- error_code: 422
--- problem eval: main::field('code', qr/NUL/)


=== TEST 27: code a byte too long
--- request eval
main::body({ code => 'x' x (10 * 1024 + 1) })
--- error_code: 422
--- problem eval: main::field('code', qr/10240/)


=== TEST 28: code too long in bytes, not in characters
--- request eval
main::body({ code => '#' . "\x{20ac}" x 3500 })
--- error_code: 422
--- problem eval: main::field('code', qr/10240/)


=== TEST 29: a body over what nginx takes
--- config eval
CodeRemote::Env::locations() =~ s/(coderemote_execute;)/$1 client_max_body_size 100k;/r
--- request eval
main::body({ code => 'print(1)', stdin => 'x' x 200_000 })
--- error_code: 413
--- problem eval: {}


=== TEST 30: an unknown language
--- request
POST /execute
{"code":"print(1)","language":"brainfuck"}
--- error_code: 422
--- problem eval: main::field('language', qr/python/)


=== TEST 31: a language that is a path
--- request
POST /execute
{"code":"print(1)","language":"../python"}
--- error_code: 422
--- problem eval: main::field('language', qr/python/)


=== TEST 32: a language without end
--- request eval
main::body({ code => 'print(1)', language => 'x' x 20_000 })
--- error_code: 422
--- problem eval: main::field('language', qr/^.{0,500}$/)


=== TEST 33: a language that is empty
--- request
POST /execute
{"code":"print(1)","language":""}
--- error_code: 422
--- problem eval: main::field('language')


=== TEST 34: a language that is no string
--- request
POST /execute
{"code":"print(1)","language":{}}
--- error_code: 422
--- problem eval: main::field('language')


=== TEST 35: timeout_seconds 0
--- request
POST /execute
{"code":"print(1)","timeout_seconds":0}
--- error_code: 422
--- problem eval: main::field('timeout_seconds', qr/30/)


=== TEST 36: timeout_seconds negative
--- request
POST /execute
{"code":"print(1)","timeout_seconds":-1}
--- error_code: 422
--- problem eval: main::field('timeout_seconds', qr/30/)


=== TEST 37: timeout_seconds 1e9
--- request
POST /execute
{"code":"print(1)","timeout_seconds":1e9}
--- error_code: 422
--- problem eval: main::field('timeout_seconds', qr/30/)


=== TEST 38: timeout_seconds "3"
--- request
POST /execute
{"code":"print(1)","timeout_seconds":"3"}
--- error_code: 422
--- problem eval: main::field('timeout_seconds', qr/number/)


=== TEST 39: timeout_seconds true
--- request
POST /execute
{"code":"print(1)","timeout_seconds":true}
--- error_code: 422
--- problem eval: main::field('timeout_seconds', qr/number/)


=== TEST 40: timeout_seconds over what is allowed
--- request
POST /execute
{"code":"print(1)","timeout_seconds":30.001}
--- error_code: 422
--- problem eval: main::field('timeout_seconds', qr/30/)


=== TEST 41: memory_limit_mb 0
--- request
POST /execute
{"code":"print(1)","memory_limit_mb":0}
--- error_code: 422
--- problem eval: main::field('memory_limit_mb', qr/256/)


=== TEST 42: memory_limit_mb over what is allowed
--- request
POST /execute
{"code":"print(1)","memory_limit_mb":257}
--- error_code: 422
--- problem eval: main::field('memory_limit_mb', qr/256/)


=== TEST 43: memory_limit_mb near what 64 bits hold
--- request
POST /execute
{"code":"print(1)","memory_limit_mb":9223372036854775807}
--- error_code: 422
--- problem eval: main::field('memory_limit_mb', qr/256/)


=== TEST 44: memory_limit_mb a fraction
--- request
POST /execute
{"code":"print(1)","memory_limit_mb":100.5}
--- error_code: 422
--- problem eval: main::field('memory_limit_mb', qr/integer/)


=== TEST 45: memory_limit_mb over 64 bits
--- request
POST /execute
{"code":"print(1)","memory_limit_mb":99999999999999999999}
--- error_code: 400
--- problem eval: {}


=== TEST 46: stdin no string
--- request
POST /execute
{"code":"print(1)","stdin":5}
--- error_code: 422
--- problem eval: main::field('stdin', qr/string/)


=== TEST 47: stdin a byte too long
--- request eval
main::body({ code => 'print(1)', stdin => 'x' x (1024 * 1024 + 1) })
--- error_code: 422
--- problem eval: main::field('stdin', qr/1048576/)


=== TEST 48: args under the profile that takes none
--- request
POST /execute
{"code":"print(1)","args":["x"]}
--- error_code: 422
--- problem eval: main::field('args')


=== TEST 49: args no array
--- request
POST /execute
{"code":"print(1)","language":"python-open","args":"x"}
--- error_code: 422
--- problem eval: main::field('args', qr/array/)


=== TEST 50: args not all strings
--- request
POST /execute
{"code":"print(1)","language":"python-open","args":["x",1]}
--- error_code: 422
--- problem eval: main::field('args', qr/2/)


=== TEST 51: args with NUL
--- request
POST /execute
{"code":"print(1)","language":"python-open","args":["a\u0000b"]}
--- error_code: 422
--- problem eval: main::field('args', qr/NUL/)


=== TEST 52: too many args
--- request eval
main::body({ code => 'print(1)', language => 'python-open',
             args => [('x') x 65] })
--- error_code: 422
--- problem eval: main::field('args', qr/64/)


=== TEST 53: args too long together
--- request eval
main::body({ code => 'print(1)', language => 'python-open',
             args => ['x' x 9000, 'y' x 9000] })
--- error_code: 422
--- problem eval: main::field('args', qr/16384/)


=== TEST 54: connection_id no string
--- request
POST /execute
{"code":"print(1)","connection_id":1}
--- error_code: 422
--- problem eval: main::field('connection_id')


=== TEST 55: connection_id with a line end
--- request
POST /execute
{"code":"print(1)","connection_id":"a\r\nb"}
--- error_code: 422
--- problem eval: main::field('connection_id')


=== TEST 56: connection_id of another form
--- request
POST /execute
{"code":"print(1)","connection_id":"00010203-0405-0607-0809-aabbccddeeff"}
--- error_code: 422
--- problem eval: main::field('connection_id', qr/32 hexadecimal/)


=== TEST 57: a field that there is not
--- request
POST /execute
{"code":"print(1)","timeout":3}
--- error_code: 422
--- problem eval: main::field('timeout')


=== TEST 58: all that is wrong is told at once
--- request
POST /execute
{"code":"","language":"x","timeout_seconds":0,"stdin":[]}
--- error_code: 422
--- problem eval
{ errors => sub {
    CORE::join(' ', sort map { $_->{field} } @$_)
    eq 'code language stdin timeout_seconds'
} }


=== TEST 59: thousands of fields that there are not
--- request eval
main::body({ code => 'print(1)', map { ("f$_" => 1) } 1 .. 3000 })
--- error_code: 422
--- problem eval
{ errors => sub { @$_ > 0 && @$_ <= 100 } }


=== TEST 60: an unknown job
--- request
GET /execute/jobs/00000000-0000-4000-8000-000000000000
--- error_code: 404
--- problem eval: {}


=== TEST 61: a malformed job id
--- request
GET /execute/jobs/not-a-job
--- error_code: 404
--- problem eval: {}


=== TEST 62: no job id
--- request
GET /execute/jobs/
--- error_code: 404
--- problem eval: {}


=== TEST 63: a job id without end
--- request eval
'GET /execute/jobs/' . '0' x 3000
--- error_code: 404
--- problem eval: {}


=== TEST 64: something below a job
--- request
GET /execute/jobs/00000000-0000-4000-8000-000000000000/x
--- error_code: 404
--- problem eval: {}


=== TEST 65: something else below execute
--- request
GET /execute/other
--- error_code: 404
--- problem eval: {}


=== TEST 66: GET where programs are posted
--- request
GET /execute
--- error_code: 405
--- response_headers
Allow: POST
--- problem eval: {}


=== TEST 67: PUT
--- request
PUT /execute
{"code":"print(1)"}
--- error_code: 405
--- response_headers
Allow: POST
--- problem eval: {}


=== TEST 68: POST to a job
--- request
POST /execute/jobs/00000000-0000-4000-8000-000000000000
{}
--- error_code: 405
--- problem eval: { detail => qr/DELETE/ }


=== TEST 69: DELETE of an unknown job
--- request
DELETE /execute/jobs/00000000-0000-4000-8000-000000000000
--- error_code: 404
--- problem eval: {}


=== TEST 70: ?wait that is no number
--- request
POST /execute?wait=soon
{"code":"print(1)"}
--- error_code: 400
--- problem eval: { detail => qr/wait/ }


=== TEST 71: ?wait negative
--- request
POST /execute?wait=-1
{"code":"print(1)"}
--- error_code: 400
--- problem eval: { detail => qr/wait/ }


=== TEST 72: bad requests on a connection that goes on
--- pipelined_requests eval
[
    "POST /execute?wait=true\n{\"code\":\"print(1)\"}",
    "POST /execute?wait=true\n{\"code\":\"\"}",
    "POST /execute/jobs/x\n{\"code\":\"print('not a request')\"}",
    "PUT /health\n" . 'GET /nothing HTTP/1.1' . 'x' x 50_000,
    "GET /execute/jobs/x\nPOST /execute HTTP/1.1",
    "POST /execute?wait=nonsense\n{\"code\":\"print(1)\"}",
    "POST /execute?wait=true\n{\"code\":\"print(2)\"}",
]
--- error_code eval
[ 200, 422, 405, 405, 404, 400, 200 ]
--- json eval
[ { result => { stdout => "1\n" } }, { status => 422 }, { status => 405 },
  { status => 405 }, { status => 404 }, { status => 400 },
  { result => { stdout => "2\n" } } ]


=== TEST 73: a body in chunks that grows too large
--- config eval
CodeRemote::Env::locations()
    =~ s/(coderemote_execute;)/$1 client_max_body_size 10k;/r
--- raw_request eval
"POST /execute HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
. "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
. ("1000\r\n" . 'x' x 4096 . "\r\n") x 4 . "0\r\n\r\n"
--- error_code: 413
--- response_headers
Content-Type: application/problem+json
--- json eval
{ status => 413, type => 'about:blank', detail => qr/\S+ \S+/ }


=== TEST 74: what nginx itself refuses
--- config eval
CodeRemote::Env::locations() . <<'_EOC_'
location /denied { deny all; coderemote_execute; }
_EOC_
--- request
POST /denied
{"code":"print(1)"}
--- error_code: 403
--- problem eval: {}


=== TEST 75: and elsewhere it is nginx's page
--- config eval
CodeRemote::Env::locations() . <<'_EOC_'
location /other { deny all; }
_EOC_
--- request
GET /other
--- error_code: 403
--- response_headers
Content-Type: text/html
--- response_body_like: <html>


=== TEST 76: millions of values
--- request eval
"POST /execute\n" . '{"code":"print(1)","args":['
. CORE::join(',', ('{}') x 1_000_000) . ']}'
--- error_code: 400
--- problem eval: { detail => qr/values/ }


=== TEST 77: stdin of nothing but what JSON is made of
--- request eval
main::body({ code => 'print(len(input()))', stdin => '[{,"\\' x 20_000 })
--- error_code: 200
--- json eval: { result => { stdout => "100000\n" } }
