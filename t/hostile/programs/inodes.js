// expect: {"status": "completed", "stdout": "ENOSPC at most 17000\n", "exit_code": 0}
// stopped_by: tmp
const fs = require('fs');
let n = 0;
try {
    for (; n < 50000; n++) {
        fs.mkdirSync(`/tmp/${n}`);
    }
} catch (e) {
    console.log(e.code, n <= 17000 ? 'at most 17000' : 'ESCAPED');
}
