package io.adjoint.serialization.weights;

import io.adjoint.serialization.ModelFileException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** What a safetensors file says of itself, verified: the tensors cover the data, in the order of this map. */
record SafeTensorsHeader(SequencedMap<String, String> metadata, SequencedMap<String, StoredTensor> tensors) {
    private static final ValueLayout.OfLong LENGTH =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Bytes before the data. */
    static long end(MemorySegment bytes) {
        return SafeTensorsFormat.LENGTH + bytes.get(LENGTH, 0);
    }

    static SafeTensorsHeader read(Path file, MemorySegment bytes) {
        if (bytes.byteSize() == 0) {
            throw new ModelFileException(file, "the file is empty", SafeTensorsFormat.RESTORE);
        }
        if (bytes.byteSize() < SafeTensorsFormat.LENGTH) {
            throw notOurs(file, "its " + bytes.byteSize() + " bytes are too few");
        }
        long length = bytes.get(LENGTH, 0);
        if (Long.compareUnsigned(length, SafeTensorsFormat.MAX_HEADER) > 0) {
            throw notOurs(file, "its header would have " + Long.toUnsignedString(length) + " bytes where at most "
                    + SafeTensorsFormat.MAX_HEADER + " may stand");
        }
        if (length > bytes.byteSize() - SafeTensorsFormat.LENGTH) {
            throw new ModelFileException(file, "the file is truncated: its header would have " + length
                    + " bytes, and " + (bytes.byteSize() - SafeTensorsFormat.LENGTH) + " are left",
                    SafeTensorsFormat.RESTORE);
        }
        if (length == 0 || bytes.get(ValueLayout.JAVA_BYTE, SafeTensorsFormat.LENGTH) != '{') {
            throw notOurs(file, "its header does not begin with {");
        }
        SafeTensorsHeader header = parse(file, bytes.asSlice(SafeTensorsFormat.LENGTH, length));
        return header.verified(file, bytes.byteSize() - SafeTensorsFormat.LENGTH - length);
    }

    private static ModelFileException notOurs(Path file, String because) {
        return new ModelFileException(file, "this is not a safetensors file: " + because,
                "name one, or restore it from a copy if it is damaged");
    }

    private static SafeTensorsHeader parse(Path file, MemorySegment json) {
        // A decoder of its own, which refuses what is not UTF-8 where a charset would replace it.
        try (InputStreamReader text =
                new InputStreamReader(new BufferStream(json.asByteBuffer()), StandardCharsets.UTF_8.newDecoder())) {
            return HeaderJson.parse(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
    }

    /** Sorted by where they lie: each tensor begins where the one before ends, and the last ends with the file. */
    private SafeTensorsHeader verified(Path file, long data) {
        SequencedMap<String, StoredTensor> sorted = new LinkedHashMap<>();
        tensors.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(
                        Comparator.comparingLong(StoredTensor::begin).thenComparingLong(StoredTensor::end)))
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        long end = 0;
        for (Map.Entry<String, StoredTensor> entry : sorted.entrySet()) {
            StoredTensor tensor = entry.getValue();
            if (tensor.end() - tensor.begin() != tensor.bytes()) {
                throw damaged(file, entry.getKey(), tensor.type() + tensor.shape().toString() + " takes "
                        + tensor.bytes() + " bytes, and its data_offsets give " + (tensor.end() - tensor.begin()));
            }
            if (tensor.begin() != end) {
                throw damaged(file, entry.getKey(), "its data begin at byte " + tensor.begin() + ", and those before "
                        + "end at " + end);
            }
            end = tensor.end();
        }
        if (end != data) {
            throw damaged(file, "", end > data ? "the file is truncated: the tensors take " + end + " bytes, and "
                    + data + " are left" : "the file goes on after its tensors, by " + (data - end) + " bytes");
        }
        return new SafeTensorsHeader(metadata, sorted);
    }

    private static ModelFileException damaged(Path file, String tensor, String problem) {
        return new ModelFileException(file, tensor, problem, SafeTensorsFormat.RESTORE);
    }

    /** Reads a buffer. */
    private static final class BufferStream extends InputStream {
        private final ByteBuffer bytes;

        BufferStream(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() {
            return bytes.hasRemaining() ? Byte.toUnsignedInt(bytes.get()) : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (!bytes.hasRemaining()) {
                return -1;
            }
            int count = Math.min(length, bytes.remaining());
            bytes.get(into, offset, count);
            return count;
        }
    }
}
