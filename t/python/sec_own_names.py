# expect: {"status": "completed", "stdout": "opened 3 mine a\nimport os; eval('1'); from os import path\n", "exit_code": 0}
import re


class Door:
    def open(self):
        return "opened"

    def compile(self, eval=1):
        return eval


def locals():
    return "mine"


print(Door().open(), Door().compile(eval=3), locals(), re.compile("a").pattern)
# import os, eval(), x.__subclasses__ in a comment, and in a string:
print("import os; eval('1'); from os import path")
