package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Block;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.ArrayList;
import java.util.List;

/** Branches and loops. Their graphs run as often as conditions and numbers say, which have to be known. */
final class ControlFlowOperators {
    private ControlFlowOperators() {}

    static void addTo(OperatorTable table) {
        table.values("If", ControlFlowOperators::branch);
        table.values("Loop", ControlFlowOperators::loop);
        table.values("Scan", Scanning::scan);
    }

    private static List<Value> branch(Call call) {
        return call.run(call.body(isTrue(call, call.value(0)) ? "then_branch" : "else_branch"), List.of());
    }

    private static boolean isTrue(Call call, Value condition) {
        if (condition.tensor().size() != 1) {
            throw call.refusal("not one truth value").operand("condition", condition.tensor().spec())
                    .expected("one element");
        }
        return condition.tensor().toBooleans()[0];
    }

    /** Runs the graph until it says no, or so many times; of each run some outputs enter the next, others are collected. */
    private static List<Value> loop(Call call) {
        Block body = call.body("body");
        long times = call.has(0) ? single(call) : Long.MAX_VALUE;
        Value goesOn = call.find(1).orElseGet(() -> Value.of(Tensor.of(new boolean[] {true}, Shape.scalar())));
        List<Value> carried = new ArrayList<>();
        for (int i = 2; i < call.inputs(); i++) {
            carried.add(call.value(i));
        }
        List<Collected> collected = Collected.of(call, body, 1 + carried.size());
        for (long i = 0; i < times && isTrue(call, goesOn); i++) {
            List<Value> results = step(call, body, i, goesOn, carried);
            goesOn = results.getFirst();
            carried = results.subList(1, 1 + carried.size());
            for (int k = 0; k < collected.size(); k++) {
                collected.get(k).add(results.get(1 + carried.size() + k));
            }
        }
        List<Value> outputs = new ArrayList<>(carried);
        if (!collected.isEmpty() && collected.getFirst().isEmpty()) {
            List<Value> unseen = step(call, body, 0, goesOn, carried);
            for (int k = 0; k < collected.size(); k++) {
                outputs.add(Collected.none(unseen.get(1 + carried.size() + k), 0));
            }
        } else {
            collected.forEach(values -> outputs.add(values.stacked(0, Collected.Order.FORWARD)));
        }
        return outputs;
    }

    private static long single(Call call) {
        long[] numbers = call.wholes(0);
        if (numbers.length != 1) {
            throw call.refusal("not one number of times").operand("M", call.tensor(0).spec()).expected("one element");
        }
        return numbers[0];
    }

    private static List<Value> step(Call call, Block body, long iteration, Value goesOn, List<Value> carried) {
        List<Value> given =
                new ArrayList<>(List.of(Value.of(Tensor.of(new long[] {iteration}, Shape.scalar())), goesOn));
        given.addAll(carried);
        return Collected.run(call, body, given);
    }
}
