# expect: {"status": "completed", "stdout": "nothing of the machine\n", "exit_code": 0}
# runtime: python-open
# bounded_by: who starts a helper, a zygote, hands no environment down
# Where the kernel puts arguments and environment of a program: what was there
# when the zygote was started.
import ctypes

end = ctypes.c_void_p.in_dll(ctypes.CDLL(None), "__libc_stack_end").value
above = ctypes.string_at(end, -end % 4096 or 4096)
words = [word for word in (b"PATH=", b"HOME=", b"SHELL=", b"PWD=", b"/root",
                           b"/var", b"/home", b"NGINX") if word in above]
print(words or "nothing of the machine")
