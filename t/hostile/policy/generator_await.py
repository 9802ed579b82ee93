# expect: {"status": "failed", "error_type": "SecurityError", "stdout": "", "violations": [[14, 21, "attribute 'cr_await' is not allowed"], [14, 30, "attribute 'gi_frame' is not allowed"]]}
# stopped_by: policy
class Wait:
    def __await__(self):
        yield self


async def c():
    await Wait()


co = c()
co.send(None)
print("ESCAPED", co.cr_await.gi_frame)
