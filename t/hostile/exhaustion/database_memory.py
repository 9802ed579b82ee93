# expect: {"status": "failed", "error_type": "MemoryError", "stdout": ""}
# runtime: python-open
# memory_mb: 24
# stopped_by: cgroup-memory
# A table of 256 MB at once.
import sqlite3

base = sqlite3.connect(":memory:")
base.execute("create table t as with recursive c(x) as (select 1 union all "
             "select x + 1 from c limit 4096) "
             "select zeroblob(65536) || x from c")
print("ESCAPED")
