-- expect: {"status": "completed", "stdout": "nil\nnil\nnil\n"}
-- bounded_by: the parser counts how deep it is
print((load("return " .. ("("):rep(100000))))
print((load(("do "):rep(100000))))
print((load("x = " .. ("{"):rep(100000))))
