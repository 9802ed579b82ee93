// expect: {"status": "completed", "stdout": "gone\n", "stderr": "", "exit_code": 0}
// bounded_by: what a program leaves behind ends with it
// Of another session, deaf, and busy.
const { spawn } = require('child_process');
const fs = require('fs');
if (process.argv[2] === 'child') {
    ['SIGTERM', 'SIGINT', 'SIGHUP'].forEach((s) => process.on(s, () => { }));
    for (;;) {
        fs.writeFileSync('/tmp/alive', 'x');
    }
}
spawn(process.execPath, ['main.js', 'child'],
      { stdio: 'ignore', detached: true }).unref();
while (!fs.existsSync('/tmp/alive')) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
}
console.log('gone');
