# expect: {"status": "completed", "stdout": "", "exit_code": 0}
# stopped_by: root landlock
for name in tty console kmsg mem port ptmx fuse loop0 sda kvm net/tun shm/x \
            mqueue/x pts/0; do
    (: < /dev/$name) 2>/dev/null && echo "ESCAPED $name"
    (: > /dev/$name) 2>/dev/null && echo "ESCAPED $name"
done
(: > /dev/zero) 2>/dev/null && echo "ESCAPED zero"
for kind in 'b 7 0' 'c 1 1' p; do
    mknod /tmp/node $kind 2>/dev/null && echo "ESCAPED $kind"
done
exit 0
