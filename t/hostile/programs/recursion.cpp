// expect: {"status": "failed", "signal": "SIGSEGV", "stdout": "begun\n"}
// stopped_by: rlimits
// A list that is destroyed from its first to its last.
#include <iostream>
#include <memory>

struct node {
    std::unique_ptr<node>  next;
    ~node() { std::cout << std::flush; }
};

int
main()
{
    std::unique_ptr<node>  all;

    for (int n = 0; n < 2000000; n++) {
        auto one = std::make_unique<node>();
        one->next = std::move(all);
        all = std::move(one);
    }

    std::cout << "begun" << std::endl;
    all.reset();
    std::cout << "ESCAPED" << std::endl;
}
