# expect: {"status": "failed", "stdout": "", "exit_code": 1, "stderr": "Traceback (most recent call last):\n  File \"main.py\", line 7, in <module>\n    text = \"é\" * 3; add(\"x\",\n                    ^^^^^^^^\n  File \"main.py\", line 4, in add\n    b[\"ünï\" + a])\n    ~^^^^^^^^^^^\nKeyError: 'ünïx'\n", "error_type": "KeyError"}
def add(a, b):
    return (a +
            b["ünï" + a])


text = "é" * 3; add("x",
    {})
