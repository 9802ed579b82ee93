// expect: {"status": "completed", "stdout": "EAGAIN at most 64\n", "exit_code": 0}
// stopped_by: cgroup-pids rlimits
// With pipes, which would be sockets, there is no process at all.
const { spawn } = require('child_process');
let refused = null, n = 0;
for (; !refused && n < 500; n += !refused) {
    const child = spawn(process.execPath, ['-e', 'for (;;) { }'],
                        { stdio: 'ignore' });
    child.on('error', (e) => { refused = e.code; });
    if (!child.pid) {
        break;
    }
}
setImmediate(() => {
    console.log(refused, n <= 64 ? 'at most 64' : 'ESCAPED');
    process.exit();
});
