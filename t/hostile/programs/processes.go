// expect: {"status": "completed", "stdout": "resource temporarily unavailable, at most 128\n", "exit_code": 0}
// stopped_by: cgroup-pids rlimits
// As many as there may be, 500 at most; they stay.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) > 1 {
		time.Sleep(time.Hour)
	}

	for n := 0; n < 500; n++ {
		err := exec.Command(os.Args[0], "child").Start()
		if errors.Is(err, syscall.EAGAIN) && n <= 128 {
			fmt.Println("resource temporarily unavailable, at most 128")
			return
		} else if err != nil {
			fmt.Println(n, err)
			return
		}
	}

	fmt.Println("ESCAPED")
}
