// expect: {"status": "failed", "error_type": "MemoryError", "stdout": "begun\n"}
// memory_mb: 64
// stopped_by: cgroup-memory
// 16 GB at most, and nothing of it is garbage.
package main

import "fmt"

type piece struct {
	next *piece
	data [1000]byte
}

func main() {
	fmt.Println("begun")

	var all *piece
	for n := 0; n < 1<<24; n++ {
		all = &piece{next: all}
		all.data[0] = 1
	}

	fmt.Println("ESCAPED", all.data[0])
}
