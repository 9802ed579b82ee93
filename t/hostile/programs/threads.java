// expect: {"status": "completed", "stdout_like": "unable to create native thread.* at most 64\\n$", "exit_code": 0}
// stopped_by: cgroup-pids rlimits
import java.util.concurrent.locks.LockSupport;
class Main {
    public static void main(String[] args) {
        int n = 0;
        try {
            for (; n < 500; n++) {
                new Thread(() -> { for (;;) LockSupport.park(); }).start();
            }
        } catch (OutOfMemoryError e) {
            System.out.println(e.getMessage()
                               + (n <= 64 ? " at most 64" : " ESCAPED"));
        }
        Runtime.getRuntime().halt(0);
    }
}
