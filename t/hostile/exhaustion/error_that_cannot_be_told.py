# expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": ""}
# timeout: 1
# bounded_by: the time limit is kept outside of the cell
# An error whose text never comes.
class Mute(Exception):
    def __str__(self):
        while True:
            pass


raise Mute
