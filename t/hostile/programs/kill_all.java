// expect: {"status": "completed", "stdout": "none of 70000\nUnable to open /proc\n", "exit_code": 0}
// stopped_by: root
// Without /proc it knows of no process that it did not start.
import java.util.stream.LongStream;
class Main {
    public static void main(String[] args) {
        boolean any = LongStream.rangeClosed(1, 70000)
            .filter(pid -> pid != ProcessHandle.current().pid())
            .mapToObj(ProcessHandle::of).flatMap(found -> found.stream())
            .filter(ProcessHandle::destroyForcibly).count() > 0;
        System.out.println(any ? "ESCAPED" : "none of 70000");
        try {
            ProcessHandle.allProcesses().forEach(System.out::println);
        } catch (RuntimeException e) {
            System.out.println(e.getMessage().replaceAll(".*\\(|\\).*", ""));
        }
    }
}
