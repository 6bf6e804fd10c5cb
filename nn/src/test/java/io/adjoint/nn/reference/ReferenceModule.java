package io.adjoint.nn.reference;

import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Module;
import java.util.List;
import java.util.function.Function;

/**
 * A module that stands for one of PyTorch's.
 *
 * @param module the module, whose variables have PyTorch's names
 * @param forward its function of the arguments of PyTorch's {@code forward}; gives all results, those of tuples in order
 */
public record ReferenceModule(Module module, Function<Arguments, List<Tensor>> forward) {
    /** How to make one from the arguments of PyTorch's constructor. */
    @FunctionalInterface
    public interface Maker {
        ReferenceModule make(Arguments config);

        /** A layer, whose input is called {@code input}. */
        static Maker of(Function<Arguments, Layer> make) {
            return config -> {
                Layer layer = make.apply(config);
                return new ReferenceModule(layer, in -> List.of(layer.forward(in.tensor("input"))));
            };
        }
    }
}
