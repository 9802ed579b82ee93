# expect: {"status": "completed", "stdout": "", "exit_code": 0}
# bounded_by: /tmp ends with its job
# The next job looks for these.
umask 0
mkdir -p /tmp/left /tmp/.hidden
for i in 1 2 3 4 5; do echo "left by another $i" > /tmp/left/$i; done
echo 'echo ESCAPED' > /tmp/.bashrc
cp /tmp/.bashrc /tmp/main.sh
export BASH_ENV=/tmp/.bashrc LEFT=1
nohup sleep 100 > /dev/null 2>&1 &
exit 0
