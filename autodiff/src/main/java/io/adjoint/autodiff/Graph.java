package io.adjoint.autodiff;

import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.tape.GraphTrace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A computation as data: the steps of a function over tensors, each after those that it uses, what the function returns, and
 * what it leaves in variables. Immutable, and printed as stable text:
 *
 * <pre>{@code
 * %0 = input 0 F32[3]
 * %1 = mul(%0, %0) F32[3]
 * %2 = constant F32[]
 * %3 = add(%1, %2) F32[3]
 * %4 = sum{axes=[0]}(%3) F32[]
 * return %4
 * }</pre>
 *
 * <p>A graph is made by running the function once on tensors without values. Loops and branches of the Java code run then,
 * and are not part of the graph; gradients taken inside the function are. What the function meets that does not depend on
 * its inputs or on variables is captured as it is: a tensor made elsewhere, a random number drawn from a given key, a number
 * of Java. A {@link Variable} is not captured but read and updated each time that the graph is run.
 *
 * @param steps in order of computation
 * @param outputs the numbers of the steps that are returned
 * @param updates what variables hold afterwards
 */
public record Graph(List<Step> steps, List<Integer> outputs, List<Update> updates) {
    public Graph {
        steps = List.copyOf(steps);
        outputs = List.copyOf(outputs);
        updates = List.copyOf(updates);
    }

    /** Something that has a value. */
    public sealed interface Step {
        /** Dtype and shape of the value. */
        TensorSpec spec();
    }

    /**
     * What the function is called with.
     *
     * @param number which of the inputs, 0 for the first
     * @param spec dtype and shape
     */
    public record Input(int number, TensorSpec spec) implements Step {}

    /**
     * A value that is the same in every run.
     *
     * @param value the captured tensor
     */
    public record Constant(Tensor value) implements Step {
        @Override
        public TensorSpec spec() {
            return value.spec();
        }
    }

    /**
     * What a variable holds before the run.
     *
     * @param variable where it is read
     */
    public record Read(Variable variable) implements Step {
        @Override
        public TensorSpec spec() {
            return variable.spec();
        }
    }

    /**
     * An operation on earlier steps.
     *
     * @param op the operation with its attributes
     * @param inputs the numbers of the steps that it is applied to
     * @param spec dtype and shape of the result
     * @param place the line of the traced function that applied it, where one is known
     */
    public record Apply(Op op, List<Integer> inputs, TensorSpec spec, Optional<StackTraceElement> place)
            implements
            Step {
        public Apply {
            inputs = List.copyOf(inputs);
        }

        /** The operation with its attributes, as {@code sum{axes=[0]}}. */
        public String call() {
            return op.id() + Attributes.of(op);
        }

        /** The operation and what it is applied to, as {@code sum{axes=[0]}(%4)}. */
        @Override
        public String toString() {
            return call() + inputs.stream().map(i -> "%" + i).collect(Collectors.joining(", ", "(", ")"));
        }
    }

    /**
     * What a variable holds after the run.
     *
     * @param variable where it is stored
     * @param step the number of the step with the value
     */
    public record Update(Variable variable, int step) {}

    /**
     * Traces a function of one tensor.
     *
     * @throws TraceException if it does what has no meaning without values
     * @throws ShapeException if it applies an operation to what does not fit
     */
    public static Graph trace(UnaryOperator<Tensor> function, TensorSpec input) {
        return traceAll(in -> List.of(function.apply(in.getFirst())), input);
    }

    /**
     * Traces a function of two tensors.
     *
     * @throws TraceException if it does what has no meaning without values
     * @throws ShapeException if it applies an operation to what does not fit
     */
    public static Graph trace(BinaryOperator<Tensor> function, TensorSpec first, TensorSpec second) {
        return traceAll(in -> List.of(function.apply(in.getFirst(), in.getLast())), first, second);
    }

    /**
     * Traces a function of any number of tensors to any number of tensors.
     *
     * @throws TraceException if it does what has no meaning without values
     * @throws ShapeException if it applies an operation to what does not fit
     */
    public static Graph traceAll(Function<List<Tensor>, List<Tensor>> function, TensorSpec... inputs) {
        return traceAll(function, _ -> {}, inputs);
    }

    /**
     * As {@link #traceAll(Function, TensorSpec...)}, and tells of each step when the function has come to it: for noting what is
     * known in that moment, such as the part of a model that is running.
     *
     * @param listener told of the steps in order, the inputs first
     */
    public static Graph traceAll(Function<List<Tensor>, List<Tensor>> function, Consumer<Step> listener,
            TensorSpec... inputs) {
        return GraphTrace.trace(function, listener, Arrays.asList(inputs));
    }

    /** Dtype and shape of each input, in order. */
    public List<TensorSpec> inputs() {
        List<TensorSpec> specs = new ArrayList<>();
        for (Step step : steps) {
            if (step instanceof Input input) {
                specs.add(input.spec());
            }
        }
        return specs;
    }

    /**
     * Checks that inputs are numbered in order, that every step uses earlier ones only, that every result is what the
     * operation's shape rule says, and that outputs and updates are steps; each variable is read once and updated once, with
     * a value that fits.
     *
     * @return this
     * @throws IllegalStateException naming the first thing that is wrong
     */
    public Graph verify() {
        new GraphVerifier(this).verify();
        return this;
    }

    /** A drawing in Graphviz's language DOT, the same for the same graph. */
    public String toDot() {
        return GraphDrawing.draw(this, GraphDrawing.Language.DOT);
    }

    /** A flowchart in the language of Mermaid, which pages of Markdown may contain, the same for the same graph. */
    public String toMermaid() {
        return GraphDrawing.draw(this, GraphDrawing.Language.MERMAID);
    }

    /** A line for each step, one for each update, and one for what is returned. */
    @Override
    public String toString() {
        return GraphText.print(this);
    }
}
