// expect: {"status": "completed", "stdout_like": "(error=11|unable to create native thread).* at most 64\\n$", "exit_code": 0}
// stopped_by: cgroup-pids rlimits
// Each has a dozen threads, and there is one here that waits for it.
import java.lang.ProcessBuilder.Redirect;
class Main {
    public static void main(String[] args) throws Exception {
        int n = 0;
        if (args.length > 0) Thread.sleep(Long.MAX_VALUE);
        String java = System.getProperty("java.home") + "/bin/java";
        try {
            for (; n < 500; n++) {
                new ProcessBuilder(java, "-jar", "program.jar", "child")
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD).start();
            }
        } catch (Throwable e) {
            System.out.println(e.getMessage()
                               + (n <= 64 ? " at most 64" : " ESCAPED"));
        }
        Runtime.getRuntime().halt(0);
    }
}
