// expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout_min": 1000, "stdout_max": 1048576, "stderr_min": 1000, "stderr_max": 1048576}
// timeout: 2
// bounded_by: output beyond its limit is read and forgotten
const fs = require('fs');
for (;;) {
    fs.writeSync(1, 'to stdout\n'.repeat(1000));
    fs.writeSync(2, 'to stderr\n'.repeat(1000));
}
