package io.adjoint.autodiff.tape;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.kernel.MapKernel;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.op.Gradient;
import io.adjoint.autodiff.runtime.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The gradient rules of operations that are computed as one, as one loop too: what the cotangent of the last result contributes to the
 * inputs.
 */
final class JointRules {
    private static final int COTANGENT = -1;

    private static final int NOTHING = -2;

    private final MapKernel kernel;
    /** The values that the loop reads after the cotangent. */
    private final int[] reads;
    private final int outs;
    /** For each operand what flows to it: an output of the loop, the cotangent itself, or nothing. */
    private final int[] shares;

    private JointRules(List<Lane> roots, List<Integer> reads, int[] shares) {
        this.kernel = MapKernel.shared(roots);
        this.reads = reads.stream().mapToInt(Integer::intValue).toArray();
        this.outs = roots.size();
        this.shares = shares;
    }

    /**
     * The rules where these operands of the inputs lead on; empty if one consists of more than elementwise operations.
     *
     * @param leading the bits of their numbers
     */
    static Optional<JointRules> of(Joint joint, long leading) {
        return new Writer(joint, leading).write();
    }

    /** Writes down the rules from the last operation to the first. */
    private static final class Writer {
        private final Joint joint;
        private final long leading;
        private final boolean[] leads;
        private final Lane[] cotangents;
        private final Lane upstream;
        private final List<Integer> reads = new ArrayList<>();
        private final List<Lane> roots = new ArrayList<>();

        Writer(Joint joint, long leading) {
            this.joint = joint;
            this.leading = leading;
            this.leads = new boolean[joint.arity() + joint.steps().size()];
            this.cotangents = new Lane[leads.length];
            this.upstream = Lane.input(0, joint.type());
        }

        Optional<JointRules> write() {
            List<Joint.Step> steps = joint.steps();
            int operands = steps.getLast().first() + steps.getLast().operands().length;
            int[] shares = new int[operands];
            Arrays.fill(shares, NOTHING);
            for (int s = 0; s < steps.size(); s++) {
                for (int i = 0; i < steps.get(s).operands().length; i++) {
                    leads[joint.arity() + s] |= leadsOn(steps.get(s), i);
                }
            }
            cotangents[leads.length - 1] = upstream;
            for (int s = steps.size() - 1; s >= 0; s--) {
                Joint.Step step = steps.get(s);
                for (int i = 0; i < step.operands().length; i++) {
                    if (cotangents[joint.arity() + s] == null || !leadsOn(step, i)) { // or who uses it passes nothing on
                        continue;
                    }
                    Optional<Lane> share = pull(step, joint.arity() + s, i);
                    if (share.isEmpty()) {
                        return Optional.empty();
                    }
                    int operand = step.operands()[i];
                    if (operand < joint.arity()) {
                        shares[step.first() + i] = output(share.get());
                    } else {
                        cotangents[operand] = cotangents[operand] == null ? share.get()
                                : cotangents[operand].add(share.get());
                    }
                }
            }
            return Optional.of(new JointRules(roots, reads, shares));
        }

        private boolean leadsOn(Joint.Step step, int i) {
            int operand = step.operands()[i];
            return step.op().gradient().partial(i).flows()
                    && (operand < joint.arity() ? (leading >>> step.first() + i & 1) != 0 : leads[operand]);
        }

        private Optional<Lane> pull(Joint.Step step, int result, int i) {
            Gradient.Vjp rule = step.op().gradient().partial(i).vjp();
            return RuleTrace.of(rule, joint.type(), source -> switch (source) {
                case RuleTrace.COTANGENT -> cotangents[result];
                case RuleTrace.OUTPUT -> read(result);
                default -> read(step.operands()[source]);
            });
        }

        private Lane read(int value) {
            if (!reads.contains(value)) {
                reads.add(value);
            }
            return Lane.input(1 + reads.indexOf(value), joint.type());
        }

        private int output(Lane share) {
            if (share == upstream) {
                return COTANGENT;
            }
            for (int k = 0; k < roots.size(); k++) {
                if (roots.get(k) == share) {
                    return k;
                }
            }
            roots.add(share);
            return roots.size() - 1;
        }
    }

    /** Whether the loop is short enough to keep what it computes in registers. */
    boolean isShort() {
        return kernel.cost() <= FusedRules.MOST_NODES;
    }

    /** What flows to each operand of an input, null to the others. */
    Tensor[] pull(Tensor cotangent, Array[] values) {
        Array[] inputs = new Array[1 + reads.length];
        inputs[0] = Internals.array(cotangent);
        for (int k = 0; k < reads.length; k++) {
            inputs[1 + k] = values[reads[k]];
        }
        Shape shape = cotangent.shape();
        Array[] results = new Array[outs];
        Tensor[] tensors = new Tensor[outs];
        for (int k = 0; k < outs; k++) {
            results[k] = Array.uninitialized(cotangent.dtype(), shape);
            tensors[k] = Internals.tensor(results[k]);
        }
        if (outs > 0) {
            kernel.run(inputs, results);
        }
        Tensor[] flowing = new Tensor[shares.length];
        for (int operand = 0; operand < shares.length; operand++) {
            flowing[operand] = switch (shares[operand]) {
                case NOTHING -> null;
                case COTANGENT -> cotangent;
                default -> tensors[shares[operand]];
            };
        }
        return flowing;
    }
}
