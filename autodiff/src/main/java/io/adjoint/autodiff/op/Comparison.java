package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.lane.Lane;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BinaryOperator;

/** Comparisons of two elements, with a BOOL result. A NaN is unequal to everything and neither less nor greater. */
public enum Comparison implements Elementwise {
    EQ("a = b", "Equal", Lane::eq),
    NE("a != b", "", (a, b) -> a.eq(b).not()),
    LT("a < b", "Less", Lane::lt),
    LE("a <= b", "LessOrEqual", Lane::le),
    GT("a > b", "Greater", (a, b) -> b.lt(a)),
    GE("a >= b", "GreaterOrEqual", (a, b) -> b.le(a));

    private static final Gradient NONE = Gradient.none("boolean result");

    private final String id = name().toLowerCase(Locale.ROOT);
    private final String formula;
    private final String onnxName;
    private final BinaryOperator<Lane> numerics;

    Comparison(String formula, String onnxName, BinaryOperator<Lane> numerics) {
        this.formula = formula;
        this.onnxName = onnxName;
        this.numerics = numerics;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String formula() {
        return formula;
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.of(onnxName).filter(name -> !name.isEmpty());
    }

    @Override
    public Arity arity() {
        return Arity.of(2);
    }

    @Override
    public List<DType> inputTypes(List<DType> given) {
        DType type = DType.promote(DType.promote(given.getFirst(), given.getLast()), DType.I32);
        return List.of(type, type);
    }

    @Override
    @SuppressWarnings("exports")
    public Lane numerics(List<Lane> inputs) {
        return numerics.apply(inputs.getFirst(), inputs.getLast());
    }

    @Override
    public Gradient gradient() {
        return NONE;
    }

    Sample sample(Sampler sampler) {
        List<Shape> shapes = sampler.broadcastable(2);
        return Sample.of(this, sampler.tensor(shapes.getFirst(), Domain.REAL),
                sampler.tensor(shapes.getLast(), Domain.REAL));
    }

    /** Compares the elements of both, broadcast against each other. */
    public Tensor of(Tensor left, Tensor right) {
        return apply(left, right);
    }
}
