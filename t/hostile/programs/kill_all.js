// expect: {"status": "completed", "stdout": "it lives\nESRCH\nEPERM EPERM EPERM\n", "exit_code": 0}
// bounded_by: an init gets no signal that it has no handler for, and heeds those of the supervisor alone
const said = (ask) => {
    try {
        return ask() === undefined ? 'ESCAPED' : 'nothing';
    } catch (e) {
        return e.code;
    }
};
for (let n = 1; n < 65 * 100; n++) {
    process.kill(1, n % 65);
}
console.log(process.kill(1, 0) ? 'it lives' : 'ESCAPED');
console.log(said(() => process.kill(-1, 'SIGKILL')));
console.log(said(() => process.setuid(0)), said(() => process.setgid(0)),
            said(() => process.setgroups([0])));
