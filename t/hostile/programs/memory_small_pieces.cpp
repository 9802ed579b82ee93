// expect: {"status": "failed", "error_type": "MemoryError", "stdout": "begun\n"}
// memory_mb: 64
// stopped_by: cgroup-memory
// It would go on without what it does not get.
#include <iostream>
#include <list>
#include <map>
#include <string>

int
main()
{
    std::map<int, std::string>  all;

    std::cout << "begun" << std::endl;

    for (int n = 0; n < 1 << 26; n++) {
        try {
            all[n] = std::string(200, 'x');
        } catch (...) {
        }
    }

    std::cout << "ESCAPED" << std::endl;
}
