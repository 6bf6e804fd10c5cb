package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import java.util.List;

/**
 * Draws from a distribution of counts, all at once and a turn at a time, until each has found its count. Columns in double;
 * {@code units} has two uniform numbers for each draw.
 *
 * @param form the distribution
 */
record CountDraws(CountForm form) {
    /** As many turns as a count that is gone up to may have. */
    static final int TURNS = 1000;

    /** As many of them as are attempts. */
    private static final int ATTEMPTS = 128;

    private static final double SMALL = 10;
    private static final double GREAT = 1e12;

    /**
     * Where the draws are.
     *
     * @param count found so far
     * @param left of the uniform number, of those that are gone up to
     * @param chance of the count, of the same
     * @param isOpen whether it is not found yet
     */
    private record State(Tensor count, Tensor left, Tensor chance, Tensor isOpen) {
        static State of(List<Tensor> values) {
            return new State(values.get(0), values.get(1), values.get(2), values.get(3));
        }

        /** Whether the draws go on, then the values. */
        List<Tensor> values() {
            return List.of(isOpen.any(), count, left, chance, isOpen);
        }
    }

    /** Whether there are turns, then the state before the first one. */
    List<Tensor> start(Tensor units, List<Tensor> given) {
        List<Tensor> parameters = form.plain(given);
        Tensor mean = form.mean(parameters);
        Tensor isSmall = mean.lt(SMALL);
        Tensor isGreat = mean.gt(GREAT);
        Tensor u = units.slice(1, 0, 1);
        Tensor normal = u.rsub(1).log().mul(-2).sqrt().mul(Turns.cos(units.slice(1, 1, 2).mul(2)));
        Tensor rounded = mean.add(form.variance(parameters).sqrt().mul(normal)).round().maximum(0);
        Tensor count = isSmall.where(0, isGreat.where(rounded, form.otherwise(parameters)));
        Tensor chance = form.first(parameters);
        Tensor isPassed = u.ge(chance).and(form.greatest(parameters).gt(0));
        Tensor isOpen = isSmall.and(isPassed).or(isSmall.or(isGreat).not());
        return new State(count, u, chance, isOpen).values();
    }

    /** Whether there are further turns, then the state. */
    List<Tensor> turn(Tensor number, Tensor units, List<Tensor> given, List<Tensor> values) {
        List<Tensor> parameters = form.plain(given);
        State state = State.of(values);
        Tensor isSmall = form.mean(parameters).lt(SMALL);
        Tensor next = state.count.add(1);
        Tensor left = state.left.sub(state.chance);
        Tensor chance = state.chance.mul(form.ratio(parameters, next));
        CountForm.Attempt attempt =
                form.attempt(parameters, units.slice(1, 0, 1).sub(0.5), units.slice(1, 1, 2).rsub(1));
        Tensor isAttempt = number.lt(ATTEMPTS);
        Tensor isFound = state.isOpen.and(attempt.isAccepted()).and(isAttempt);
        Tensor tried = isFound.where(attempt.count(), state.count);
        Tensor count = isSmall.where(state.isOpen.where(next, state.count), tried);
        Tensor isPassed = left.ge(chance).and(form.greatest(parameters).gt(next));
        Tensor isOpen = state.isOpen.and(isSmall.and(isPassed)
                .or(isSmall.not().and(attempt.isAccepted().not()).and(isAttempt)));
        return new State(count, left, chance, isOpen).values();
    }

    /** The counts; -1 for what are no parameters. Like a cast of ours, they stop at the greatest number that there is. */
    Tensor result(List<Tensor> given, Tensor count) {
        Tensor value = form.isDefined(given).where(form.result(form.plain(given), count), -1);
        Tensor isBeyond = value.ge(0x1p63);
        Tensor most = Tensor.of(new long[] {Long.MAX_VALUE}, Shape.scalar());
        return isBeyond.where(most, isBeyond.where(0, value).cast(DType.I64));
    }
}
