// expect: {"status": "completed", "stdout": "ENOENT\nEROFS\nEXDEV\n", "exit_code": 0}
// stopped_by: root
// What is read, what is written, what is linked to: nothing of the machine's.
const fs = require('fs');
function all(paths, ask) {
    const said = new Set(paths.map((path) => {
        try {
            return `ESCAPED ${path} ${ask(path)}`;
        } catch (e) {
            return e.code;
        }
    }));
    console.log([...said].sort().join(' '));
}
all(['/etc/passwd', '/etc/shadow', '/proc/self/environ', '/proc/1/status',
     '/proc/version', '/sys/class/net/lo/address', '/run/coderemote',
     '/dev/mem', '/dev/kmsg', '/root', '/home', '/var/log'],
    (path) => fs.statSync(path) && fs.readFileSync(path));
all(['/x', '/usr/x', '/usr/bin/node', '/dev/x', '/zygote'],
    (path) => fs.writeFileSync(path, 'x'));
all(['/usr/bin/node', '/zygote'], (path) => fs.linkSync(path, '/tmp/x'));
