package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.LaneFunctions;
import java.util.List;
import java.util.Optional;

/**
 * The modified Bessel functions of the first kind. The derivative is half the sum of the two neighbours, so it has no
 * division by x that would fail at 0. NaN at infinity.
 *
 * @param order of the function, from 0 on
 */
public record BesselI(int order) implements Elementwise {
    /** The highest order, whose gradient is refused. */
    private static final int MOST = 100;

    public BesselI {
        if (order < 0 || order > MOST) {
            throw ShapeException.of("bessel_i", "no such order").operand("order", order).expected("0 to " + MOST);
        }
    }

    @Override
    public String id() {
        return "bessel_i";
    }

    @Override
    public String formula() {
        return "sum of (x/2)^(2k + n) / (k! (k + n)!)";
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
        return LaneFunctions.besseli(order, inputs.getFirst());
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(Gradient.Partial.reading(0, this::byNeighbours));
    }

    private Tensor byNeighbours(Gradient.Context v) {
        Tensor below = new BesselI(Math.abs(order - 1)).apply(v.input(0));
        return v.cotangent().mul(below.add(new BesselI(order + 1).apply(v.input(0))).mul(0.5));
    }

    static Sample sample(Sampler sampler) {
        return Sample.of(new BesselI(sampler.between(0, 3)), sampler.tensor(Domain.REAL));
    }
}
