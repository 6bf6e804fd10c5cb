package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Binary;
import io.adjoint.autodiff.op.Cast;
import io.adjoint.autodiff.op.Comparison;
import io.adjoint.autodiff.op.Elementwise;
import io.adjoint.autodiff.op.Unary;
import java.util.List;
import java.util.Optional;

/** Elementwise operations: most have an ONNX operator of the same meaning. */
final class ElementwiseLowering {
    private final Emitter nodes;

    ElementwiseLowering(Emitter nodes) {
        this.nodes = nodes;
    }

    Optional<Term> lower(Elementwise op, List<Term> inputs, TensorSpec spec) {
        return switch (op) {
            case Cast(DType target) -> Optional.of(nodes.cast(inputs.getFirst(), target));
            case Unary unary -> unary(unary, inputs.getFirst(), spec);
            case Comparison.NE -> Optional.of(nodes.node("Not", spec, List.of(nodes.node("Equal", spec, inputs))));
            case Binary binary -> binary(binary, inputs, spec);
            default -> op.onnxName().map(name -> nodes.node(name, spec, inputs));
        };
    }

    private Optional<Term> unary(Unary op, Term x, TensorSpec spec) {
        return x.dtype().isFloat() ? ofFloats(op, x, spec) : switch (op) {
            case FLOOR, CEIL, ROUND, TRUNC -> Optional.of(x);
            // few implement Relu for integers
            case RELU -> Optional.of(nodes.node("Max", spec, List.of(x, nodes.number(0, x.dtype()))));
            default -> op.onnxName().map(name -> nodes.node(name, spec, List.of(x)));
        };
    }

    private Optional<Term> ofFloats(Unary op, Term x, TensorSpec spec) {
        return switch (op) {
            // ONNX Runtime has it in single precision only
            case SOFTPLUS -> x.dtype() == DType.F32 ? Optional.of(nodes.node("Softplus", spec, List.of(x)))
                    : Optional.empty();
            case GELU_TANH -> Optional.of(nodes.node("Gelu", spec, List.of(x), Attribute.of("approximate", "tanh")));
            default -> op.onnxName().map(name -> nodes.node(name, spec, List.of(x)));
        };
    }

    private Optional<Term> binary(Binary op, List<Term> inputs, TensorSpec spec) {
        return switch (op) {
            case FMOD -> Optional.of(nodes.node("Mod", spec, inputs, Attribute.of("fmod", 1)));
            case REMAINDER -> integer("Mod", inputs, spec);
            case TRUNC_DIVIDE -> integer("Div", inputs, spec);
            case POW -> Optional.of(spec.dtype().isFloat() ? nodes.node("Pow", spec, inputs)
                    : power(inputs.getFirst(), inputs.getLast(), spec));
            default -> op.onnxName().map(name -> nodes.node(name, spec, inputs));
        };
    }

    /**
     * Squared and multiplied bit by bit of the exponent: the operator does not say that what does not fit wraps around, or that
     * the fraction is left out where the exponent is below 0, and ONNX Runtime computes in doubles.
     */
    private Term power(Term x, Term n, TensorSpec spec) {
        Tensor known = nodes.constants().get(n.name());
        if (known != null && known.size() == 1 && known.item() == 2 && x.shape().equals(spec.shape())) {
            return nodes.node("Mul", spec, List.of(x, x));
        }
        Formulas formulas = new Formulas(nodes);
        Term wide = nodes.expand(x, spec.shape());
        Term one = nodes.expand(nodes.number(1, spec.dtype()), spec.shape());
        Term rest = formulas.one(in -> in.getFirst().maximum(0), nodes.expand(n, spec.shape()));
        Term power = formulas.repeat(spec.dtype() == DType.I32 ? 31 : 63, List.of(one, wide, rest), List.of(),
                (_, state, _) -> {
                    Tensor square = state.get(1);
                    Tensor isSet = state.get(2).remainder(2).eq(1);
                    return List.of(isSet.where(state.getFirst().mul(square), state.getFirst()), square.mul(square),
                            Binary.TRUNC_DIVIDE.apply(state.get(2), Tensor.scalar(2, spec.dtype())));
                }).getFirst();
        return formulas.one(in -> {
            Tensor isOdd = in.get(1).remainder(2).ne(0);
            Tensor isUnit = in.get(0).eq(1).or(in.get(0).eq(-1));
            return in.get(1).lt(0).where(isUnit.where(isOdd.where(in.get(0), 1), 0), in.get(2));
        }, x, n, power);
    }

    /** An operator that means this for integers only. */
    private Optional<Term> integer(String operator, List<Term> inputs, TensorSpec spec) {
        return spec.dtype().isFloat() ? Optional.empty() : Optional.of(nodes.node(operator, spec, inputs));
    }
}
