package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Operator;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The operators that can be imported, by name; those of other domains than ONNX's own begin with the domain and a dot. */
public final class OperatorTable {
    /** All of them. */
    public static final OperatorTable STANDARD = new OperatorTable();

    private final Map<String, Entry> entries = new HashMap<>();

    /** An operator, and the inputs that are no parameters even where a model gives them as float initialisers. */
    public static final class Entry {
        private final Operator operator;
        private final Set<Integer> known = new HashSet<>();
        private final Set<Integer> buffers = new HashSet<>();

        private Entry(Operator operator) {
            this.operator = operator;
        }

        /** These inputs decide what is computed, and have to be known when that is traced. */
        Entry knows(int... inputs) {
            for (int input : inputs) {
                known.add(input);
            }
            return this;
        }

        /** These inputs are state without a gradient. */
        Entry buffers(int... inputs) {
            for (int input : inputs) {
                buffers.add(input);
            }
            return this;
        }

        /** What it computes. */
        public Operator operator() {
            return operator;
        }

        /** Whether the input's value decides what is computed. */
        public boolean isKnown(int input) {
            return known.contains(input);
        }

        /** Whether the input is state without a gradient. */
        public boolean isBuffer(int input) {
            return buffers.contains(input);
        }
    }

    private OperatorTable() {
        ElementwiseOperators.addTo(this);
        ActivationOperators.addTo(this);
        ReductionOperators.addTo(this);
        ArrangementOperators.addTo(this);
        IndexingOperators.addTo(this);
        LossOperators.addTo(this);
        ProductOperators.addTo(this);
        ConvolutionOperators.addTo(this);
        PoolingOperators.addTo(this);
        NormalisationOperators.addTo(this);
        ImageOperators.addTo(this);
        RecurrentOperators.addTo(this);
        SignalOperators.addTo(this);
        AttentionOperators.addTo(this);
        QuantisationOperators.addTo(this);
        ControlFlowOperators.addTo(this);
        TrainingOperators.addTo(this);
        SourceOperators.addTo(this);
        OwnOperators.addTo(this);
    }

    /**
     * An operator that a model defines itself.
     *
     * @param known inputs that decide what is computed
     * @param buffers inputs that are state without a gradient
     */
    public static Entry function(Operator operator, int[] known, int[] buffers) {
        return new Entry(operator).knows(known).buffers(buffers);
    }

    /** Finds an operator. */
    public Optional<Entry> find(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    /** One output, typed like the first input where their carriers are the same. */
    Entry tensor(String name, Function<Call, Tensor> operator) {
        return value(name, call -> call.inputs() > 0 && call.has(0) ? call.like(0, operator.apply(call))
                : Value.of(operator.apply(call)));
    }

    /** One output. */
    Entry value(String name, Function<Call, Value> operator) {
        return values(name, call -> List.of(operator.apply(call)));
    }

    /** Any number of outputs. */
    Entry values(String name, Operator operator) {
        Entry entry = new Entry(operator);
        if (entries.put(name, entry) != null) {
            throw new IllegalStateException(name + " is there twice");
        }
        return entry;
    }
}
