package io.adjoint.serialization.onnx.read;

import com.google.protobuf.ByteString;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Names;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.graph.Value;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.proto.TensorProto.DataLocation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads tensors, whichever field their elements stand in. Nothing is allocated that the file has no bytes for, and those of a
 * file beside the model once, however many tensors share them.
 */
public final class TensorReader {
    private static final int MAX_RANK = 64;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** What becomes of elements. */
    private enum Elements {
        READ,
        /** There is only a stand-in, of their type and shape, that takes no memory. */
        CHECKED
    }

    private final Path file;
    private final Elements elements;
    private final ExternalData external;
    private final Map<Stored, Tensor> shared = new HashMap<>();
    private long sparseElements;

    /** Elements of a file beside the model, and what they are read as. */
    private record Stored(ExternalData.Place place, ElementType type) {}

    private TensorReader(Path file, Elements elements) {
        this.file = file;
        this.elements = elements;
        this.external = new ExternalData(file);
    }

    /**
     * A reader of the tensors of a file.
     *
     * @param file what messages name, and what other files are beside
     */
    public TensorReader(Path file) {
        this(file, Elements.READ);
    }

    /**
     * One that refuses what the other refuses, and has stand-ins for all else: a model is refused before anything is allocated
     * for its elements.
     */
    static TensorReader checking(Path file) {
        return new TensorReader(file, Elements.CHECKED);
    }

    /** Whether tensors are only stand-ins. */
    boolean isChecking() {
        return elements == Elements.CHECKED;
    }

    /**
     * Reads a tensor.
     *
     * @throws ModelFileException if it is not whole, or of a type that cannot be computed with
     */
    public Value read(TensorProto tensor) {
        ElementType type = ElementType.of(tensor.getDataType()).orElseThrow(() -> bad(tensor,
                "elements of type " + typeName(tensor.getDataType()) + " cannot be computed with",
                "convert it to a float or integer type"));
        Shape shape = shape(tensor, tensor.getDimsList());
        if (tensor.hasSegment()) {
            throw bad(tensor, "it is a segment of a larger one", "store it whole");
        }
        if (tensor.getDataLocation() == DataLocation.EXTERNAL) {
            ExternalData.Place place = external.place(tensor);
            requireBytes(tensor, type, shape, place.length());
            if (isChecking()) {
                return standIn(type, shape);
            }
            return new Value(type, shared.computeIfAbsent(new Stored(place, type),
                    _ -> raw(type, shape, external.bytes(place))).reshape(shape));
        }
        if (!tensor.getRawData().isEmpty()) {
            requireBytes(tensor, type, shape, tensor.getRawData().size());
            return isChecking() ? standIn(type, shape)
                    : new Value(type, raw(type, shape, bytes(tensor.getRawData())));
        }
        return typed(tensor, type, shape);
    }

    static Value standIn(ElementType type, Shape shape) {
        return new Value(type, Tensor.zeros(Shape.scalar(), type.carrier()).expand(shape));
    }

    private static MemorySegment bytes(ByteString data) {
        return MemorySegment.ofBuffer(data.asReadOnlyByteBuffer());
    }

    static String typeName(int number) {
        TensorProto.DataType type = TensorProto.DataType.forNumber(number);
        return type == null ? "number " + number : type.name().toLowerCase(Locale.ROOT);
    }

    Shape shape(TensorProto tensor, List<Long> dims) {
        if (dims.size() > MAX_RANK) {
            throw bad(tensor, "its rank is " + dims.size(), "a rank of at most " + MAX_RANK + " is expected");
        }
        try {
            return Shape.of(dims.stream().mapToInt(dim -> dim == dim.intValue() ? dim.intValue() : -1).toArray());
        } catch (ShapeException e) {
            throw bad(tensor, "there is no tensor with the extents " + dims, "restore the file from a copy");
        }
    }

    /** How many elements the sparse tensors of the file, and their indices, have with these. */
    long countSparse(long elements) {
        sparseElements += elements;
        return sparseElements;
    }

    private void requireBytes(TensorProto tensor, ElementType type, Shape shape, long found) {
        long expected = (long) shape.size() * bytesOf(type);
        if (found != expected) {
            throw bad(tensor, "it has " + found + " bytes of data where " + type + shape + " takes " + expected,
                    "restore the file from a copy");
        }
    }

