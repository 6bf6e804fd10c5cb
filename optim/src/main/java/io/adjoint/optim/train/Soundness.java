package io.adjoint.optim.train;

import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.check.FiniteCheck;
import io.adjoint.nn.Module;
import io.adjoint.optim.Optimizer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a training must not spoil. Parameters that were finite at its beginning have to stay so; of what model and optimizer remember
 * besides, nothing may become NaN, while infinities may be meant, such as the best loss before the first.
 */
record Soundness(List<Variable> trained, List<Variable> remembered) {
    /** As it is now. */
    static Soundness of(Module model, Optimizer optimizer) {
        Set<Variable> others = new HashSet<>(model.variables().values());
        others.addAll(optimizer.variables().values());
        optimizer.trained().forEach(others::remove);
        return new Soundness(optimizer.trained().stream().filter(FiniteCheck::isFinite).toList(),
                others.stream().filter(variable -> !FiniteCheck.hasNan(variable)).toList());
    }

    /** Whether nothing is spoilt. It reads all numbers, so it is not for every step. */
    boolean holds() {
        return trained.stream().allMatch(FiniteCheck::isFinite)
                && remembered.stream().noneMatch(FiniteCheck::hasNan);
    }
}
