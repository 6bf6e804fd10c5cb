package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Block;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the runs of a graph had as one of their outputs. */
final class Collected {
    /** In which order they are put together. */
    enum Order {
        FORWARD, BACKWARD
    }

    private final List<Value> values = new ArrayList<>();

    private Collected() {}

    /** For the outputs of a graph from this one on. */
    static List<Collected> of(Call call, Block body, int first) {
        if (body.outputs().size() < first) {
            throw call.refusal("the graph has too few outputs").operand("outputs", body.outputs().size())
                    .expected("at least " + first);
        }
        return Stream.generate(Collected::new).limit(body.outputs().size() - first).toList();
    }

    /** Runs a graph that has just these inputs. */
    static List<Value> run(Call call, Block body, List<Value> given) {
        if (body.inputs().size() != given.size()) {
            throw call.refusal("the graph has another number of inputs").operand("inputs", body.inputs().size())
                    .expected(String.valueOf(given.size()));
        }
        return call.run(body, given);
    }

    void add(Value value) {
        values.add(value);
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** All along a new axis. */
    Value stacked(int axis, Order order) {
        List<Value> ordered = order == Order.FORWARD ? values : values.reversed();
        return new Value(values.getFirst().type(),
                Tensor.stack(axis, ordered.stream().map(Value::tensor).toArray(Tensor[]::new)));
    }

    /** As {@link #stacked} if the graph never ran: what one run would give tells the other extents. */
    static Value none(Value unseen, int axis) {
        Shape shape = unseen.tensor().unsqueeze(axis).shape();
        return new Value(unseen.type(), Tensor.zeros(shape.with(axis, 0), unseen.dtype()));
    }
}
