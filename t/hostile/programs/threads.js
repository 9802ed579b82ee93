// expect: {"status": "completed", "stdout": "EAGAIN at most 64\n", "exit_code": 0}
// stopped_by: cgroup-pids rlimits
// Threads for its file system, which are cheap, and then workers, of which each
// has a V8 of its own.
process.env.UV_THREADPOOL_SIZE = 40;
const fs = require('fs');
const { Worker } = require('worker_threads');
function more(n) {
    try {
        new Worker('setInterval(() => {}, 1000)', { eval: true })
            .on('online', () => more(n + 1)).on('error', console.log);
    } catch (e) {
        fs.writeSync(1, `${e.message} ${n <= 64 ? 'at most 64' : 'ESCAPED'}\n`);
        process.exit();
    }
}
fs.stat('/tmp', () => more(0));
