package io.adjoint.optim.train;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LivePageTest {
    private static String ask(LivePage page, String method, String host) throws IOException {
        int port = URI.create(page.address()).getPort();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write((method + " / HTTP/1.1\r\nHost: " + host.replace("PORT", "" + port)
                    + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void showsTheCurvesToThisMachineOnly() throws IOException {
        try (LivePage page = LivePage.open(0)) {
            Event.Plan plan = new Event.Plan(2, 4);
            assertTrue(ask(page, "GET", "127.0.0.1:PORT").contains("not begun"));
            page.on(new Event.Started(plan, 4, List.of(new EpochResult(0, 4, 7.125, Optional.empty()))));
            page.on(new Event.StepDone(plan, 1, 5, 0.25, 1));
            page.on(new Event.EpochDone(plan, new EpochResult(1, 8, 3.5, Optional.empty()), true));
            String answer = ask(page, "GET", "localhost:PORT");
            assertTrue(answer.startsWith("HTTP/1.1 200") && answer.contains("step 5 of 8, loss 0.2500")
                    && answer.contains(">7.125<") && answer.contains(">3.500<"), answer);
            for (String host : List.of("example.org", "example.org:PORT", "127.0.0.1.example.org:PORT")) {
                assertTrue(ask(page, "GET", host).startsWith("HTTP/1.1 403"), host);
            }
            assertTrue(ask(page, "POST", "127.0.0.1:PORT").startsWith("HTTP/1.1 405"));
            page.on(new Event.Ended(new Outcome(Outcome.End.FINISHED, List.of())));
            assertTrue(ask(page, "GET", "127.0.0.1:PORT").contains("ended: finished"));
        }
    }

    /** No other address of this machine answers, so nobody from elsewhere gets as far as being refused. */
    @Test
    void isBoundToTheLoopbackAddressAlone() throws IOException {
        try (LivePage page = LivePage.open(0)) {
            int port = URI.create(page.address()).getPort();
            for (InetAddress address : NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress()).toList()) {
                assertThrows(IOException.class, () -> new Socket(address, port).close(), address.toString());
            }
        }
    }

    @Test
    void saysThatAPortIsTaken() {
        try (LivePage page = LivePage.open(0)) {
            int port = URI.create(page.address()).getPort();
            String message = assertThrows(UncheckedIOException.class, () -> LivePage.open(port)).getMessage();
            assertTrue(message.startsWith("live page: port " + port), message);
        }
    }
}
