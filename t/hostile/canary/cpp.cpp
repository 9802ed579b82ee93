// expect: {"status": "completed", "stdout_like": "^input\\none two\\n1 2\\nprogram\\ntoken [0-9]+ [0-9]+\\n$", "stderr": "", "exit_code": 0}
// stdin: "input\n"
// args: ["one two"]
// What a program finds that comes after a hostile one.
#include <csignal>
#include <filesystem>
#include <iostream>
#include <random>

int
main(int, char **argv)
{
    std::string         line;
    std::random_device  random;

    std::getline(std::cin, line);
    std::cout << line << std::endl << argv[1] << std::endl << 1;

    for (int pid = 2; pid < 300; pid++) {
        if (kill(pid, 0) == 0) {
            std::cout << " " << pid;
        }
    }

    std::cout << std::endl;

    for (const auto &entry : std::filesystem::directory_iterator("/tmp")) {
        std::cout << entry.path().filename().string() << std::endl;
    }

    std::cout << "token " << random() << " " << random() << std::endl;
}
