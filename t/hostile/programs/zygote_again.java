// expect: {"status": "completed", "stdout": "Cannot run program \"/zygote\": error=13, Permission denied\n1\n", "stderr_has": "started by coderemote-sandbox alone", "exit_code": 0}
// bounded_by: without the supervisor's socket it is a program as any other
class Main {
    static void run(String... words) throws Exception {
        try {
            System.out.println(new ProcessBuilder(words).inheritIO().start()
                               .waitFor());
        } catch (java.io.IOException e) {
            System.out.println(e.getMessage());
        }
    }
    public static void main(String[] args) throws Exception {
        String loader = "/lib64/ld-linux-x86-64.so.2";
        if (!new java.io.File(loader).exists()) {
            loader = "/lib/ld-linux-aarch64.so.1";
        }
        run("/zygote");
        run(loader, "/zygote");
    }
}
