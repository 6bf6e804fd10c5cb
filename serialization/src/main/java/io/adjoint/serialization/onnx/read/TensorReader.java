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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Reads tensors, whichever field their elements stand in. Nothing is allocated that the file has no bytes for. */
public final class TensorReader {
    private static final int MAX_RANK = 64;

    private final Path file;
    private final ExternalData external;
    private long sparseElements;

    /**
     * A reader of the tensors of a file.
     *
     * @param file what messages name, and what other files are beside
     */
    public TensorReader(Path file) {
        this.file = file;
        this.external = new ExternalData(file);
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
            return raw(tensor, type, shape, external.bytes(tensor));
        }
        if (!tensor.getRawData().isEmpty()) {
            return raw(tensor, type, shape, bytes(tensor.getRawData()));
        }
        return typed(tensor, type, shape);
    }

    private static ByteBuffer bytes(ByteString data) {
        return data.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
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

    /** How many elements the sparse tensors of the file have with these. */
    long countSparse(int elements) {
        sparseElements += elements;
        return sparseElements;
    }

    private Value raw(TensorProto tensor, ElementType type, Shape shape, ByteBuffer bytes) {
        int n = shape.size();
        long expected = (long) n * bytesOf(type);
        if (bytes.remaining() != expected) {
            throw bad(tensor, "it has " + bytes.remaining() + " bytes of data where " + type + shape + " takes "
                    + expected, "restore the file from a copy");
        }
        return new Value(type, switch (type) {
            case FLOAT -> {
                float[] values = new float[n];
                bytes.asFloatBuffer().get(values);
                yield Tensor.of(values, shape);
            }
            case DOUBLE -> {
                double[] values = new double[n];
                bytes.asDoubleBuffer().get(values);
                yield Tensor.of(values, shape);
            }
            case FLOAT16 -> floats(shape, _ -> Float.float16ToFloat(bytes.getShort()));
            case BFLOAT16 -> floats(shape, _ -> Float.intBitsToFloat(bytes.getShort() << 16));
            case UINT8 -> ints(shape, _ -> bytes.get() & 0xFF);
            case INT8 -> ints(shape, _ -> bytes.get());
            case UINT16 -> ints(shape, _ -> bytes.getShort() & 0xFFFF);
            case INT16 -> ints(shape, _ -> bytes.getShort());
            case INT32 -> ints(shape, _ -> bytes.getInt());
            case UINT32 -> longs(shape, _ -> bytes.getInt() & 0xFFFFFFFFL);
            case INT64, UINT64 -> longs(shape, _ -> bytes.getLong());
            case BOOL -> booleans(shape, _ -> bytes.get() != 0);
        });
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
        int n = shape.size();
        int found = switch (type) {
            case FLOAT -> tensor.getFloatDataCount();
            case DOUBLE -> tensor.getDoubleDataCount();
            case INT64 -> tensor.getInt64DataCount();
            case UINT32, UINT64 -> tensor.getUint64DataCount();
            case UINT8, INT8, UINT16, INT16, INT32, BOOL, FLOAT16, BFLOAT16 -> tensor.getInt32DataCount();
        };
        if (found != n) {
            throw bad(tensor, "it has " + found + " elements where " + type + shape + " takes " + n,
                    "restore the file from a copy");
        }
        return switch (type) {
            case FLOAT -> new Value(type, floats(shape, tensor::getFloatData));
            case DOUBLE -> {
                double[] values = new double[n];
                for (int i = 0; i < n; i++) {
                    values[i] = tensor.getDoubleData(i);
                }
                yield new Value(type, Tensor.of(values, shape));
            }
            case INT64 -> new Value(type, longs(shape, tensor::getInt64Data));
            case UINT32, UINT64 -> Value.narrowed(type, longs(shape, tensor::getUint64Data));
            case INT32, UINT8, INT8, UINT16, INT16 -> Value.narrowed(type, ints(shape, tensor::getInt32Data));
            case BOOL -> new Value(type, booleans(shape, i -> tensor.getInt32Data(i) != 0));
            case FLOAT16 ->
                new Value(type, floats(shape, i -> Float.float16ToFloat((short) tensor.getInt32Data(i))));
            case BFLOAT16 ->
                new Value(type, floats(shape, i -> Float.intBitsToFloat(tensor.getInt32Data(i) << 16)));
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
