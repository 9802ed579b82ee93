# expect: {"status": "completed", "stdout": "", "exit_code": 0}
# stopped_by: root landlock
# What all jobs run is nobody's to change.
for path in /x /usr/x /usr/bin/x /usr/lib/x /dev/x /zygote /usr/bin/bash; do
    (echo x > $path) 2>/dev/null && echo "ESCAPED $path"
    [ -e $path ] && rm -f $path 2>/dev/null && echo "ESCAPED $path"
done
mv /usr/bin/true /usr/bin/x 2>/dev/null && echo ESCAPED
ln /usr/bin/true /tmp/true 2>/dev/null && echo ESCAPED
chmod 777 /usr/bin/true /zygote 2>/dev/null && echo ESCAPED
touch /usr/bin/true /dev/null 2>/dev/null && echo ESCAPED
ln -s /usr/bin /tmp/bin && (echo x > /tmp/bin/x) 2>/dev/null && echo ESCAPED
exit 0
