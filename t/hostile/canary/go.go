// expect: {"status": "completed", "stdout_like": "^input\\none two\\n1 2\\nprogram\\n0 1 2\\n256 1\\nmemory is clean\\ntoken [0-9a-f]{32}\\n$", "stderr": "", "exit_code": 0}
// stdin: "input\n"
// args: ["one two"]
// What a program finds that comes after a hostile one.
package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
)

func main() {
	line, _ := io.ReadAll(os.Stdin)
	fmt.Printf("%s%s\n", line, strings.Join(os.Args[1:], "|"))

	// Its threads have numbers as well, of which it is not the group.
	pids, fds := []string{}, []string{}
	for n := uintptr(0); n < 300; n++ {
		_, _, errno := syscall.RawSyscall(syscall.SYS_TGKILL, n, n, 0)
		if errno == 0 {
			pids = append(pids, fmt.Sprint(n))
		}
		if syscall.Fstat(int(n), new(syscall.Stat_t)) == nil {
			fds = append(fds, fmt.Sprint(n))
		}
	}
	fmt.Println(strings.Join(pids, " "))

	entries, _ := os.ReadDir("/tmp")
	for _, entry := range entries {
		fmt.Println(entry.Name())
	}
	fmt.Println(strings.Join(fds, " "))

	var files, core syscall.Rlimit
	syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files)
	syscall.Getrlimit(syscall.RLIMIT_CORE, &core)
	fmt.Println(files.Max, core.Max)

	page, err := syscall.Mmap(-1, 0, 16<<20, syscall.PROT_READ,
		syscall.MAP_PRIVATE|syscall.MAP_ANON)
	if err == nil && len(bytes.Trim(page, "\x00")) == 0 {
		fmt.Println("memory is clean")
	}

	token := make([]byte, 16)
	rand.Read(token)
	fmt.Printf("token %x\n", token)
}
