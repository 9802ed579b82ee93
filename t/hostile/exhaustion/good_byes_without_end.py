# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": "end\n"}
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
# A program that is over, but for one good-bye.
class Last:
    def __del__(self):
        while True:
            pass


kept = Last()
print("end")
