package io.adjoint.serialization.weights;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Elements;
import io.adjoint.serialization.file.Names;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Makes tensors of their descriptions, each of its own elements alone. */
final class TorchReader {
    private static final int BLOCK = 1 << 14;
    /** Beyond what the storages have; views can be of many more elements than their storage. */
    private static final long ROOM = 4 << 20;

    private final Path file;
    private final ByteOrder order;
    private final Function<TorchStorage, MemorySegment> storages;
    private final Map<TorchStorage, MemorySegment> read = new HashMap<>();
    private final Map<TorchTensor, Tensor> made = new HashMap<>();
    private long room;

    /**
     * A reader.
     *
     * @param storages finds the bytes of a storage, and is asked once for each
     * @param bytes of the file
     */
    TorchReader(Path file, ByteOrder order, Function<TorchStorage, MemorySegment> storages, long bytes) {
        this.file = file;
        this.order = order;
        this.storages = storages;
        this.room = ROOM + bytes;
    }

    /** The same tensor for the same description. */
    Tensor tensor(String name, TorchTensor described) {
        Tensor known = made.get(described);
        if (known == null) {
            known = make(name, described);
            made.put(described, known);
        }
        return known;
    }

    private Tensor make(String name, TorchTensor described) {
        TorchStorage storage = described.storage();
        TensorSpec spec = spec(name, described);
        Shape shape = spec.shape();
        int width = storage.type().bytes();
        MemorySegment bytes = bytes(name, storage);
        requireWithin(name, described, shape, bytes.byteSize() / width);
        room -= (long) shape.size() * width;
        if (room < 0) {
            throw new ModelFileException(file, name, "the tensors have many more elements than their storages",
                    "save them as they lie in memory: tensor.clone()");
        }
        Elements elements = Elements.allocate(spec);
        boolean isContiguous = isContiguous(described);
        Gather gather = new Gather(bytes, described, width);
        for (int from = 0; from < shape.size(); from += BLOCK) {
            int count = Math.min(BLOCK, shape.size() - from);
            ByteBuffer block = isContiguous
                    ? bytes.asSlice((described.offset() + from) * width, (long) count * width).asByteBuffer()
                    : gather.next(count);
            if (!elements.decode(from, block.order(order), storage.type())) {
                throw new ModelFileException(file, name, "a byte stands for no value of " + storage.type(),
                        "restore the file from a copy or save it again");
            }
        }
        return elements.tensor();
    }

    private MemorySegment bytes(String name, TorchStorage storage) {
        MemorySegment bytes = read.get(storage);
        if (bytes == null) {
            bytes = storages.apply(storage);
            if (storage.elements() < 0 || storage.elements() > Long.MAX_VALUE / Long.BYTES
                    || bytes.byteSize() != storage.elements() * storage.type().bytes()) {
                throw new ModelFileException(file, name, "its storage " + Names.quote(storage.key()) + " has "
                        + bytes.byteSize() + " bytes where " + storage.elements() + " elements of " + storage.type()
                        + " should be", "restore the file from a copy or save it again");
            }
            read.put(storage, bytes);
        }
        return bytes;
    }

    /** What a description becomes. */
    TensorSpec spec(String name, TorchTensor described) {
        return new TensorSpec(described.storage().type().dtype(), shape(name, described));
    }

    private Shape shape(String name, TorchTensor described) {
        if (described.sizes().size() != described.strides().size()) {
            throw damaged(name, "it has " + described.sizes().size() + " extents and " + described.strides().size()
                    + " strides");
        }
        try {
            return Shape.of(described.sizes().stream().mapToInt(size -> size == size.intValue() ? size.intValue() : -1)
                    .toArray());
        } catch (ShapeException e) {
            throw damaged(name, "there is no tensor with the extents " + described.sizes());
        }
    }

    /** The first and the last of its elements are in the storage, and so are all others. */
    private void requireWithin(String name, TorchTensor described, Shape shape, long elements) {
        long last = described.offset();
        boolean isWithin = last >= 0 && last <= elements;
        for (int axis = 0; axis < shape.rank() && isWithin && shape.size() > 0; axis++) {
            long steps = shape.dims()[axis] - 1;
            long stride = described.strides().get(axis);
            isWithin = stride >= 0 && (steps == 0 || stride <= (elements - last) / steps);
            last += isWithin ? steps * stride : 0;
        }
        if (!isWithin || shape.size() > 0 && last >= elements) {
            throw damaged(name, "it reaches beyond its storage of " + elements + " elements");
        }
    }

    private static boolean isContiguous(TorchTensor described) {
        long stride = 1;
        for (int axis = described.sizes().size() - 1; axis >= 0; axis--) {
            long size = described.sizes().get(axis);
            if (size != 1 && described.strides().get(axis) != stride) {
                return false;
            }
            stride *= size;
        }
        return true;
    }

    private ModelFileException damaged(String name, String problem) {
        return new ModelFileException(file, name, problem, "restore the file from a copy or save it again");
    }
}
