package io.adjoint.nn.recurrent;

import io.adjoint.autodiff.Formula;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A gated recurrent unit (Cho et al. 2014), as {@code torch.nn.GRUCell}. With a = x W_ih^T + b_ih and c = h W_hh^T + b_hh, each of
 * which has a part for r, z and n in this order:
 *
 * <pre>{@code
 * r = sigmoid(a_r + c_r)
 * z = sigmoid(a_z + c_z)
 * n = tanh(a_n + r c_n)
 * h' = (1 - z) n + z h
 * }</pre>
 *
 * <p>Shapes: x {@code [batch, input]} or {@code [input]}, h and h' {@code [batch, hidden]} or {@code [hidden]}.
 *
 * @param weights of three gates
 */
public record GruCell(CellWeights weights) implements RecurrentCell {
    private static final int GATES = 3;

    /** h' of a_n, r, c_n, z and h. */
    private static final Formula NEXT = Formula.of(5, a -> {
        Tensor n = a.get(0).add(a.get(1).mul(a.get(2))).tanh();
        return a.get(4).sub(n).mul(a.get(3)).add(n);
    });

    /**
     * A cell of given variables.
     *
     * @throws ShapeException if they do not fit each other
     */
    public GruCell {
        weights.requireGates("gru", GATES);
        weights.requireOutput("gru", weights.rows() / GATES);
    }

    /** A cell with the defaults of {@link CellConfig#of}. */
    public static GruCell of(int input, int hidden, Rng rng) {
        return of(CellConfig.of(input, hidden), rng);
    }

    /** Draws the variables of a cell. */
    public static GruCell of(CellConfig config, Rng rng) {
        return new GruCell(CellWeights.draw(config, GATES, config.hidden(), rng));
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
        return List.of(weights.rows() / GATES);
    }

    @Override
    public Tensor project(Tensor x) {
        return weights.project(x);
    }

    @Override
    public List<Tensor> step(Tensor projected, List<Tensor> state) {
        Tensor h = state.getFirst();
        Tensor recurred = weights.recurAll(h);
        int width = h.dim(-1);
        // r and z stand side by side: one sigmoid for both
        Tensor gates = projected.narrow(-1, 0, 2 * width).add(recurred.narrow(-1, 0, 2 * width)).sigmoid();
        Tensor r = gates.narrow(-1, 0, width);
        Tensor z = gates.narrow(-1, width, width);
        return List.of(NEXT.apply(projected.narrow(-1, 2 * width, width), r,
                recurred.narrow(-1, 2 * width, width), z, h));
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
