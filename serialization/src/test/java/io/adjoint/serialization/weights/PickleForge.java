package io.adjoint.serialization.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes pickles by the instruction, and the zip files around them, so that they can be wrong in any way. */
final class PickleForge {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private PickleForge() {}

    static PickleForge begun() {
        return new PickleForge().code(0x80, 2);
    }

    PickleForge code(int... bytes) {
        for (int b : bytes) {
            out.write(b);
        }
        return this;
    }

    /** Instructions without arguments, as their letters. */
    PickleForge codes(String letters) {
        out.writeBytes(letters.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    PickleForge text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return codes("X").i32(bytes.length).bytes(bytes);
    }

    PickleForge number(int value) {
        return codes("J").i32(value);
    }

    PickleForge global(String module, String name) {
        return codes("c" + module + "\n" + name + "\n");
    }

    PickleForge storage(String type, String key, int elements) {
        return codes("(").text("storage").global("torch", type).text(key).text("cpu").number(elements).codes("tQ");
    }

    /** A tensor of one axis. */
    PickleForge tensor(String type, String key, int elements, int offset, int size, int stride) {
        return global("torch._utils", "_rebuild_tensor_v2").codes("(").storage(type, key, elements).number(offset)
                .number(size).code(0x85).number(stride).code(0x85, 0x89).global("collections", "OrderedDict")
                .codes(")RtR");
    }

    PickleForge i32(int value) {
        return bytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }

    PickleForge bytes(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    PickleForge repeated(String letters, int times) {
        return codes(letters.repeat(times));
    }

    byte[] stop() {
        codes(".");
        return out.toByteArray();
    }

    /** A file with this pickle and a storage {@code 0} of so many zeros. */
    static byte[] file(byte[] pickle, int zeros) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("a/data.pkl", pickle);
        entries.put("a/data/0", new byte[zeros]);
        return zip(entries, ZipEntry.STORED);
    }

    static byte[] zip(Map<String, byte[]> entries, int method) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> part : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(part.getKey());
                entry.setMethod(method);
                entry.setTime(0);
                if (method == ZipEntry.STORED) {
                    CRC32 checksum = new CRC32();
                    checksum.update(part.getValue());
                    entry.setSize(part.getValue().length);
                    entry.setCrc(checksum.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(part.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
