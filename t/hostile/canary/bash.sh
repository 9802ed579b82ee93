# expect: {"status": "completed", "stdout_like": "^input\\none two\\n1 2\\nmain\\.sh\\n0077 256 1\\nPATH=\\S+ PWD=/tmp SHLVL=\\d \\ntoken [0-9a-f]{32}\\n$", "stderr": "", "exit_code": 0}
# stdin: "input\n"
# args: ["one two"]
# What a script finds that comes after a hostile one.
read -r line
echo "$line"
echo "$1"
for pid in {1..300}; do kill -0 $pid 2>/dev/null && found+=" $pid"; done
echo $found
echo $(ls -A /tmp)
echo $(umask) $(ulimit -n) $(kill -0 1 && echo 1)
env | grep -E '^(PATH|PWD|SHLVL|LEFT|BASH_ENV)=' | sort | tr '\n' ' '
echo
echo token $(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
