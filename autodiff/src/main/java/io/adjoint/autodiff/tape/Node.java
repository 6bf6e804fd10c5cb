package io.adjoint.autodiff.tape;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Elementwise;
import io.adjoint.autodiff.op.Gradient;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.runtime.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One step on the tape: an operation with the nodes its inputs came from and the values that its gradient rules read, or a
 * leaf. Nodes point backwards only, so a tape that nobody holds the end of is garbage.
 */
public final class Node {
    private static final Node[] NO_PARENTS = {};

    private static final Gradient LEAF = Gradient.none("leaf");

    private final Optional<Op> op;
    /** The rules of the operation, which some make anew whenever they are asked; none for a leaf. */
    private final Gradient gradient;
    /** The node of each input, null where the input is a constant. */
    private final Node[] parents;
    /** Each input that a rule reads, null where none does. */
    private final Tensor[] inputs;
    /** The result if a rule reads it, else null. */
    private final Array output;
    private final List<TensorSpec> inputSpecs;
    private final TensorSpec spec;
    /** The call of a formula whose last operation this is, else null. */
    private final Joint.Call call;
    /** What it consists of, if that is known to be rows of a table; else null. */
    private final LookedUp lookedUp;
    /** For each input a transposed view of its parent which the operation reads through, else null; null if there are none. */
    private final View[] views;

    /**
     * A transposed view of the parent of an input.
     *
     * @param value it, where a rule reads the input; else null
     */
    private record View(Node node, Tensor value) {}

    private Node(Optional<Op> op, Gradient gradient, Node[] parents, Tensor[] inputs, Array output,
            List<TensorSpec> inputSpecs, TensorSpec spec, Joint.Call call, LookedUp lookedUp,
            View[] views) {
        this.op = op;
        this.gradient = gradient;
        this.parents = parents;
        this.inputs = inputs;
        this.output = output;
        this.inputSpecs = inputSpecs;
        this.spec = spec;
        this.call = call;
        this.lookedUp = lookedUp;
        this.views = views;
    }

    /** A node that nothing precedes. */
    public static Node leaf(TensorSpec spec) {
        return new Node(Optional.empty(), LEAF, NO_PARENTS, new Tensor[0], null, List.of(), spec, null, null, null);
    }

    /** The result of an operation on inputs of which at least one is tracked; tracked too if anything flows back. */
    static Tensor track(Op op, Gradient gradient, List<Tensor> inputs, List<TensorSpec> inputSpecs, Array output,
            Joint.Call call) {
        Node node = record(op, gradient, inputs, inputSpecs, output, call);
        for (Node parent : node.parents) {
            if (parent != null) {
                return Internals.tensor(output, node);
            }
        }
        return Internals.tensor(output);
    }

    /** Records an operation on inputs of which at least one is tracked, keeping what its rules will read. */
    private static Node record(Op op, Gradient gradient, List<Tensor> inputs, List<TensorSpec> inputSpecs, Array output,
            Joint.Call call) {
        int n = inputs.size();
        Node[] parents = new Node[n];
        Tensor[] saved = new Tensor[n];
        boolean savesOutput = false;
        for (int i = 0; i < n; i++) {
            Gradient.Partial partial = gradient.partial(i);
            if (!partial.flows() || !inputSpecs.get(i).dtype().isFloat()) {
                continue;
            }
            parents[i] = Internals.node(inputs.get(i));
            if (parents[i] != null) {
                savesOutput |= partial.readsOutput();
                for (int j = 0; j < n; j++) {
                    if (partial.reads(j)) {
                        saved[j] = inputs.get(j);
                    }
                }
            }
        }
        return new Node(Optional.of(op), gradient, parents, saved, savesOutput ? output : null, inputSpecs,
                new TensorSpec(output.dtype(), output.shape()), call, null, null);
    }

    /** The same node, of which a walk is to know that it consists of rows of a table. */
    Node looking(LookedUp rows) {
        return new Node(op, gradient, parents, inputs, output, inputSpecs, spec, call, rows, views);
    }

