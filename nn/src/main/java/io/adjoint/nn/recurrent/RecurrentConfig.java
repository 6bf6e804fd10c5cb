package io.adjoint.nn.recurrent;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.nn.Dropout;
import io.adjoint.nn.SequenceLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * What a stack of recurrent layers is made from.
 *
 * @param cell what the cells of the first layer are made from; those of the others take what the layer below gives
 * @param layers how many stand one upon another
 * @param directions in which each layer reads
 * @param layout of inputs and outputs
 * @param dropout the probability of zeroing an output of a layer but the last, while training
 */
public record RecurrentConfig(CellConfig cell, int layers, Directions directions, SequenceLayout layout,
        double dropout) {
    public RecurrentConfig {
        Objects.requireNonNull(cell, "cell");
        Objects.requireNonNull(directions, "directions");
        Objects.requireNonNull(layout, "layout");
        if (layers < 1) {
            throw ShapeException.of("recurrent", "not a number of layers").operand("layers", layers)
                    .expected("1 or more");
        }
        if (!(dropout >= 0 && dropout <= 1)) {
            throw ShapeException.of("recurrent", "not a probability").operand("dropout", dropout).expected("0 to 1");
        }
    }

    /** The defaults, those of PyTorch: one layer, forward, time first, no dropout, cells of {@link CellConfig#of}. */
    public static RecurrentConfig of(int input, int hidden) {
        return new RecurrentConfig(CellConfig.of(input, hidden), 1, Directions.FORWARD, SequenceLayout.TIME_FIRST, 0);
    }

    /** The same with other cells. */
    public RecurrentConfig withCell(CellConfig cell) {
        return new RecurrentConfig(cell, layers, directions, layout, dropout);
    }

    /** The same with variables of another dtype. */
    public RecurrentConfig withDType(DType dtype) {
        return withCell(cell.withDType(dtype));
    }

    /** The same without biases. */
    public RecurrentConfig withoutBias() {
        return withCell(cell.withoutBias());
    }

    /** The same with so many layers. */
    public RecurrentConfig withLayers(int layers) {
        return new RecurrentConfig(cell, layers, directions, layout, dropout);
    }

    /** The same, reading both ways. */
    public RecurrentConfig withBothDirections() {
        return new RecurrentConfig(cell, layers, Directions.BOTH, layout, dropout);
    }

    /** The same for inputs {@code [batch, time, input]}. */
    public RecurrentConfig withBatchFirst() {
        return new RecurrentConfig(cell, layers, directions, SequenceLayout.BATCH_FIRST, dropout);
    }

    /** The same with dropout between layers. */
    public RecurrentConfig withDropout(double dropout) {
        return new RecurrentConfig(cell, layers, directions, layout, dropout);
    }

    /**
     * Draws a stack of cells of any kind.
     *
     * @param draw makes a cell
     */
    public <C extends RecurrentCell> RecurrentStack<C> create(BiFunction<CellConfig, Rng, C> draw, Rng rng) {
        List<C> cells = new ArrayList<>();
        CellConfig config = cell;
        for (int layer = 0; layer < layers; layer++) {
            for (int i = 0; i < directions.count(); i++) {
                cells.add(draw.apply(config, rng.stream(cells.size())));
            }
            config = cell.withInput(directions.count() * cells.getFirst().widths().getFirst());
        }
        Optional<Dropout> between = dropout > 0 ? Optional.of(Dropout.of(dropout, rng.stream(cells.size())))
                : Optional.empty();
        return new RecurrentStack<>(cells, directions, layout, between);
    }
}
