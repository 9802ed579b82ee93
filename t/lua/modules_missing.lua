-- expect: {"status": "completed", "stdout": "false\nmodule 'nothing.here' not found:\n\tno field package.preload['nothing.here']\n\tno file './nothing/here.lua'\n\tno file './nothing/here/init.lua'\n"}
local ok, reason = pcall(require, "nothing.here")
print(ok)
print(reason)
