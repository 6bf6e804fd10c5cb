package io.adjoint.nn.loss;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Ctc;
import io.adjoint.autodiff.function.Ctc.Misfit;
import io.adjoint.autodiff.function.Reduction;
import java.util.Objects;

/**
 * Connectionist temporal classification, as {@code torch.nn.CTCLoss}: {@link Ctc#loss(Tensor, Tensor, int[], int[], int, Misfit,
 * Reduction)}.
 *
 * @param blank the class that stands for no label
 * @param misfit what becomes of a sequence that is too short for its labels
 * @param reduction how the losses become one
 */
public record CtcLoss(int blank, Misfit misfit, Reduction reduction) {
    public CtcLoss {
        Objects.requireNonNull(misfit, "misfit");
        Objects.requireNonNull(reduction, "reduction");
    }

    /** PyTorch's defaults: blank 0, infinite where nothing fits, the mean of the losses divided by the number of labels. */
    public static CtcLoss standard() {
        return new CtcLoss(0, Misfit.INFINITE, Reduction.MEAN);
    }

    /** The same with another blank. */
    public CtcLoss withBlank(int other) {
        return new CtcLoss(other, misfit, reduction);
    }

    /** The same where nothing fits, but otherwise. */
    public CtcLoss withMisfit(Misfit other) {
        return new CtcLoss(blank, other, reduction);
    }

    /** The same, joined in another way. */
    public CtcLoss withReduction(Reduction other) {
        return new CtcLoss(blank, misfit, other);
    }

    /**
     * The loss.
     *
     * @param logProbabilities {@code [time, n, classes]}, or {@code [time, classes]} of one sequence
     * @param targets I64 or I32 {@code [n, labels]}, or all labels one after the other
     * @param inputLengths how many steps of each sequence count
     * @param targetLengths how many labels each sequence has
     * @throws ShapeException if shapes, lengths or labels do not fit
     */
    public Tensor of(Tensor logProbabilities, Tensor targets, int[] inputLengths, int[] targetLengths) {
        return Ctc.loss(logProbabilities, targets, inputLengths, targetLengths, blank, misfit, reduction);
    }
}
