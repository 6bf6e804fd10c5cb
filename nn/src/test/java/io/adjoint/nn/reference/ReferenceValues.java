package io.adjoint.nn.reference;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;

/** Tensors as the reference files write them, and the measure by which results are compared with them. */
public final class ReferenceValues {
    private ReferenceValues() {}

    /** A tensor object: floats in the dtype of the run, integers as I64, truth values as BOOL. */
    public static Tensor tensor(JsonObject json, DType dtype) {
        int[] dims = json.getAsJsonArray("shape").asList().stream().mapToInt(JsonElement::getAsInt).toArray();
        DType own = switch (json.get("dtype").getAsString()) {
            case "int64" -> DType.I64;
            case "bool" -> DType.BOOL;
            default -> dtype;
        };
        return tensor(json.getAsJsonArray("data"), Shape.of(dims), own);
    }

    /** Bare elements of a tensor whose shape is known. */
    public static Tensor tensor(JsonArray data, Shape shape, DType dtype) {
        return Tensor.of(doubles(data), shape).cast(dtype);
    }

    /** {@code max |a - b| / max(1, max |b|)} of finite values; infinite if there are more or fewer than expected. */
    public static double error(JsonArray expected, Tensor actual) {
        double[] reference = doubles(expected);
        double[] found = actual.cast(DType.F64).toDoubles();
        double scale = 1;
        double difference = reference.length == found.length ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < Math.min(reference.length, found.length); i++) {
            // Math.max hands on a NaN, and a NaN is within no tolerance
            difference = Math.max(difference, Math.abs(reference[i] - found[i]));
            scale = Math.max(scale, Math.abs(reference[i]));
        }
        return difference / scale;
    }

    /** Asserts that the error is within the tolerance, for finite values. */
    public static void assertClose(JsonArray expected, Tensor actual, double tolerance, String what) {
        double error = error(expected, actual);
        assertTrue(error <= tolerance, () -> "%s: error %.3g, allowed %.3g; expected %s, but was %s"
                .formatted(what, error, tolerance, expected, actual));
    }

    private static double[] doubles(JsonArray data) {
        return data.asList().stream().mapToDouble(ReferenceValues::number).toArray();
    }

    private static double number(JsonElement element) {
        return element.getAsJsonPrimitive().isBoolean() ? element.getAsBoolean() ? 1 : 0 : element.getAsDouble();
    }
}
