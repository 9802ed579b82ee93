// expect: {"status": "failed", "signal": "SIGABRT", "stdout": "SIGABRT\nno core\n"}
// bounded_by: its own end is its own
// A core would lie beside it; the core limit lets none be written.
const { spawnSync } = require('child_process');
const fs = require('fs');
console.log(spawnSync(process.execPath, ['-e', 'process.abort()'],
                      { stdio: 'ignore' }).signal);
console.log(fs.readdirSync('/tmp').join() === 'main.js' ? 'no core'
                                                        : 'ESCAPED');
process.abort();
