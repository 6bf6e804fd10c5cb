package io.adjoint.serialization.weights;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Elements;
import io.adjoint.serialization.file.Names;
import io.adjoint.serialization.file.RegularFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * A safetensors file that is mapped into memory: its header is read and verified, its tensors are copied when they are asked
 * for, each time, until this is closed. Several threads may read. Some systems cannot replace a file that is open here.
 *
 * @see SafeTensors#open
 */
public final class SafeTensorsFile implements AutoCloseable {
    private final Path file;
    private final Arena mapping;
    private final MemorySegment data;
    private final SequencedMap<String, String> metadata;
    private final SequencedMap<String, StoredTensor> tensors;
    private final SequencedMap<String, TensorSpec> specs;

    private SafeTensorsFile(Path file, Arena mapping, MemorySegment data, SafeTensorsHeader header) {
        this.file = file;
        this.mapping = mapping;
        this.data = data;
        this.metadata = Collections.unmodifiableSequencedMap(header.metadata());
        this.tensors = header.tensors();
        SequencedMap<String, TensorSpec> all = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> all.put(name, tensor.spec()));
        this.specs = Collections.unmodifiableSequencedMap(all);
    }

    static SafeTensorsFile open(Path file) {
        Arena mapping = Arena.ofShared();
        try {
            MemorySegment bytes = RegularFile.map(file, mapping);
            return RegularFile.lookAt(file, () -> {
                SafeTensorsHeader header = SafeTensorsHeader.read(file, bytes);
                return new SafeTensorsFile(file, mapping, bytes.asSlice(SafeTensorsHeader.end(bytes)), header);
            });
        } catch (ModelFileException e) {
            mapping.close();
            throw e;
        }
    }

    /** The text that goes with the tensors. */
    public SequencedMap<String, String> metadata() {
        return metadata;
    }

    /** Names of the tensors, in the order of their data, with what {@link #tensor} makes of them. */
    public SequencedMap<String, TensorSpec> specs() {
        return specs;
    }

    /**
     * A tensor, copied out of the file.
     *
     * @throws ModelFileException if there is none of this name, one of its elements stands for no value of the dtype, or the
     *     file can no longer be read
     * @throws IllegalStateException if this is closed
     */
    public Tensor tensor(String name) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new ModelFileException(file, "it holds no tensor " + Names.quote(name), "specs() has the names");
        }
        return RegularFile.lookAt(file, () -> copy(name, tensor));
    }

    private Tensor copy(String name, StoredTensor tensor) {
        Elements elements = Elements.allocate(tensor.spec());
        for (long at = tensor.begin(); at < tensor.end(); at += Elements.STRETCH) {
            ByteBuffer bytes = data.asSlice(at, Math.min(Elements.STRETCH, tensor.end() - at)).asByteBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN);
            if (!elements.decode((int) ((at - tensor.begin()) / tensor.type().bytes()), bytes, tensor.type())) {
                throw new ModelFileException(file, name, "one of its elements, stored as " + tensor.type()
                        + ", stands for no value of " + tensor.type().dtype(), SafeTensorsFormat.RESTORE);
            }
        }
        return elements.tensor();
    }

    /**
     * All tensors, copied out of the file.
     *
     * @throws ModelFileException as {@link #tensor}
     */
    public SafeTensorsContents contents() {
        SequencedMap<String, Tensor> all = new LinkedHashMap<>();
        tensors.keySet().forEach(name -> all.put(name, tensor(name)));
        return new SafeTensorsContents(metadata, all);
    }

    /** Ends the mapping; tensors that were copied stay. */
    @Override
    public void close() {
        mapping.close();
    }
}
