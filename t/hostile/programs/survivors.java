// expect: {"status": "completed", "stdout": "gone\n", "stderr": "", "exit_code": 0}
// bounded_by: what a program leaves behind ends with it
import java.nio.file.*;
class Main {
    public static void main(String[] args) throws Exception {
        Path alive = Path.of("/tmp/alive");
        if (args.length > 0) {
            for (;;) Files.write(alive, new byte[1]);
        }
        new ProcessBuilder(System.getProperty("java.home") + "/bin/java",
                           "-jar", "program.jar", "child")
            .inheritIO().start();
        while (!Files.exists(alive)) Thread.sleep(10);
        System.out.println("gone");
    }
}
