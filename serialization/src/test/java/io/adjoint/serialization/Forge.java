package io.adjoint.serialization;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.adjoint.serialization.proto.Chunk;
import io.adjoint.serialization.proto.ElementType;
import io.adjoint.serialization.proto.End;
import io.adjoint.serialization.proto.Header;
import io.adjoint.serialization.proto.Record;
import io.adjoint.serialization.proto.TensorHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Builds checkpoint files by the letter of the format's description, with right checksums and whatever records a test wants:
 * the checks behind the checksums are all that stands between these files and a model.
 */
final class Forge {
    private record Frame(byte[] body, boolean beginsSection) {}

    private final List<Frame> frames = new ArrayList<>();

    /** A file that is whole but for what the test adds. */
    static Forge begun() {
        return new Forge().header(Header.newBuilder().setLibraryVersion("forged"));
    }

    Forge raw(boolean beginsSection, byte[] body) {
        frames.add(new Frame(body, beginsSection));
        return this;
    }

    Forge header(Header.Builder header) {
        return raw(true, Record.newBuilder().setHeader(header).build().toByteArray());
    }

    Forge tensor(String path, int elementType, long... dims) {
        TensorHeader.Builder header = TensorHeader.newBuilder().setPath(path).setDtypeValue(elementType);
        for (long dim : dims) {
            header.addDims(dim);
        }
        return raw(true, Record.newBuilder().setTensor(header).build().toByteArray());
    }

    Forge tensor(String path, ElementType type, long... dims) {
        return tensor(path, type.getNumber(), dims);
    }

    Forge chunk(byte[] data) {
        return raw(false, Record.newBuilder().setChunk(Chunk.newBuilder().setData(ByteString.copyFrom(data))).build()
                .toByteArray());
    }

    Forge chunk(int bytes) {
        return chunk(new byte[bytes]);
    }

    byte[] end(long tensors) {
        return endWith(End.newBuilder().setTensors(tensors).setChecksum(sectionChecksums()));
    }

    byte[] endWith(End.Builder end) {
        Forge ended = new Forge();
        ended.frames.addAll(frames);
        return ended.raw(true, Record.newBuilder().setEnd(end).build().toByteArray()).bytes();
    }

    int count() {
        return frames.size();
    }

    byte[] body(int index) {
        return frames.get(index).body();
    }

    /** This file with another record in one place and checksums to match, that of the end included. */
    byte[] with(int index, byte[] body) {
        Forge forged = new Forge();
        for (int i = 0; i < frames.size() - 1; i++) {
            forged.raw(frames.get(i).beginsSection(), i == index ? body : frames.get(i).body());
        }
        return index == frames.size() - 1 ? forged.raw(true, body).bytes() : forged.end(end().getTensors());
    }

    private End end() {
        try {
            return Record.parseFrom(frames.getLast().body()).getEnd();
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes a whole file apart. */
    static Forge parse(byte[] file) {
        ByteBuffer in = little(file);
        in.position(12);
        Forge forge = new Forge();
        while (in.hasRemaining()) {
            byte[] body = new byte[in.getInt()];
            in.get(body).getInt();
            try {
                forge.raw(Record.parseFrom(body).getKindCase() != Record.KindCase.CHUNK, body);
            } catch (InvalidProtocolBufferException e) {
                throw new UncheckedIOException(e);
            }
        }
        return forge;
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CRC32C section = new CRC32C();
        byte[] preamble = preamble(1);
        out.writeBytes(preamble);
        section.update(preamble);
        for (int i = 0; i < frames.size(); i++) {
            Frame frame = frames.get(i);
            if (frame.beginsSection() && i > 0) {
                section.reset();
            }
            byte[] length = little(new byte[4]).putInt(frame.body().length).array();
            section.update(length);
            section.update(frame.body());
            out.writeBytes(length);
            out.writeBytes(frame.body());
            out.writeBytes(little(new byte[4]).putInt((int) section.getValue()).array());
        }
        return out.toByteArray();
    }

    static byte[] preamble(int version) {
        return little(new byte[12]).put("\u0089ADJ\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1)).putInt(version)
                .array();
    }

    /** What the end must record of the frames so far. */
    private int sectionChecksums() {
        byte[] bytes = bytes();
        CRC32C total = new CRC32C();
        int position = 12;
        for (int i = 0; i < frames.size(); i++) {
            position += 4 + frames.get(i).body().length + 4;
            if (i == frames.size() - 1 || frames.get(i + 1).beginsSection()) {
                total.update(bytes, position - 4, 4);
            }
        }
        return (int) total.getValue();
    }

    static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Bytes of a protobuf field. */
    static byte[] field(Encoder encoder) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CodedOutputStream coded = CodedOutputStream.newInstance(out);
        try {
            encoder.writeTo(coded);
            coded.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Writes fields by hand. */
    interface Encoder {
        void writeTo(CodedOutputStream out) throws IOException;
    }
}
