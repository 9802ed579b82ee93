-- expect: {"status": "failed", "error_type": "RuntimeError", "error": "main.lua:2: of mine", "stderr": "lua: main.lua:2: of mine\nstack traceback:\n\t[C]: in function 'error'\n\tmain.lua:2: in main chunk\n"}
error("of mine")
