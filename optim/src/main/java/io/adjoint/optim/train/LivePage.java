package io.adjoint.optim.train;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A page with the curves of a training while it goes on, for a browser on this machine: it is bound to the loopback address, and
 * answers only those who ask for it by that, so that no page from elsewhere can read it. It consists of text and an image, without
 * scripts, and loads itself again every few seconds.
 *
 * {@snippet :
 * try (LivePage page = LivePage.open(0)) {
 *     System.out.println(page.address());
 *     trainer.withListener(page).fit(batches);
 * }
 * }
 *
 * It needs the JDK's module {@code jdk.httpserver}, which a small run-time image may lack.
 */
public final class LivePage implements Listener, AutoCloseable {
    private static final int SECONDS = 3;
    private static final int OK = 200;
    private static final int FORBIDDEN = 403;
    private static final int NOT_ALLOWED = 405;

    private final HttpServer server;
    private final List<String> hosts;
    private final List<EpochResult> history = new ArrayList<>();
    private volatile String state = "not begun";
    private volatile String image = Curves.svg(List.of());

    private LivePage(HttpServer server) {
        this.server = server;
        int port = server.getAddress().getPort();
        hosts = List.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port);
        server.createContext("/", this::answer);
        server.start();
    }

    /**
     * Opens a page.
     *
     * @param port of the loopback address; 0 for any that is free
     * @throws UncheckedIOException if the port is taken
     */
    public static LivePage open(int port) {
        try {
            return new LivePage(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0));
        } catch (IOException e) {
            throw new UncheckedIOException("live page: port " + port + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** Where the page is, for the browser. */
    public String address() {
        return "http://" + hosts.getFirst() + "/";
    }

    @Override
    public void on(Event event) {
        switch (event) {
            case Event.Started started -> {
                history.clear();
                history.addAll(started.history());
                image = Curves.svg(history);
                state = "begun";
            }
            case Event.StepDone step -> state = String.format(Locale.ROOT, "step %,d of %,d, loss %.4f", step.step(),
                    step.plan().steps(), step.loss());
            case Event.EpochDone done -> {
                history.add(done.result());
                image = Curves.svg(history);
            }
            case Event.Saved _ -> {}
            case Event.Ended ended -> state = "ended: " + ended.outcome().end().name().toLowerCase(Locale.ROOT);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String host = exchange.getRequestHeaders().getFirst("Host");
        if (host == null || !hosts.contains(host.toLowerCase(Locale.ROOT))) { // a name that was made to lead here
            send(exchange, FORBIDDEN, "for this machine only\n");
        } else if (!exchange.getRequestMethod().equals("GET")) {
            send(exchange, NOT_ALLOWED, "there is nothing but a page to get\n");
        } else {
            send(exchange, OK,
                    "<!doctype html>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"refresh\" content=\"" + SECONDS
                            + "\">\n<title>Adjoint</title>\n<p>" + Curves.escape(state) + "</p>\n" + image);
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type",
                (status == OK ? "text/html" : "text/plain") + "; charset=utf-8");
        exchange.getResponseHeaders().set("Content-Security-Policy", "default-src 'none'");
        exchange.sendResponseHeaders(status, bytes.length);
        try (exchange; OutputStream body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }

    /** Closes the page. */
    @Override
    public void close() {
        server.stop(0);
    }
}
