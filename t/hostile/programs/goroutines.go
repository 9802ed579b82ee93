// expect: {"status": "failed", "error_type": "MemoryError", "stdout": "begun\n"}
// memory_mb: 64
// stopped_by: cgroup-memory
// Each has a stack, and starts others; no thread is needed for them.
package main

import (
	"fmt"
	"time"
)

func more() {
	for {
		go more()
		time.Sleep(time.Millisecond)
	}
}

func main() {
	fmt.Println("begun")
	more()
}
