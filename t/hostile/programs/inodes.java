// expect: {"status": "completed", "stdout": "No space left on device at most 17000\n", "exit_code": 0}
// stopped_by: tmp
import java.nio.file.*;
class Main {
    public static void main(String[] args) throws Exception {
        int n = 0;
        try {
            for (; n < 50000; n++) {
                Files.createDirectory(Path.of("/tmp/" + n));
            }
        } catch (FileSystemException e) {
            System.out.println(e.getReason() + (n <= 17000 ? " at most 17000"
                                                           : " ESCAPED"));
        }
    }
}
