package io.adjoint.examples;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/**
 * One line that says how far a training is: epoch, loss, accuracy, rate and time left. On a terminal it is rewritten in
 * place; elsewhere a new line is printed now and then, so that a log stays readable.
 */
final class ProgressLine {
    /** Lines in a log of a whole training. */
    private static final int LINES = 10;

    private final PrintWriter out;
    private final boolean inPlace;
    private final int epochs;
    private final long start = System.nanoTime();
    private long rows;

    ProgressLine(PrintWriter out, int epochs) {
        this.out = out;
        this.inPlace = System.console() != null && System.console().isTerminal();
        this.epochs = epochs;
    }

    /** Reports an epoch: its number from 1, the mean loss, and the share of rows that were classified right. */
    void epoch(int epoch, double loss, double accuracy, int rowsTrained) {
        rows += rowsTrained;
        double seconds = (System.nanoTime() - start) / 1e9;
        Duration left = Duration.ofMillis(Math.round(1e3 * seconds / epoch * (epochs - epoch)));
        String line = String.format(Locale.ROOT,
                "epoch %3d/%d  loss %.4f  accuracy %5.2f %%  %,8.0f rows/s  %d:%02d left", epoch, epochs, loss,
                100 * accuracy, rows / seconds, left.toMinutes(), left.toSecondsPart());
        if (inPlace) {
            out.print("\r" + line + (epoch == epochs ? System.lineSeparator() : ""));
            out.flush();
        } else if (epoch == 1 || epoch == epochs || epoch % Math.ceilDiv(epochs, LINES) == 0) {
            out.println(line);
        }
    }
}
