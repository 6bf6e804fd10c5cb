package io.adjoint.autodiff.op;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.LaneFunctions;
import java.util.List;
import java.util.Optional;

/**
 * The regularised incomplete gamma functions, {@code integral of t^(a - 1) e^-t / gamma(a)} from 0 to x or from x on, and their
 * derivatives by a: the next one is the gradient. NaN unless a is above 0 and x is not negative.
 *
 * @param tail which side of x
 * @param order how often the function is differentiated by a, from 0 on
 */
public record IncompleteGamma(Tail tail, int order) implements Elementwise {
    /** The highest order, which has no gradient. */
    private static final int MOST = 3;

    /** A side of x. */
    public enum Tail {
        /** From 0 to x, P. */
        LOWER,
        /** From x on, Q = 1 - P. */
        UPPER
    }

    public IncompleteGamma {
        if (order < 0 || order > MOST) {
            throw ShapeException.of("incomplete_gamma", "no such order").operand("order", order)
                    .expected("0 to " + MOST);
        }
    }

    @Override
    public String id() {
        return "incomplete_gamma";
    }

    @Override
    public String formula() {
        return "d^n/da^n integral of t^(a - 1) e^-t / gamma(a), from 0 to b or from b on";
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
        return LaneFunctions.incompleteGamma(tail == Tail.UPPER, order, inputs.getFirst(), inputs.getLast());
    }

    @Override
    public Gradient gradient() {
        return order == MOST ? Gradient.none("the highest derivative that is computed") : Gradient.of(
                Gradient.Partial.reading(0, 1, v -> v.cotangent().mul(
                        new IncompleteGamma(tail, order + 1).apply(v.input(0), v.input(1)))),
                Gradient.Partial.reading(0, 1, v -> {
                    Tensor density = density(order, v.input(0), v.input(1));
                    return v.cotangent().mul(tail == Tail.LOWER ? density : density.neg());
                }));
    }

    /**
     * {@code d^n/da^n x^(a - 1) e^-x / gamma(a)}. One derivative multiplies by {@code ln x - digamma(a)}, so the others follow by
     * the rule of Leibniz.
     */
    private static Tensor density(int order, Tensor a, Tensor x) {
        if (order == 0) {
            return a.sub(1).xlogy(x).sub(x).sub(a.lgamma()).exp();
        }
        Tensor sum = density(order - 1, a, x).mul(x.log().sub(a.digamma()));
        double choose = 1;
        for (int k = 1; k < order; k++) {
            choose = choose * (order - k) / k;
            sum = sum.sub(density(order - 1 - k, a, x).mul(a.polygamma(k)).mul(choose));
        }
        return sum;
    }

    static Sample sample(Sampler sampler) {
        List<Shape> shapes = sampler.broadcastable(2, 2);
        Tail tail = sampler.pick(List.of(Tail.values()));
        return Sample.of(new IncompleteGamma(tail, 0),
                sampler.tensor(shapes.getFirst(), Domain.POSITIVE), sampler.tensor(shapes.getLast(), Domain.POSITIVE));
    }
}
