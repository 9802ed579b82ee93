# expect: {"status": "completed", "stdout": "97 encodings\n中文 gbk\n", "exit_code": 0}
# runtime: python-open
# memory_mb: 256
import codecs
import encodings.aliases

WINDOWS = {"mbcs", "oem"}
BYTES = {"base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "uu_codec",
         "zlib_codec"}
names = sorted(set(encodings.aliases.aliases.values()) - WINDOWS)

for name in names:
    if name in BYTES:
        data = b"abc 1 \xff"
        assert codecs.decode(codecs.encode(data, name), name) == data, name
    else:
        text = "abc 1"
        assert codecs.decode(codecs.encode(text, name), name) == text, name

print(len(names), "encodings")

for text, name in (("中文", "gbk"), ("中文", "big5"), ("日本語", "shift_jis"),
                   ("日本語", "euc_jp"), ("日本語", "iso2022_jp"),
                   ("한국어", "euc_kr"), ("中文", "hz"), ("中文", "gb18030")):
    assert text.encode(name).decode(name) == text, name

reader = codecs.getincrementaldecoder("utf-8")()
assert [reader.decode(bytes([b])) for b in "ü€".encode()][-1] == "€"
print("中文".encode("gbk").decode("gbk"), "gbk")
