# expect: {"status": "completed", "stdout": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\n1 and 2 A B C\n0123456789abcdefABCDEF ' \\t\\n\\r\\x0b\\x0c' abc\n   1|'x'\n$x $\n1 ?\n3 4\n", "exit_code": 0}
import string
from string import Template, ascii_letters, digits, punctuation
print(ascii_letters, digits, punctuation)
print(Template("$a and ${b}").substitute(a=1, b=2), string.capwords("a b c"))
print(string.hexdigits, repr(string.whitespace), string.ascii_lowercase[:3])
print(string.Formatter().format("{0:>4}|{name!r}", 1, name="x"))
print(Template("$x $$").safe_substitute())


class F(string.Formatter):
    def get_value(self, key, args, kwargs):
        return kwargs.get(key, "?")


print(F().format("{a} {b}", a=1))
print("{0.real} {1[k]}".format(3, {"k": 4}))
