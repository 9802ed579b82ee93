# expect: {"status": "completed", "stdout": "The quick brown fox\njumps over the lazy\ndog.\n['The quick brown fox jumps', 'over the lazy dog.'] The quick brown...\na\n  b\n > x\n> y\n['* one two', 'three']\n", "exit_code": 0}
import textwrap
t = "The quick brown fox jumps over the lazy dog."
print(textwrap.fill(t, 20))
print(textwrap.wrap(t, 25), textwrap.shorten(t, 20, placeholder="..."))
print(textwrap.dedent("""\
    a
      b
    """), textwrap.indent("x\ny", "> "))
print(textwrap.TextWrapper(width=12, initial_indent="* ").wrap("one two three"))
