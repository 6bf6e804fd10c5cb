package io.adjoint.autodiff.reference;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import java.util.stream.Stream;

/**
 * The elements of a tensor as the reference files write them: dtype, shape, and numbers in row-major order, of which
 * those that are not finite are strings.
 *
 * @param dtype F64, I64 or BOOL
 */
record Values(DType dtype, Shape shape, JsonArray data) {
    /** Reads a tensor object. */
    static Values of(JsonObject tensor) {
        int[] dims = numbers(tensor.getAsJsonArray("shape")).mapToInt(JsonElement::getAsInt).toArray();
        DType dtype = switch (tensor.get("dtype").getAsString()) {
            case "float64" -> DType.F64;
            case "int64" -> DType.I64;
            case "bool" -> DType.BOOL;
            case String other -> throw new IllegalArgumentException("a dtype that the format does not have: " + other);
        };
        return new Values(dtype, Shape.of(dims), tensor.getAsJsonArray("data"));
    }

    /** Whether an element is a tensor object. */
    static boolean isTensor(JsonElement element) {
        return element.isJsonObject() && element.getAsJsonObject().has("dtype");
    }

    /** The elements as doubles. */
    double[] doubles() {
        return numbers(data).mapToDouble(JsonElement::getAsDouble).toArray();
    }

    /** The elements of an I64. */
    long[] longs() {
        return numbers(data).mapToLong(JsonElement::getAsLong).toArray();
    }

    /** The elements of a BOOL. */
    boolean[] booleans() {
        boolean[] elements = new boolean[data.size()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = data.get(i).getAsBoolean();
        }
        return elements;
    }

    /** A tensor of these elements: floats in the dtype of the run, others as they are. */
    Tensor tensor(DType real) {
        return switch (dtype) {
            case I64 -> Tensor.of(longs(), shape);
            case BOOL -> Tensor.of(booleans(), shape);
            default -> Tensor.of(doubles(), shape).cast(real);
        };
    }

    private static Stream<JsonElement> numbers(JsonArray array) {
        return array.asList().stream();
    }
}
