package io.adjoint.serialization.tensorboard;

import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Failures;
import io.adjoint.serialization.file.RegularFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Takes files apart into records and believes none of them: the checksum of a length is verified, and the length compared with the
 * bytes left in the file, before anything is allocated; the checksum of a record before anything is parsed.
 */
final class RecordReader {
    private static final String NO_EVENTS = "this is no event file";
    private static final String NAME_ONE = "name a file that TensorBoard or EventFile wrote";

    private final Path file;
    private final InputStream in;
    private long remaining;

    private RecordReader(Path file, InputStream in, long size) {
        this.file = file;
        this.in = in;
        this.remaining = size;
    }

    static void read(Path file, Consumer<LoggedEvent> sink) {
        try (FileChannel channel = RegularFile.open(file);
                InputStream in = new BufferedInputStream(Channels.newInputStream(channel))) {
            read(file, in, channel.size(), sink);
        } catch (IOException e) {
            throw Failures.reading(file, e);
        }
    }

    /**
     * Reads the next {@code size} bytes.
     *
     * @param file what messages name
     */
    static void read(Path file, InputStream in, long size, Consumer<LoggedEvent> sink) throws IOException {
        new RecordReader(file, in, size).readAll(new EventDecoder(file, sink));
    }

    private void readAll(EventDecoder decoder) throws IOException {
        boolean first = true;
        while (remaining >= Frame.HEAD + Frame.TAIL) {
            byte[] head = in.readNBytes(Frame.HEAD);
            if (head.length < Frame.HEAD) {
                return; // it became shorter while being read
            }
            remaining -= Frame.HEAD;
            if (checksum(head, Long.BYTES) != Frame.checksum(head, 0, Long.BYTES)) {
                throw first ? new ModelFileException(file, NO_EVENTS, NAME_ONE)
                        : damaged("the length of a record is damaged");
            }
            long length = little(head).getLong();
            if (length < 0 || length > Frame.MOST) {
                throw damaged("a record claims " + Long.toUnsignedString(length) + " bytes where at most " + Frame.MOST
                        + " may stand");
            }
            if (length + Frame.TAIL > remaining) {
                return;
            }
            byte[] record = in.readNBytes((int) length + Frame.TAIL);
            if (record.length < length + Frame.TAIL) {
                return;
            }
            remaining -= record.length;
            int computed = Frame.checksum(record, 0, (int) length);
            if (checksum(record, (int) length) != computed) {
                throw damaged("the data are damaged (checksum %08x, recorded %08x)".formatted(computed,
                        checksum(record, (int) length)));
            }
            if (first) {
                decoder.first(record, (int) length);
            } else {
                decoder.next(record, (int) length);
            }
            first = false;
        }
    }

    private static int checksum(byte[] bytes, int at) {
        return little(bytes).getInt(at);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ModelFileException damaged(String problem) {
        return EventDecoder.damaged(file, problem);
    }
}
