// expect: {"status": "completed", "stdout": "NoSuchFileException 7\nRead-only file system 5\nInvalid cross-device link 1\nRead-only file system 1\n", "exit_code": 0}
// stopped_by: root
import java.nio.file.*;
class Main {
    interface Ask { Object ask(Path path) throws Exception; }
    static void ask(String expected, Ask ask, String... paths) {
        int n = 0;
        for (String path : paths) {
            try {
                System.out.println("ESCAPED " + path + ask.ask(Path.of(path)));
            } catch (Exception e) {
                if (e.toString().contains(expected)) n++;
            }
        }
        System.out.println(expected + " " + n);
    }
    public static void main(String[] args) {
        Path made = Path.of("/tmp/made");
        ask("NoSuchFileException", Files::readAllBytes, "/etc/passwd",
            "/etc/shadow", "/proc/version", "/proc/self/environ",
            "/sys/class/net/lo/address", "/dev/mem", "/dev/kmsg");
        ask("Read-only file system", path -> Files.write(path, new byte[1]),
            "/x", "/usr/x", "/usr/lib/jvm/x", "/dev/x", "/zygote");
        ask("Invalid cross-device link",
            path -> Files.createLink(made, path), "/zygote");
        ask("Read-only file system", path -> Files.write(
            Files.createSymbolicLink(made, path).resolve("x"), new byte[1]),
            "/usr");
    }
}
