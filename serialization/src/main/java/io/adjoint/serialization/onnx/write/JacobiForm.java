package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Rounds of Jacobi's method, until none of a whole sweep has turned anything in any matrix of the batch. */
final class JacobiForm {
    private static final int SWEEPS = 60;

    private final Emitter nodes;
    private final Formulas formulas;

    JacobiForm(Emitter nodes) {
        this.nodes = nodes;
        this.formulas = new Formulas(nodes);
    }

    /** One round. */
    interface Round {
        /** The state after the round. */
        Turned of(Rotations rotations, List<Tensor> state, List<Tensor> fixed);
    }

    /**
     * What a round leaves.
     *
     * @param any BOOL: which rows were turned
     * @param state after it
     */
    record Turned(Tensor any, List<Tensor> state) {}

    /**
     * The state in the end.
     *
     * @param k rows of which pairs are turned
     * @param isNeeded whether there is anything to do: BOOL, a scalar
     */
    List<Term> turn(int k, Term isNeeded, List<Term> state, List<Term> fixed, Round round) {
        int sweep = Rotations.sweep(k);
        List<Term> begin = new ArrayList<>(List.of(nodes.number(0, DType.I64)));
        begin.addAll(state);
        List<Term> end = formulas.repeatWhile(SWEEPS * sweep, isNeeded, begin, fixed, (number, before, same) -> {
            Turned turned = round.of(Rotations.of(k, number), before.subList(1, before.size()), same);
            Tensor idle = turned.any().any().where(Tensor.scalar(0, DType.I64), before.getFirst().add(1));
            List<Tensor> after = new ArrayList<>(List.of(idle.lt(sweep), idle));
            after.addAll(turned.state());
            return after;
        });
        return end.subList(1, end.size());
    }
}
