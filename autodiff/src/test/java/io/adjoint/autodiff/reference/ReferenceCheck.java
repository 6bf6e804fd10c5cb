package io.adjoint.autodiff.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Holds one case against this library in one dtype: outputs, gradients, Hessian-vector products. */
final class ReferenceCheck {
    private final ReferenceCase reference;
    private final Arguments arguments;
    private final DType dtype;
    private final List<Tensor> outputs;
    private final Map<String, Tensor> changed;
    private final Map<Part, Double> worst = new EnumMap<>(Part.class);

    private ReferenceCheck(ReferenceCase reference, Functions.Call call, DType real) {
        this.reference = reference;
        this.arguments = reference.arguments(real);
        this.dtype = arguments.resultFloat();
        this.outputs = call.outputs().apply(arguments);
        this.changed = call.changed().apply(arguments);
    }

    /**
     * Throws an assertion error that names the case where anything differs by more than the tolerance.
     *
     * @return the greatest error of each part that was compared
     */
    static Map<Part, Double> run(ReferenceCase reference, Functions.Call call, DType real) {
        ReferenceCheck check = new ReferenceCheck(reference, call, real);
        check.outputs();
        check.changed();
        reference.gradients().ifPresent(check::gradients);
        reference.secondOrder().ifPresent(check::secondOrder);
        return check.worst;
    }

    private void outputs() {
        List<Values> expected = reference.outputs();
        assertEquals(expected.size(), outputs.size(), () -> label("number of outputs"));
        for (int i = 0; i < outputs.size(); i++) {
            String what = label("output " + i);
            Values values = expected.get(i);
            Tensor output = outputs.get(i);
            assertEquals(values.shape(), output.shape(), what);
            assertEquals(values.dtype().isFloat() ? dtype : values.dtype(), output.dtype(), what);
            switch (values.dtype()) {
                case BOOL -> assertArrayEquals(values.booleans(), output.toBooleans(), what);
                case I64 -> assertArrayEquals(values.longs(), output.toLongs(), what);
                default -> compare(Part.OUTPUT, "output " + i, values.doubles(), output);
            }
        }
    }

    private void changed() {
        reference.changed().forEach((name, data) -> {
            Tensor found = changed.get(name);
            assertNotNull(found, () -> label("the row says nothing of the changed " + name));
            assertEquals(arguments.tensor(name).shape(), found.shape(), label("changed " + name));
            compare(Part.OUTPUT, "changed " + name, new Values(DType.F64, found.shape(), data).doubles(), found);
        });
    }

    /** The gradients twice: as constants, and as functions that can be differentiated again. */
    private void gradients(Map<String, JsonArray> expected) {
        Tensor[] leaves = leaves();
        Tensor total = Tensor.zeros(Shape.scalar(), dtype);
        for (int i = 0; i < outputs.size(); i++) {
            if (reference.cotangent(i).isPresent()) {
                total = total.add(outputs.get(i).mul(cotangent(i)).sum());
            }
        }
        compareEach(Part.GRADIENT, expected, total.gradients(leaves).values());
        compareEach(Part.GRADIENT, expected, pulledBack());
    }

    private void secondOrder(ReferenceCase.SecondOrder expected) {
        List<Tensor> gradients = pulledBack();
        List<String> names = List.copyOf(arguments.leaves().keySet());
        Tensor along = Tensor.zeros(Shape.scalar(), dtype);
        for (int i = 0; i < names.size(); i++) {
            Tensor vector = values(expected.vectors().get(names.get(i)), gradients.get(i).shape());
            along = along.add(gradients.get(i).mul(vector).sum());
        }
        compareEach(Part.HESSIAN_VECTOR_PRODUCT, expected.products(), along.gradients(leaves()).values());
    }

    /** The sum of the vector-Jacobian products of all outputs, differentiable. */
    private List<Tensor> pulledBack() {
        List<Tensor> sums = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            if (reference.cotangent(i).isPresent()) {
                List<Tensor> shares = outputs.get(i).vjp(cotangent(i), leaves()).values();
                if (sums.isEmpty()) {
                    sums.addAll(shares);
                } else {
                    for (int j = 0; j < shares.size(); j++) {
                        sums.set(j, sums.get(j).add(shares.get(j)));
                    }
                }
            }
        }
        return sums;
    }

    private Tensor[] leaves() {
        return arguments.leaves().values().toArray(Tensor[]::new);
    }

    private Tensor cotangent(int output) {
        return values(reference.cotangent(output).orElseThrow(), outputs.get(output).shape());
    }

    private Tensor values(JsonArray data, Shape shape) {
        return new Values(DType.F64, shape, data).tensor(dtype);
    }

    private void compareEach(Part part, Map<String, JsonArray> expected, List<Tensor> actual) {
        List<String> names = List.copyOf(arguments.leaves().keySet());
        assertEquals(expected.keySet(), arguments.leaves().keySet(), () -> label("arguments with a gradient"));
        for (int i = 0; i < names.size(); i++) {
            Tensor found = actual.get(i);
            Shape shape = arguments.leaves().get(names.get(i)).shape();
            assertEquals(shape, found.shape(), label(part + " by " + names.get(i)));
            JsonArray data = expected.get(names.get(i));
            double[] numbers = data.isEmpty() ? new double[shape.size()] : new Values(DType.F64, shape, data).doubles();
            compare(part, part + " by " + names.get(i), numbers, found);
        }
    }

    private void compare(Part part, String what, double[] expected, Tensor actual) {
        OptionalDouble tolerance = part.tolerance(dtype, reference.condition(part.key()));
        if (tolerance.isPresent()) {
            double error = error(expected, actual.cast(DType.F64).toDoubles());
            worst.merge(part, error, Math::max);
            double allowed = tolerance.getAsDouble() + KnownError.of(reference, part, dtype);
            assertTrue(error <= allowed, () -> "%s: error %.3g, allowed %.3g; expected %s, but was %s"
                    .formatted(label(what), error, allowed, Tensor.of(expected, actual.shape()), actual));
        }
    }

    /**
     * {@code max |a - b| / max(1, max |b|)} over the places where the reference {@code b} is finite; infinite unless
     * NaN and infinities are at the same places.
     */
    private static double error(double[] expected, double[] actual) {
        double difference = 0;
        double scale = 1;
        for (int i = 0; i < expected.length; i++) {
            if (!Double.isFinite(expected[i])) {
                // compared as objects, since NaN equals NaN there
                difference = Double.valueOf(expected[i]).equals(actual[i]) ? difference : Double.POSITIVE_INFINITY;
            } else {
                // Math.max hands on a NaN, and the caller's comparison is false for it
                difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
                scale = Math.max(scale, Math.abs(expected[i]));
            }
        }
        return difference / scale;
    }

    private String label(String what) {
        return reference.id() + " in " + dtype + ", " + what;
    }
}
