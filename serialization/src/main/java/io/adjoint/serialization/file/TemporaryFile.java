package io.adjoint.serialization.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;

/**
 * A file that is being written under a name of its own, until it is renamed or, when closed, deleted.
 *
 * <p>A process that is killed leaves its temporary files behind, and the next save in that folder removes them. It tells
 * them from those of a living process by their locks, which go with the process.
 */
record TemporaryFile(Path path, FileChannel channel) implements AutoCloseable {
    private static final String PREFIX = ".adjoint-";
    private static final String SUFFIX = ".part";

    /**
     * Names the files of this process. They are never opened to see whether they are locked: closing a file gives up all
     * the locks that the process holds on it.
     */
    private static final String PROCESS = PREFIX + random() + "-";

    private static final int TRIES = 10;

    private static String random() {
        return Long.toHexString(new SecureRandom().nextLong());
    }

    /** Creates a file with these permissions, or the default ones. */
    static TemporaryFile create(Path folder, Optional<Set<PosixFilePermission>> permissions) throws IOException {
        // From the beginning: what nobody may read later nobody should read early.
        FileAttribute<?>[] attributes = permissions
                .map(wanted -> new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(wanted)})
                .orElse(new FileAttribute<?>[0]);
        for (int i = 0; i < TRIES; i++) {
            Path path = folder.resolve(PROCESS + random() + SUFFIX);
            FileChannel channel = FileChannel.open(path,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes);
            TemporaryFile file = new TemporaryFile(path, channel);
            try {
                if (file.lock()) {
                    if (permissions.isPresent()) {
                        Files.setPosixFilePermissions(path, permissions.get()); // those that the umask took away
                    }
                    return file;
                }
            } catch (IOException e) {
                file.closeAfter(e);
                throw e;
            }
            file.close();
        }
        throw new IOException("no temporary file beside it can be locked");
    }

    /** False if a save of another process was quicker and took the file, not yet locked, for a leftover. */
    private boolean lock() {
        try {
            return channel.tryLock() != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            return true; // no locks on this file system, so nobody sweeps it either
        }
    }

    /** Deletes the file if it still has its temporary name. */
    @Override
    public void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(path);
        }
    }

    private void closeAfter(IOException failure) {
        try {
            close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Deletes what killed processes left in the folder; whatever cannot be deleted stays. */
    static void sweep(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
            for (Path path : files) {
                if (!path.getFileName().toString().startsWith(PROCESS)
                        && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    deleteUnlessLocked(path);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return; // a save can do without
        }
    }

    private static void deleteUnlessLocked(Path path) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | OverlappingFileLockException e) {
            return; // somebody else's file, or gone by now, or of this library loaded twice
        }
    }
}
