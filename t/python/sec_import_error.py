# expect: {"status": "failed", "error_type": "ModuleNotFoundError", "stdout": "", "stderr_hasnt": ["<runtime>", "importlib"]}
import json.nothing
