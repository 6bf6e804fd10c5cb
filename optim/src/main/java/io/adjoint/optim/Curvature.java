package io.adjoint.optim;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.op.Uniform;
import io.adjoint.optim.hyper.Hyper;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** An estimate of the diagonal of the Hessian of a loss. */
@FunctionalInterface
public interface Curvature {
    /** Between the seeds of neighbours (the golden ratio, as SplitMix64 has it). */
    long SCATTER = 0x9E3779B97F4A7C15L;

    /** The estimate for each parameter, of its shape and dtype. */
    List<Tensor> diagonal(List<Variable> parameters);

    /**
     * {@code u * (H u)} for random signs u, whose mean is the diagonal of the Hessian H (Hutchinson 1989). Costs about as
     * much as three gradients.
     *
     * @param loss computes a float scalar from the parameters
     * @param key of the signs, I64 {@code [seed, stream]} as {@link Rng#key} gives; another one for each estimate
     */
    static Curvature hutchinson(Supplier<Tensor> loss, Tensor key) {
        return parameters -> Training.scope(() -> {
            List<Tensor> gradients =
                    loss.get().differentiableGradients(parameters.toArray(Variable[]::new)).values();
            List<Tensor> signs = new ArrayList<>();
            Tensor slope = Tensor.scalar(0, DType.F32);
            for (Tensor gradient : gradients) {
                Tensor draw = new Uniform(gradient.shape(), DType.F32).apply(
                        key.add(Tensor.of(new long[] {signs.size() * SCATTER, 0})));
                Tensor sign = draw.lt(0.5).where(1, Tensor.scalar(-1, gradient.dtype()));
                signs.add(sign);
                slope = slope.add(gradient.mul(sign).sum());
            }
            List<Tensor> products = slope.isTracked() ? slope.gradients(parameters).values()
                    : parameters.stream().map(p -> Tensor.zeros(p.spec().shape(), p.spec().dtype())).toList();
            return Values.each(signs, products, Tensor::mul);
        });
    }

    /**
     * {@code n g * g} for the gradient g of the mean loss of n examples whose labels were drawn from the model's own
     * predictions, whose mean is the diagonal of the Gauss-Newton matrix (Gauss, Newton and Bartlett; Liu, Li, Hall, Liang,
     * Ma 2023). Never negative.
     *
     * @param loss the mean loss with labels drawn from the predictions
     * @param examples n
     */
    static Curvature gaussNewtonBartlett(Supplier<Tensor> loss, int examples) {
        Hyper.count("gauss_newton_bartlett", "examples", examples, 1);
        return parameters -> Training.scope(() -> loss.get().gradients(parameters).values().stream()
                .map(gradient -> gradient.square().mul(examples)).toList());
    }
}
