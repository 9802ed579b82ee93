// expect: {"status": "completed", "stdout": "loaded\nfailed to map segment from shared object\nerror=13, Permission denied\n", "exit_code": 0}
// stopped_by: tmp
// A library of the tree is loaded; the same bytes in /tmp are not, nor are they
// a program.
import java.nio.file.*;
class Main {
    static void load(String path) {
        try {
            System.load(path);
            System.out.println("loaded");
        } catch (UnsatisfiedLinkError e) {
            System.out.println(e.getMessage().replaceAll(".*: ", ""));
        }
    }
    public static void main(String[] args) throws Exception {
        Path lib = Path.of(System.getProperty("java.home"), "lib/libprefs.so");
        Path copy = Files.copy(lib, Path.of("/tmp/libcopy.so"));
        load(lib.toString());
        load(copy.toString());
        copy.toFile().setExecutable(true);
        try {
            System.out.println(new ProcessBuilder("" + copy).start());
        } catch (java.io.IOException e) {
            System.out.println(e.getMessage().replaceAll(".*: |.*\" ", ""));
        }
    }
}
