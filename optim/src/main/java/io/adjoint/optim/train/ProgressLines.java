package io.adjoint.optim.train;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Shows how far a training is: epoch, loss, metrics, examples per second and the time left. On a terminal it is one line, rewritten
 * in place several times a second; elsewhere a line now and then, so that a log stays readable.
 */
public final class ProgressLines implements Listener {
    /** Lines of epochs in a log. */
    private static final int LINES = 20;

    private static final int BAR = 20;
    private static final long REDRAW_NANOS = 100_000_000;
    /** After which a log has another line, if an epoch takes so long. */
    private static final long LINE_NANOS = 300_000_000_000L;

    /** Where lines go to. */
    public enum Kind {
        /** One line that is rewritten. */
        TERMINAL,
        /** A line after the other. */
        LOG
    }

    private final PrintWriter out;
    private final Kind kind;
    private final LongSupplier nanoTime;
    private long begin;
    private long drawn;
    private long firstStep;
    private long examples;
    private int width;
    private double loss;
    private Optional<EpochResult> last = Optional.empty();

    ProgressLines(PrintWriter out, Kind kind, LongSupplier nanoTime) {
        this.out = out;
        this.kind = kind;
        this.nanoTime = nanoTime;
    }

    /** Lines for this stream: a terminal if the JVM has one. */
    public static ProgressLines on(PrintStream out) {
        return on(new PrintWriter(out, true));
    }

    /** Lines for this writer: a terminal if the JVM has one. */
    public static ProgressLines on(PrintWriter out) {
        return on(out, System.console() != null && System.console().isTerminal() ? Kind.TERMINAL : Kind.LOG);
    }

    /** Lines of this kind. */
    public static ProgressLines on(PrintWriter out, Kind kind) {
        return new ProgressLines(out, kind, System::nanoTime);
    }

    @Override
    public void on(Event event) {
        switch (event) {
            case Event.Started started -> start(started);
            case Event.StepDone step -> step(step);
            case Event.EpochDone epoch -> epoch(epoch);
            case Event.Saved _ -> {}
            case Event.Ended ended -> end(ended.outcome());
        }
    }

    private void start(Event.Started started) {
        begin = nanoTime.getAsLong();
        drawn = begin;
        firstStep = started.step();
        last = started.history().isEmpty() ? Optional.empty() : Optional.of(started.history().getLast());
        if (firstStep > 0) {
            out.printf(Locale.ROOT, "resumed after step %,d%n", firstStep);
        }
    }

    private void step(Event.StepDone step) {
        examples += step.examples();
        loss = step.loss();
        if (kind == Kind.TERMINAL && nanoTime.getAsLong() - drawn >= REDRAW_NANOS) {
            drawn = nanoTime.getAsLong();
            int done = (int) (BAR * step.step() / step.plan().steps());
            rewrite("█".repeat(done) + "░".repeat(BAR - done) + " "
                    + line(step.plan(), "", step.epoch(), step.step()));
        } else if (kind == Kind.LOG && nanoTime.getAsLong() - drawn >= LINE_NANOS) {
            drawn = nanoTime.getAsLong();
            String place = String.format(Locale.ROOT, ", step %,d of %,d", step.step(), step.plan().steps());
            out.println(line(step.plan(), place, step.epoch(), step.step()));
            out.flush();
        }
    }

    private void epoch(Event.EpochDone epoch) {
        last = Optional.of(epoch.result());
        loss = epoch.result().loss();
        long number = epoch.result().epoch() + 1;
        long epochs = epoch.plan().epochs();
        if (kind == Kind.LOG && (number == 1 || number == epochs || number % Math.ceilDiv(epochs, LINES) == 0)) {
            drawn = nanoTime.getAsLong();
            out.println(line(epoch.plan(), "", epoch.result().epoch(), epoch.result().step())
                    + (epoch.isBest() ? "  best" : ""));
        } else if (kind == Kind.TERMINAL) {
            rewrite(line(epoch.plan(), "", epoch.result().epoch(), epoch.result().step()));
        }
    }

    private void end(Outcome outcome) {
        if (kind == Kind.TERMINAL) {
            out.println();
        }
        switch (outcome.end()) {
            case FINISHED -> {}
            case EARLY -> out.println("ended early: no better epoch came");
            case INTERRUPTED -> out.println("interrupted");
        }
        out.flush();
    }

    private String line(Event.Plan plan, String place, long epoch, long step) {
        double seconds = (nanoTime.getAsLong() - begin) / 1e9;
        double left = seconds / Math.max(1, step - firstStep) * (plan.steps() - step);
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "epoch %d/%d%s  loss %.4f", epoch + 1,
                plan.epochs(), place, loss));
        last.flatMap(EpochResult::validation).ifPresent(validation -> {
            line.append(String.format(Locale.ROOT, "  validation loss %.4f", validation.loss()));
            validation.metrics()
                    .forEach((name, figure) -> line.append(String.format(Locale.ROOT, "  %s %.4f", name, figure)));
        });
        return line.append(String.format(Locale.ROOT, "  %,.0f examples/s  %s left", examples / Math.max(seconds, 1e-9),
                clock(Duration.ofMillis(Math.round(1e3 * left))))).toString();
    }

    private static String clock(Duration time) {
        return time.toHours() > 0
                ? String.format(Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart())
                : String.format(Locale.ROOT, "%d:%02d", time.toMinutes(), time.toSecondsPart());
    }

    private void rewrite(String line) {
        out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
        out.flush();
        width = line.length();
    }
}
