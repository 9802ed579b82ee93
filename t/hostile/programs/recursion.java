// expect: {"status": "failed", "error_type": "MemoryError", "stdout": "StackOverflowError\n"}
// memory_mb: 128
// stopped_by: cgroup-memory
// A stack of its own choice, of 4 GB, is memory as any other.
class Main {
    static int deeper(int n) {
        return deeper(n + 1) + 1;
    }
    static void begin() {
        try {
            deeper(0);
        } catch (StackOverflowError e) {
            System.out.println("StackOverflowError");
        }
    }
    public static void main(String[] args) throws Exception {
        begin();
        new Thread(null, Main::begin, "deep", 1L << 32).start();
    }
}
