// expect: {"status": "failed", "error_type": "MemoryError", "stdout": "begun\n"}
// memory_mb: 128
// stopped_by: cgroup-memory
// What is no part of the heap: the machine does not count it.
import java.lang.reflect.Field;
import sun.misc.Unsafe;
class Main {
    public static void main(String[] args) throws Exception {
        Field field = Unsafe.class.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        Unsafe unsafe = (Unsafe) field.get(null);
        long size = 1L << 32, address = unsafe.allocateMemory(size);
        System.out.println("begun");
        unsafe.setMemory(address, size, (byte) 1);
        System.out.println("ESCAPED");
    }
}
