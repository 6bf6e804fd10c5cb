package io.adjoint.autodiff;

import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.tape.Node;
import io.adjoint.autodiff.tape.Tape;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A computation as data: the steps behind a tensor, each after those that it uses. Immutable, and printed as stable text:
 *
 * <pre>{@code
 * %0 = leaf F32[3]
 * %1 = mul(%0, %0) F32[3]
 * %2 = sum(%1) F32[]
 * }</pre>
 *
 * @param steps in order of computation; the last one is the result
 */
public record Graph(List<Step> steps) {
    public Graph {
        steps = List.copyOf(steps);
    }

    /**
     * One step.
     *
     * @param op the operation with its attributes; empty for a leaf, by which gradients are taken
     * @param inputs of the operation, none for a leaf
     * @param spec dtype and shape of the result
     */
    public record Step(Optional<Op> op, List<Input> inputs, TensorSpec spec) {
        public Step {
            inputs = List.copyOf(inputs);
        }

        @Override
        public String toString() {
            String what = op
                    .map(o -> o.id() + inputs.stream().map(Input::toString).collect(Collectors.joining(", ", "(", ")")))
                    .orElse("leaf");
            return what + " " + spec;
        }
    }

    /**
     * What a step uses.
     *
     * @param step number of an earlier step; empty for a constant, to which no gradient flows
     * @param spec dtype and shape
     */
    public record Input(Optional<Integer> step, TensorSpec spec) {
        @Override
        public String toString() {
            return step.map(number -> "%" + number).orElse("constant " + spec);
        }
    }

    /**
     * The steps that were recorded behind a tensor.
     *
     * @throws ShapeException if the tensor is not tracked: nothing was recorded then
     */
    public static Graph of(Tensor result) {
        List<Node> nodes = Tape.behind(result.requireNode("graph"));
        Map<Node, Integer> numbers = new IdentityHashMap<>();
        List<Step> steps = new ArrayList<>();
        for (Node node : nodes) {
            List<Input> inputs = new ArrayList<>();
            for (int i = 0; i < node.inputSpecs().size(); i++) {
                inputs.add(new Input(node.parent(i).map(numbers::get), node.inputSpecs().get(i)));
            }
            numbers.put(node, steps.size());
            steps.add(new Step(node.op(), inputs, node.spec()));
        }
        return new Graph(steps);
    }

    /**
     * Checks that every input is an earlier step of the spec it claims, and that every result is what the operation's shape
     * rule says.
     *
     * @return this
     * @throws IllegalStateException naming the first step that is wrong
     */
    public Graph verify() {
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            for (Input input : step.inputs) {
                int source = input.step.orElse(-1);
                if (source >= i || source >= 0 && !steps.get(source).spec.equals(input.spec)) {
                    throw wrong(i, "input " + input + " is no earlier step of spec " + input.spec);
                }
            }
            List<TensorSpec> specs = step.inputs.stream().map(Input::spec).toList();
            TensorSpec inferred = step.op.map(op -> op.infer(specs)).orElse(step.spec);
            if (!inferred.equals(step.spec)) {
                throw wrong(i, "the shape rule says " + inferred);
            }
        }
        return this;
    }

    private IllegalStateException wrong(int step, String why) {
        return new IllegalStateException("graph: step %" + step + " = " + steps.get(step) + ": " + why);
    }

    /** A line for each step. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < steps.size(); i++) {
            text.append('%').append(i).append(" = ").append(steps.get(i)).append('\n');
        }
        return text.toString();
    }
}
