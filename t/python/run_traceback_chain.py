# expect: {"status": "failed", "stdout": "", "exit_code": 1, "stderr": "Traceback (most recent call last):\n  File \"main.py\", line 8, in <module>\n    raise Mine(\"k\")\nMine: 'k'\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File \"main.py\", line 10, in <module>\n    {}[\"x\"]\n    ~~^^^^^\nKeyError: 'x'\na note\n\nThe above exception was the direct cause of the following exception:\n\nTraceback (most recent call last):\n  File \"main.py\", line 13, in <module>\n    raise ValueError(\"bad\") from e\nValueError: bad\n", "error_type": "ValueError", "error": "bad"}
class Mine(KeyError):
    pass


try:
    try:
        raise Mine("k")
    except Mine:
        {}["x"]
except KeyError as e:
    e.add_note("a note")
    raise ValueError("bad") from e
