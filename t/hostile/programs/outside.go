// expect: {"status": "completed", "stdout": "none\n", "exit_code": 0}
// stopped_by: root mount landlock
// The machine's files, and those that all jobs share.
package main

import (
	"fmt"
	"os"
)

func main() {
	for _, path := range []string{
		"/etc/passwd", "/etc/shadow", "/proc/self/maps", "/proc/1/environ",
		"/sys/kernel/notes", "/sys/fs/cgroup", "/dev/mem", "/dev/kmsg",
		"/dev/sda", "/root/.bashrc", "/run/coderemote", "/usr/bin/env",
	} {
		if file, err := os.Open(path); err == nil {
			fmt.Println("ESCAPED", file.Name())
		}
	}

	for _, path := range []string{
		"/x", "/usr/x", "/dev/x", "/dev/shm/x", "/etc/passwd", "/zygote",
		"/usr/lib/go/bin/go", "/proc/sys/kernel/core_pattern", "/lib64/x",
	} {
		flags := os.O_WRONLY | os.O_CREATE
		if file, err := os.OpenFile(path, flags, 0600); err == nil {
			fmt.Println("ESCAPED", file.Name())
		}

		if os.Remove(path) == nil || os.Rename(path, "/tmp/x") == nil {
			fmt.Println("ESCAPED, gone:", path)
		}
	}

	fmt.Println("none")
}
