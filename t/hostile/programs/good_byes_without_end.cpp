// expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": "good bye\n"}
// timeout: 1
// bounded_by: the time limit is kept outside of the cell
// What is static is destroyed after the program.
#include <cstdlib>
#include <iostream>

static volatile int  n;

static struct last {
    ~last()
    {
        std::cout << "good bye" << std::endl;

        for (;;) {
            n = n + 1;
        }
    }
} one;

int
main()
{
    std::exit(0);
}
