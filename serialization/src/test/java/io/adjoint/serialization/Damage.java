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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads damaged files from memory. */
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
}
