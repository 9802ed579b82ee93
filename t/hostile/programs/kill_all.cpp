// expect: {"status": "failed", "stdout": "it lives\n", "exit_code": 3}
// bounded_by: an init gets no signal that it has no handler for, and heeds those of the supervisor alone
// By threads, queued, with values, to all and to each number that there may be.
#include <csignal>
#include <iostream>
#include <thread>
#include <vector>

int
main()
{
    {
        std::vector<std::jthread>  threads;

        for (int t = 0; t < 8; t++) {
            threads.emplace_back([] {
                for (int n = 1; n < 65 * 1000; n++) {
                    sigqueue(1, n % 65, { .sival_int = n });
                    kill(1, n % 65);
                }
            });
        }
    }

    for (int pid = 3; pid < 70000; pid++) {
        if (kill(pid, SIGKILL) == 0) {
            std::cout << "ESCAPED " << pid << std::endl;
        }
    }

    kill(-1, SIGKILL);
    std::cout << (kill(1, 0) == 0 ? "it lives" : "ESCAPED") << std::endl;
    return 3;
}
