# expect: {"status": "completed", "stdout": "ok\n", "exit_code": 0}
# runtime: python-open
# memory_mb: 256
import _thread
import concurrent.futures
import contextvars
import multiprocessing
import multiprocessing.dummy
import multiprocessing.pool
import queue
import threading
import time


def run(*functions):
    threads = [threading.Thread(target=f) for f in functions]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


# Locks keep what they guard.
total, lock = 0, threading.Lock()


def add():
    global total
    for _ in range(1000):
        with lock:
            total += 1


run(*[add] * 8)
assert total == 8000

condition, items, seen = threading.Condition(), [], []


def consume():
    with condition:
        condition.wait_for(lambda: items)
        seen.append(items.pop())


def produce():
    with condition:
        items.append("x")
        condition.notify_all()


run(consume, produce)
assert seen == ["x"]

event = threading.Event()
timer = threading.Timer(0.001, event.set)
timer.start()
assert event.wait(20)
timer.join()
assert not threading.Event().wait(0.001)

barrier, passed = threading.Barrier(3), []
run(*[lambda: passed.append(barrier.wait())] * 3)
assert sorted(passed) == [0, 1, 2]

semaphore = threading.BoundedSemaphore(2)
assert semaphore.acquire() and semaphore.acquire()
assert not semaphore.acquire(blocking=False)
assert not semaphore.acquire(timeout=0.001)

local = threading.local()
local.x = 1
run(lambda: seen.append(hasattr(local, "x")))
assert seen[-1] is False

for kind in queue.Queue, queue.LifoQueue, queue.PriorityQueue:
    q, got = kind(2), []
    run(lambda: [q.put(i) for i in range(50)],
        lambda: [(got.append(q.get()), q.task_done()) for _ in range(50)])
    q.join()
    assert sorted(got) == list(range(50))

try:
    queue.SimpleQueue().get(timeout=0.001)
except queue.Empty:
    seen.append("empty")

with concurrent.futures.ThreadPoolExecutor(8) as pool:
    assert list(pool.map(abs, range(-100, 0))) == list(range(100, 0, -1))
    futures = [pool.submit(pow, 2, n) for n in range(10)]
    done = concurrent.futures.as_completed(futures, timeout=20)
    assert sum(f.result() for f in done) == 1023
    failed = pool.submit(int, "x")
    assert isinstance(failed.exception(), ValueError)

variable = contextvars.ContextVar("variable", default=0)
context = contextvars.copy_context()
context.run(variable.set, 5)
assert variable.get() == 0 and context[variable] == 5

# Those of multiprocessing's parts that are made of threads.
with multiprocessing.pool.ThreadPool(4) as pool:
    assert pool.map(abs, range(-9, 0)) == list(range(9, 0, -1))
    assert pool.apply_async(pow, (2, 3)).get(20) == 8
    assert sorted(pool.imap_unordered(abs, [-1, -2])) == [1, 2]
    assert pool.starmap(pow, [(2, 2)]) == [4]

with multiprocessing.dummy.Pool(2) as pool:
    assert pool.map(len, ["a", "bb"]) == [1, 2]

shared = multiprocessing.Lock()
assert shared.acquire() and not shared.acquire(timeout=0.001)
run(shared.release)
recursive = multiprocessing.RLock()
with recursive, recursive:
    other = []
    run(lambda: other.append(recursive.acquire(block=False)))
    assert other == [False]
try:
    recursive.release()
except AssertionError:
    seen.append("not owned")
bounded = multiprocessing.BoundedSemaphore(1)
try:
    bounded.release()
except ValueError:
    seen.append("too many")
started = multiprocessing.Event()
run(lambda: started.wait(20), started.set)
assert started.is_set()
assert seen[-3:] == ["empty", "not owned", "too many"]

threads = [threading.Thread(target=time.sleep, args=(0.001,), daemon=True)
           for _ in range(40)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert threading.active_count() == 1

done = _thread.allocate_lock()
done.acquire()
_thread.start_new_thread(done.release, ())
assert done.acquire(timeout=20)
print("ok")
