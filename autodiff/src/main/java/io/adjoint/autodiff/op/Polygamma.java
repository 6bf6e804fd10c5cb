package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.LaneFunctions;
import java.util.List;
import java.util.Optional;

/**
 * The derivatives of the digamma function, {@code (-1)^(n + 1) n! sum over k of (x + k)^-(n + 1)}: the next one is the
 * gradient.
 *
 * @param order how often digamma is differentiated, from 1 on
 */
public record Polygamma(int order) implements Elementwise {
    /** The highest order, whose gradient is refused. */
    private static final int MOST = 100;

    public Polygamma {
        if (order < 1 || order > MOST) {
            throw ShapeException.of("polygamma", "no such order").operand("order", order).expected("1 to " + MOST);
        }
    }

    @Override
    public String id() {
        return "polygamma";
    }

    @Override
    public String formula() {
        return "d^n/dx^n digamma(x)";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.empty();
    }

    @Override
    public Arity arity() {
        return Arity.of(1);
    }

    @Override
    public List<DType> inputTypes(List<DType> given) {
        return List.of(DType.promote(given.getFirst(), DType.F32));
    }

    @Override
    @SuppressWarnings("exports")
    public Lane numerics(List<Lane> inputs) {
        return LaneFunctions.polygamma(order, inputs.getFirst());
    }

    @Override
    public Gradient gradient() {
        return Gradient
                .of(Gradient.Partial.reading(0, v -> v.cotangent().mul(new Polygamma(order + 1).apply(v.input(0)))));
    }

    static Sample sample(Sampler sampler) {
        return Sample.of(new Polygamma(sampler.between(1, 3)), sampler.tensor(Domain.POSITIVE));
    }
}
