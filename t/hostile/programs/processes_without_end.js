// expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": "", "stderr": ""}
// timeout: 2
// bounded_by: their number, and the end of the pid namespace
// Each starts others as itself, in sessions of their own, and stays.
const { spawn } = require('child_process');
setInterval(() => {
    for (let n = 0; n < 8; n++) {
        spawn(process.execPath, ['main.js'],
              { stdio: 'ignore', detached: true }).on('error', () => { });
    }
}, 1);
