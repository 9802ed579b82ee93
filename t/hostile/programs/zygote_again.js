// expect: {"status": "completed", "stdout": "EACCES\n1\n", "stderr_has": "started by coderemote-sandbox alone", "exit_code": 0}
// bounded_by: without the supervisor's socket it is a program as any other
const { spawnSync } = require('child_process');
const fs = require('fs');
const run = (...words) => spawnSync(words[0], words.slice(1),
                                    { stdio: 'inherit' });
const loader = ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1']
               .find(fs.existsSync);
console.log(run('/zygote').error.code);
console.log(run(loader, '/zygote').status);
