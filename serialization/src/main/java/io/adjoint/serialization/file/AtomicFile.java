package io.adjoint.serialization.file;

import io.adjoint.serialization.Previous;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/**
 * Writes a file so that at every moment, a crash of the machine included, its name stands for the whole old contents or
 * the whole new ones: write a temporary file beside it, force it to the disk, rename it, force the folder.
 */
public final class AtomicFile {
    /** The moments at which a save can fail or die. */
    public enum Call {
        CREATE, WRITE, FORCE, DELETE_PREVIOUS, LINK, COPY, RENAME, FORCE_FOLDER
    }

    /** Told before each call to the operating system; tests fail or halt there. */
    public interface Watch {
        Watch NONE = _ -> {};

        void before(Call call) throws IOException;
    }

    /** What writes the contents of a file. */
    public interface Contents {
        void writeTo(OutputStream out) throws IOException;
    }

    private static final int BUFFER = 64 << 10;
    private static final int MAX_LINKS = 40;

    private final Path target;
    private final Watch watch;

    private AtomicFile(Path target, Watch watch) {
        this.target = target;
        this.watch = watch;
    }

    /**
     * Writes a file, or replaces it. A symbolic link stays, and what it leads to is replaced; permissions stay.
     *
     * @throws IOException if that fails; then nothing is changed and nothing left behind
     */
    public static void write(Path file, Contents contents, Watch watch) throws IOException {
        write(file, contents, Previous.DISCARD, watch);
    }

    /**
     * The same where the contents that are replaced may be kept.
     *
     * @throws IOException as {@link #write(Path, Contents, Watch)}; the contents before the last save may be gone
     */
    public static void write(Path file, Contents contents, Previous previous, Watch watch) throws IOException {
        new AtomicFile(target(file), watch).write(contents, previous);
    }

    /** Where the contents before the last save of a file are, if they were kept. */
    public static Optional<Path> previous(Path file) {
        try {
            return Optional.of(new PreviousFile(target(file), Watch.NONE).path())
                    .filter(Files::isRegularFile);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * What a write replaces: where symbolic links lead, also if that is nothing yet, which {@link Path#toRealPath} refuses.
     *
     * @throws IOException if they lead nowhere
     */
    public static Path target(Path path) throws IOException {
        Path at = path.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(at); links++) {
            if (links == MAX_LINKS) {
                throw new FileSystemLoopException(path.toString());
            }
            at = at.resolveSibling(Files.readSymbolicLink(at));
        }
        return at;
    }

    private void write(Contents contents, Previous previous) throws IOException {
        requireReplaceable();
        Path folder = target.getParent();
        TemporaryFile.sweep(folder);
        Optional<Set<PosixFilePermission>> permissions = permissions();
        watch.before(Call.CREATE);
        try (TemporaryFile temporary = TemporaryFile.create(folder, permissions)) {
            write(contents, temporary.channel());
            if (previous == Previous.KEEP) {
                new PreviousFile(target, watch).keep(permissions);
            }
            watch.before(Call.RENAME);
            Files.move(temporary.path(), target, StandardCopyOption.ATOMIC_MOVE);
        }
        forceFolder(folder);
    }

    private void requireReplaceable() throws IOException {
        if (Files.isDirectory(target)) {
            throw new FileSystemException(target.toString(), null, "it is a folder");
        }
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new FileSystemException(target.toString(), null, "it is not a regular file");
        }
        // A rename would replace it all the same, but somebody protected it.
        if (Files.exists(target) && !Files.isWritable(target)) {
            throw new AccessDeniedException(target.toString());
        }
    }

    private Optional<Set<PosixFilePermission>> permissions() throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(target, PosixFileAttributeView.class);
        return view == null || !Files.exists(target) ? Optional.empty()
                : Optional.of(view.readAttributes().permissions());
    }

    private void write(Contents contents, FileChannel channel) throws IOException {
        OutputStream calls = new WatchedStream(Channels.newOutputStream(channel));
        BufferedOutputStream out = new BufferedOutputStream(calls, BUFFER);
        contents.writeTo(out);
        out.flush();
        watch.before(Call.FORCE);
        channel.force(true);
    }

    /** Makes the rename last. Not every file system lets a folder be opened or forced, and the file is whole either way. */
    private void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder)) {
            watch.before(Call.FORCE_FOLDER);
            channel.force(true);
        } catch (IOException e) {
            return;
        }
    }

    private final class WatchedStream extends OutputStream {
        private final OutputStream out;

        WatchedStream(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            watch.before(Call.WRITE);
            out.write(bytes, offset, length);
        }
    }
}
