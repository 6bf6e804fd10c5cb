package io.adjoint.serialization.weights;

import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Names;
import io.adjoint.serialization.file.RegularFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The entries of a zip file, large ones included, by its directory at the end. Nothing in it is believed: every place lies
 * within the file, each name is there once.
 */
final class ZipFileEntries {
    /**
     * An entry.
     *
     * @param compressed bytes in the file
     * @param size bytes of the contents
     * @param place where its local header is
     */
    record Entry(String name, int method, int checksum, long compressed, long size, long place) {}

    static final int STORED = 0;
    static final int DEFLATED = 8;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int LOCAL = 0x04034b50;
    private static final int DIRECTORY = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END_64 = 0x06064b50;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int LOCAL_BYTES = 30;
    private static final int DIRECTORY_BYTES = 46;
    private static final int END_BYTES = 22;
    private static final int END_64_BYTES = 56;
    private static final int LOCATOR_64_BYTES = 20;
    private static final int MAX_COMMENT = 0xFFFF;
    private static final int ZIP_64 = 1;
    private static final int ENCRYPTED = 1;

    /** A storage for each of as many tensors as other formats have, and some more. */
    private static final int MAX_ENTRIES = (1 << 16) + 64;

    private final Path file;
    private final MemorySegment bytes;
    private final SequencedMap<String, Entry> entries = new LinkedHashMap<>();

    private ZipFileEntries(Path file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
        readDirectory();
    }

    /** @throws ModelFileException if the file cannot be read or its directory is damaged */
    static ZipFileEntries of(Path file) {
        return new ZipFileEntries(file, RegularFile.map(file));
    }

    SequencedMap<String, Entry> entries() {
        return Collections.unmodifiableSequencedMap(entries);
    }

    /** Bytes of the whole file. */
    long size() {
        return bytes.byteSize();
    }

    private void readDirectory() {
        long end = findEnd();
        long count = u16(end + 10);
        long length = u32(end + 12);
        long start = u32(end + 16);
        if (end >= LOCATOR_64_BYTES && bytes.get(INT, end - LOCATOR_64_BYTES) == LOCATOR_64) {
            long end64 = bytes.get(LONG, end - LOCATOR_64_BYTES + 8);
            if (end64 < 0 || end64 > end - LOCATOR_64_BYTES - END_64_BYTES || bytes.get(INT, end64) != END_64) {
                throw damaged("its large directory is not where it should be");
            }
            count = bytes.get(LONG, end64 + 32);
            length = bytes.get(LONG, end64 + 40);
            start = bytes.get(LONG, end64 + 48);
        }
        if (count < 0 || count > MAX_ENTRIES) {
            throw damaged(
                    "it has " + Long.toUnsignedString(count) + " entries where at most " + MAX_ENTRIES + " may be");
        }
        if (start < 0 || length < 0 || start > end || length > end - start) {
            throw damaged("its directory lies outside the file");
        }
        long at = start;
        for (long i = 0; i < count; i++) {
            at = readEntry(at, start + length);
        }
    }

    private long findEnd() {
        long size = bytes.byteSize();
        for (long at = size - END_BYTES; at >= Math.max(0, size - END_BYTES - MAX_COMMENT); at--) {
            if (bytes.get(INT, at) == END && at + END_BYTES + u16(at + 20) == size) {
                return at;
            }
        }
        throw damaged("the end of the zip file is missing");
    }

    private long readEntry(long at, long end) {
        if (at > end - DIRECTORY_BYTES || bytes.get(INT, at) != DIRECTORY) {
            throw damaged("its directory breaks off");
        }
        int nameLength = u16(at + 28);
        int extraLength = u16(at + 30);
        long next = at + DIRECTORY_BYTES + nameLength + extraLength + u16(at + 32);
        if (next > end) {
            throw damaged("its directory breaks off");
        }
        String name = new String(bytes.asSlice(at + DIRECTORY_BYTES, nameLength).toArray(ValueLayout.JAVA_BYTE),
                StandardCharsets.UTF_8);
        if ((u16(at + 8) & ENCRYPTED) != 0) {
            throw new ModelFileException(file, "the entry " + Names.quote(name) + " is encrypted",
                    "save it unencrypted");
        }
        long size = u32(at + 24);
        long compressed = u32(at + 20);
        long place = u32(at + 42);
        long large = findZip64(at + DIRECTORY_BYTES + nameLength, extraLength);
        // Of the three, those that do not fit stand in the extra field, in this order.
        boolean isLargeSize = size == 0xFFFF_FFFFL;
        boolean isLargeCompressed = compressed == 0xFFFF_FFFFL;
        boolean isLargePlace = place == 0xFFFF_FFFFL;
        int needed = 8 * ((isLargeSize ? 1 : 0) + (isLargeCompressed ? 1 : 0) + (isLargePlace ? 1 : 0));
        if (large >= 0 && u16(large + 2) < needed) {
            throw damaged("the entry " + Names.quote(name) + " lacks its size");
        }
        if (large >= 0) {
            long field = large + 4;
            size = isLargeSize ? bytes.get(LONG, field) : size;
            field += isLargeSize ? 8 : 0;
            compressed = isLargeCompressed ? bytes.get(LONG, field) : compressed;
            field += isLargeCompressed ? 8 : 0;
            place = isLargePlace ? bytes.get(LONG, field) : place;
        }
        Entry entry = new Entry(name, u16(at + 10), bytes.get(INT, at + 16), compressed, size, place);
        if (entries.putIfAbsent(name, entry) != null) {
            throw damaged("the entry " + Names.quote(name) + " is there twice");
        }
        return next;
    }

    /** Where the extra field for large numbers begins; -1 if there is none. */
    private long findZip64(long extra, int length) {
        long end = extra + length;
        for (long at = extra; at <= end - 4; at += 4 + u16(at + 2)) {
            if (u16(at) == ZIP_64 && at + 4 + u16(at + 2) <= end) {
                return at;
            }
        }
        return -1;
    }

    /** The bytes of an entry as they lie in the file, compressed or not. */
    MemorySegment data(Entry entry) {
        long place = entry.place();
        if (place < 0 || place > bytes.byteSize() - LOCAL_BYTES || bytes.get(INT, place) != LOCAL) {
            throw damaged("the entry " + Names.quote(entry.name()) + " is not where it should be");
        }
        long start = place + LOCAL_BYTES + u16(place + 26) + u16(place + 28);
        if (entry.compressed() < 0 || start > bytes.byteSize() || entry.compressed() > bytes.byteSize() - start) {
            throw damaged("the entry " + Names.quote(entry.name()) + " claims " + Long.toUnsignedString(entry
                    .compressed()) + " bytes, more than the file has");
        }
        return bytes.asSlice(start, entry.compressed());
    }

    Optional<Entry> find(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    private int u16(long at) {
        return Short.toUnsignedInt(bytes.get(SHORT, at));
    }

    private long u32(long at) {
        return Integer.toUnsignedLong(bytes.get(INT, at));
    }

    private ModelFileException damaged(String problem) {
        return new ModelFileException(file, problem, "restore the file from a copy or save it again");
    }
}
