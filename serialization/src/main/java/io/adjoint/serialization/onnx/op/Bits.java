package io.adjoint.serialization.onnx.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Arity;
import io.adjoint.autodiff.op.Custom;
import io.adjoint.autodiff.op.Gradient;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Two integers joined bit by bit, or one shifted by the other, which 64 or more makes 0: {@code a & b} and so on, broadcast. Both
 * are I32 or both I64, else a {@link ShapeException} says so. No gradient.
 *
 * @param rule how they are joined
 */
public record Bits(Rule rule) implements Custom {
    private static final Gradient NONE = Gradient.none("integers");

    /** What is done with the bits of both. */
    public enum Rule {
        /** Where both have it. */
        AND,
        /** Where one or both have it. */
        OR,
        /** Where exactly one has it. */
        XOR,
        /** The first one times two to the power of the second one. */
        LEFT,
        /** The first one without a sign over two to the power of the second one, rounded down. */
        RIGHT;

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
