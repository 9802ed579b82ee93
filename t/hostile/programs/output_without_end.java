// expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout_min": 1000, "stdout_max": 1048576, "stderr_min": 1000, "stderr_max": 1048576}
// timeout: 3
// bounded_by: output beyond its limit is read and forgotten
class Main {
    public static void main(String[] args) {
        new Thread(() -> {
            for (;;) System.err.println("to stderr".repeat(100));
        }).start();
        for (;;) System.out.println("to stdout".repeat(100));
    }
}
