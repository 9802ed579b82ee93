// expect: {"status": "failed", "exit_code": 2, "stdout": "begun\n", "stderr_like": "failed to create new OS thread \\(have (\\d\\d|1[0-3]\\d) already; errno=11\\)"}
// stopped_by: cgroup-pids rlimits
// Goroutines that keep their threads; who gets no more of them is ended by Go.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	fmt.Println("begun")

	for n := 0; n < 500; n++ {
		go func() {
			runtime.LockOSThread()
			time.Sleep(time.Hour)
		}()
	}

	time.Sleep(10 * time.Second)
	fmt.Println("ESCAPED")
}
