# expect: {"status": "completed", "stdout": "ok\n", "exit_code": 0}
# runtime: python-open
# stdin: "from stdin"
import asyncio
import concurrent.futures
import os
import signal
import sys
import threading


async def numbers(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i


async def main():
    loop = asyncio.get_running_loop()

    assert await asyncio.gather(*(asyncio.sleep(0.001 * i, i)
                                  for i in range(9))) == list(range(9))
    assert [i async for i in numbers(3)] == [0, 1, 2]

    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(60)
    except TimeoutError:
        pass
    else:
        assert False, "no timeout"

    try:
        await asyncio.wait_for(asyncio.Event().wait(), 0.01)
    except asyncio.TimeoutError:
        pass

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(asyncio.sleep(0, x)) for x in "ab"]
    assert [t.result() for t in tasks] == ["a", "b"]

    task = asyncio.create_task(asyncio.sleep(60))
    await asyncio.sleep(0)
    task.cancel()
    assert isinstance((await asyncio.gather(task, return_exceptions=True))[0],
                      asyncio.CancelledError)

    queue = asyncio.Queue(1)
    producer = asyncio.create_task(queue.put(1))
    assert await queue.get() == 1
    await producer

    async with asyncio.Lock(), asyncio.Semaphore(2):
        pass

    caller = threading.get_ident()
    assert await asyncio.to_thread(threading.get_ident) != caller
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        assert await loop.run_in_executor(pool, pow, 2, 5) == 32

    # Woken by another thread, a descriptor and a signal.
    future = loop.create_future()
    threading.Timer(0.001, loop.call_soon_threadsafe,
                    (future.set_result, "thread")).start()
    assert await asyncio.wait_for(future, 20) == "thread"

    r, w = os.pipe()
    future = loop.create_future()
    loop.add_reader(r, lambda: future.set_result(os.read(r, 9)))
    os.write(w, b"pipe")
    assert await asyncio.wait_for(future, 20) == b"pipe"
    loop.remove_reader(r)

    future = loop.create_future()
    loop.add_signal_handler(signal.SIGTERM, future.set_result, "signal")
    os.kill(os.getpid(), signal.SIGTERM)
    assert await asyncio.wait_for(future, 20) == "signal"
    loop.remove_signal_handler(signal.SIGTERM)

    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    assert await reader.read() == b"from stdin"

    # What there is not, says so.
    for refused in (asyncio.create_subprocess_exec("/bin/true"),
                    asyncio.create_subprocess_shell("true"),
                    asyncio.open_connection("127.0.0.1", 80)):
        try:
            await refused
        except PermissionError as e:
            assert e.errno == 1
        else:
            assert False, refused


asyncio.run(main())

with asyncio.Runner() as runner:
    assert runner.run(asyncio.sleep(0, 1)) == 1

loop = asyncio.new_event_loop()
assert loop.run_until_complete(asyncio.sleep(0, 2)) == 2
loop.close()
print("ok")
