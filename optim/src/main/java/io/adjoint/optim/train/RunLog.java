package io.adjoint.optim.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Writes the history of a training into a file of JSON lines, one an epoch:
 *
 * <pre>{@code {"epoch":0,"step":45,"loss":1.25,"validation":{"loss":0.75,"accuracy":0.9}}}</pre>
 *
 * A figure that is not finite is {@code null}. A training that is resumed begins the file anew with the epochs of its checkpoint, so
 * each epoch is there once.
 */
public final class RunLog implements Listener {
    private final Path file;

    private RunLog(Path file) {
        this.file = file;
    }

    /** A log in this file, which is replaced; its folder must exist. */
    public static RunLog in(Path file) {
        return new RunLog(file);
    }

    /** @throws UncheckedIOException if the file cannot be written */
    @Override
    public void on(Event event) {
        switch (event) {
            case Event.Started started -> write(started.history());
            case Event.EpochDone done -> write(List.of(done.result()), StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            case Event.StepDone _, Event.Saved _, Event.Ended _ -> {}
        }
    }

    private void write(List<EpochResult> results, StandardOpenOption... options) {
        try {
            Files.write(file, results.stream().map(Json::of).toList(), options);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": the history cannot be written: " + e.getMessage(), e);
        }
    }
}
