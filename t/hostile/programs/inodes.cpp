// expect: {"status": "completed", "stdout": "No space left on device at most 17000\n", "exit_code": 0}
// stopped_by: tmp
#include <filesystem>
#include <iostream>

int
main()
{
    int  n = 0;

    try {
        for (; n < 50000; n++) {
            std::filesystem::create_symlink("x", "/tmp/" + std::to_string(n));
        }
    } catch (const std::filesystem::filesystem_error &e) {
        std::cout << e.code().message()
                  << (n <= 17000 ? " at most 17000" : " ESCAPED") << std::endl;
    }
}
