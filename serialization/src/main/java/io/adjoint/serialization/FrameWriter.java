package io.adjoint.serialization;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Writes records in frames: length, record, checksum. The checksum is the CRC-32C of all bytes of the section so far but
 * the checksums; a section is the header, or a tensor with its chunks, or the end.
 */
final class FrameWriter {
    private final OutputStream out;
    private final CRC32C section = new CRC32C();
    private ByteBuffer buffer = buffer(1 << 10);

    FrameWriter(OutputStream out) {
        this.out = out;
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    void preamble(long magic, int version) throws IOException {
        buffer.clear().putLong(magic).putInt(version);
        section.update(buffer.flip());
        out.write(buffer.array(), 0, buffer.limit());
    }

    /** Ends the section and returns its last checksum. */
    int endSection() {
        int checksum = (int) section.getValue();
        section.reset();
        return checksum;
    }

    void write(MessageLite record) throws IOException {
        int size = record.getSerializedSize();
        int frame = Integer.BYTES + size + Integer.BYTES;
        buffer = frame > buffer.capacity() ? buffer(frame) : buffer;
        buffer.clear().putInt(size);
        record.writeTo(CodedOutputStream.newInstance(buffer.array(), Integer.BYTES, size));
        section.update(buffer.array(), 0, Integer.BYTES + size);
        buffer.putInt(Integer.BYTES + size, (int) section.getValue());
        out.write(buffer.array(), 0, frame);
    }
}
