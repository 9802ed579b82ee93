// expect: {"status": "failed", "error_type": "MemoryError", "stdout": "begun\n"}
// memory_mb: 64
// stopped_by: cgroup-memory
package main

import "fmt"

func main() {
	fmt.Println("begun")

	piece := make([]byte, 1<<30)
	for n := range piece {
		piece[n] = 1
	}

	fmt.Println("ESCAPED")
}
