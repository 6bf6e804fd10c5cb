package io.adjoint.autodiff.tape;

import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.TraceException;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.op.View;
import io.adjoint.autodiff.runtime.Array;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A function run once on tensors without values, to learn its {@link Graph}. The tape records beside it as always, so
 * gradients taken inside of the function become steps like any other. What depends on no input and no variable is computed at
 * once.
 */
public final class GraphTrace implements Trace {
    /** Whether it says where a mistake was made, rather than a trace around it. */
    private final boolean isOutermost;
    private final Consumer<Graph.Step> listener;
    private final List<Graph.Step> steps = new ArrayList<>();
    /** The array that stands for each step. */
    private final List<Array> arrays = new ArrayList<>();
    private final Map<Array, Integer> numbers = new IdentityHashMap<>();
    private final Map<Variable, State> variables = new IdentityHashMap<>();
    /** In the order of the first update. */
    private final Map<Variable, Tensor> updates = new LinkedHashMap<>();

    private GraphTrace(boolean isOutermost, Consumer<Graph.Step> listener) {
        this.isOutermost = isOutermost;
        this.listener = listener;
    }

    /** What is known of a variable in the trace. */
    private static final class State {
        private final boolean isLocal;
        private Tensor current;
        private boolean isUpdateUnread;

        State(Tensor current, boolean isLocal) {
            this.current = current;
            this.isLocal = isLocal;
        }
    }

    /** The trace of a function that the calling thread is in, null if it is in none. */
    public static GraphTrace open() {
        return Trace.open() instanceof GraphTrace trace ? trace : null;
    }

    /** Traces a function of inputs of these specs, and tells of each step. */
    public static Graph trace(Function<List<Tensor>, List<Tensor>> function, Consumer<Graph.Step> listener,
            List<TensorSpec> inputs) {
        GraphTrace trace = new GraphTrace(open() == null, listener);
        List<Tensor> symbols = new ArrayList<>();
        for (TensorSpec spec : inputs) {
            symbols.add(trace.add(new Graph.Input(symbols.size(), spec)));
        }
        return ScopedValue.where(OPEN, trace).call(() -> trace.run(function, List.copyOf(symbols)));
    }

    private Graph run(Function<List<Tensor>, List<Tensor>> function, List<Tensor> inputs) {
        try {
            List<Integer> outputs = function.apply(inputs).stream().map(this::number).toList();
            List<Graph.Update> stored = new ArrayList<>();
            updates.forEach((variable, value) -> stored.add(new Graph.Update(variable, number(value))));
            return new Graph(steps, outputs, stored);
        } catch (ShapeException | TraceException e) {
            if (!isOutermost) {
                throw e;
            }
            throw Places.of(e).map(place -> e instanceof ShapeException shape ? shape.at(place)
                    : TraceException.at(place, e)).orElse(e);
        }
    }

    /** Records an operation, or computes it where all inputs have values. */
    Tensor compute(Op op, List<Tensor> inputs, TensorSpec spec) {
        boolean isKnown = true;
        for (Tensor input : inputs) {
            isKnown &= !Internals.array(input).isSymbolic();
        }
        if (isKnown) {
            return op.compute(inputs).detached();
        }
        Array array = op instanceof View view && view.isView(Internals.array(inputs.getFirst()))
                ? another(view.view(Internals.array(inputs.getFirst())))
                : Array.symbolic(spec.dtype(), spec.shape());
        List<Integer> sources = new ArrayList<>(inputs.size());
        for (Tensor input : inputs) {
            sources.add(number(input));
        }
        return add(new Graph.Apply(op, sources, spec, Places.here()), array);
    }

    private static Array another(Array view) {
        return view.view(view.shape(), view.strides(), view.offset());
    }

    private Tensor add(Graph.Step step) {
        return add(step, Array.symbolic(step.spec().dtype(), step.spec().shape()));
    }

    private Tensor add(Graph.Step step, Array array) {
        numbers.put(array, steps.size());
        arrays.add(array);
        steps.add(step);
        listener.accept(step);
        return Internals.tensor(array);
    }

    private int number(Tensor x) {
        Array array = Internals.array(x);
        Integer known = numbers.get(array);
        if (known != null) {
            return known;
        }
        if (array.isSymbolic()) {
            throw TraceException.of("a tensor of another trace is used",
                    "tensors that were made in this call of the traced function, its inputs, and tensors with values");
        }
        array.expose();
        add(new Graph.Constant(x.detached()), array);
        return steps.size() - 1;
    }

    /** The input number {@code i} of the operation behind a tensor of this trace, recorded as that node. */
    public Optional<Tensor> inputOf(Tensor x, int i, Node node) {
        Integer number = numbers.get(Internals.array(x));
        return number != null && steps.get(number) instanceof Graph.Apply apply
                ? Optional.of(Internals.tensor(arrays.get(apply.inputs().get(i)), node))
                : Optional.empty();
    }

    // ---- variables

    /** The value of a variable at this point of the function. */
    public Tensor read(Variable variable) {
        State state = variables.get(variable);
        if (state == null) {
            state = new State(add(new Graph.Read(variable)), false);
            variables.put(variable, state);
        }
        state.isUpdateUnread = false;
        return state.current;
    }

    /** Stores a value in a variable. */
    public void update(Variable variable, Tensor value) {
        State state = variables.get(variable);
        if (state == null) {
            state = new State(value, false);
            variables.put(variable, state);
        }
        if (state.isUpdateUnread) {
            throw TraceException.of("a variable is updated twice, and the first update is lost",
                    "one update, or a second one that is computed from what the variable holds by then");
        }
        state.current = value.detached();
        if (!state.isLocal) {
            state.isUpdateUnread = true;
            updates.put(variable, state.current);
        }
    }

    /** A variable is made inside of the function, with this value: it lives for one call. */
    public void create(Variable variable, Tensor value) {
        variables.put(variable, new State(value.detached(), true));
    }
}
