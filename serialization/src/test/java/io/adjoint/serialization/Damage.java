package io.adjoint.serialization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.serialization.proto.Metadata;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Reads damaged files from memory, and damages them. */
final class Damage {
    static final Path FILE = Path.of("damaged.adjoint");

    private Damage() {}

    static byte[] file(long seed) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        try {
            new CheckpointWriter(FILE, out).write("1", new TreeMap<>(Map.of("epoch", "3", "note", "a note")),
                    (LinkedHashMap<String, Tensor>) Trees.tensors(Trees.small(seed)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** All tensors of the file, read as from a disk. */
    static Map<String, Tensor> read(byte[] bytes) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try {
            CheckpointReader.read(FILE, new ByteArrayInputStream(bytes), bytes.length, new CheckpointReader.Sink() {
                @Override
                public void metadata(String libraryVersion, List<Metadata> metadata) {
                    metadata.forEach(entry -> assertEquals(false, entry.getKey() == null));
                }

                @Override
                public boolean wants(String path, TensorSpec spec) {
                    return true;
                }

                @Override
                public void tensor(String path, Tensor tensor) {
                    tensors.put(path, tensor);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tensors;
    }

    static String refusal(byte[] bytes) {
        return assertThrows(ModelFileException.class, () -> read(bytes)).getMessage();
    }

    /** Up to three of: bits flipped, bytes overwritten, inserted, deleted, doubled, moved, a huge varint, the end cut off. */
    static byte[] mutate(Random random, byte[] original) {
        byte[] bytes = original;
        for (int i = random.nextInt(3); i >= 0; i--) {
            bytes = mutateOnce(random, bytes);
        }
        return bytes;
    }

    private static byte[] mutateOnce(Random random, byte[] bytes) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int from = random.nextInt(bytes.length);
        int to = Math.min(bytes.length, from + 1 + random.nextInt(random.nextBoolean() ? 4 : 40));
        byte[] noise = new byte[to - from];
        random.nextBytes(noise);
        return switch (random.nextInt(9)) {
            case 0 -> {
                byte[] flipped = bytes.clone();
                flipped[from] ^= (byte) (1 << random.nextInt(8));
                yield flipped;
            }
            case 1 -> splice(bytes, from, to, noise);
            case 2 -> splice(bytes, from, from, noise);
            case 3 -> splice(bytes, from, from, new byte[to - from]);
            case 4 -> splice(bytes, from, to, new byte[0]);
            case 5 -> splice(bytes, from, from, Arrays.copyOfRange(bytes, from, to));
            case 6 -> splice(splice(bytes, from, to, new byte[0]), 0, 0, Arrays.copyOfRange(bytes, from, to));
            case 7 -> splice(bytes, from, random.nextBoolean() ? from : Math.min(bytes.length, from + 1),
                    Forge.field(out -> out.writeUInt64NoTag(-1L >>> random.nextInt(40))));
            default -> Arrays.copyOf(bytes, from);
        };
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] replacement) {
        byte[] spliced = new byte[bytes.length - (to - from) + replacement.length];
        System.arraycopy(bytes, 0, spliced, 0, from);
        System.arraycopy(replacement, 0, spliced, from, replacement.length);
        System.arraycopy(bytes, to, spliced, from + replacement.length, bytes.length - to);
        return spliced;
    }
}
