# expect: {"status": "failed", "error_type": "KeyError", "stdout": "['__loader__', '__name__', '__package__', '__spec__']\n", "error_has": "'__builtins__'"}
# bounded_by: a module that a program makes is empty
import json
made = type(json)("made")
print(sorted(n for n in vars(made) if n != "__doc__"))
print("ESCAPED", vars(made)["__builtins__"])
