# expect: {"status": "completed", "stdout": "AS: not raised\nCORE: not raised\nCPU: not raised\nFSIZE: not raised\nMEMLOCK: not raised\nMSGQUEUE: not raised\nNICE: not raised\nNOFILE: not raised\nNPROC: not raised\nRTPRIO: not raised\nSIGPENDING: not raised\nSTACK: not raised\n"}
# runtime: python-open
# stopped_by: rlimits
# Raising each limit that there is.
import resource

for name in ("AS", "CORE", "CPU", "FSIZE", "MEMLOCK", "MSGQUEUE", "NICE",
             "NOFILE", "NPROC", "RTPRIO", "SIGPENDING", "STACK"):
    number = getattr(resource, "RLIMIT_" + name, None)
    if number is None:
        number = {"NICE": 13, "RTPRIO": 14, "SIGPENDING": 11}[name]
    soft, hard = resource.getrlimit(number)
    if name == "AS":
        # a profile with threads has none: its cgroup rules
        print("AS: not raised" if hard == -1 else f"AS: {hard}")
        continue
    try:
        resource.setrlimit(number, (hard + 1 if hard != -1 else -1,) * 2)
        print(f"{name}: ESCAPED")
    except (ValueError, OSError):
        print(f"{name}: not raised")
