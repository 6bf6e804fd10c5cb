package io.adjoint.nn.recurrent;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.nn.Dropout;
import io.adjoint.nn.Module;
import io.adjoint.nn.SequenceLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * Cells repeated along sequences, in layers one upon another, each reading one way or both. The cells may be of any kind; {@link
 * Rnn}, {@link Lstm} and {@link Gru} are the known ones.
 *
 * <p>A variable {@code weight_ih} of the cell of layer 2 is called {@code weight_ih_l2}, that of its reversed cell {@code
 * weight_ih_l2_reverse}, as in PyTorch.
 *
 * @param <C> the kind of cell
 * @param cells those of the first layer, forward then reversed, then those of the second, ...
 * @param directions in which each layer reads
 * @param layout of inputs and outputs
 * @param dropout of the outputs of each layer but the last, while training
 */
public record RecurrentStack<C extends RecurrentCell>(List<C> cells, Directions directions, SequenceLayout layout,
        Optional<Dropout> dropout) implements Module {
    /**
     * What comes out.
     *
     * @param output of the last layer, of the layout of the input: {@code [time, batch, directions * width]}, for a single
     *     sequence {@code [time, directions * width]}; zero beyond a row's length
     * @param last each tensor of the states of all cells at each row's end, for a reversed cell its beginning: {@code
     *     [cells, batch, width]}, for a single sequence {@code [cells, width]}
     */
    public record Output(Tensor output, List<Tensor> last) {}

    /**
     * A stack of given cells.
     *
     * @throws ShapeException if there are none, or they do not fit each other
     */
    public RecurrentStack {
        Objects.requireNonNull(layout, "layout");
        Objects.requireNonNull(dropout, "dropout");
        cells = List.copyOf(cells);
        int each = directions.count();
        if (cells.isEmpty() || cells.size() % each != 0) {
            throw ShapeException.of("recurrent", "not a number of cells").operand("cells", cells.size())
                    .operand("directions", directions).expected("1 layer or more of " + each + " cells");
        }
        List<Integer> widths = cells.getFirst().widths();
        for (int i = 0; i < cells.size(); i++) {
            int input = i < each ? cells.getFirst().input() : each * widths.getFirst();
            if (cells.get(i).input() != input || !cells.get(i).widths().equals(widths)) {
                throw ShapeException.of("recurrent", "cells do not fit each other").operand("cell", i)
                        .operand("input", cells.get(i).input()).operand("widths", cells.get(i).widths())
                        .expected("input " + input + " and widths " + widths);
            }
        }
    }

    @Override
    public SequencedMap<String, Object> parts() {
        SequencedMap<String, Object> parts = new LinkedHashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            String suffix = "_l" + i / directions.count() + (isReversed(i) ? "_reverse" : "");
            cells.get(i).parts().forEach((name, part) -> parts.put(name + suffix, part));
        }
        parts.put("dropout", dropout);
        return parts;
    }

    private boolean isReversed(int cell) {
        return cell % directions.count() == 1;
    }

    /** Sequences from states of zeros. */
    public Output forward(Tensor x) {
        return run(x, Optional.empty(), Optional.empty());
    }

    /** Sequences from given states, of the shapes of {@link Output#last}. */
    public Output forward(Tensor x, List<Tensor> initial) {
        return run(x, Optional.empty(), Optional.of(initial));
    }

    /** Sequences of different lengths from states of zeros, each as if it were by itself. */
    public Output forward(Padded padded) {
        return run(padded.sequences(), Optional.of(padded.lengths()), Optional.empty());
    }

    /** Sequences of different lengths from given states, each as if it were by itself. */
    public Output forward(Padded padded, List<Tensor> initial) {
        return run(padded.sequences(), Optional.of(padded.lengths()), Optional.of(initial));
    }

    private Output run(Tensor x, Optional<Tensor> lengths, Optional<List<Tensor>> initial) {
        require(x, lengths);
        boolean single = x.rank() == 2;
        Tensor steps = single ? x.unsqueeze(1) : layout.timeFirst(x);
        C first = cells.getFirst();
        Shape rows = single ? Shape.of(cells.size(), 1) : Shape.of(cells.size(), steps.dim(1), 1);
        List<Tensor> given = initial.map(states -> Steps.fitting("recurrent", first, states, rows))
                .orElseGet(() -> Steps.zeros(first, rows, x.dtype()));
        Optional<Tensor> within = lengths.map(n -> Tensor.range(steps.dim(0)).reshape(-1, 1).lt(n).unsqueeze(2));
        // what stands beyond the end may be NaN, whose product with a cotangent of zero would be NaN
        Tensor read = within.map(mask -> mask.where(steps, 0)).orElse(steps);
        Output batched = layers(read, within, single ? given.stream().map(s -> s.unsqueeze(1)).toList() : given);
        return single
                ? new Output(batched.output.squeeze(1), batched.last.stream().map(s -> s.squeeze(1)).toList())
                : new Output(layout.timeFirst(batched.output), batched.last);
    }

    private Output layers(Tensor steps, Optional<Tensor> within, List<Tensor> initial) {
        List<List<Tensor>> last = new ArrayList<>();
        Tensor y = steps;
        for (int layer = 0; layer < cells.size(); layer += directions.count()) {
            if (layer > 0 && dropout.isPresent()) {
                y = dropout.get().forward("dropout", y);
            }
            List<Tensor> outputs = new ArrayList<>();
            for (int i = layer; i < layer + directions.count(); i++) {
                int cell = i;
                List<Tensor> state = initial.stream().map(s -> s.select(0, cell)).toList();
                Steps.Run run = Steps.along(cells.get(i), y, within, state, isReversed(i));
                outputs.add(run.output());
                last.add(run.last());
            }
            y = outputs.size() == 1 ? outputs.getFirst() : Tensor.concat(2, outputs.toArray(Tensor[]::new));
        }
        return new Output(y, IntStream.range(0, initial.size()).mapToObj(part -> Tensor.stack(0,
                last.stream().map(state -> state.get(part)).toArray(Tensor[]::new))).toList());
    }

    private void require(Tensor x, Optional<Tensor> lengths) {
        Steps.requireFloat("recurrent", x);
        int input = cells.getFirst().input();
        boolean single = x.rank() == 2 && lengths.isEmpty();
        if (x.rank() != 3 && !single || x.dim(-1) != input) {
            String batch = "input " + layout.describe("time", "batch", input);
            throw ShapeException.of("recurrent", "the input does not fit the weights").operand("input", x.shape())
                    .expected(lengths.isPresent() ? batch : batch + " or [time, " + input + "]");
        }
        int time = single ? x.dim(0) : layout.timeFirst(x).dim(0);
        if (time == 0) {
            throw ShapeException.of("recurrent", "a sequence without steps").operand("input", x.shape())
                    .expected("1 step or more");
        }
        int batch = single ? 1 : layout.timeFirst(x).dim(1);
        lengths.filter(n -> n.dim(0) != batch).ifPresent(n -> {
            throw ShapeException.of("recurrent", "not a length for each row").operand("lengths", n.shape())
                    .operand("input", x.shape()).expected("lengths " + Shape.of(batch));
        });
    }
}
