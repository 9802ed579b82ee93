# expect: {"status": "completed", "stdout": "126\n126\n1\n1\n", "exit_code": 0}
# bounded_by: without the supervisor's socket it is a program as any other
# By its name it may not be executed; the dynamic loader reads it as any file.
/zygote 2>/dev/null
echo $?
/zygote --init 2>/dev/null
echo $?
loader=$(ls /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1 2>/dev/null)
$loader /zygote 2>/dev/null
echo $?
$loader /zygote --init 2>/dev/null
echo $?
