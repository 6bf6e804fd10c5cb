package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.LaneFunctions;
import io.adjoint.autodiff.lane.LaneMath;
import java.util.List;
import java.util.Optional;

/**
 * What flows back through {@link Unary#GELU}, with the bits of the composition. An operation for speed: one pass instead of
 * eight.
 */
public record GeluGradient() implements Elementwise {
    @Override
    public String id() {
        return "gelu_gradient";
    }

    @Override
    public String formula() {
        return "a (ndtr b + b e^(-b^2 / 2) / sqrt(2 pi))";
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
        DType type = DType.promote(DType.promote(given.getFirst(), given.getLast()), DType.F32);
        return List.of(type, type);
    }

    @Override
    @SuppressWarnings("exports")
    public Lane numerics(List<Lane> inputs) {
        Lane x = inputs.getLast();
        Lane density = LaneMath.expOfNonPositive(x.mul(x).mul(-0.5)).mul(1 / Math.sqrt(2 * Math.PI));
        return inputs.getFirst().mul(LaneFunctions.ndtr(x).add(x.mul(density)));
    }

    @Override
    public Gradient gradient() {
        return Gradient.of(
                Gradient.Partial.reading(1, v -> apply(v.cotangent(), v.input(1))),
                Gradient.Partial.reading(0, 1, v -> {
                    Tensor x = v.input(1);
                    return v.cotangent().mul(v.input(0)).mul(GateRules.density(x).mul(x.square().rsub(2)));
                }));
    }

    static Sample sample(Sampler sampler) {
        Tensor x = sampler.tensor(sampler.shape(), Domain.REAL);
        return Sample.of(new GeluGradient(), sampler.tensor(x.shape(), Domain.REAL), x);
    }
}
