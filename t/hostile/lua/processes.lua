-- expect: {"status": "completed", "stdout": "nil\tOperation not permitted\t1\nnil\n"}
-- stopped_by: seccomp
-- A program of its own.
print(os.execute("echo ESCAPED"))
print((io.popen("echo ESCAPED")))
