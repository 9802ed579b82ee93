// expect: {"status": "completed", "stdout_like": "^input\\none two\\n2 program\\.jar\\n1 true\\ntoken [0-9a-f-]{36}\\n$", "stderr": "", "exit_code": 0}
// stdin: "input\n"
// args: ["one two"]
// What a program finds that comes after a hostile one.
import java.io.File;
import java.util.*;
class Main {
    public static void main(String[] args) {
        System.out.println(new Scanner(System.in).nextLine());
        System.out.println(String.join(",", args));
        System.out.println(ProcessHandle.current().pid() + " "
                           + String.join(",", new File("/tmp").list()));
        System.out.println(Thread.activeCount() + " "
                           + (Runtime.getRuntime().totalMemory() < 32 << 20));
        System.out.println("token " + UUID.randomUUID());
    }
}
