# expect: {"status": "completed", "stdout": "[0, 1, 4, 9, 16]\nmain done\nthread 0\nthread 1\nthread 2\n", "exit_code": 0}
# runtime: python-open
import threading
import time
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as pool:
    print(list(pool.map(lambda x: x * x, range(5))))
turns = [threading.Event() for _ in range(4)]


def work(n):
    turns[n].wait()
    print("thread", n)
    turns[n + 1].set()


for n in range(3):
    threading.Thread(target=work, args=(n,)).start()
threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
print("main done")
turns[0].set()
