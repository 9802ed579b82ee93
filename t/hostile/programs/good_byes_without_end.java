// expect: {"status": "failed", "error_type": "TimeoutError", "timed_out": true, "stdout": "good bye\n"}
// timeout: 3
// bounded_by: the time limit is kept outside of the cell
// Deaf to what the machine lets it be deaf to, and at its end it does not end.
class Main {
    public static void main(String[] args) {
        for (String name : new String[] { "TERM", "INT", "HUP", "ABRT" }) {
            sun.misc.Signal.handle(new sun.misc.Signal(name), signal -> { });
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            System.out.println("good bye");
            for (;;) Thread.onSpinWait();
        }));
        System.exit(0);
    }
}
