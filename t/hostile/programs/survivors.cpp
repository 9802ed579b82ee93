// expect: {"status": "completed", "stdout": "gone\n", "stderr": "", "exit_code": 0}
// bounded_by: what a program leaves behind ends with it
// Each child of the one before, and of a session of its own; all of them write.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>
#include <unistd.h>

int
main()
{
    int  n = 0;

    while (n < 8 && fork() == 0) {
        setsid();
        std::signal(SIGTERM, SIG_IGN);
        n++;
    }

    while (n > 0) {
        std::ofstream("/tmp/alive" + std::to_string(n)) << n;
    }

    while (!std::filesystem::exists("/tmp/alive8")) {
        std::this_thread::yield();
    }

    std::cout << "gone" << std::endl;
}
