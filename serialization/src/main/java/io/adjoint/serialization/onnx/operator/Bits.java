package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Arity;
import io.adjoint.autodiff.op.Custom;
import io.adjoint.autodiff.op.Gradient;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Two integers joined bit by bit, or one shifted by the other, which a width or more makes 0. */
record Bits(Rule rule) implements Custom {
    private static final Gradient NONE = Gradient.none("integers");
    private static final Set<ElementType> UNSIGNED =
            EnumSet.of(ElementType.UINT8, ElementType.UINT16, ElementType.UINT32, ElementType.UINT64);

    enum Rule {
        AND, OR, XOR, LEFT, RIGHT;

        private long apply(long a, long b) {
            return switch (this) {
                case AND -> a & b;
                case OR -> a | b;
                case XOR -> a ^ b;
                case LEFT -> b >= 0 && b < Long.SIZE ? a << b : 0;
                case RIGHT -> b >= 0 && b < Long.SIZE ? a >>> b : 0;
            };
        }
    }

    /** Every bit the other way round. */
    static Tensor not(Call call, Tensor x) {
        if (!x.dtype().isInteger()) {
            throw call.refusal("not integers").operand("input", call.type(0)).expected("an integer type");
        }
        return x.neg().sub(1);
    }

    static Value shift(Call call, Sides sides) {
        Rule rule = switch (call.attributes().text("direction", "")) {
            case "LEFT" -> Rule.LEFT;
            case "RIGHT" -> Rule.RIGHT;
            case String other -> throw call.refusal("not a direction").operand("direction", other)
                    .expected("LEFT or RIGHT");
        };
        if (!UNSIGNED.contains(sides.type())) {
            throw call.refusal("not unsigned integers").operand("type", sides.type()).expected(UNSIGNED.toString());
        }
        return sides.typed(new Bits(rule).apply(sides.left(), sides.right()));
    }

    @Override
    public String id() {
        return "bits_" + rule.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Arity arity() {
        return Arity.of(2);
    }

    @Override
    public Optional<String> onnxName() {
        return switch (rule) {
            case AND -> Optional.of("BitwiseAnd");
            case OR -> Optional.of("BitwiseOr");
            case XOR -> Optional.of("BitwiseXor");
            case LEFT, RIGHT -> Optional.empty();
        };
    }

    @Override
    public TensorSpec infer(List<TensorSpec> inputs) {
        DType dtype = inputs.getFirst().dtype();
        if (!dtype.isInteger() || inputs.getLast().dtype() != dtype) {
            throw ShapeException.of(id(), "not integers").operand("left", dtype)
                    .operand("right", inputs.getLast().dtype()).expected("integers of one type");
        }
        return new TensorSpec(dtype, Shape.broadcast(id(), inputs.getFirst().shape(), inputs.getLast().shape()));
    }

    @Override
    public Tensor compute(List<Tensor> inputs) {
        TensorSpec spec = infer(inputs.stream().map(Tensor::spec).toList());
        long[] left = longs(inputs.getFirst(), spec);
        long[] right = longs(inputs.getLast(), spec);
        for (int i = 0; i < left.length; i++) {
            left[i] = rule.apply(left[i], right[i]);
        }
        return Tensor.of(left, spec.shape()).cast(spec.dtype());
    }

    private static long[] longs(Tensor x, TensorSpec spec) {
        return x.expand(spec.shape()).cast(DType.I64).toLongs();
    }

    @Override
    public Gradient gradient() {
        return NONE;
    }
}
