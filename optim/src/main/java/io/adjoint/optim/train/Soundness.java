package io.adjoint.optim.train;

import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.check.FiniteCheck;
import io.adjoint.nn.Module;
import io.adjoint.optim.Optimizer;
import io.adjoint.optim.stage.Forgiving;
import io.adjoint.optim.stage.Gated;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a training must not spoil: parameters and what else model and optimizer remember. What was finite at its beginning has to stay
 * so; infinities that were there may be meant, such as the best loss before the first, but may not become NaN. What an optimizer
 * remembers is not judged if it leaves out steps that are not finite: sums in front of that may hold them for a while.
 *
 * @param finite has to be finite
 * @param numbers may be infinite
 */
record Soundness(List<Variable> finite, List<Variable> numbers) {
    /** One of them, in a message. */
    static final String NUMBERS = "a parameter, or what model or optimizer remember";

    /** As it is now. */
    static Soundness of(Module model, Optimizer optimizer) {
        Set<Variable> all = new HashSet<>(model.variables().values());
        all.addAll(optimizer.trained());
        if (!holdsForgiving(optimizer)) {
            all.addAll(optimizer.variables().values());
        }
        List<Variable> finite = all.stream().filter(FiniteCheck::isFinite).toList();
        all.removeAll(Set.copyOf(finite));
        optimizer.trained().forEach(all::remove);
        return new Soundness(finite, all.stream().filter(variable -> !FiniteCheck.hasNan(variable)).toList());
    }

    private static boolean holdsForgiving(Object part) {
        return switch (part) {
            case Forgiving _ -> true;
            case Gated gate -> holdsForgiving(gate.stage());
            case Module module -> holdsForgiving(module.parts());
            case Map<?, ?> parts -> parts.values().stream().anyMatch(Soundness::holdsForgiving);
            case Iterable<?> parts -> {
                for (Object each : parts) {
                    if (holdsForgiving(each)) {
                        yield true;
                    }
                }
                yield false;
            }
            default -> false;
        };
    }

    /** Whether nothing is spoilt. It reads all numbers, so it is not for every step. */
    boolean holds() {
        return finite.stream().allMatch(FiniteCheck::isFinite) && numbers.stream().noneMatch(FiniteCheck::hasNan);
    }
}
