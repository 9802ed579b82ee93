// expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout_min": 4096, "stdout_max": 1048576, "stderr_min": 4096, "stderr_max": 1048576}
// timeout: 2
// bounded_by: output beyond its limit is read and forgotten
// Many at a time, to both of them.
package main

import (
	"os"
	"strings"
)

func pour(out *os.File) {
	for {
		out.WriteString(strings.Repeat("x", 4096))
	}
}

func main() {
	for n := 0; n < 16; n++ {
		go pour(os.Stdout)
		go pour(os.Stderr)
	}

	pour(os.Stdout)
}
