# expect: {"status": "completed", "stdout": "74 encodings\nunknown encoding: gbk\n\\xe4\\u20ac xn--bcher-kva b'\\xff\\xfea\\x00'\nutf-8 3\n", "exit_code": 0}
names = (
    "ascii cp037 cp1006 cp1026 cp1125 cp1140 cp1250 cp1251 cp1252 cp1253 "
    "cp1254 cp1255 cp1256 cp1257 cp1258 cp273 cp424 cp437 cp500 cp720 cp737 "
    "cp775 cp850 cp852 cp855 cp856 cp857 cp858 cp860 cp861 cp862 cp863 cp864 "
    "cp865 cp866 cp869 cp874 cp875 hp_roman8 idna iso8859_1 iso8859_10 "
    "iso8859_11 iso8859_13 iso8859_14 iso8859_15 iso8859_16 iso8859_2 "
    "iso8859_3 iso8859_4 iso8859_5 iso8859_6 iso8859_7 iso8859_8 iso8859_9 "
    "koi8_r koi8_t koi8_u kz1048 latin_1 mac_cyrillic mac_greek mac_latin2 "
    "mac_roman punycode ptcp154 tis_620 utf_16 utf_16_be utf_32 utf_32_le "
    "utf_7 utf_8 utf_8_sig"
).split()

for name in names:
    text = "abc1"
    assert text.encode(name).decode(name) == text, name
    assert str(bytes(text.encode(name)), name) == text, name

print(len(names), "encodings")

try:
    "x".encode("gbk")
except LookupError as e:
    print(e)

print("ä€".encode("ascii", "backslashreplace").decode(),
      "bücher".encode("idna").decode(), "a".encode("utf-16"))

try:
    b"abc\xff".decode()
except UnicodeDecodeError as e:
    print(e.encoding, e.start)

assert b"a\xff".decode("utf-8", "replace") == "a\ufffd"
assert "äb".encode("ascii", "xmlcharrefreplace") == b"&#228;b"
assert "äb".encode("ascii", "namereplace").startswith(b"\\N{LATIN")
assert "äb".encode("ascii", "ignore") == b"b"
assert b"\xff".decode("ascii", "surrogateescape") == "\udcff"
assert "ä".encode("unicode_escape") == b"\\xe4"
