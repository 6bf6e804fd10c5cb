package io.adjoint.autodiff.tape;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.MapKernel;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.op.Elementwise;
import io.adjoint.autodiff.op.Gradient;
import io.adjoint.autodiff.runtime.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Elementwise operations on tensors of one spec, of which nobody sees but the last result: computed as one loop, which also
 * stores what their gradient rules read. The tape holds each of them as if it had been applied by itself, so a walk of every order
 * goes along them as ever, in the same order; one of first order runs their rules as one loop too, once it comes to the last.
 * All bits are those of the operations one by one.
 *
 * <p>Values are numbered: the inputs, then the result of each operation.
 */
public final class Joint {
    /** Contributions of one walk are told apart by the bits of a number. */
    private static final int MOST_OPERANDS = Long.SIZE;

    private final DType type;
    private final int arity;
    private final List<Step> steps;
    /** Whether a rule reads the value. */
    private final boolean[] isRead;
    /** The results that are stored, the last one of all at the end. */
    private final int[] stored;
    private final MapKernel value;
    private final MapKernel values;
    private final ConcurrentHashMap<Long, JointRules> rules = new ConcurrentHashMap<>();

    /**
     * One of the operations.
     *
     * @param operands the numbers of the values that it reads
     * @param first the number of its first operand among all operands of all steps
     */
    record Step(Elementwise op, int[] operands, int first) {}

    /** What a walk needs of one call: the values that rules read, null for the others. */
    record Call(Joint joint, Array[] values) {}

    private Joint(DType type, int arity, List<Step> steps, List<Lane> results) {
        this.type = type;
        this.arity = arity;
        this.steps = steps;
        this.isRead = read(arity, steps);
        int last = steps.size() - 1;
        this.stored = IntStream.rangeClosed(0, last).filter(s -> s == last || isRead[arity + s]).toArray();
        this.value = MapKernel.shared(List.of(results.getLast()));
        this.values = MapKernel.shared(IntStream.of(stored).mapToObj(results::get).toList());
    }

    /**
     * The operations that a function of so many tensors like this calls; empty if they are not to be joined: if there are others
     * among them, or numbers among the operands, or a result that is never used or more than twice, so that the order of a sum would
     * matter.
     */
    public static Optional<Joint> of(Function<List<Tensor>, Tensor> function, int arity, TensorSpec like) {
        DType type = like.dtype();
        LaneTrace trace = new LaneTrace();
        List<Tensor> values = new ArrayList<>();
        for (int i = 0; i < arity; i++) {
            values.add(trace.stand(Lane.input(i, type), like.shape()));
        }
        List<Tensor> inputs = List.copyOf(values);
        Optional<Tensor> result = trace.run(() -> function.apply(inputs));
        if (result.isEmpty()) {
            return Optional.empty();
        }
        List<Step> steps = new ArrayList<>();
        List<Lane> results = new ArrayList<>();
        int operands = 0;
        for (LaneTrace.Step step : trace.steps()) {
            int[] numbers = step.inputs().stream().mapToInt(values::indexOf).toArray();
            steps.add(new Step(step.op(), numbers, operands));
            operands += numbers.length;
            values.add(step.result());
            results.add(trace.formula(step.result()));
        }
        boolean joins = steps.size() > 1 && operands <= MOST_OPERANDS && values.getLast() == result.get()
                && results.stream().allMatch(lane -> lane.type() == type) && areUsedWell(arity, steps);
        Optional<Joint> joint = joins ? Optional.of(new Joint(type, arity, steps, results)) : Optional.empty();
        return joint.filter(found -> found.values.cost() <= FusedRules.MOST_NODES
                && JointRules.of(found, -1).filter(JointRules::isShort).isPresent());
    }

    /** Whether joined operations may be applied to tensors like these here and now. */
    public static boolean mayApply(List<Tensor> inputs) {
        if (inputs.isEmpty() || Trace.open() != null || Observers.areThere()) {
            return false;
        }
        TensorSpec first = inputs.getFirst().spec();
        for (Tensor input : inputs) {
            if (!input.spec().equals(first)) {
                return false;
            }
        }
        // some methods return a scalar as it is, so the function may do less with one
        return first.dtype().isFloat() && first.shape().rank() > 0 && first.shape().size() > 0;
    }

    private static boolean areUsedWell(int arity, List<Step> steps) {
        int[] uses = new int[arity + steps.size()];
        for (Step step : steps) {
            for (int operand : step.operands) {
                if (operand < 0) {
                    return false;
                }
                uses[operand]++;
            }
        }
        return IntStream.range(arity, uses.length - 1).allMatch(result -> uses[result] == 1 || uses[result] == 2);
    }

