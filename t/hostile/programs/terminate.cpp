// expect: {"status": "failed", "signal": "SIGABRT", "stdout": "no core\n", "stderr_like": "^(terminate called after .*\\n  what\\(\\):  once\\n){2}$"}
// bounded_by: its own end is its own
// Nobody catches it; in a child first.
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

int
main()
{
    int  status = 0;

    if (fork() != 0) {
        wait(&status);
        std::cout << (WTERMSIG(status) != SIGABRT || WCOREDUMP(status)
                      || std::filesystem::exists("core")
                      ? "ESCAPED" : "no core") << std::endl;
    }

    throw std::runtime_error("once");
}
