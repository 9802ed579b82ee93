// expect: {"status": "completed", "stdout": "killed\nit lives\nno such process\n[1 2]\n", "exit_code": 0}
// stopped_by: pid
// To the cell's first process, to all, and to any that there could be: it has
// but its own child.
package main

import (
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

	child := exec.Command(os.Args[0], "child")
	child.Start()
	syscall.Kill(-1, syscall.SIGKILL)
	child.Wait()
	fmt.Println(child.ProcessState.Sys().(syscall.WaitStatus).Signal())

	for n := 0; n < 6400; n++ {
		syscall.Kill(1, syscall.Signal(n%65))
	}

	time.Sleep(100 * time.Millisecond)
	if syscall.Kill(1, 0) == nil {
		fmt.Println("it lives")
	}

	fmt.Println(syscall.Kill(-1, syscall.SIGKILL))

	// Its threads have numbers as well, of which it is not the group.
	found := []uintptr{}
	for pid := uintptr(1); pid < 32768; pid++ {
		_, _, errno := syscall.RawSyscall(syscall.SYS_TGKILL, pid, pid, 0)
		if errno != syscall.ESRCH {
			found = append(found, pid)
		}
	}

	fmt.Println(found)
}
