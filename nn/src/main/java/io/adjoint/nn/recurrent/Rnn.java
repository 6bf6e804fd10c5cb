package io.adjoint.nn.recurrent;

import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Module;
import java.util.List;
import java.util.SequencedMap;

/**
 * Simple recurrent layers, as {@code torch.nn.RNN}; the formula is that of {@link RnnCell}.
 *
 * <p>Shapes: input {@code [time, batch, input]}, by layout {@code [batch, time, input]}, or {@code [time, input]} for a single
 * sequence; states {@code [layers * directions, batch, hidden]} or {@code [layers * directions, hidden]}.
 *
 * @param stack the cells and how they are connected
 */
public record Rnn(RecurrentStack<RnnCell> stack) implements Module {
    /**
     * What comes out.
     *
     * @param output h of each step of the last layer, {@code [..., directions * hidden]}; zero beyond a row's length
     * @param hidden h of each cell after its last step
     */
    public record Output(Tensor output, Tensor hidden) {
        private static Output of(RecurrentStack.Output given) {
            return new Output(given.output(), given.last().getFirst());
        }
    }

    /** Layers with the defaults of {@link RecurrentConfig#of}, and tanh. */
    public static Rnn of(int input, int hidden, Rng rng) {
        return of(RecurrentConfig.of(input, hidden), RnnCell.Nonlinearity.TANH, rng);
    }

    /** Draws the variables of layers. */
    public static Rnn of(RecurrentConfig config, RnnCell.Nonlinearity nonlinearity, Rng rng) {
        return new Rnn(config.create((cell, key) -> RnnCell.of(cell, nonlinearity, key), rng));
    }

    @Override
    public SequencedMap<String, Object> parts() {
        return stack.parts();
    }

    /**
     * Sequences, from h = 0.
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
    public Output forward(Tensor x, Tensor initial) {
        return Output.of(stack.forward(x, List.of(initial)));
    }

    /**
     * Sequences of different lengths from h = 0, each as if it were by itself.
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
    public Output forward(Padded padded, Tensor initial) {
        return Output.of(stack.forward(padded, List.of(initial)));
    }
}
