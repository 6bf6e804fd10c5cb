package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.LaneFunctions;
import java.util.List;
import java.util.Optional;

/**
 * The derivatives of the normalised sinc, precise at 0 too, where the quotients of the textbook cancel. Errors are a few ulp of
 * {@code pi^n / max(n + 1, pi |x|)}, what the derivative of order n reaches thereabouts; beyond order 80 or so that is more than
 * the range of F32.
 *
 * @param order how often sinc is differentiated, from 1 on
 */
public record SincDerivative(int order) implements Elementwise {
    /** The highest order, whose gradient is refused. */
    private static final int MOST = 100;

    public SincDerivative {
        if (order < 1 || order > MOST) {
            throw ShapeException.of("sinc_derivative", "no such order").operand("order", order)
                    .expected("1 to " + MOST);
        }
    }

    @Override
    public String id() {
        return "sinc_derivative";
    }

    @Override
    public String formula() {
        return "d^n/dx^n sin(pi x) / (pi x)";
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
        return LaneFunctions.sinc(order, inputs.getFirst());
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(
                Gradient.Partial.reading(0, v -> v.cotangent().mul(new SincDerivative(order + 1).apply(v.input(0)))));
    }

    static Sample sample(Sampler sampler) {
        return Sample.of(new SincDerivative(sampler.between(1, 3)), sampler.tensor(Domain.REAL));
    }
}
