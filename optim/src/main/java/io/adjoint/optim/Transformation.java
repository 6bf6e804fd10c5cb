package io.adjoint.optim;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.nn.Module;
import java.util.List;
import java.util.Optional;
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

    /**
     * The same with a penalty of {@code rate / 2 * |p|^2}, whose gradient is added in front (L2). This is what
     * {@code weight_decay} means for PyTorch's optimizers but for those with decoupled decay, such as {@link AdamW}.
     */
    default Transformation withWeightDecay(double rate) {
        return Chain.of(new WeightDecay(rate), this);
    }

    /** The same, but uphill. */
    default Transformation maximizing() {
        return new Uphill(this);
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

        /**
         * How far from the parameters the gradients of this step are wanted instead, if not at them; see {@link Sam}.
         * Whether there is an answer does not depend on what the tensors hold.
         *
         * @param gradients at the parameters
         * @param parameters the values before the step
         */
        default Optional<List<Tensor>> excursion(List<Tensor> gradients, List<Tensor> parameters) {
            return Optional.empty();
        }

        /**
         * The values to judge the model by, where they are not those that gradients are taken at: averages over the
         * steps. The tensors passed themselves are the answer that there are none, whatever they hold.
         *
         * @param parameters the values after the last step, or what the stage before made of them
         * @param step number of steps completed, an F64 scalar; before the first there is nothing to average but the
         *        parameters
         */
        default List<Tensor> averages(List<Tensor> parameters, Tensor step) {
            return parameters;
        }

        /**
         * Takes in an estimate of the diagonal of the Hessian; see {@link Sophia}.
         *
         * @param diagonal of the shapes of the parameters
         * @return whether it is used
         */
        default boolean learnCurvature(List<Tensor> diagonal) {
            return false;
        }
    }
}
