package io.adjoint.serialization;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import io.adjoint.serialization.file.Names;
import io.adjoint.serialization.proto.Record;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Reads what {@link FrameWriter} wrote and believes none of it: a length is compared with the bytes left in the file
 * before anything is allocated, and the checksum before anything is parsed.
 */
final class FrameReader {
    private static final String RESTORE = "restore the file from a copy or save it again";

    /** What a later version may have added is not worth its memory, which can be a hundred times its bytes. */
    private static final Parser<Record> RECORDS = DiscardUnknownFieldsParser.wrap(Record.parser());

    private final Path file;
    private final InputStream in;
    private final CRC32C section = new CRC32C();
    private long remaining;
    private ByteBuffer buffer = ByteBuffer.allocate(1 << 10).order(ByteOrder.LITTLE_ENDIAN);
    private String tensor = "";

    /**
     * A reader of the next {@code size} bytes.
     *
     * @param file what messages name
     */
    FrameReader(Path file, InputStream in, long size) {
        this.file = file;
        this.in = in;
        this.remaining = size;
    }

    /** Bytes of the file that are not read yet. */
    long remaining() {
        return remaining;
    }

    /** Names the tensor that further messages are about; empty for none. */
    void about(String path) {
        tensor = path;
    }

    /** Ends the section and returns its last checksum. */
    int endSection() {
        int checksum = (int) section.getValue();
        section.reset();
        return checksum;
    }

    /**
     * The next bytes, as part of this section, until the next call.
     *
     * @throws ModelFileException if the file ends before
     */
    ByteBuffer bytes(int count) throws IOException {
        if (count > remaining) {
            throw truncated();
        }
        if (count > buffer.capacity()) {
            buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        }
        if (in.readNBytes(buffer.array(), 0, count) < count) {
            throw truncated(); // it became shorter while being read
        }
        remaining -= count;
        section.update(buffer.array(), 0, count);
        return buffer.clear().limit(count);
    }

    /**
     * The record of the next frame; data in it are valid until the next call.
     *
     * @throws ModelFileException if the frame is longer than {@code limit}, or damaged, or the file ends in it
     */
    Record record(int limit) throws IOException {
        long size = Integer.toUnsignedLong(bytes(Integer.BYTES).getInt());
        if (size > limit) {
            throw damaged("a record claims " + size + " bytes where at most " + limit + " may stand");
        }
        ByteBuffer record = bytes((int) size);
        ByteString body = UnsafeByteOperations.unsafeWrap(record.array(), 0, record.limit());
        verify((int) section.getValue());
        return parse(body);
    }

    private void verify(int computed) throws IOException {
        ByteBuffer recorded = ByteBuffer.wrap(in.readNBytes(Integer.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        if (recorded.remaining() < Integer.BYTES) {
            throw truncated();
        }
        remaining -= Integer.BYTES;
        if (recorded.getInt(0) != computed) {
            throw damaged(
                    "the data are damaged (checksum %08x, recorded %08x)".formatted(computed, recorded.getInt(0)));
        }
    }

    private Record parse(ByteString body) throws IOException {
        try {
            CodedInputStream input = body.newCodedInput();
            input.enableAliasing(true); // chunks are not copied
            Record record = RECORDS.parseFrom(input);
            input.checkLastTagWas(0);
            return record;
        } catch (InvalidProtocolBufferException e) {
            throw damaged("a record is not well-formed");
        }
    }

    ModelFileException truncated() {
        return damaged("the file is truncated");
    }

    ModelFileException damaged(String problem) {
        return new ModelFileException(file, tensor, problem, RESTORE);
    }
}
