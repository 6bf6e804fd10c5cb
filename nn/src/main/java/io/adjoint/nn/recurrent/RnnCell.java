package io.adjoint.nn.recurrent;

import io.adjoint.autodiff.Formula;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/**
 * A simple recurrent cell, {@code h' = f(x W_ih^T + b_ih + h W_hh^T + b_hh)} (Elman 1990), as {@code torch.nn.RNNCell}.
 *
 * <p>Shapes: x {@code [batch, input]} or {@code [input]}, h and h' {@code [batch, hidden]} or {@code [hidden]}.
 *
 * @param weights of one gate
 * @param nonlinearity f
 */
public record RnnCell(CellWeights weights, Nonlinearity nonlinearity) implements RecurrentCell {
    /** The function at the end of a step. */
    public enum Nonlinearity {
        /** The hyperbolic tangent. */
        TANH(Tensor::tanh),
        /** {@code max(x, 0)}. */
        RELU(Tensor::relu);

        /** h' of the products with x and with h. */
        private final Formula next;

        Nonlinearity(UnaryOperator<Tensor> function) {
            this.next = Formula.of(2, a -> function.apply(a.get(0).add(a.get(1))));
        }
    }

    /**
     * A cell of given variables.
     *
     * @throws ShapeException if they do not fit each other
     */
    public RnnCell {
        Objects.requireNonNull(nonlinearity, "nonlinearity");
        weights.requireOutput("rnn", weights.rows());
    }

    /** A cell with the defaults of {@link CellConfig#of}, and tanh. */
    public static RnnCell of(int input, int hidden, Rng rng) {
        return of(CellConfig.of(input, hidden), Nonlinearity.TANH, rng);
    }

    /** Draws the variables of a cell. */
    public static RnnCell of(CellConfig config, Nonlinearity nonlinearity, Rng rng) {
        return new RnnCell(CellWeights.draw(config, 1, config.hidden(), rng), nonlinearity);
    }

    @Override
    public SequencedMap<String, Object> parts() {
        return weights.parts();
    }

    @Override
    public int input() {
        return weights.inputs();
    }

    @Override
    public List<Integer> widths() {
        return List.of(weights.rows());
    }

    @Override
    public Tensor project(Tensor x) {
        return weights.projectAll(x);
    }

    @Override
    public List<Tensor> step(Tensor projected, List<Tensor> state) {
        return List.of(nonlinearity.next.apply(projected, weights.recur(state.getFirst())));
    }

    /**
     * The next state, h' of h = 0.
     *
     * @throws ShapeException if the input does not fit
     */
    public Tensor forward(Tensor x) {
        return Steps.single(this, x, Optional.empty()).getFirst();
    }

    /**
     * The next state, h'.
     *
     * @throws ShapeException if input or state do not fit
     */
    public Tensor forward(Tensor x, Tensor h) {
        return Steps.single(this, x, Optional.of(List.of(h))).getFirst();
    }
}
