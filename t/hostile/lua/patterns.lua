-- expect: {"status": "failed", "error_type": "TimeoutError", "stdout": "false\tpattern too complex\n"}
-- timeout: 1
-- bounded_by: the interpreter counts how deep it is; time
-- A pattern that is too deep, and one that is matched in vain for ever.
local ok, reason = pcall(string.match, ("x"):rep(300), ("x?"):rep(300) .. "y")
print(ok, (reason:gsub("^.*: ", "")))
string.find(("a"):rep(100), ("a*"):rep(50) .. "b")
