// expect: {"status": "failed", "error_type": "MemoryError", "stdout": "begun\n"}
// memory_mb: 64
// stopped_by: cgroup-memory
// Stacks are of the heap, and bounded by what a program says.
package main

import (
	"fmt"
	"runtime/debug"
)

func deeper(n int) int {
	return deeper(n+1) + n
}

func main() {
	fmt.Println("begun")
	debug.SetMaxStack(1 << 40)
	fmt.Println("ESCAPED", deeper(0))
}
