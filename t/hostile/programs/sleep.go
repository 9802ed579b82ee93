// expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": "deaf\n", "cpu_time_ms_max": 900}
// timeout: 1
// stopped_by: timer
// As deaf as a program can be.
package main

import (
	"fmt"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	signal.Ignore()

	for _, signo := range []syscall.Signal{
		syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT,
		syscall.SIGALRM, syscall.SIGXCPU, syscall.SIGUSR1, 64,
	} {
		syscall.Kill(syscall.Getpid(), signo)
	}

	fmt.Println("deaf")
	time.Sleep(3 * time.Second)
	fmt.Println("ESCAPED")
}
