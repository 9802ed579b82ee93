// expect: {"status": "completed", "stdout_like": "^input\\none two\\n2 1 main\\.js\\ntrue PATH,HOME,TMPDIR,LANG\\ntoken [0-9a-f]{32}\\n$", "stderr": "", "exit_code": 0}
// stdin: "input\n"
// args: ["one two"]
// What a program finds that comes after a hostile one.
const fs = require('fs');
process.stdout.write(fs.readFileSync(0, 'utf8'));
console.log(process.argv.slice(2).join());
console.log(process.pid, process.ppid, fs.readdirSync('/tmp').join());
let alive = 0;
for (let pid = 3; pid < 300; pid++) {
    try {
        alive += process.kill(pid, 0);
    } catch { }
}
// Its own threads have such numbers, too.
console.log(alive < 12, Object.keys(process.env).join());
console.log('token', require('crypto').randomBytes(16).toString('hex'));
