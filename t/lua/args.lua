-- expect: {"status": "completed", "stdout": "main.lua\t2\t2\na b\té\nnil\n"}
-- args: ["a b", "é"]
print(arg[0], #arg, select("#", ...))
print(...)
print(arg[-1])
