package io.adjoint.autodiff.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * PyTorch's functions as calls of this library: a row for each one that it has, or that a user would write in a line or
 * two of its operations. A row names the arguments it understands; a call with any other fails.
 */
final class Functions {
    /**
     * How to make the call of a function.
     *
     * @param outputs what it gives
     * @param changed what becomes of arguments that PyTorch changes in place, by name
     */
    record Call(Function<Arguments, List<Tensor>> outputs, Function<Arguments, Map<String, Tensor>> changed) {}

    private record Row(Set<String> arguments, Call call) {}

    /** An operation whose right side is a Java number. */
    interface WithNumber {
        Tensor apply(Tensor left, double right);
    }

    private final Map<String, Row> rows = new TreeMap<>();

    /** All rows there are. */
    static Functions all() {
        Functions functions = new Functions();
        ElementwiseFunctions.addTo(functions);
        ReductionFunctions.addTo(functions);
        ArrangementFunctions.addTo(functions);
        IndexingFunctions.addTo(functions);
        ProductFunctions.addTo(functions);
        LossFunctions.addTo(functions);
        ActivationFunctions.addTo(functions);
        ScanFunctions.addTo(functions);
        SortingFunctions.addTo(functions);
        WindowFunctions.addTo(functions);
        ResizingFunctions.addTo(functions);
        NormalisationFunctions.addTo(functions);
        AttentionFunctions.addTo(functions);
        DistanceFunctions.addTo(functions);
        MatrixFunctions.addTo(functions);
        return functions;
    }

    /** The names of the rows. */
    Set<String> names() {
        return rows.keySet();
    }

    /** The arguments that a row understands; none where there is no row. */
    Set<String> arguments(String name) {
        return rows.containsKey(name) ? rows.get(name).arguments : Set.of();
    }

    /** How to make the call of a case; an assertion error names the function or the arguments that are not understood. */
    Call find(ReferenceCase reference) {
        String name = reference.function();
        Row row = rows.get(name);
        if (row == null) {
            fail("no row for the function " + name);
        }
        Set<String> unknown = new TreeSet<>(reference.arguments(DType.F64).names());
        unknown.removeAll(row.arguments);
        assertEquals(Set.of(), unknown, () -> "arguments of " + name + " that its row does not understand");
        return row.call;
    }

    /** A function of one result, which understands these arguments. */
    void row(String name, Function<Arguments, Tensor> body, String... arguments) {
        rows(name, body.andThen(List::of), arguments);
    }

    /** A function of several results, which understands these arguments. */
    void rows(String name, Function<Arguments, List<Tensor>> body, String... arguments) {
        if (rows.put(name, new Row(Set.of(arguments), new Call(body, _ -> Map.of()))) != null) {
            throw new IllegalArgumentException("two rows for " + name);
        }
    }

    /** A function of the one argument {@code input}. */
    void unary(String name, UnaryOperator<Tensor> body) {
        row(name, a -> body.apply(a.tensor("input")), "input");
    }

    /** A function of {@code input} and {@code other}, which may be a number. */
    void binary(String name, BinaryOperator<Tensor> body, WithNumber withNumber) {
        row(name, a -> binary(a, "other", body, withNumber), "input", "other");
    }

    /** A function of the tensors {@code input} and {@code other}. */
    void pair(String name, BinaryOperator<Tensor> body) {
        row(name, a -> body.apply(a.tensor("input"), a.tensor("other")), "input", "other");
    }

    /** The call of a function of {@code input} and a second argument, of which one may be a number. */
    static Tensor binary(Arguments a, String second, BinaryOperator<Tensor> body, WithNumber withNumber) {
        if (!a.isTensor("input")) {
            Tensor right = a.tensor(second);
            return body.apply(Tensor.scalar(a.number("input", 0), right.dtype()), right);
        }
        Tensor left = a.tensor("input");
        if (a.isTensor(second)) {
            return body.apply(left, a.tensor(second));
        }
        // 2.0 makes floats of integers there, which Java's 2.0 does not
        boolean becomesFloat = !left.dtype().isFloat() && !a.isWrittenWhole(second);
        return withNumber.apply(becomesFloat ? left.cast(DType.F32) : left, a.number(second, 0));
    }

    /** Adds to a row what becomes of arguments that PyTorch changes in place, by name. */
    void changes(String name, Function<Arguments, Map<String, Tensor>> changed) {
        Row row = rows.get(name);
        rows.put(name, new Row(row.arguments, new Call(row.call.outputs, changed)));
    }
}
