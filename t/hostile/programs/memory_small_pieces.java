// expect: {"status": "failed", "error_type": "MemoryError", "stdout": "begun\n"}
// memory_mb: 128
// stopped_by: cgroup-memory
// It would go on without what it does not get.
import java.util.*;
class Main {
    public static void main(String[] args) {
        List<Object> all = new ArrayList<>();
        System.out.println("begun");
        for (int n = 0; n < 1 << 26; n++) {
            try {
                all.add(new byte[200]);
            } catch (OutOfMemoryError e) { }
        }
        System.out.println("ESCAPED");
    }
}
