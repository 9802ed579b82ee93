// expect: {"status": "completed", "stdout": "/dev/null\n", "exit_code": 0}
// stopped_by: root
// What is not there; and of all that is, what can be written to.
#include <filesystem>
#include <fstream>
#include <iostream>

namespace fs = std::filesystem;

int
main()
{
    for (const char *path : { "/etc/passwd", "/etc/shadow", "/proc", "/sys",
                              "/run", "/home", "/root", "/var", "/dev/mem" })
    {
        if (fs::exists(path)) {
            std::cout << "ESCAPED " << path << std::endl;
        }
    }

    for (const fs::directory_entry &entry : fs::recursive_directory_iterator(
             "/", fs::directory_options::skip_permission_denied))
    {
        fs::path  path = entry.path();

        if (path.string().starts_with("/tmp")) {
            continue;
        }

        if (std::ofstream(entry.is_directory() ? path / "x" : path,
                          std::ios::app))
        {
            std::cout << path.string() << std::endl;
        }
    }
}
