// expect: {"status": "completed", "stdout": "Operation not permitted\nOperation not permitted\nOperation not permitted\nOperation not permitted\nOperation not permitted\nOperation not permitted\nOperation not permitted\nexample.com: Temporary failure in name resolution\n", "exit_code": 0}
// stopped_by: seccomp
import java.net.*;
import java.nio.channels.*;
class Main {
    interface Ask { Object ask() throws Exception; }
    static void ask(Ask ask) {
        try {
            System.out.println("ESCAPED " + ask.ask());
        } catch (Exception e) {
            System.out.println(e.getMessage());
        }
    }
    public static void main(String[] args) {
        ask(() -> new Socket("127.0.0.1", 80));
        ask(() -> new ServerSocket(0));
        ask(() -> new DatagramSocket(0));
        ask(() -> SocketChannel.open(UnixDomainSocketAddress.of("/tmp/s")));
        ask(() -> ServerSocketChannel.open(StandardProtocolFamily.UNIX));
        ask(() -> DatagramChannel.open());
        ask(() -> new URL("http://127.0.0.1/").openStream());
        ask(() -> InetAddress.getByName("example.com"));
    }
}
