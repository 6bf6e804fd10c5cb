package io.adjoint.autodiff;

import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Functions of tensors made from functions of tensors. They nest: {@code grad(grad(f))} is the second derivative, since
 * every result can be differentiated again.
 *
 * {@snippet :
 * UnaryOperator<Tensor> cube = x -> x.mul(x).mul(x);
 * Tensor slope = Transforms.grad(cube).apply(Tensor.scalar(2f)); // 12
 * }
 */
public final class Transforms {
    private Transforms() {}

    /** A value and the gradient that belongs to it. */
    public record ValueAndGrad(Tensor value, Tensor grad) {}

    /** The value and the vector-Jacobian or Jacobian-vector product that belongs to it. */
    public record ValueAndProduct(Tensor value, Tensor product) {}

    /** The gradient of a function with a scalar result, as a function: {@code x -> df/dx}, of the shape of x. */
    public static UnaryOperator<Tensor> grad(UnaryOperator<Tensor> f) {
        return x -> valueAndGrad(f, x).grad();
    }

    /**
     * A scalar function's value and gradient at a point.
     *
     * @throws ShapeException if the value is not a scalar float
     */
    public static ValueAndGrad valueAndGrad(UnaryOperator<Tensor> f, Tensor x) {
        Tensor point = x.tracked();
        Tensor value = f.apply(point);
        return new ValueAndGrad(value, value.differentiableGradients(point).of(point));
    }

    /** The product {@code v^T J} of a cotangent, of the result's shape, with the Jacobian of f at x; of the shape of x. */
    public static ValueAndProduct vjp(UnaryOperator<Tensor> f, Tensor x, Tensor cotangent) {
        Tensor point = x.tracked();
        Tensor value = f.apply(point);
        return new ValueAndProduct(value, value.vjp(cotangent, point).of(point));
    }

    /**
     * The product {@code J t} of the Jacobian of f at x with a tangent, of the shape of x; of the result's shape. Forward
     * mode as two reverse modes: {@code u -> J^T u} is linear, and its own reverse rule is {@code t -> J t}.
     */
    public static ValueAndProduct jvp(UnaryOperator<Tensor> f, Tensor x, Tensor tangent) {
        Tensor point = x.tracked();
        Tensor value = f.apply(point);
        Tensor cotangent = Tensor.zeros(value.shape(), value.dtype()).tracked();
        Tensor pulled = value.vjp(cotangent, point).of(point);
        return new ValueAndProduct(value, pulled.vjp(tangent, cotangent).of(cotangent));
    }

    /** The product {@code H t} of the Hessian of a scalar function at x with a tangent; of the shape of x. */
    public static Tensor hvp(UnaryOperator<Tensor> f, Tensor x, Tensor tangent) {
        return vjp(grad(f), x, tangent).product();
    }

    /** The Jacobian of f at x: the axes of the result, then those of x. */
    public static Tensor jacobian(UnaryOperator<Tensor> f, Tensor x) {
        Tensor point = x.tracked();
        Tensor value = f.apply(point);
        int[] dims = IntStream.concat(IntStream.of(value.shape().dims()), IntStream.of(x.shape().dims())).toArray();
        if (value.size() == 0) {
            return Tensor.zeros(Shape.of(dims), x.dtype());
        }
        Tensor[] rows = new Tensor[value.size()];
        for (int i = 0; i < rows.length; i++) {
            double[] unit = new double[rows.length];
            unit[i] = 1;
            Tensor cotangent = Tensor.of(unit, value.shape()).cast(value.dtype());
            rows[i] = value.vjp(cotangent, point).of(point);
        }
        return Tensor.stack(0, rows).reshape(Shape.of(dims));
    }

    /** The Hessian of a scalar function at x: the axes of x twice. */
    public static Tensor hessian(UnaryOperator<Tensor> f, Tensor x) {
        return jacobian(grad(f), x);
    }
}
