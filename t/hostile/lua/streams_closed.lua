-- expect: {"stdout_hasnt": "ESCAPED"}
-- bounded_by: its own streams
-- Its own streams, closed, and set anew.
pcall(io.close)
pcall(function() io.stdout:close() end)
pcall(function() io.stdin:close() end)
pcall(function() io.output("x") end)
pcall(function() io.input("x") end)
io.write("to a file")
error("told?")
