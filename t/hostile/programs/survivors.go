// expect: {"status": "completed", "stdout": "gone\n", "exit_code": 0}
// bounded_by: what a program leaves behind ends with it
// Of sessions of their own, deaf, holding stderr and busy.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

func main() {
	if len(os.Args) > 1 {
		signal.Ignore()
		for {
			os.WriteFile("/tmp/alive"+os.Args[1], nil, 0600)
		}
	}

	for n := 0; n < 8; n++ {
		child := exec.Command(os.Args[0], fmt.Sprint(n))
		child.Stderr = os.Stderr
		child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		child.Start()
	}

	for n := 0; n < 8; {
		if _, err := os.Stat(fmt.Sprint("/tmp/alive", n)); err == nil {
			n++
		}
	}

	fmt.Println("gone")
}
