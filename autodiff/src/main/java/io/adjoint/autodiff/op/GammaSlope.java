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
 * How the logarithm y of a number moves with a while {@code P(a, e^y)}, its incomplete gamma function, stays: {@code
 * -(dP/da) / (dP/dy)}, the derivative of a gamma distributed number by the parameter of its distribution (implicit
 * reparameterisation: Figurnov, Mohamed, Mnih 2018). Its derivatives by a: the next one is the gradient.
 *
 * @param order how often the slope is differentiated by a, from 0 on
 */
public record GammaSlope(int order) implements Elementwise {
    /** The highest order, which has no gradient. */
    private static final int MOST = 3;

    public GammaSlope {
        if (order < 0 || order > MOST) {
            throw ShapeException.of("gamma_slope", "no such order").operand("order", order).expected("0 to " + MOST);
        }
    }

    @Override
    public String id() {
        return "gamma_slope";
    }

    @Override
    public String formula() {
        return "d^n/da^n of -(dP/da) / (dP/db) with P the incomplete gamma function of a and e^b";
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
        return LaneFunctions.gammaSlope(order, inputs.getFirst(), inputs.getLast());
    }

    @Override
    public Gradient gradient() {
        return order == MOST ? Gradient.none("the highest derivative that is computed") : Gradient.of(
                Gradient.Partial.reading(0, 1,
                        v -> v.cotangent().mul(new GammaSlope(order + 1).apply(v.input(0), v.input(1)))),
                Gradient.Partial.reading(0, 1, v -> v.cotangent().mul(byNumber(v))).andOutput());
    }

    /**
     * {@code digamma(a) - y + slope (e^y - a)}, differentiated as often by a: the slope of the density's logarithm, {@code a -
     * e^y}, is what the quotient is differentiated by.
     */
    private Tensor byNumber(Gradient.Context v) {
        Tensor a = v.input(0);
        Tensor y = v.input(1);
        Tensor away = v.output().mul(y.exp().sub(a));
        return order == 0 ? away.add(a.digamma()).sub(y)
                : away.add(a.polygamma(order)).sub(new GammaSlope(order - 1).apply(a, y).mul(order));
    }

    /** Far out in the upper tail the slope has some hundred roundings, more than a difference of gradients bears. */
    private static final Domain BELOW_THE_TAIL = new Domain(-3, 0.8);

    static Sample sample(Sampler sampler) {
        List<Shape> shapes = sampler.broadcastable(2, 2);
        return Sample.of(new GammaSlope(0), sampler.tensor(shapes.getFirst(), Domain.POSITIVE),
                sampler.tensor(shapes.getLast(), BELOW_THE_TAIL));
    }
}
