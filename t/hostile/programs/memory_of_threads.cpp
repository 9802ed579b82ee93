// expect: {"status": "failed", "error_type": "MemoryError", "stdout": "begun\n"}
// memory_mb: 64
// stopped_by: cgroup-memory
// Each within bounds, together they are not.
#include <iostream>
#include <thread>
#include <vector>

int
main()
{
    std::vector<std::jthread>  threads;

    std::cout << "begun" << std::endl;

    for (int n = 0; n < 16; n++) {
        threads.emplace_back([] {
            std::vector<char>  large(40 << 20, 'x');
            std::this_thread::sleep_for(std::chrono::hours(large.size()));
        });
    }
}