    /**
     * Lets a walk know of an operation that it reads inputs through transposed views, whose cotangents somebody may ask for.
     *
     * @param views each input as it was given, or nothing where it was taken as it is
     */
    public static Tensor readingThrough(Tensor result, List<Optional<Tensor>> views) {
        Node node = Internals.node(result);
        if (node == null) {
            return result;
        }
        View[] known = new View[views.size()];
        for (int i = 0; i < known.length; i++) {
            Tensor value = views.get(i).orElse(null);
            known[i] = value == null ? null : new View(Internals.node(value), node.inputs[i] == null ? null : value);
        }
        return node.replacedIn(result, new Node(node.op, node.gradient, node.parents, node.inputs, node.output,
                node.inputSpecs, node.spec, node.call, node.lookedUp, known));
    }

    /** A result that is recorded as another node, called where this one was. */
    Tensor replacedIn(Tensor result, Node other) {
        if (Trace.open() instanceof FiniteWatch watch) {
            watch.standsFor(other, this);
        }
        return Internals.tensor(Internals.array(result), other);
    }

    /** The view of the parent of an input that the operation reads through; null if there is none. */
    Node view(int input) {
        return views == null || views[input] == null ? null : views[input].node;
    }

    /** The same operation on another first input, for a walk; its rules do not read the result. */
    Node onOther(Node first, Tensor value) {
        Node[] otherParents = parents.clone();
        otherParents[0] = first;
        Tensor[] others = inputs.clone();
        others[0] = value;
        List<TensorSpec> specs = new ArrayList<>(inputSpecs);
        specs.set(0, value.spec());
        return new Node(op, gradient, otherParents, others, null, List.copyOf(specs),
                op.orElseThrow().infer(specs), null, null, views);
    }

    /** What it consists of, if that is known to be rows of a table; else null. */
    LookedUp lookedUp() {
        return lookedUp;
    }

    /** The call of a formula whose last operation this is; null if it is none. */
    Joint.Call call() {
        return call;
    }

    /** The operation, empty for a leaf. */
    public Optional<Op> op() {
        return op;
    }

    /** The node of input number {@code i}, empty where no gradient flows to it. */
    public Optional<Node> parent(int i) {
        return Optional.ofNullable(parents[i]);
    }

    Node[] parents() {
        return parents;
    }

    /** Dtype and shape of the result. */
    public TensorSpec spec() {
        return spec;
    }

    /** Dtypes and shapes of the inputs. */
    public List<TensorSpec> inputSpecs() {
        return inputSpecs;
    }

    TensorSpec inputSpec(int i) {
        return inputSpecs.get(i);
    }

    /** The contribution of this node's cotangent to input number {@code i}, in the rule's own shape. */
    Tensor pull(int i, Tensor cotangent, Tape.Order order) {
        Context context = new Context(this, cotangent, order);
        Op applied = op.orElseThrow();
        Optional<Tensor> fused = order == Tape.Order.FIRST && applied instanceof Elementwise elementwise
                && Trace.open() == null // which sees operations, and fuses them itself
                        ? FusedRules.pull(elementwise, i, this, context)
                        : Optional.empty();
        return fused.orElseGet(() -> gradient.partial(i).vjp().apply(context));
    }

    /** The shorter way for this node's cotangent to reach input number {@code i}, if there is one. */
    Optional<Gradient.Addition> addition(int i, Tensor cotangent, Tape.Order order) {
        return gradient.partial(i).adding()
                .flatMap(adding -> adding.apply(new Context(this, cotangent, order)));
    }

    private record Context(Node node, Tensor cotangent, Tape.Order order) implements Gradient.Context {
        @Override
        public Tensor input(int i) {
            Tensor input = node.inputs[i];
            if (input == null) {
                throw new IllegalStateException(node.op.orElseThrow().id()
                        + ": the gradient rule reads input " + i + " without declaring it");
            }
            if (order == Tape.Order.FIRST) {
                return input.detached();
            }
            // whoever asks for what flows to the view finds it behind what the rule makes
            return node.view(i) == null ? input : node.views[i].value.transpose();
        }

        @Override
        public Tensor output() {
            if (node.output == null) {
                throw new IllegalStateException(
                        node.op.orElseThrow().id() + ": the gradient rule reads the result without declaring it");
            }
            return order == Tape.Order.FIRST ? Internals.tensor(node.output) : Internals.tensor(node.output, node);
        }

        @Override
        public TensorSpec inputSpec(int i) {
            return node.inputSpecs.get(i);
        }
    }
}
