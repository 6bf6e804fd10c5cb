package io.adjoint.serialization.tensorboard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes event files apart, and puts them together, by the letter of the published formats and by nothing of the library: framing,
 * checksums by long division, and the wire format of protobuf.
 */
final class Wire {
    /** CRC-32C (Castagnoli), reflected. */
    private static final int POLYNOMIAL = 0x82f63b78;

    private Wire() {}

    /** A field as it stands on the wire. */
    record Field(int number, int type, long bits, byte[] bytes) {
        double asDouble() {
            assertEquals(1, type);
            return Double.longBitsToDouble(bits);
        }

        float asFloat() {
            assertEquals(5, type);
            return Float.intBitsToFloat((int) bits);
        }

        String asText() {
            assertEquals(2, type);
            return new String(bytes, StandardCharsets.UTF_8);
        }

        List<Field> fields() {
            assertEquals(2, type);
            return Wire.fields(bytes);
        }

        Field at(int... path) {
            return Wire.at(fields(), path);
        }
    }

    static int crc(byte[] bytes) {
        int crc = -1;
        for (byte b : bytes) {
            crc ^= b & 0xff;
            for (int i = 0; i < 8; i++) {
                crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : POLYNOMIAL);
            }
        }
        return ~crc;
    }

    static int masked(byte[] bytes) {
        int crc = crc(bytes);
        return (crc >>> 15 | crc << 17) + 0xa282ead8;
    }

    /** The records of a whole file. */
    static List<byte[]> records(byte[] file) {
        List<byte[]> records = new ArrayList<>();
        ByteBuffer in = little(file);
        while (in.hasRemaining()) {
            byte[] length = new byte[8];
            in.get(length);
            assertEquals(masked(length), in.getInt(), "checksum of a length");
            byte[] record = new byte[(int) little(length).getLong()];
            in.get(record);
            assertEquals(masked(record), in.getInt(), "checksum of a record");
            records.add(record);
        }
        return records;
    }

    static byte[] file(List<byte[]> records) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        records.forEach(record -> out.writeBytes(frame(record)));
        return out.toByteArray();
    }

    static byte[] frame(byte[] record) {
        byte[] length = little(new byte[8]).putLong(record.length).array();
        return little(new byte[16 + record.length]).put(length).putInt(masked(length)).put(record)
                .putInt(masked(record))
                .array();
    }

    /** The fields of a message, in their order. */
    static List<Field> fields(byte[] message) {
        List<Field> fields = new ArrayList<>();
        ByteBuffer in = little(message);
        while (in.hasRemaining()) {
            long tag = varint(in);
            int number = (int) (tag >>> 3);
            int type = (int) tag & 7;
            fields.add(switch (type) {
                case 0 -> new Field(number, type, varint(in), new byte[0]);
                case 1 -> new Field(number, type, in.getLong(), new byte[0]);
                case 2 -> {
                    byte[] bytes = new byte[(int) varint(in)];
                    in.get(bytes);
                    yield new Field(number, type, 0, bytes);
                }
                case 5 -> new Field(number, type, in.getInt(), new byte[0]);
                default -> throw new AssertionError("wire type " + type);
            });
        }
        return fields;
    }

    /** The field that each number leads to, of which there is one. */
    static Field at(List<Field> fields, int... path) {
        List<Field> found = all(fields, path[0]);
        assertEquals(1, found.size(), "fields " + path[0]);
        return path.length == 1 ? found.getFirst()
                : at(found.getFirst().fields(), Arrays.copyOfRange(path, 1, path.length));
    }

    static List<Field> all(List<Field> fields, int number) {
        return fields.stream().filter(field -> field.number() == number).toList();
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0;; shift += 7) {
            byte b = in.get();
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