    /** From bytes that may be more than a buffer can have. */
    private static Tensor raw(ElementType type, Shape shape, MemorySegment bytes) {
        return switch (type) {
            case FLOAT -> {
                float[] values = new float[shape.size()];
                MemorySegment.copy(bytes, FLOAT, 0, values, 0, values.length);
                yield Tensor.of(values, shape);
            }
            case DOUBLE -> doubles(shape, i -> bytes.get(DOUBLE, 8L * i));
            case FLOAT16 -> floats(shape, i -> Float.float16ToFloat(bytes.get(SHORT, 2L * i)));
            case BFLOAT16 -> floats(shape, i -> Float.intBitsToFloat(bytes.get(SHORT, 2L * i) << 16));
            case UINT8 -> ints(shape, i -> bytes.get(ValueLayout.JAVA_BYTE, i) & 0xFF);
            case INT8 -> ints(shape, i -> bytes.get(ValueLayout.JAVA_BYTE, i));
            case UINT16 -> ints(shape, i -> bytes.get(SHORT, 2L * i) & 0xFFFF);
            case INT16 -> ints(shape, i -> bytes.get(SHORT, 2L * i));
            case INT32 -> ints(shape, i -> bytes.get(INT, 4L * i));
            case UINT32 -> longs(shape, i -> bytes.get(INT, 4L * i) & 0xFFFFFFFFL);
            case INT64, UINT64 -> longs(shape, i -> bytes.get(LONG, 8L * i));
            case BOOL -> booleans(shape, i -> bytes.get(ValueLayout.JAVA_BYTE, i) != 0);
        };
    }

    private static int bytesOf(ElementType type) {
        return switch (type) {
            case UINT8, INT8, BOOL -> 1;
            case FLOAT16, BFLOAT16, UINT16, INT16 -> 2;
            case FLOAT, INT32, UINT32 -> 4;
            case DOUBLE, INT64, UINT64 -> 8;
        };
    }

    private Value typed(TensorProto tensor, ElementType type, Shape shape) {
        TypedData data = TypedData.of(tensor, type);
        int found = data.count().orElseThrow(
                () -> bad(tensor, "its elements are damaged", "restore the file from a copy"));
        if (found != shape.size()) {
            throw bad(tensor, "it has " + found + " elements where " + type + shape + " takes " + shape.size(),
                    "restore the file from a copy");
        }
        if (isChecking()) {
            return standIn(type, shape);
        }
        return switch (type) {
            case FLOAT -> new Value(type, floats(shape, _ -> Float.intBitsToFloat((int) data.next())));
            case DOUBLE -> new Value(type, doubles(shape, _ -> Double.longBitsToDouble(data.next())));
            case INT64 -> new Value(type, longs(shape, _ -> data.next()));
            case UINT32, UINT64 -> Value.narrowed(type, longs(shape, _ -> data.next()));
            case INT32, UINT8, INT8, UINT16, INT16 -> Value.narrowed(type, ints(shape, _ -> (int) data.next()));
            case BOOL -> new Value(type, booleans(shape, _ -> data.next() != 0));
            case FLOAT16 -> new Value(type, floats(shape, _ -> Float.float16ToFloat((short) data.next())));
            case BFLOAT16 -> new Value(type, floats(shape, _ -> Float.intBitsToFloat((int) data.next() << 16)));
        };
    }

    private interface FloatAt {
        float get(int i);
    }

    private interface IntAt {
        int get(int i);
    }

    private interface LongAt {
        long get(int i);
    }

    private interface BooleanAt {
        boolean get(int i);
    }

    private static Tensor floats(Shape shape, FloatAt element) {
        float[] values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = element.get(i);
        }
        return Tensor.of(values, shape);
    }

    private interface DoubleAt {
        double get(int i);
    }

    private static Tensor doubles(Shape shape, DoubleAt element) {
        double[] values = new double[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = element.get(i);
        }
        return Tensor.of(values, shape);
    }

    private static Tensor ints(Shape shape, IntAt element) {
        int[] values = new int[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = element.get(i);
        }
        return Tensor.of(values, shape);
    }

    private static Tensor longs(Shape shape, LongAt element) {
        long[] values = new long[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = element.get(i);
        }
        return Tensor.of(values, shape);
    }

    private static Tensor booleans(Shape shape, BooleanAt element) {
        boolean[] values = new boolean[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = element.get(i);
        }
        return Tensor.of(values, shape);
    }

    private ModelFileException bad(TensorProto tensor, String problem, String remedy) {
        return tensor.getName().isEmpty() ? new ModelFileException(file, "a tensor: " + problem, remedy)
                : new ModelFileException(file, tensor.getName(), problem, remedy);
    }

    ModelFileException bad(String name, String problem, String remedy) {
        return new ModelFileException(file, Names.quote(name) + " " + problem, remedy);
    }
}
