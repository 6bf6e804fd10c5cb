package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.lane.Lane;
import java.util.List;
import java.util.Optional;

/**
 * Every element as another dtype, converted as Java casts: a float loses its fraction on the way to an integer and
 * saturates, NaN becomes 0; BOOL becomes 0 or 1, and a number becomes {@code x != 0}. Gradients flow between floats only.
 *
 * @param target dtype of the result
 */
public record Cast(DType target) implements Elementwise {
    private static final Gradient GRADIENT =
            Gradient.of(Gradient.Partial.linear(v -> v.cotangent().cast(v.inputSpec(0).dtype())));

    @Override
    public String id() {
        return "cast";
    }

    @Override
    public String formula() {
        return "(dtype) x";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("Cast");
    }

    @Override
    public Arity arity() {
        return Arity.of(1);
    }

    @Override
    public List<DType> inputTypes(List<DType> given) {
        return given;
    }

    @Override
    @SuppressWarnings("exports")
    public Lane numerics(List<Lane> inputs) {
        return inputs.getFirst().convert(target);
    }

    @Override
    public Gradient gradient() {
        return GRADIENT;
    }

    static Sample sample(Sampler sampler) {
        // a float64 sample is for central differences, which a cast to less precision would drown in rounding
        DType target = sampler.dtype() == DType.F64 ? DType.F64 : sampler.pick(List.of(DType.values()));
        return Sample.of(new Cast(target), sampler.tensor(Domain.REAL));
    }
}
