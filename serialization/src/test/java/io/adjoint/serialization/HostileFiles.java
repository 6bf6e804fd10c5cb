package io.adjoint.serialization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Function;

/**
 * Gives a reader thousands of hostile files, one after the other: each is read, or refused by a {@link ModelFileException}
 * of one sentence; within a second of the processor and {@value #ALLOWANCE} bytes, garbage included, above the file's size;
 * and nothing beside it is written.
 *
 * <p>{@code -Dhostile.files=100000} sets how many, {@code -Dhostile.from=100000} the number of the first. File number {@code i}
 * depends on {@code i} alone, so a failure comes again.
 */
public final class HostileFiles {
    /** How the files ended. */
    public record Tally(int read, int refused) {}

    /** Reads a file to its end, all that is in it. */
    public interface Reader {
        void read(Path file);
    }

    private static final int COUNT = Integer.getInteger("hostile.files", 3000);
    private static final int FROM = Integer.getInteger("hostile.from", 0);
    private static final long ALLOWANCE = 64 << 20;
    private static final long CPU_NANOS = 1_000_000_000;
    private static final int LONGEST_MESSAGE = 4000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Path file;
    private final Reader reader;

    private HostileFiles(Path file, Reader reader) {
        this.file = file;
        this.reader = reader;
    }

    /**
     * Files for a reader.
     *
     * @param file where they are written, one after the other; alone in its folder
     */
    public static HostileFiles of(Path file, Reader reader) {
        return new HostileFiles(file, reader);
    }

    /** Damaged copies of valid files, each of which the reader must take as it stands. */
    public Tally mutationsOf(byte[]... valid) throws IOException {
        for (byte[] bytes : valid) {
            write(bytes);
            reader.read(file);
        }
        return check(Mutations.of(valid));
    }

    /** Files as the test makes them. */
    public Tally check(Function<Random, byte[]> files) throws IOException {
        int read = 0;
        for (int i = FROM; i < FROM + COUNT; i++) {
            read += check(i, files.apply(new Random(i))) ? 1 : 0;
        }
        return new Tally(read, COUNT - read);
    }

    /** These files. */
    public Tally checkEach(byte[]... files) throws IOException {
        int read = 0;
        for (int i = 0; i < files.length; i++) {
            read += check(i, files[i]) ? 1 : 0;
        }
        return new Tally(read, files.length - read);
    }

    /** Whether a file is read. */
    private boolean check(int number, byte[] bytes) throws IOException {
        write(bytes);
        boolean isRead = isRead(number, bytes);
        try (var beside = Files.list(file.getParent())) {
            assertTrue(beside.allMatch(file::equals), "file number " + number + " makes others appear");
        }
        assertArrayEquals(bytes, Files.readAllBytes(file), "file number " + number + " changes");
        return isRead;
    }

    /** Each into a file of its own: to cut one that a reader has mapped would be slow, or change what it sees. */
    private void write(byte[] bytes) throws IOException {
        Files.deleteIfExists(file);
        Files.write(file, bytes);
    }

    /** All that the thread allocates meanwhile, garbage included. */
    public static long allocatedBy(Runnable body) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        body.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private boolean isRead(int number, byte[] bytes) {
        long memory = THREADS.getCurrentThreadAllocatedBytes();
        long time = THREADS.getCurrentThreadCpuTime();
        boolean read = end(number);
        time = THREADS.getCurrentThreadCpuTime() - time;
        memory = THREADS.getCurrentThreadAllocatedBytes() - memory;
        assertTrue(memory <= bytes.length + ALLOWANCE,
                "file number " + number + ", of " + bytes.length + " bytes, takes " + memory);
        assertTrue(time <= CPU_NANOS, "file number " + number + " takes " + time / 1_000_000 + " ms");
        return read;
    }

    /** True for a file that is read, false for one that is refused as it should be. */
    private boolean end(int number) {
        try {
            reader.read(file);
            return true;
        } catch (ModelFileException e) {
            String message = e.getMessage();
            assertTrue(message.startsWith(file + ": ") && message.contains("; ") && message.length() < LONGEST_MESSAGE
                    && message.chars().noneMatch(Character::isISOControl),
                    () -> "file number " + number + ": " + message);
            return false;
        } catch (Throwable e) {
            throw new AssertionError("file number " + number + " ends in " + e, e);
        }
    }
}
