package io.adjoint.serialization.onnx.source;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Binary;
import io.adjoint.autodiff.op.Cast;
import io.adjoint.autodiff.op.Comparison;
import io.adjoint.autodiff.op.Concat;
import io.adjoint.autodiff.op.Expand;
import io.adjoint.autodiff.op.LogSoftmax;
import io.adjoint.autodiff.op.MatMul;
import io.adjoint.autodiff.op.Max;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.op.Permute;
import io.adjoint.autodiff.op.Reshape;
import io.adjoint.autodiff.op.Slice;
import io.adjoint.autodiff.op.Softmax;
import io.adjoint.autodiff.op.Sum;
import io.adjoint.autodiff.op.Unary;
import io.adjoint.autodiff.op.Where;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.graph.Narrow;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Operations as Java source: as a method of Tensor where it is known to do just this operation, else by its constructor. */
final class Expressions {
    /**
     * A call in source.
     *
     * @param source of the call
     * @param isChained whether it is a method of its first operand, whose source it begins with
     */
    record Call(Text source, boolean isChained) {}

    private final Literals literals;
    private final Map<String, Boolean> methods = new HashMap<>();

    Expressions(Literals literals) {
        this.literals = literals;
    }

    /** The call of an operation; {@code inputs} are the sources of its operands, and their specs. */
    Call of(Op op, List<Text> inputs, List<TensorSpec> specs) {
        return method(op, inputs, specs)
                .orElseGet(() -> new Call(Text.of(constant(op), ".apply(", Text.list(inputs), ")"), false));
    }

    private Text constant(Op op) {
        return op instanceof Enum<?> || op instanceof Record ? literals.of(op)
                : Text.of("new ", literals.name(op.getClass()), "()");
    }

    private Optional<Call> method(Op op, List<Text> inputs, List<TensorSpec> specs) {
        Text x = inputs.isEmpty() ? Text.of() : inputs.getFirst();
        return switch (op) {
            case Unary unary when isMethod(unary, specs) -> chained(x, camel(unary.name()), Text.of());
            case Binary binary when isMethod(binary, specs) -> chained(x, camel(binary.name()), inputs.get(1));
            case Comparison comparison when isMethod(comparison, specs) ->
                chained(x, camel(comparison.name()), inputs.get(1));
            case Narrow(ElementType type) -> Optional.of(
                    new Call(Text.of(literals.name(ElementType.class), ".", type.name(), ".narrow(", x, ")"), false));
            case Cast(DType target) -> chained(x, "cast", literals.of(target));
            case MatMul(MatMul.Side left, MatMul.Side right) when left == MatMul.Side.PLAIN && right == left
                    && specs.get(0).shape().rank() > 1 && specs.get(1).shape().rank() > 1 ->
                chained(x, "matmul", inputs.get(1));
            case Reshape reshape -> chained(x, "reshape", Literals.extents(reshape.target()));
            case Expand expand -> chained(x, "expand", Literals.extents(expand.target()));
            case Permute(List<Integer> order) -> chained(x, "permute", Text.list(order));
            case Slice slice when slice.step() == 1 ->
                chained(x, "slice", Text.list(List.of(slice.axis(), slice.start(), slice.stop())));
            case Softmax(int axis) -> chained(x, "softmax", Text.of(axis));
            case LogSoftmax(int axis) -> chained(x, "logSoftmax", Text.of(axis));
            case Sum(List<Integer> axes) when !axes.isEmpty() && specs.getFirst().dtype().isFloat() ->
                chained(x, "sum", Text.list(axes));
            case Max(List<Integer> axes) when !axes.isEmpty() -> chained(x, "max", Text.list(axes));
            case Where _ -> chained(x, "where", Text.list(inputs.subList(1, 3)));
            case Concat(int axis) -> Optional.of(new Call(Text.of(literals.name(Tensor.class), ".concat(", axis, ", ",
                    Text.list(inputs), ")"), false));
            case Op _ -> Optional.empty();
        };
    }

    private static Optional<Call> chained(Text receiver, String method, Text arguments) {
        return Optional.of(new Call(Text.of(receiver, ".", method, "(", arguments, ")"), true));
    }

    /** {@code LOG_SIGMOID} as {@code logSigmoid}. */
    private static String camel(String constant) {
        StringBuilder name = new StringBuilder();
        for (String word : constant.toLowerCase(Locale.ROOT).split("_")) {
            name.append(name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return name.toString();
    }

    /** Whether Tensor has a method of the constant's name that does this operation and no other. */
    private boolean isMethod(Op op, List<TensorSpec> specs) {
        return methods.computeIfAbsent(op + " " + specs, _ -> isMethodOf(op, specs));
    }

    private static boolean isMethodOf(Op op, List<TensorSpec> specs) {
        Class<?>[] parameters = specs.stream().skip(1).map(_ -> Tensor.class).toArray(Class<?>[]::new);
        try {
            var method = Tensor.class.getMethod(camel(((Enum<?>) op).name()), parameters);
            Graph graph = Graph.traceAll(in -> {
                try {
                    return List.of((Tensor) method.invoke(in.getFirst(), in.stream().skip(1).toArray()));
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            }, specs.toArray(TensorSpec[]::new));
            return graph.steps().size() == specs.size() + 1
                    && graph.steps().getLast() instanceof Graph.Apply(Op found, _, _, _) && found.equals(op);
        } catch (NoSuchMethodException | RuntimeException _) {
            return false;
        }
    }
}
