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
 * The regularised incomplete beta function, {@code integral of t^(a - 1) (1 - t)^(b - 1) / B(a, b)} from 0 to x, and its
 * derivatives by a and b: the next ones are the gradients. NaN unless a and b are above 0 and x is in [0, 1].
 *
 * @param first how often the function is differentiated by a
 * @param second how often it is differentiated by b
 */
public record IncompleteBeta(int first, int second) implements Elementwise {
    /** The highest order of both together, which has no gradient. */
    private static final int MOST = 2;

    public IncompleteBeta {
        if (first < 0 || second < 0 || first > MOST || second > MOST || first + second > MOST) {
            throw ShapeException.of("incomplete_beta", "no such order").operand("by a", first).operand("by b", second)
                    .expected("0 to " + MOST + " together");
        }
    }

    @Override
    public String id() {
        return "incomplete_beta";
    }

    @Override
    public String formula() {
        return "d^(n + m)/da^n db^m integral of t^(a - 1) (1 - t)^(b - 1) / B(a, b) from 0 to c";
    }

    @Override
    public Optional<String> onnxName() {
        return Optional.empty();
    }

    @Override
    public Arity arity() {
        return Arity.of(3);
    }

    @Override
    public List<DType> inputTypes(List<DType> given) {
        DType type = given.stream().reduce(DType.F32, DType::promote);
        return List.of(type, type, type);
    }

    @Override
    @SuppressWarnings("exports")
    public Lane numerics(List<Lane> inputs) {
        return LaneFunctions.incompleteBeta(first, second, inputs.get(0), inputs.get(1), inputs.get(2));
    }

    @Override
    public Gradient gradient() {
        return first + second == MOST ? Gradient.none("the highest derivative that is computed") : Gradient.of(
                Gradient.Partial.reading(0, 1, v -> byParameter(v, new IncompleteBeta(first + 1, second))).and(2),
                Gradient.Partial.reading(0, 1, v -> byParameter(v, new IncompleteBeta(first, second + 1))).and(2),
                Gradient.Partial.reading(0, 1, v -> v.cotangent().mul(
                        density(first, second, v.input(0), v.input(1), v.input(2)))).and(2));
    }

    private static Tensor byParameter(Gradient.Context v, IncompleteBeta next) {
        return v.cotangent().mul(next.apply(v.input(0), v.input(1), v.input(2)));
    }

    /** The density's derivative of these orders, together 2 at most. */
    private static Tensor density(int i, int j, Tensor a, Tensor b, Tensor x) {
        Tensor rest = x.rsub(1);
        Tensor sum = a.add(b);
        Tensor density = a.sub(1).xlogy(x).add(b.sub(1).xlogy(rest)).add(sum.lgamma()).sub(a.lgamma()).sub(b.lgamma())
                .exp();
        if (i + j == 0) {
            return density;
        }
        Tensor byFirst = x.log().sub(a.digamma()).add(sum.digamma());
        Tensor bySecond = rest.log().sub(b.digamma()).add(sum.digamma());
        Tensor curve = sum.polygamma(1);
        return density.mul(switch (3 * i + j) {
            case 3 -> byFirst;
            case 1 -> bySecond;
            case 4 -> byFirst.mul(bySecond).add(curve);
            case 6 -> byFirst.square().add(curve).sub(a.polygamma(1));
            default -> bySecond.square().add(curve).sub(b.polygamma(1));
        });
    }

    static Sample sample(Sampler sampler) {
        List<Shape> shapes = sampler.broadcastable(3, 2);
        return Sample.of(new IncompleteBeta(0, 0), sampler.tensor(shapes.get(0), Domain.PROBABILITY),
                sampler.tensor(shapes.get(1), Domain.PROBABILITY), sampler.tensor(shapes.get(2), Domain.PROBABILITY));
    }
}
