// expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout_min": 1000, "stdout_max": 1048576, "stderr_min": 1000, "stderr_max": 1048576}
// timeout: 2
// bounded_by: output beyond its limit is read and forgotten
#include <iostream>
#include <thread>

static void
pour(std::ostream &stream, const char *text)
{
    for (;;) {
        stream << text << std::endl;
        stream.clear();
    }
}

int
main()
{
    std::jthread  other([] { pour(std::cerr, "to stderr"); });

    pour(std::cout, "to stdout");
}
