-- expect: {"status": "completed", "stdout": "done\n"}
-- stdin: "never read"
-- bounded_by: input that nobody takes waits
print("done")
