package io.adjoint.nn.recurrent;

import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Module;
import java.util.List;

/**
 * One step of a recurrent layer: from an input and a state to the next state, whose first tensor is also the output. The part
 * that needs the input alone is apart, so that it can be one product for all steps of a sequence.
 */
public interface RecurrentCell extends Module {
    /** How many features a step takes. */
    int input();

    /** How wide the tensors of a state are, that of the output first. */
    List<Integer> widths();

    /**
     * What a step needs of its input.
     *
     * @param x {@code [..., input]}, all steps of a sequence or one
     * @return {@code [..., n]} with any n
     */
    Tensor project(Tensor x);

    /**
     * The next state.
     *
     * @param projected {@code [batch, n]}, as {@link #project} gives it
     * @param state a tensor {@code [batch, width]} for each of the {@link #widths}
     * @return tensors of the same shapes
     */
    List<Tensor> step(Tensor projected, List<Tensor> state);
}
