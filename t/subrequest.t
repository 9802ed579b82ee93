# The handlers as subrequests: what Lua, njs and SSI make of them.

use lib 't/lib';
use CodeRemote;
use Test::Nginx::Socket 'no_plan';

CodeRemote::suite();

__DATA__

=== TEST 1: the health in a page
--- healthy
--- config eval
CodeRemote::Env::locations() . <<'_EOC_'
location = /page.html { ssi on; root html; }
_EOC_
--- user_files
>>> page.html
<p><!--# include virtual="/health" --></p>
--- request
GET /page.html
--- response_body_like: ^<p>\{"status":"healthy",.*\}</p>$


=== TEST 2: both in one page, twice
--- healthy
--- config eval
CodeRemote::Env::locations() . <<'_EOC_'
location = /two.html { ssi on; root html; }
_EOC_
--- user_files
>>> two.html
<!--# include virtual="/health" -->|<!--# include virtual="/runtimes" -->|<!--# include virtual="/health" -->
--- request
GET /two.html
--- response_body_like: ^\{"status":.*\}\|\[\{"name":.*\}\]\|\{"status":.*\}$


=== TEST 3: a job that there is not, in a page
--- config eval
CodeRemote::Env::locations() . <<'_EOC_'
location = /job.html { ssi on; root html; }
_EOC_
--- user_files
>>> job.html
<p><!--# include virtual="/execute/jobs/none" --></p>
--- request
GET /job.html
--- response_body_like: ^<p>\{"type":"about:blank".*\}</p>$


=== TEST 4: the health decides
--- healthy
--- config eval
CodeRemote::Env::locations() . <<'_EOC_'
location = /guarded { auth_request /health; default_type text/plain; root html; }
_EOC_
--- user_files
>>> guarded
let in
--- request
GET /guarded
--- response_body
let in


=== TEST 5: a program posted to two
--- config eval
CodeRemote::Env::locations() . <<'_EOC_'
location /mirrored { mirror /execute; root html; error_page 405 =200 /ok; }
location = /ok { default_type text/plain; return 200 "taken\n"; }
_EOC_
--- user_files
>>> mirrored
a file
--- request eval
[ ("POST /mirrored\n{\"code\":\"print(1)\"}") x 3,
  "POST /execute?wait=true\n{\"code\":\"print(7)\"}" ]
--- error_code eval
[ (200) x 4 ]
--- response_body_like eval
[ ('^taken$') x 3, '"stdout":"7.n"' ]
