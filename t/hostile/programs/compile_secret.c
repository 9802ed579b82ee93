# expect: {"status": "failed", "error_type": "CompileError", "stderr_has": ["/etc/passwd", "No such file"], "stderr_hasnt": "root:", "stdout": ""}
# stopped_by: root
#include "/etc/passwd"
