package io.adjoint.nn.recurrent;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Cells, once or along a sequence. */
final class Steps {
    private Steps() {}

    /** Outputs {@code [time, batch, width]} and the state after the last step. */
    record Run(Tensor output, List<Tensor> last) {}

    /**
     * A cell along a sequence. Where a row is over, its state stays and its outputs are zero; so the reversed run begins at
     * each row's end, with the state that it was given.
     *
     * @param x {@code [time, batch, input]}
     * @param within BOOL {@code [time, batch, 1]}, where a row is not over yet; empty if all are equally long
     * @param initial the state before the first step
     */
    static Run along(RecurrentCell cell, Tensor x, Optional<Tensor> within, List<Tensor> initial, boolean reversed) {
        List<Tensor> projected = inOrder(cell.project(x), reversed);
        Optional<List<Tensor>> masks = within.map(mask -> inOrder(mask, reversed));
        List<Tensor> outputs = new ArrayList<>();
        List<Tensor> state = initial;
        for (int t = 0; t < projected.size(); t++) {
            List<Tensor> next = cell.step(projected.get(t), state);
            state = masks.isPresent() ? chosen(masks.get().get(t), next, state) : next;
            outputs.add(state.getFirst());
        }
        Tensor output = Tensor.stack(0, (reversed ? outputs.reversed() : outputs).toArray(Tensor[]::new));
        return new Run(within.map(mask -> mask.where(output, 0)).orElse(output), state);
    }

    private static List<Tensor> inOrder(Tensor steps, boolean reversed) {
        List<Tensor> all = steps.unbind(0);
        return reversed ? all.reversed() : all;
    }

    private static List<Tensor> chosen(Tensor mask, List<Tensor> yes, List<Tensor> no) {
        List<Tensor> chosen = new ArrayList<>();
        for (int i = 0; i < yes.size(); i++) {
            chosen.add(mask.where(yes.get(i), no.get(i)));
        }
        return chosen;
    }

    /** One step of a batch or of a single example. */
    static List<Tensor> single(RecurrentCell cell, Tensor x, Optional<List<Tensor>> state) {
        requireFloat("cell", x);
        if (x.rank() < 1 || x.rank() > 2 || x.dim(-1) != cell.input()) {
            throw ShapeException.of("cell", "the input does not fit the weights").operand("input", x.shape())
                    .expected("input [batch, " + cell.input() + "] or [" + cell.input() + "]");
        }
        Tensor batch = x.rank() == 2 ? x : x.unsqueeze(0);
        Shape rows = x.shape().with(-1, 1);
        List<Tensor> before = state.map(given -> batched(fitting("cell", cell, given, rows), batch.rank() - x.rank()))
                .orElseGet(() -> zeros(cell, Shape.of(batch.dim(0), 1), x.dtype()));
        List<Tensor> after = cell.step(cell.project(batch), before);
        return x.rank() == 2 ? after : after.stream().map(s -> s.squeeze(0)).toList();
    }

    private static List<Tensor> batched(List<Tensor> state, int missing) {
        return missing == 0 ? state : state.stream().map(s -> s.unsqueeze(-2)).toList();
    }

    /** A state of zeros. */
    static List<Tensor> zeros(RecurrentCell cell, Shape rows, DType dtype) {
        return cell.widths().stream().map(width -> Tensor.zeros(rows.with(-1, width), dtype)).toList();
    }

    /**
     * A state that was given.
     *
     * @param rows its shape but for the width
     */
    static List<Tensor> fitting(String name, RecurrentCell cell, List<Tensor> state, Shape rows) {
        List<Shape> expected = cell.widths().stream().map(width -> rows.with(-1, width)).toList();
        List<Shape> found = state.stream().map(Tensor::shape).toList();
        if (!found.equals(expected)) {
            throw ShapeException.of(name, "the state does not fit").operand("state", found)
                    .expected("state " + expected);
        }
        return state;
    }

    static void requireFloat(String name, Tensor x) {
        if (!x.dtype().isFloat()) {
            throw ShapeException.of(name, "not a float tensor").operand("input", x.spec()).expected("F32 or F64");
        }
    }
}
