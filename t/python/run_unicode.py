# expect: {"status": "completed", "stdout": "žluťoučký 9 日本 😀 '\\xe9'\n3     ü|\nsurrogates not allowed\n", "exit_code": 0}
# stdin: "žluťoučký\n"
s = input()
print(s, len(s), "日本", "\U0001f600", ascii("é"))
π = 3
print(π, "{:>5}|".format("ü"))
try:
    print("\ud800")
except UnicodeEncodeError as e:
    print(e.reason)
