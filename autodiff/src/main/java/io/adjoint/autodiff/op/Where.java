package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.lane.Lane;
import java.util.List;
import java.util.Optional;

/** The element of the second input where the first is true, else of the third. */
public record Where() implements Elementwise {
    private static final Gradient GRADIENT = Gradient.of(
            Gradient.Partial.none(),
            Gradient.Partial.reading(0, v -> v.input(0).where(v.cotangent(), 0)),
            Gradient.Partial.reading(0, v -> v.input(0).where(0, v.cotangent())));

    @Override
    public String id() {
        return "where";
    }

    @Override
    public String formula() {
        return "a ? b : c";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of("Where");
    }

    @Override
    public Arity arity() {
        return Arity.of(3);
    }

    @Override
    public List<DType> inputTypes(List<DType> given) {
        if (given.getFirst() != DType.BOOL) {
            throw ShapeException.of(id(), "the condition is not boolean")
                    .operand("condition", given.getFirst())
                    .expected("BOOL, as a comparison gives");
        }
        DType type = DType.promote(given.get(1), given.get(2));
        return List.of(DType.BOOL, type, type);
    }

    @Override
    @SuppressWarnings("exports")
    public Lane numerics(List<Lane> inputs) {
        return inputs.get(0).select(inputs.get(1), inputs.get(2));
    }

    @Override
    public Gradient gradient() {
        return GRADIENT;
    }

    static Sample sample(Sampler sampler) {
        List<Shape> shapes = sampler.broadcastable(3);
        return Sample.of(new Where(), sampler.booleans(shapes.get(0)), sampler.tensor(shapes.get(1), Domain.REAL),
                sampler.tensor(shapes.get(2), Domain.REAL));
    }
}
