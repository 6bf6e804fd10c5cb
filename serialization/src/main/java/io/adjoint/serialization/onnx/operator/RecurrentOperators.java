package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Networks over time. Inside, sequences are {@code [time, batch, width]} and states {@code [directions, batch, width]}; the
 * attribute {@code layout} may put the batch first outside.
 */
final class RecurrentOperators {
    private static final int LENGTHS = 4;

    private RecurrentOperators() {}

    static void addTo(OperatorTable table) {
        table.values("RNN", call -> run(call, RecurrentCell.Kind.SIMPLE, 5));
        table.values("GRU", call -> run(call, RecurrentCell.Kind.GATED, 5));
        table.values("LSTM", call -> run(call, RecurrentCell.Kind.LONG_SHORT_TERM, 5, 6));
    }

    /** How the steps follow one another. */
    private enum Order {
        FORWARD, REVERSE;

        List<Tensor> of(List<Tensor> steps) {
            return this == FORWARD ? steps : steps.reversed();
        }
    }

    /** One output for all steps, and the last of each state. */
    private static List<Value> run(Call call, RecurrentCell.Kind kind, int... initial) {
        List<Order> directions = directions(call);
        boolean batchFirst = call.attributes().flag("layout");
        Tensor x = call.tensor(0);
        if (x.rank() != 3) {
            throw call.refusal("no sequences").operand("input", x.shape())
                    .expected(batchFirst ? "[batch, time, width]" : "[time, batch, width]");
        }
        Tensor steps = batchFirst ? x.transpose(0, 1) : x;
        IntFunction<RecurrentCell> cells = RecurrentCell.of(call, kind, directions.size(), x.dim(2));
        Optional<Tensor> within = call.findTensor(LENGTHS).map(lengths -> within(call, lengths, steps));
        List<Tensor> outputs = new ArrayList<>();
        List<List<Tensor>> last = new ArrayList<>();
        for (int d = 0; d < directions.size(); d++) {
            RecurrentCell cell = cells.apply(d);
            List<Tensor> state = new ArrayList<>();
            for (int input : initial) {
                state.add(initial(call, input, directions.size(), steps.dim(1), cell.hidden(), batchFirst).select(0,
                        d));
            }
            outputs.add(along(cell, directions.get(d), steps, within, state));
            last.add(state);
        }
        List<Value> results = new ArrayList<>();
        Tensor output = Tensor.stack(1, outputs.toArray(Tensor[]::new)); // [time, directions, batch, hidden]
        results.add(call.like(0, batchFirst ? output.permute(2, 0, 1, 3) : output));
        for (int s = 0; s < initial.length; s++) {
            int at = s;
            results.add(call.like(0, Tensor.stack(batchFirst ? 1 : 0,
                    last.stream().map(state -> state.get(at)).toArray(Tensor[]::new))));
        }
        return results;
    }

    private static List<Order> directions(Call call) {
        String direction = call.attributes().text("direction", "forward");
        return switch (direction.toLowerCase(java.util.Locale.ROOT)) {
            case "forward" -> List.of(Order.FORWARD);
            case "reverse" -> List.of(Order.REVERSE);
            case "bidirectional" -> List.of(Order.FORWARD, Order.REVERSE);
            default -> throw call.refusal("no such direction").operand("direction", direction)
                    .expected("forward, reverse or bidirectional");
        };
    }

    /** BOOL {@code [time, batch, 1]}: where a sequence is not over yet. */
    private static Tensor within(Call call, Tensor lengths, Tensor steps) {
        if (!lengths.shape().equals(Shape.of(steps.dim(1)))) {
            throw call.refusal("not a length for each sequence").operand("sequence_lens", lengths.shape())
                    .expected("[" + steps.dim(1) + "]");
        }
        return Tensor.range(steps.dim(0)).reshape(steps.dim(0), 1, 1)
                .lt(lengths.cast(DType.I64).reshape(1, steps.dim(1), 1));
    }

    private static Tensor initial(Call call, int input, int directions, int batch, int hidden, boolean batchFirst) {
        Shape shape = Shape.of(directions, batch, hidden);
        Optional<Tensor> given = call.findTensor(input).map(s -> batchFirst && s.rank() == 3 ? s.transpose(0, 1) : s);
        given.filter(s -> !s.shape().equals(shape)).ifPresent(s -> {
            throw call.refusal("the initial state does not fit").operand("input " + input, s.shape())
                    .expected(shape.toString());
        });
        return given.orElseGet(() -> Tensor.zeros(shape, call.tensor(0).dtype()));
    }

    /**
     * A cell along the steps, whose outputs are returned. Where a sequence is over, its state stays and its outputs are zero:
     * so the reversed order begins at the end of each.
     *
     * @param state the state before, which becomes that after the last step
     */
    private static Tensor along(RecurrentCell cell, Order order, Tensor steps, Optional<Tensor> within,
            List<Tensor> state) {
        List<Tensor> projected = order.of(cell.project(steps).unbind(0));
        Optional<List<Tensor>> masks = within.map(mask -> order.of(mask.unbind(0)));
        List<Tensor> outputs = new ArrayList<>();
        for (int t = 0; t < projected.size(); t++) {
            List<Tensor> next = cell.step(projected.get(t), state);
            for (int s = 0; s < state.size(); s++) {
                Tensor before = state.get(s);
                Tensor after = next.get(s);
                int at = t;
                state.set(s, masks.map(mask -> mask.get(at).where(after, before)).orElse(after));
            }
            outputs.add(state.getFirst());
        }
        if (outputs.isEmpty()) {
            return Tensor.zeros(Shape.of(0, steps.dim(1), cell.hidden()), steps.dtype());
        }
        Tensor output = Tensor.stack(0, order.of(outputs).toArray(Tensor[]::new));
        return within.map(mask -> mask.where(output, 0)).orElse(output);
    }
}
