// expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": "begun\n"}
// timeout: 2
// bounded_by: the time limit is kept outside of the cell
// It listens to every signal that it may, and never gets to hear one.
for (const name of Object.keys(require('os').constants.signals)) {
    try {
        process.on(name, () => { });
    } catch { }
}
console.log('begun');
const { Worker } = require('worker_threads');
new Worker('for (;;) { }', { eval: true });
process.on('exit', () => { for (;;) { } });
setTimeout(() => process.exit(), 1);
