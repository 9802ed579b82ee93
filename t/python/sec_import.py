# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "exit_code": 1, "error_has": ["import of 'os' is not allowed", "allowed modules: math json collections"], "violations": [[3, 8, "import of 'os' is not allowed; allowed modules: math json"], [4, 14, "import of 'subprocess'"], [5, 6, "import of 'os.path'"], [8, 16, "import of 'socket'"], [9, 6, "import of '.'"]], "stderr_has": ["  File \"main.py\", line 3\n    import os\n           ^\nSecurityError: import of 'os'"]}
print("never")
import os
import math, subprocess as s
from os.path import join
def f():
    if False:
        import socket
from . import x
