// expect: {"status": "completed", "stdout": "did not self-register\nfailed to map segment\nEACCES\n", "exit_code": 0}
// stopped_by: tmp
// A library of the tree is mapped, though it is no module; the same bytes in
// /tmp are not, nor are they a program.
const fs = require('fs');
const { spawnSync } = require('child_process');
const library = process.report.getReport().sharedObjects
                .find((path) => /\/libm\.so/.test(path));
fs.writeFileSync('/tmp/a.node', fs.readFileSync(library), { mode: 0o755 });
for (const path of [library, '/tmp/a.node']) {
    try {
        process.dlopen({ exports: {} }, path);
        console.log('ESCAPED');
    } catch (e) {
        console.log(/did not self-register|failed to map segment|$/
                    .exec(e.message)[0]);
    }
}
console.log(spawnSync('/tmp/a.node', { stdio: 'ignore' }).error.code);
