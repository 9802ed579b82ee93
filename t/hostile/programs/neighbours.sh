# expect: {"status": "completed", "stdout_like": "^1 2\\nmain.sh\\nbin dev etc lib (lib64 )?tmp usr zygote\\nnull random urandom zero\\ncell\\n$", "exit_code": 0}
# stopped_by: pid mount root
# Other processes, other jobs' files, the machine's.
for ((pid = 1; pid < 32768; pid++)); do
    kill -0 $pid 2>/dev/null && found+=" $pid"
done
echo $found
echo $(ls -A /tmp)
echo $(ls -A /)
echo $(ls -A /dev)
uname -n
cat /proc/self/status /proc/1/environ /sys/class/net/lo/address \
    /etc/passwd /etc/shadow /run/coderemote/sandbox.sock /root/.bashrc \
    2>/dev/null && echo ESCAPED
exit 0
