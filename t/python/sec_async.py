# expect: {"status": "completed", "stdout": "3\ngot hi\n1 2\nclosed\n", "exit_code": 0}
async def main():
    return 3


c = main()
try:
    c.send(None)
except StopIteration as e:
    print(e.value)


def gen():
    try:
        x = yield 1
        print("got", x)
        yield 2
    finally:
        print("closed")


g = gen()
print(next(g), g.send("hi"))
g.close()
