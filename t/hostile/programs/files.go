// expect: {"status": "completed", "stdout": "no space left on device, at most 256 MB\nno space left on device, at most 17000 folders\n", "exit_code": 0}
// stopped_by: tmp
package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

func until(what string, most int, more func(n int) error) {
	for n := 0; n <= most; n++ {
		if err := more(n); errors.Is(err, syscall.ENOSPC) {
			fmt.Printf("%v, at most %d %s\n", syscall.ENOSPC, most, what)
			return
		} else if err != nil {
			fmt.Println(err)
			return
		}
	}

	fmt.Println("ESCAPED", most, what)
}

func main() {
	data, _ := os.Create("/tmp/data")
	until("MB", 256, func(n int) error {
		_, err := data.Write(make([]byte, 1<<20))
		return err
	})

	data.Truncate(0)
	until("folders", 17000, func(n int) error {
		return os.Mkdir(fmt.Sprint("/tmp/", n), 0700)
	})
}
