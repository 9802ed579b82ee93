// expect: {"status": "completed", "stdout": "EACCES\nEPERM\nENOENT\n", "exit_code": 0}
// bounded_by: without the supervisor's socket it is a program as any other
// By its name, by an empty one, by /proc.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <cerrno>
#include <cstring>
#include <iostream>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

int
main()
{
    char   name[] = "/zygote", init[] = "--init", link[] = "/proc/self/fd/3";
    char  *argv[] = { name, init, nullptr }, *none[] = { nullptr };
    int    fd = open(name, O_RDONLY);

    execve(name, argv, none);
    std::cout << strerrorname_np(errno) << std::endl;
    syscall(SYS_execveat, fd, "", argv, none, AT_EMPTY_PATH);
    std::cout << strerrorname_np(errno) << std::endl;
    execve(link, argv, none);
    std::cout << strerrorname_np(errno) << std::endl;
}
