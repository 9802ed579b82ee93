// expect: {"status": "completed", "stdout": "Resource temporarily unavailable at most 64\n", "exit_code": 0}
// stopped_by: cgroup-pids rlimits
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <system_error>
#include <thread>

int
main()
{
    int  n = 0;

    try {
        for (; n < 500; n++) {
            std::thread([] {
                std::this_thread::sleep_for(std::chrono::hours(1));
            }).detach();
        }
    } catch (const std::system_error &e) {
        std::cout << e.code().message()
                  << (n <= 64 ? " at most 64" : " ESCAPED") << std::endl;
    }

    std::_Exit(0);
}
