package io.adjoint.serialization.file;

import io.adjoint.serialization.ModelFileException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Opens files to read them. Opening a pipe would block, a device has no size: both are refused. */
public final class RegularFile {
    private RegularFile() {}

    /**
     * Opens a file to read it.
     *
     * @throws ModelFileException if this is a folder, a pipe or a device
     */
    public static FileChannel open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new ModelFileException(file, "this is a folder", "name a file in it");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new ModelFileException(file, "this is not a regular file", "name a file");
        }
        return FileChannel.open(file);
    }

    /**
     * The bytes of a file where they lie on the disk: read as they are looked at, and no part of the heap.
     *
     * @throws ModelFileException if the file cannot be read
     */
    public static MemorySegment map(Path file) {
        return map(file, Arena.ofAuto());
    }

    /**
     * The same until the arena is closed: some systems cannot replace a file while it is mapped.
     *
     * @throws ModelFileException as {@link #map(Path)}
     */
    public static MemorySegment map(Path file, Arena arena) {
        try (FileChannel channel = open(file)) {
            return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (UnsupportedOperationException e) {
            throw new ModelFileException(file, "its file system cannot map files into memory", "copy it to a disk", e);
        } catch (IOException e) {
            throw Failures.reading(file, e);
        }
    }

    /**
     * Looks at mapped bytes of a file, which may fail at any moment: the JVM reports it as an internal error of its own.
     *
     * @throws ModelFileException if the file became shorter meanwhile, or its disk fails
     */
    public static <T> T lookAt(Path file, Supplier<T> look) {
        try {
            return look.get();
        } catch (InternalError e) {
            throw new ModelFileException(file, "it became shorter while it was being read, or its disk fails",
                    "read it again once nobody writes it", e);
        }
    }
}
