package io.adjoint.serialization.weights;

import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Names;
import io.adjoint.serialization.weights.ZipFileEntries.Entry;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** What stands in the entries of a zip file: where it lies if it is stored, unpacked within limits if it is deflated. */
final class ZipContents {
    /** Of small files; large ones may grow as much again by {@value #GROWTH}. */
    private static final long ROOM = 4 << 20;
    private static final int GROWTH = 4;
    private static final long PIECE = 1 << 20;

    private final Path file;
    private final ZipFileEntries entries;
    private long room;
    private long left;

    ZipContents(Path file, ZipFileEntries entries) {
        this.file = file;
        this.entries = entries;
        this.room = ROOM + GROWTH * entries.size();
        this.left = entries.size();
    }

    /**
     * The contents of an entry, to be asked for once, verified against its checksum, unless that is 0: PyTorch can be told to write none.
     *
     * @throws ModelFileException if it is damaged, compressed in another way, or unpacks to more than it may
     */
    MemorySegment of(Entry entry) {
        MemorySegment data = entries.data(entry);
        left -= data.byteSize();
        if (left < 0) {
            throw damaged(entry, "overlaps others");
        }
        MemorySegment contents = switch (entry.method()) {
            case ZipFileEntries.STORED -> stored(entry, data);
            case ZipFileEntries.DEFLATED -> inflated(entry, data);
            default -> throw new ModelFileException(file, "the entry " + Names.quote(entry.name())
                    + " is compressed by method " + entry.method(), "pack it again without compression");
        };
        if (entry.checksum() != 0 && checksum(contents) != entry.checksum()) {
            throw damaged(entry, "is damaged (its checksum differs)");
        }
        return contents;
    }

    private MemorySegment stored(Entry entry, MemorySegment data) {
        if (data.byteSize() != entry.size()) {
            throw damaged(entry, "is stored in " + data.byteSize() + " bytes and claims to have "
                    + Long.toUnsignedString(entry.size()));
        }
        return data;
    }

    private MemorySegment inflated(Entry entry, MemorySegment data) {
        room -= Math.clamp(entry.size(), 0, Integer.MAX_VALUE);
        if (entry.size() < 0 || entry.size() > Integer.MAX_VALUE - PIECE || room < 0) {
            throw new ModelFileException(file, "the entry " + Names.quote(entry.name()) + " would unpack to "
                    + Long.toUnsignedString(entry.size()) + " bytes, too many for a file of " + entries.size(),
                    "pack it again without compression");
        }
        byte[] contents = new byte[(int) entry.size()];
        Inflater inflater = new Inflater(true);
        try {
            int done = 0;
            long read = 0;
            while (done < contents.length) {
                if (inflater.needsInput()) {
                    long piece = Math.min(PIECE, data.byteSize() - read);
                    if (piece == 0) {
                        throw damaged(entry, "is truncated");
                    }
                    inflater.setInput(data.asSlice(read, piece).asByteBuffer());
                    read += piece;
                }
                int more = inflater.inflate(contents, done, contents.length - done);
                if (more == 0 && !inflater.needsInput()) {
                    throw damaged(entry, "ends before it should");
                }
                done += more;
            }
        } catch (DataFormatException e) {
            throw damaged(entry, "is damaged");
        } finally {
            inflater.end();
        }
        return MemorySegment.ofArray(contents);
    }

    private static int checksum(MemorySegment contents) {
        CRC32 checksum = new CRC32();
        for (long at = 0; at < contents.byteSize(); at += PIECE) {
            ByteBuffer piece = contents.asSlice(at, Math.min(PIECE, contents.byteSize() - at)).asByteBuffer();
            checksum.update(piece);
        }
        return (int) checksum.getValue();
    }

    private ModelFileException damaged(Entry entry, String problem) {
        return new ModelFileException(file, "the entry " + Names.quote(entry.name()) + " " + problem,
                "restore the file from a copy or save it again");
    }
}
