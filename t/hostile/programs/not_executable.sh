# expect: {"status": "completed", "stdout": "126\n127\nas text\n", "exit_code": 0}
# stopped_by: tmp landlock
# Without `execute = on` nothing in /tmp is a program, by the loader neither;
# what an interpreter reads is text.
cp /usr/bin/true /tmp/true
chmod 755 /tmp/true
/tmp/true 2>/dev/null
echo $?
loader=$(ls /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1 2>/dev/null)
$loader /tmp/true 2>/dev/null
echo $?
echo 'echo as text' > /tmp/script
bash /tmp/script
