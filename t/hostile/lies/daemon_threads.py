# expect: {"status": "completed", "stdout_has": "main ends\n", "exit_code": 0}
# runtime: python-open
# bounded_by: a claim ends the cell with all of its threads
# Threads that nobody waits for go with the program.
import _thread
import threading


def spin():
    while True:
        pass


for _ in range(4):
    threading.Thread(target=spin, daemon=True).start()
    _thread.start_new_thread(spin, ())
print("main ends")
