package io.adjoint.serialization.tensorboard;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Failures;
import io.adjoint.serialization.file.Folders;
import io.adjoint.serialization.tensorboard.proto.Event;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;

/** Writes records, each by one call of the operating system. */
final class RecordWriter implements AutoCloseable {
    private static final int MOST_FILES = 10_000;

    private final Path file;
    private final OutputStream out;
    private boolean isClosed;

    private RecordWriter(Path file, OutputStream out) {
        this.file = file;
        this.out = out;
    }

    /**
     * A file that was not there, called as TensorBoard wants it: it reads those with {@code tfevents} in their names in the order of
     * these, which is that of their times.
     */
    static RecordWriter create(Path folder, Instant now) {
        Folders.require(folder);
        String name = "events.out.tfevents.%010d.%s.%d.".formatted(now.getEpochSecond(), host(System.getenv()),
                ProcessHandle.current().pid());
        for (int number = 0;; number++) {
            Path file = folder.resolve(name + number);
            try {
                return new RecordWriter(file,
                        Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
            } catch (FileAlreadyExistsException e) {
                if (number == MOST_FILES) {
                    throw Failures.writing(file, e);
                }
            } catch (IOException e) {
                throw Failures.writing(file, e);
            }
        }
    }

    /** By the environment: the network would have to be asked for more. */
    static String host(Map<String, String> environment) {
        return Stream.of("HOSTNAME", "COMPUTERNAME").map(key -> environment.getOrDefault(key, ""))
                .filter(name -> name.matches("[A-Za-z0-9_.-]{1,64}")).findFirst().orElse("localhost");
    }

    Path file() {
        return file;
    }

    void write(Event event) {
        if (event.getSerializedSize() > Frame.MOST) {
            throw ShapeException.of("event file", "too much for one event")
                    .operand("bytes", event.getSerializedSize()).expected("at most " + Frame.MOST);
        }
        write(Frame.around(event.toByteArray()));
    }

    private synchronized void write(byte[] frame) {
        if (isClosed) {
            throw new ModelFileException(file, "it is closed", "open another");
        }
        try {
            out.write(frame);
        } catch (IOException e) {
            // what comes after part of a record could not be read
            closeAfter(e);
            throw Failures.appending(file, e);
        }
    }

    private void closeAfter(IOException failure) {
        try {
            close();
        } catch (ModelFileException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        try {
            out.close();
        } catch (IOException e) {
            throw Failures.appending(file, e);
        }
    }
}
