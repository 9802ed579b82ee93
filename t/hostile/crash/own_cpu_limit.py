# expect: {"status": "failed", "stdout": "before\n", "error_type": "SandboxError", "error_has": "by a limit that it set itself"}
# runtime: python-open
# timeout: 5
# bounded_by: limits can only be lowered
# A limit of its own that kills it.
import resource

print("before")
resource.setrlimit(resource.RLIMIT_CPU, (0, 0))
while True:
    pass
