package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.LaneFunctions;
import java.util.List;
import java.util.Optional;

/**
 * The y with {@code P(a, e^y) = p}: of a p spread evenly over (0, 1), the logarithm of a gamma distributed number, which stays
 * finite for the smallest a. Minus infinity at 0, infinity at 1, NaN outside and unless a is above 0.
 */
public record LogGammaQuantile() implements Elementwise {

    @Override
    public String id() {
        return "log_gamma_quantile";
    }

    @Override
    public String formula() {
        return "the y whose incomplete gamma function P(a, e^y) is b";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.empty();
    }

    @Override
    public Arity arity() {
        return Arity.of(2);
    }

    @Override
    public List<DType> inputTypes(List<DType> given) {
        DType type = given.stream().reduce(DType.F32, DType::promote);
        return List.of(type, type);
    }

    @Override
    @SuppressWarnings("exports")
    public Lane numerics(List<Lane> inputs) {
        return LaneFunctions.logGammaQuantile(inputs.getFirst(), inputs.getLast());
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(
                Gradient.Partial.reading(0,
                        v -> v.cotangent().mul(new GammaSlope(0).apply(v.input(0), v.output()))).andOutput(),
                Gradient.Partial.reading(0, v -> v.cotangent().mul(inverseDensity(v.input(0), v.output())))
                        .andOutput());
    }

    private static Tensor inverseDensity(Tensor a, Tensor y) {
        return a.lgamma().add(y.exp()).sub(a.mul(y)).exp();
    }

    static Sample sample(Sampler sampler) {
        List<Shape> shapes = sampler.broadcastable(2, 2);
        return Sample.of(new LogGammaQuantile(), sampler.tensor(shapes.getFirst(), Domain.PROBABILITY),
                sampler.tensor(shapes.getLast(), Domain.PROBABILITY));
    }
}
