package io.adjoint.nn.recurrent;

import io.adjoint.autodiff.Formula;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A cell with long short-term memory (Hochreiter, Schmidhuber 1997; with the forget gate of Gers, Schmidhuber, Cummins 1999), as
 * {@code torch.nn.LSTMCell}. With a = x W_ih^T + b_ih + h W_hh^T + b_hh, which has a part for i, f, g and o in this order:
 *
 * <pre>{@code
 * c' = sigmoid(a_f) c + sigmoid(a_i) tanh(a_g)
 * h' = sigmoid(a_o) tanh(c')
 * }</pre>
 *
 * With a projection, {@code h' = sigmoid(a_o) tanh(c') W_hr^T} (Sak, Senior, Beaufays 2014).
 *
 * <p>Shapes: x {@code [batch, input]} or {@code [input]}, h and h' {@code [batch, output]} or {@code [output]}, c and c' {@code
 * [batch, hidden]} or {@code [hidden]}; output is hidden without a projection.
 *
 * @param weights of four gates
 * @param projection W_hr, {@code [output, hidden]}; PyTorch's name is {@code weight_hr}
 */
public record LstmCell(CellWeights weights, Optional<Variable> projection) implements RecurrentCell {
    private static final int GATES = 4;

    /** c' of the parts for i, f and g, and of c. */
    private static final Formula CELL = Formula.of(4, a -> {
        Tensor candidate = a.get(0).sigmoid().mul(a.get(2).tanh());
        return a.get(1).sigmoid().mul(a.get(3)).add(candidate);
    });

    /** h' of the part for o and of c'. */
    private static final Formula OUTPUT = Formula.of(2, a -> a.get(0).sigmoid().mul(a.get(1).tanh()));

    /**
     * What a step leaves for the next.
     *
     * @param hidden h
     * @param cell c
     */
    public record State(Tensor hidden, Tensor cell) {
        static State of(List<Tensor> tensors) {
            return new State(tensors.getFirst(), tensors.getLast());
        }

        List<Tensor> tensors() {
            return List.of(hidden, cell);
        }
    }

    /**
     * A cell of given variables.
     *
     * @throws ShapeException if they do not fit each other
     */
    public LstmCell {
        weights.requireGates("lstm", GATES);
        int hidden = weights.rows() / GATES;
        projection.ifPresent(p -> {
            Shape shape = p.spec().shape();
            if (shape.rank() != 2 || shape.dim(1) != hidden) {
                throw ShapeException.of("lstm", "the projection does not fit").operand("weight_hr", shape)
                        .expected("weight_hr [output, " + hidden + "]");
            }
        });
        weights.requireOutput("lstm", projection.map(p -> p.spec().shape().dim(0)).orElse(hidden));
    }

    /** A cell with the defaults of {@link CellConfig#of}. */
    public static LstmCell of(int input, int hidden, Rng rng) {
        return of(CellConfig.of(input, hidden), rng);
    }

    /** Draws the variables of a cell. */
    public static LstmCell of(CellConfig config, Rng rng) {
        return new LstmCell(CellWeights.draw(config, GATES, config.hidden(), rng), Optional.empty());
    }

    /** Draws the variables of a cell whose output is projected to this width. */
    public static LstmCell projected(CellConfig config, int output, Rng rng) {
        if (output < 1) {
            throw ShapeException.of("lstm", "not a width of outputs").operand("output", output).expected("1 or more");
        }
        Tensor projection = config.weight().draw(Shape.of(output, config.hidden()), config.dtype(), rng.stream(4));
        return new LstmCell(CellWeights.draw(config, GATES, output, rng),
                Optional.of(Variable.parameter(projection)));
    }

    @Override
    public SequencedMap<String, Object> parts() {
        SequencedMap<String, Object> parts = weights.parts();
        parts.put("weight_hr", projection);
        return parts;
    }

    @Override
    public int input() {
        return weights.inputs();
    }

    @Override
    public List<Integer> widths() {
        return List.of(weights.hidden().spec().shape().dim(1), weights.rows() / GATES);
    }

    @Override
    public Tensor project(Tensor x) {
        return weights.projectAll(x);
    }

    @Override
    public List<Tensor> step(Tensor projected, List<Tensor> state) {
        // each gate by itself, so that a program computes all of them and what they make in one loop
        List<Tensor> gates = projected.add(weights.recur(state.getFirst())).chunk(GATES, -1);
        Tensor cell = CELL.apply(gates.get(0), gates.get(1), gates.get(2), state.getLast());
        Tensor output = OUTPUT.apply(gates.get(3), cell);
        return List.of(projection.map(p -> output.matmul(p.value().transpose())).orElse(output), cell);
    }

    /**
     * The next state, of h = 0 and c = 0.
     *
     * @throws ShapeException if the input does not fit
     */
    public State forward(Tensor x) {
        return State.of(Steps.single(this, x, Optional.empty()));
    }

    /**
     * The next state.
     *
     * @throws ShapeException if input or state do not fit
     */
    public State forward(Tensor x, State state) {
        return State.of(Steps.single(this, x, Optional.of(state.tensors())));
    }
}
