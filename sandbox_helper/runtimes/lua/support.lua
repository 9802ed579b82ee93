-- What is better said in Lua.  It runs once, in the zygote, and answers the
-- three functions that a cell calls.  Everything that a program can change is
-- kept in locals.

local exit = ...

local load, loadfile, error, type = load, loadfile, error, type
local tostring, getmetatable = tostring, debug.getmetatable
local gsub, format, traceback = string.gsub, string.format, debug.traceback
local searchpath, randomseed = package.searchpath, math.randomseed
local stderr, write = io.stderr, io.stderr.write

-- Ends the program and not the process.
os.exit = exit

-- Precompiled code could break the interpreter, and libraries of machine code
-- cannot be mapped: both are refused in plain words.

function _G.load(chunk, name, mode, ...)
    return load(chunk, name, "t", ...)
end

function _G.loadfile(name, mode, ...)
    return loadfile(name, "t", ...)
end

function _G.dofile(name)
    local f, reason = loadfile(name, "t")
    if not f then error(reason, 0) end
    return f()
end

local function search(name)
    local path, reason = searchpath(name, package.path)
    if not path then return reason end
    local f, reason = loadfile(path, "t")
    if not f then
        error(format("error loading module '%s':\n\t%s", name, reason), 0)
    end
    return f, path
end

package.searchers = { package.searchers[1], search }
package.path = "./?.lua;./?/init.lua"
package.cpath = ""
package.loadlib = nil


-- Random numbers of the cell's own, and what most programs do: the pages that
-- it writes to are then the cell's.

local function park(a, b)
    local t = {}
    for i = 1, 9 do t[i] = tostring(i) .. format("%d", i) end
    print(table.concat(t, " "), #t)
    randomseed(a, b)
end


-- The program, without what a file may begin with; it is run unless it is
-- only checked.

local running = false

local function program(check, code, ...)
    code = gsub(code, "^\xef\xbb\xbf", "")
    code = gsub(code, "^#[^\n]*", "")
    local f, reason = load(code, "@main.lua", "t")
    if not f then error(reason, 0) end
    if check then return end
    running = true
    arg = { [0] = "main.lua", ... }
    return f(...)
end


-- What was raised: for stderr with a traceback, for the claim in short.

local function raised(e)
    local text, kind, meta = e, type(e), getmetatable(e)
    if kind ~= "string" then
        text = (kind == "number" or meta and meta.__tostring) and tostring(e)
               or format("(error object is a %s value)", kind)
    end
    local long = running and traceback(text, 2) or text
    long = gsub(long, "\n\t%(%.%.%.tail calls%.%.%.%)$", "")
    write(stderr, "lua: ", long, "\n")
    return (running and "R" or "S") .. text
end


return park, program, raised
