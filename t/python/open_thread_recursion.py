# expect: {"status": "completed", "stdout": "RecursionError\n", "exit_code": 0}
# runtime: python-open
import threading


def f(n):
    return sorted([n], key=lambda x: f(n + 1))


def work():
    try:
        f(0)
    except RecursionError:
        print("RecursionError")


t = threading.Thread(target=work)
t.start()
t.join()
