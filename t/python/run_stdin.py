# expect: {"status": "completed", "stdout": "name? Ada is 36\nrest 1\nrest 2\nmore? \nEOF: EOF when reading a line\n", "exit_code": 0}
# stdin: "Ada\n36\nrest 1\nrest 2"
name = input("name? ")
age = int(input())
print(f"{name} is {age}")
print(input())
print(input())
try:
    input("more? ")
except EOFError as e:
    print("\nEOF:", e)
