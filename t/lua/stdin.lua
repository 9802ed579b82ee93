-- expect: {"status": "completed", "stdout": "name? 42\t7.5\nline\n[rest\nof it]\nnil\n"}
-- stdin: "42 7.5\nline\nrest\nof it"
io.write("name? ")
print(io.read("n", "n"))
io.read("L")
print(io.read())
io.write("[", io.read("a"), "]\n")
print(io.read())
