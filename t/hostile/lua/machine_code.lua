-- expect: {"status": "completed", "stdout": "nil\tnil\tfalse\n"}
-- bounded_by: there is no loader of libraries
-- Libraries of machine code.
print(package.loadlib, package.searchers[3],
      (pcall(require, "/usr/lib/x86_64-linux-gnu/libc")))
