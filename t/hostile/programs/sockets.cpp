// expect: {"status": "completed", "stdout": "8 EPERM\n", "exit_code": 0}
// stopped_by: seccomp
// Of what a connection needs nothing is to be had, on no descriptor.
#include <cerrno>
#include <cstdio>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

int
main()
{
    int                 refused = 0;
    char                byte = 0;
    sockaddr_in         in = { AF_INET, 1, { htonl(INADDR_LOOPBACK) }, {} };
    sockaddr           *to = reinterpret_cast<sockaddr *>(&in);
    const auto          ask = [&](long rc) {
        refused += rc == -1 && errno == EPERM;
    };

    ask(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ask(socket(AF_UNIX, SOCK_SEQPACKET, 0));
    ask(connect(0, to, sizeof(in)));
    ask(bind(1, to, sizeof(in)));
    ask(listen(1, 1));
    ask(accept(0, nullptr, nullptr));
    ask(sendto(1, &byte, 1, 0, to, sizeof(in)));
    ask(recvfrom(0, &byte, 1, 0, nullptr, nullptr));

    addrinfo  *found = nullptr;
    std::printf("%d %s\n", refused,
                getaddrinfo("localhost", "80", nullptr, &found) == 0 && found
                && socket(found->ai_family, SOCK_STREAM, 0) != -1
                ? "ESCAPED" : "EPERM");
}
