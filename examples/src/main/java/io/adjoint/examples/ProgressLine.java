package io.adjoint.examples;

import io.adjoint.optim.train.Event;
import io.adjoint.optim.train.Listener;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/**
 * One line that says how far a training is: epoch, loss, accuracy, rate and time left. On a terminal it is rewritten in
 * place; elsewhere a new line is printed now and then, so that a log stays readable.
 */
final class ProgressLine implements Listener {
    /** Lines in a log of a whole training. */
    private static final int LINES = 10;

    private final PrintWriter out;
    private final boolean inPlace;
    private final int rows;
    private final long start = System.nanoTime();

    /** Lines of a training on so many rows. */
    ProgressLine(PrintWriter out, int rows) {
        this.out = out;
        this.inPlace = System.console() != null && System.console().isTerminal();
        this.rows = rows;
    }

    @Override
    public void on(Event event) {
        if (event instanceof Event.EpochDone done) {
            double accuracy = done.result().validation().orElseThrow().figure("accuracy");
            epoch(done.result().epoch() + 1, done.plan().epochs(), done.result().loss(), accuracy);
        }
    }

    private void epoch(long epoch, long epochs, double loss, double accuracy) {
        double seconds = (System.nanoTime() - start) / 1e9;
        Duration left = Duration.ofMillis(Math.round(1e3 * seconds / epoch * (epochs - epoch)));
        String line = String.format(Locale.ROOT,
                "epoch %3d/%d  loss %.4f  accuracy %5.2f %%  %,8.0f rows/s  %d:%02d left", epoch, epochs, loss,
                100 * accuracy, rows * epoch / seconds, left.toMinutes(), left.toSecondsPart());
        if (inPlace) {
            out.print("\r" + line + (epoch == epochs ? System.lineSeparator() : ""));
            out.flush();
        } else if (epoch == 1 || epoch == epochs || epoch % Math.ceilDiv(epochs, LINES) == 0) {
            out.println(line);
        }
    }
}
