package io.adjoint.autodiff.op;

/**
 * Operations that go along an axis, which stays, and carry what they found from one element to the next. Results are
 * computed one after the other in that order, hence with the same bits in any layout and with any number of threads.
 */
public sealed interface Scan extends Op permits CumSum, LogCumSumExp, Recurrence, CumExtremePlaces {
    /** The axis, in {@code [0, rank)}. */
    int axis();
}
