package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.nn.Module;
import java.util.List;
import java.util.SequencedMap;

/**
 * One idea of how gradients become updates of parameters: momentum, weight decay, clipping, scaling by a learning rate.
 * Transformations are put one after the other by {@link Chain}; the last one's result is added to the parameters.
 *
 * <p>The memory of gradients and of what is computed in a step is used again in the next one (see {@code Workspace}): what is
 * to be remembered belongs into variables.
 *
 * <p>All work is done in tensor operations on what is passed and on the state, so that it runs eagerly and can be recorded.
 * Most transformations treat each parameter by itself and are a {@link PerParameter}.
 */
@FunctionalInterface
public interface Transformation {
    /**
     * This transformation with fresh state for these parameters.
     *
     * @param parameters what the parameters are, by path
     */
    Stage bind(SequencedMap<String, TensorSpec> parameters);

    /** An optimizer that improves the parameters of a model. */
    default Optimizer over(Module model) {
        return Optimizer.of(model, this);
    }

    /** A transformation at work. Its state is its parts: buffer variables, saved and resumed by their paths. */
    @FunctionalInterface
    interface Stage extends Module {
        /**
         * Takes part in one step.
         *
         * @param updates the gradients, or what the stage before made of them, one for each parameter in order
         * @param parameters the values before the step, in the same order
         * @param step number of steps completed before this one, an F64 scalar
         * @return the new updates, of the same shapes and dtypes
         */
        List<Tensor> apply(List<Tensor> updates, List<Tensor> parameters, Tensor step);
    }
}
