package io.adjoint.nn.samples;

import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Module;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A module in one configuration.
 *
 * @param module the module
 * @param forward its function as one tensor; several results are flattened and joined; the same inputs give the same result
 * @param inputs tensors that it takes, away from kinks
 * @param misfits tensors in the place of the inputs that it refuses
 * @param order to which gradients are checked, 1 or 2
 */
public record ModuleSample(Module module, Function<List<Tensor>, Tensor> forward, List<Tensor> inputs,
        List<List<Tensor>> misfits, int order) {
    public ModuleSample {
        inputs = List.copyOf(inputs);
        misfits = List.copyOf(misfits);
    }

    /** With gradients checked up to second order. */
    public ModuleSample(Module module, Function<List<Tensor>, Tensor> forward, List<Tensor> inputs,
            List<List<Tensor>> misfits) {
        this(module, forward, inputs, misfits, 2);
    }

    /** A layer, which has one input; each misfit is one. */
    public static ModuleSample of(Layer layer, Tensor input, Tensor... misfits) {
        return new ModuleSample(layer, in -> layer.forward(in.getFirst()), List.of(input),
                Arrays.stream(misfits).map(List::of).toList());
    }
}
