-- expect: {"status": "failed", "stdout": "in\n", "exit_code": 7}
local co = coroutine.wrap(function()
    pcall(function()
        print("in")
        table.sort({ 3, 2, 1 }, function() os.exit(7) end)
    end)
end)
pcall(co)
print("out")