    private static boolean[] read(int arity, List<Step> steps) {
        boolean[] read = new boolean[arity + steps.size()];
        for (int s = 0; s < steps.size(); s++) {
            int[] operands = steps.get(s).operands;
            Gradient gradient = steps.get(s).op.gradient();
            for (int i = 0; i < operands.length; i++) {
                Gradient.Partial partial = gradient.partial(i);
                read[arity + s] |= partial.readsOutput();
                for (int j = 0; j < operands.length; j++) {
                    read[operands[j]] |= partial.reads(j);
                }
            }
        }
        return read;
    }

    DType type() {
        return type;
    }

    int arity() {
        return arity;
    }

    List<Step> steps() {
        return steps;
    }

    /** The rules where these operands lead on, the bits of a number; only those count that are inputs. */
    JointRules rules(long leading) {
        JointRules known = rules.get(leading);
        return known != null ? known
                : rules.computeIfAbsent(leading, bits -> JointRules.of(this, bits).orElseThrow());
    }

    /**
     * The visit of each operation, null where the walk does not come by; null if it comes to a result on other ways too, as along
     * gradients that are differentiated again, whose rules read it.
     */
    Visit[] visits(Visit last) {
        Visit[] visits = new Visit[steps.size()];
        int[] ways = new int[steps.size()];
        visits[visits.length - 1] = last;
        ways[visits.length - 1] = last.users();
        for (int s = visits.length - 1; s >= 0; s--) {
            if (visits[s] == null) {
                continue;
            }
            if (visits[s].users() > ways[s]) {
                return null;
            }
            int[] operands = steps.get(s).operands;
            for (int i = 0; i < operands.length; i++) {
                if (operands[i] >= arity && visits[s].parent(i) != null) {
                    visits[operands[i] - arity] = visits[s].parent(i);
                    ways[operands[i] - arity]++;
                }
            }
        }
        return visits;
    }

    /** Which operands of the inputs lead to what the walk is made for. */
    long leading(Visit[] visits) {
        long bits = 0;
        for (int s = 0; s < visits.length; s++) {
            Step step = steps.get(s);
            for (int i = 0; visits[s] != null && i < step.operands.length; i++) {
                if (step.operands[i] < arity && visits[s].leadsOn(i)) {
                    bits |= 1L << step.first + i;
                }
            }
        }
        return bits;
    }

    /** Computes the last result, and records all operations if an input is tracked. */
    public Tensor apply(List<Tensor> inputs) {
        Array[] all = new Array[arity + steps.size()];
        boolean isTracked = false;
        for (int i = 0; i < arity; i++) {
            all[i] = Internals.array(inputs.get(i));
            isTracked |= Internals.node(inputs.get(i)) != null;
        }
        Shape shape = all[0].shape();
        Array[] outs = new Array[isTracked ? stored.length : 1];
        for (int k = 0; k < outs.length; k++) {
            outs[k] = Array.uninitialized(type, shape);
        }
        (isTracked ? values : value).run(Arrays.copyOf(all, arity), outs);
        if (!isTracked) {
            return Internals.tensor(outs[0]);
        }
        for (int k = 0; k < outs.length; k++) {
            all[arity + stored[k]] = outs[k];
        }
        return record(inputs, all, shape);
    }

    private Tensor record(List<Tensor> inputs, Array[] all, Shape shape) {
        Array unknown = Array.symbolic(type, shape);
        TensorSpec spec = new TensorSpec(type, shape);
        List<Tensor> tensors = new ArrayList<>(inputs);
        Array[] read = new Array[all.length];
        for (int v = 0; v < all.length; v++) {
            if (isRead[v]) {
                read[v] = all[v];
            }
        }
        Call call = new Call(this, read);
        for (int s = 0; s < steps.size(); s++) {
            Step step = steps.get(s);
            Array result = all[arity + s] == null ? unknown : all[arity + s];
            Tensor[] operands = new Tensor[step.operands.length];
            boolean isTracked = false;
            for (int i = 0; i < operands.length; i++) {
                operands[i] = tensors.get(step.operands[i]);
                isTracked |= operands[i].isTracked();
            }
            tensors.add(isTracked
                    ? Node.track(step.op, step.op.gradient(), List.of(operands),
                            Collections.nCopies(operands.length, spec), result,
                            s == steps.size() - 1 ? call : null)
                    : Internals.tensor(result));
        }
        return tensors.getLast();
    }
}
