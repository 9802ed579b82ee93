# expect: {"status": "completed", "stdout": "['one', 'two words', 'ü'] 4\n", "exit_code": 0}
# runtime: python-open
# args: ["one", "two words", "ü"]
import sys
print(sys.argv[1:], len(sys.argv))
