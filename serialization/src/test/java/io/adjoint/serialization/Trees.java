package io.adjoint.serialization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.serialization.file.Elements;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Trees of variables for tests, and their comparison to the last bit. */
public final class Trees {
    private Trees() {}

    /** Each bit of the elements at random, so that floats have NaNs with payloads, infinities and subnormals among them. */
    public static Tensor random(Random random, TensorSpec spec) {
        ByteBuffer bytes = ByteBuffer.allocate(spec.shape().size() * spec.dtype().bytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        random.nextBytes(bytes.array());
        if (spec.dtype() == DType.BOOL) {
            for (int i = 0; i < bytes.capacity(); i++) {
                bytes.put(i, (byte) (bytes.get(i) & 1));
            }
        }
        Elements elements = Elements.allocate(spec);
        assertEquals(true, elements.decode(0, bytes));
        return elements.tensor();
    }

    /** One variable of each dtype and kind of shape. */
    public static SequencedMap<String, Variable> small(long seed) {
        Random random = new Random(seed);
        SequencedMap<String, Variable> tree = new LinkedHashMap<>();
        for (DType dtype : DType.values()) {
            for (int[] dims : new int[][] {{}, {3}, {2, 0, 5}, {2, 3}}) {
                String path = "layers." + tree.size() + "." + dtype;
                tree.put(path, variable(random(random, new TensorSpec(dtype, Shape.of(dims)))));
            }
        }
        return tree;
    }

    static Variable variable(Tensor value) {
        return value.dtype().isFloat() ? Variable.parameter(value) : Variable.buffer(value);
    }

    /** The same paths, dtypes and shapes, with zeros. */
    public static SequencedMap<String, Variable> blank(SequencedMap<String, Variable> tree) {
        SequencedMap<String, Variable> blank = new LinkedHashMap<>();
        tree.forEach((path, v) -> blank.put(path, variable(Tensor.zeros(v.spec().shape(), v.spec().dtype()))));
        return blank;
    }

    public static SequencedMap<String, Variable> of(Object... pathsAndTensors) {
        SequencedMap<String, Variable> tree = new LinkedHashMap<>();
        for (int i = 0; i < pathsAndTensors.length; i += 2) {
            tree.put((String) pathsAndTensors[i], variable((Tensor) pathsAndTensors[i + 1]));
        }
        return tree;
    }

    /** Equal in order, paths, dtypes, shapes and every bit, those of NaNs included. */
    public static void assertSame(SequencedMap<String, Variable> expected, SequencedMap<String, Variable> actual) {
        assertSameTensors(tensors(expected), tensors(actual));
    }

    public static void assertSameTensors(Map<String, Tensor> expected, Map<String, Tensor> actual) {
        assertEquals(List.copyOf(expected.keySet()), new ArrayList<>(actual.keySet()));
        expected.forEach((path, tensor) -> {
            assertEquals(tensor.spec(), actual.get(path).spec(), path);
            assertArrayEquals(bits(tensor), bits(actual.get(path)), path);
        });
    }

    public static SequencedMap<String, Tensor> tensors(SequencedMap<String, Variable> tree) {
        return tree.entrySet().stream().collect(
                Collectors.toMap(Map.Entry::getKey, e -> e.getValue().value(), (a, _) -> a, LinkedHashMap::new));
    }

    /** Not by way of {@link Elements}, whose faults this must show. */
    public static long[] bits(Tensor tensor) {
        return switch (tensor.dtype()) {
            case BOOL -> {
                boolean[] values = tensor.toBooleans();
                yield IntStream.range(0, values.length).mapToLong(i -> values[i] ? 1 : 0).toArray();
            }
            case I32 -> Arrays.stream(tensor.toInts()).asLongStream().toArray();
            case I64 -> tensor.toLongs();
            case F32 -> {
                float[] values = tensor.toFloats();
                yield IntStream.range(0, values.length).mapToLong(i -> Float.floatToRawIntBits(values[i])).toArray();
            }
            case F64 -> Arrays.stream(tensor.toDoubles()).mapToLong(Double::doubleToRawLongBits).toArray();
        };
    }
}
