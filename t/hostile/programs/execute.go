// expect: {"status": "completed", "stdout": "permission denied\nexit status 1\n06755 the same\n", "exit_code": 0}
// stopped_by: root no_new_privs ids landlock
// The cell's own program, which the dynamic loader reads as any file; those of
// the machine that become another, and one of its own.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

func main() {
	if len(os.Args) > 1 {
		if os.Geteuid() == os.Getuid() && os.Getegid() == os.Getgid() {
			fmt.Println("the same")
		}
		return
	}

	fmt.Println(errors.Unwrap(exec.Command("/zygote").Run()))

	loader, _ := filepath.Glob("/lib*/ld-linux-*.so.*")
	fmt.Println(exec.Command(loader[0], "/zygote", "--init").Run())

	filepath.WalkDir("/", func(path string, _ fs.DirEntry, _ error) error {
		var st syscall.Stat_t
		var on syscall.Statfs_t
		syscall.Lstat(path, &st)
		syscall.Statfs(path, &on)
		if st.Mode&syscall.S_IFMT == syscall.S_IFREG && st.Mode&06000 != 0 &&
			on.Flags&syscall.MS_NOSUID == 0 {
			fmt.Println("ESCAPED", path)
		}
		return nil
	})

	os.Chmod(os.Args[0], 0755|fs.ModeSetuid|fs.ModeSetgid)
	own, _ := os.Stat(os.Args[0])
	out, _ := exec.Command(os.Args[0], "again").Output()
	fmt.Printf("%#o %s", own.Sys().(*syscall.Stat_t).Mode&07777, out)
}
