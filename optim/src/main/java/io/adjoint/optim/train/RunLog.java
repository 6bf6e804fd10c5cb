package io.adjoint.optim.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes the history of a training into a file of JSON lines, one an epoch:
 *
 * <pre>{@code {"epoch":0,"step":45,"loss":1.25,"validation":{"loss":0.75,"accuracy":0.9}}}</pre>
 *
 * A figure that is not finite is {@code null}. A training that is resumed writes the epochs of its checkpoint anew and keeps the
 * lines of those before, which a checkpoint of a long training has no room for, so each epoch is there once.
 */
public final class RunLog implements Listener {
    private final Path file;

    private RunLog(Path file) {
        this.file = file;
    }

    /** A log in this file, which a training from its beginning replaces; the folder must exist. */
    public static RunLog in(Path file) {
        return new RunLog(file);
    }

    /** @throws UncheckedIOException if the file cannot be read or written */
    @Override
    public void on(Event event) {
        switch (event) {
            case Event.Started started -> write(linesWith(started.history()));
            case Event.EpochDone done -> write(List.of(Json.of(done.result())), StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            case Event.StepDone _, Event.Saved _, Event.Ended _ -> {}
        }
    }

    private List<String> linesWith(List<EpochResult> history) {
        Stream<String> lines = history.stream().map(Json::of);
        return (history.isEmpty() ? lines : Stream.concat(linesBefore(history.getFirst().epoch()), lines)).toList();
    }

    private Stream<String> linesBefore(long epoch) {
        if (epoch == 0 || Files.notExists(file)) {
            return Stream.empty();
        }
        try {
            // a line that was cut off may end within a character, which readString would refuse
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines()
                    .filter(line -> Json.epoch(line).orElse(epoch) < epoch);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": the history cannot be read: " + e.getMessage(), e);
        }
    }

    private void write(List<String> lines, StandardOpenOption... options) {
        try {
            Files.write(file, lines, options);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": the history cannot be written: " + e.getMessage(), e);
        }
    }
}
