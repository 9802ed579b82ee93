// expect: {"status": "failed", "signal": "SIGABRT", "stdout_like": "^begun\\n#\\n# A fatal error(?s:.*)SIGSEGV", "stdout_hasnt": "ESCAPED"}
// bounded_by: its own end is its own
// The machine writes a report of what it met, and aborts.
class Main {
    public static void main(String[] args) throws Exception {
        var field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        System.out.println("begun");
        ((sun.misc.Unsafe) field.get(null)).putAddress(8, 1);
        System.out.println("ESCAPED");
    }
}
