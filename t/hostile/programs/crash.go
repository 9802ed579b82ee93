// expect: {"status": "failed", "signal": "SIGABRT", "stdout": "aborted, no core\n", "stderr_has": ["nil pointer dereference", "main.go:"]}
// stopped_by: rlimits seccomp
// Go would leave a core of it.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"syscall"
)

func main() {
	debug.SetTraceback("crash")

	var nothing *int
	if len(os.Args) > 1 {
		*nothing = 1
	}

	child := exec.Command(os.Args[0], "child")
	child.Run()
	status := child.ProcessState.Sys().(syscall.WaitStatus)
	_, err := os.Stat("core")
	if status.CoreDump() || !os.IsNotExist(err) {
		fmt.Println("ESCAPED")
	}

	fmt.Printf("%v, no core\n", status.Signal())
	*nothing = 1
}
