-- expect: {"status": "completed", "stdout": "main\ngood-bye\n", "exit_code": 0}
setmetatable({}, { __gc = function() print("good-bye") end })
print("main")
os.exit(0, true)
