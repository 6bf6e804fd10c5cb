package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Block;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A graph that runs once for each step of sequences, with a state that goes from run to run. */
final class Scanning {
    private static final int FORWARD = 0;

    private final Call call;
    private final Block body;
    private final int[] inputAxes;
    private final int[] inputDirections;
    private final int[] outputAxes;
    private final int[] outputDirections;

    private Scanning(Call call, Block body, int sequences, int collected, String inputDirections) {
        this.call = call;
        this.body = body;
        this.inputAxes = list("scan_input_axes", sequences);
        this.inputDirections = list(inputDirections, sequences);
        this.outputAxes = list("scan_output_axes", collected);
        this.outputDirections = list("scan_output_directions", collected);
    }

    private int[] list(String attribute, int length) {
        int[] given = call.attributes().integers(attribute).orElseGet(() -> new int[length]);
        if (given.length != length) {
            throw call.refusal("not a number for each sequence").operand(attribute, Arrays.toString(given))
                    .expected(length + " numbers");
        }
        return given;
    }

    static List<Value> scan(Call call) {
        Block body = call.body("body");
        int first = call.version() < 9 ? 1 : 0; // the lengths stand before the states
        int sequences = call.attributes().integer("num_scan_inputs", 0);
        int states = call.inputs() - first - sequences;
        if (sequences < 1 || states < 0 || body.outputs().size() < states) {
            throw call.refusal("inputs and graph do not fit").operand("inputs", call.inputs())
                    .operand("num_scan_inputs", sequences).operand("outputs of the graph", body.outputs().size())
                    .expected("one sequence or more, and an output for each state");
        }
        Scanning scanning = new Scanning(call, body, sequences, body.outputs().size() - states,
                first == 1 ? "directions" : "scan_input_directions");
        List<Value> given = new ArrayList<>();
        for (int i = first; i < call.inputs(); i++) {
            given.add(call.value(i));
        }
        return first == 1 ? scanning.batched(given, states) : scanning.scan(given, states, -1);
    }

    /** Before version 9 each sequence of a batch has states, and may have a length, of its own. */
    private List<Value> batched(List<Value> given, int states) {
        int batch = given.getFirst().tensor().rank() == 0 ? 0 : given.getFirst().tensor().dim(0);
        for (Value value : given) {
            if (batch == 0 || value.tensor().rank() == 0 || value.tensor().dim(0) != batch) {
                throw call.refusal("no batch, or batches that differ").operand("input", value.tensor().shape())
                        .expected("a first extent of " + Math.max(1, batch) + " in all inputs");
            }
        }
        long[] lengths = call.has(0) ? call.wholes(0) : null;
        if (lengths != null && lengths.length != batch) {
            throw call.refusal("not a length for each sequence").operand("sequence_lens", Arrays.toString(lengths))
                    .expected(batch + " lengths");
        }
        List<List<Value>> results = new ArrayList<>();
        for (int b = 0; b < batch; b++) {
            int at = b;
            List<Value> own = given.stream().map(value -> new Value(value.type(), value.tensor().select(0, at)))
                    .toList();
            results.add(scan(own, states, lengths == null ? -1 : lengths[b]));
        }
        List<Value> joined = new ArrayList<>();
        for (int i = 0; i < results.getFirst().size(); i++) {
            int at = i;
            joined.add(new Value(results.getFirst().get(i).type(),
                    Tensor.stack(0, results.stream().map(all -> all.get(at).tensor()).toArray(Tensor[]::new))));
        }
        return joined;
    }

    /** One scan; of a length that is not -1, zeros stand for the outputs of the steps beyond it. */
    private List<Value> scan(List<Value> given, int states, long length) {
        List<Value> state = given.subList(0, states);
        List<Value> sequences = given.subList(states, given.size());
        int extent = extent(sequences);
        int steps = length < 0 ? extent : Math.clamp(length, 0, extent);
        List<Collected> collected = Collected.of(call, body, states);
        for (int step = 0; step < steps; step++) {
            List<Value> results = step(state, sequences, step, steps);
            state = results.subList(0, states);
            for (int k = 0; k < collected.size(); k++) {
                collected.get(k).add(results.get(states + k));
            }
        }
        List<Value> outputs = new ArrayList<>(state);
        List<Value> unseen = steps > 0 || collected.isEmpty() ? List.of() : unseen(state, sequences);
        for (int k = 0; k < collected.size(); k++) {
            Value value = steps == 0 ? Collected.none(unseen.get(states + k), outputAxes[k])
                    : collected.get(k).stacked(outputAxes[k], outputDirections[k] == FORWARD ? Collected.Order.FORWARD
                            : Collected.Order.BACKWARD);
            outputs.add(steps == extent ? value
                    : new Value(value.type(), value.tensor().pad(outputAxes[k], 0, extent - steps, 0)));
        }
        return outputs;
    }

    private int extent(List<Value> sequences) {
        int extent = -1;
        for (int i = 0; i < sequences.size(); i++) {
            Tensor sequence = sequences.get(i).tensor();
            int axis = sequence.shape().axis("Scan", inputAxes[i]);
            if (extent >= 0 && sequence.dim(axis) != extent) {
                throw call.refusal("sequences differ in length").operand("sequence", sequence.shape())
                        .operand("axis", axis).expected("a length of " + extent);
            }
            extent = sequence.dim(axis);
        }
        return extent;
    }

    private List<Value> step(List<Value> state, List<Value> sequences, int step, int steps) {
        List<Value> inputs = new ArrayList<>(state);
        for (int i = 0; i < sequences.size(); i++) {
            Value sequence = sequences.get(i);
            int at = inputDirections[i] == FORWARD ? step : steps - 1 - step;
            inputs.add(new Value(sequence.type(), sequence.tensor().select(inputAxes[i], at)));
        }
        return Collected.run(call, body, inputs);
    }

    /** A run on zeros, for the shapes and types of what would come out. */
    private List<Value> unseen(List<Value> state, List<Value> sequences) {
        List<Value> inputs = new ArrayList<>(state);
        for (int i = 0; i < sequences.size(); i++) {
            Tensor sequence = sequences.get(i).tensor();
            Shape one = sequence.shape().with(sequence.shape().axis("Scan", inputAxes[i]), 1);
            inputs.add(new Value(sequences.get(i).type(),
                    Tensor.zeros(one, sequence.dtype()).select(inputAxes[i], 0)));
        }
        return Collected.run(call, body, inputs);
    }
}
