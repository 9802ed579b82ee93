# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": ""}
# runtime: python-open
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
# A query without end, in C code without Python's lock.
import sqlite3

sqlite3.connect(":memory:").execute(
    "with recursive c(x) as (select 1 union all select x + 1 from c) "
    "select count(*) from c").fetchall()
