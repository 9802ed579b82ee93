# expect: {"status": "completed", "stdout": "os.py True\nzero True\nurandom 16\nnull 4\n"}
# runtime: python-open
# bounded_by: these are what a cell is given
# What may be read, for the refusals to mean something.
print("os.py", "import" in open("/usr/lib/python3.11/os.py").read())
print("zero", open("/dev/zero", "rb").read(100) == bytes(100))
print("urandom", len(open("/dev/urandom", "rb").read(16)))
print("null", open("/dev/null", "w").write("gone"))
