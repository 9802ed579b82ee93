// expect: {"status": "failed", "signal": null, "stdout": "RangeError\nSIGSEGV\n", "exit_code": 7}
// stopped_by: rlimits
// V8 counts its stack; told that it has one of a gigabyte, it meets the
// kernel's bound.
const { spawnSync } = require('child_process');
const deeper = (n) => deeper(n + 1) + 1;
try {
    deeper(0);
} catch (e) {
    console.log(e.name);
}
if (process.argv[2] !== 'child') {
    const child = spawnSync(process.execPath,
                            ['--stack-size=1000000', 'main.js', 'child'],
                            { stdio: 'inherit' });
    console.log(child.signal);
    process.exit(7);
}
