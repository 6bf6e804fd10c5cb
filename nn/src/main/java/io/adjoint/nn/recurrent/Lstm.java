package io.adjoint.nn.recurrent;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Module;
import java.util.SequencedMap;

/**
 * Layers of long short-term memory, as {@code torch.nn.LSTM}; the formula is that of {@link LstmCell}.
 *
 * <p>Shapes: input {@code [time, batch, input]}, by layout {@code [batch, time, input]}, or {@code [time, input]} for a single
 * sequence; h of a state {@code [layers * directions, batch, output]} or {@code [layers * directions, output]}, c with hidden
 * in the place of output, which is hidden without a projection.
 *
 * @param stack the cells and how they are connected
 */
public record Lstm(RecurrentStack<LstmCell> stack) implements Module {
    /**
     * What comes out.
     *
     * @param output h of each step of the last layer, {@code [..., directions * output]}; zero beyond a row's length
     * @param state of each cell after its last step
     */
    public record Output(Tensor output, LstmCell.State state) {
        private static Output of(RecurrentStack.Output given) {
            return new Output(given.output(), LstmCell.State.of(given.last()));
        }
    }

    /** Layers with the defaults of {@link RecurrentConfig#of}. */
    public static Lstm of(int input, int hidden, Rng rng) {
        return of(RecurrentConfig.of(input, hidden), rng);
    }

    /** Draws the variables of layers. */
    public static Lstm of(RecurrentConfig config, Rng rng) {
        return new Lstm(config.create(LstmCell::of, rng));
    }

    /** Draws the variables of layers whose outputs are projected to this width, PyTorch's {@code proj_size}. */
    public static Lstm projected(RecurrentConfig config, int output, Rng rng) {
        return new Lstm(config.create((cell, key) -> LstmCell.projected(cell, output, key), rng));
    }

    @Override
    public SequencedMap<String, Object> parts() {
        return stack.parts();
    }

    /**
     * Sequences, from h = 0 and c = 0.
     *
     * @throws ShapeException if the input does not fit
     */
    public Output forward(Tensor x) {
        return Output.of(stack.forward(x));
    }

    /**
     * Sequences from given states.
     *
     * @throws ShapeException if input or states do not fit
     */
    public Output forward(Tensor x, LstmCell.State initial) {
        return Output.of(stack.forward(x, initial.tensors()));
    }

    /**
     * Sequences of different lengths from h = 0 and c = 0, each as if it were by itself.
     *
     * @throws ShapeException if input or lengths do not fit
     */
    public Output forward(Padded padded) {
        return Output.of(stack.forward(padded));
    }

    /**
     * Sequences of different lengths from given states, each as if it were by itself.
     *
     * @throws ShapeException if input, lengths or states do not fit
     */
    public Output forward(Padded padded, LstmCell.State initial) {
        return Output.of(stack.forward(padded, initial.tensors()));
    }
}
