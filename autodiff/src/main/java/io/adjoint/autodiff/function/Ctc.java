package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Connectionist temporal classification: the loss of a sequence of predictions for a shorter sequence of labels, whatever
 * their alignment. Graves et al., "Connectionist temporal classification", ICML 2006, in logarithms.
 */
public final class Ctc {
    /** Stands for the logarithm of 0: far below every sum of logarithms, and finite, so that no gradient is NaN. */
    private static final double IMPOSSIBLE = -1e30;

    private Ctc() {}

    /** What becomes of a sequence that no alignment fits, since it is too short for its labels. */
    public enum Misfit {
        /** Its loss is infinite, its gradient 0. */
        INFINITE,
        /** Its loss is 0, and so is its gradient: {@code zero_infinity} in PyTorch. */
        ZERO
    }

    /** The mean of {@link #loss(Tensor, Tensor, int[], int[], int, Misfit, Reduction)} with label 0 as the blank. */
    public static Tensor loss(Tensor logProbabilities, Tensor targets, int[] inputLengths, int[] targetLengths) {
        return loss(logProbabilities, targets, inputLengths, targetLengths, 0, Misfit.INFINITE, Reduction.MEAN);
    }

    /**
     * {@code -ln} of the probability of all alignments that reduce to the labels, as {@code torch.nn.CTCLoss}. The mean is of
     * the losses divided by the number of labels, at least 1.
     *
     * @param logProbabilities {@code [time, n, classes]}, or {@code [time, classes]} of one sequence
     * @param targets I64 or I32 {@code [n, labels]}, of which each row counts as far as its length says; or all labels one
     *     after the other, {@code [sum of lengths]}
     * @param inputLengths how many steps of each sequence count
     * @param targetLengths how many labels each sequence has
     * @param blank the class that stands for no label
     * @return {@code [n]}, or a scalar, by the reduction
     * @throws ShapeException if shapes, lengths or labels do not fit
     */
    public static Tensor loss(Tensor logProbabilities, Tensor targets, int[] inputLengths, int[] targetLengths,
            int blank, Misfit misfit, Reduction reduction) {
        LossRules.requireFloat("ctc", "input", logProbabilities);
        if (logProbabilities.rank() == 2) {
            Tensor alone = loss(logProbabilities.unsqueeze(1), targets, inputLengths, targetLengths, blank, misfit,
                    reduction == Reduction.NONE ? Reduction.NONE : Reduction.SUM);
            return switch (reduction) {
                case NONE -> alone.squeeze(0);
                case SUM, BATCH_MEAN -> alone;
                case MEAN -> alone.div(Math.max(1, targetLengths[0]));
            };
        }
        Labels labels = Labels.of(logProbabilities.shape(), targets, inputLengths, targetLengths, blank);
        Tensor losses = losses(logProbabilities, labels, inputLengths, misfit);
        if (reduction != Reduction.MEAN) {
            return reduction.of(losses);
        }
        double[] lengths = IntStream.of(targetLengths).mapToDouble(n -> Math.max(1, n)).toArray();
        return losses.div(Tensor.of(lengths, losses.shape()).cast(losses.dtype())).mean();
    }

    private static Tensor losses(Tensor logProbabilities, Labels labels, int[] inputLengths, Misfit misfit) {
        DType dtype = logProbabilities.dtype();
        Tensor states = labels.states();
        Shape shape = states.shape();
        int time = logProbabilities.dim(0);
        Tensor emissions = logProbabilities.gather(2, states.unsqueeze(0)
                .expand(Shape.of(time, shape.dim(0), shape.dim(1))));
        Tensor impossible = Tensor.full(shape, dtype, IMPOSSIBLE);
        Tensor lengths = Tensor.of(inputLengths, Shape.of(inputLengths.length, 1));
        // before the first step an alignment stands in front of the first blank
        Tensor paths = Tensor.range(shape.dim(1)).eq(0).where(Tensor.zeros(shape, dtype), impossible);
        for (int t = 0; t < time; t++) {
            Tensor stay = paths;
            Tensor step = shifted(paths, 1);
            Tensor skip = labels.maySkip().where(shifted(paths, 2), impossible);
            // the first step reaches the first blank or the first label
            Tensor sum = t == 0 ? logSum(stay, step, impossible) : logSum(stay, step, skip);
            paths = lengths.gt(t).where(sum.add(emissions.select(0, t)), paths);
        }
        Tensor ends = paths.gather(1, labels.ends());
        Tensor likelihood = logSum(ends.select(1, 0), labels.isEmpty().where(IMPOSSIBLE, ends.select(1, 1)),
                impossible.select(1, 0));
        double instead = misfit == Misfit.ZERO ? 0 : Double.POSITIVE_INFINITY;
        return likelihood.lt(IMPOSSIBLE / 2).where(instead, likelihood.neg());
    }

    /** Each state as it was so many states before. */
    private static Tensor shifted(Tensor paths, int by) {
        int states = paths.dim(1);
        return by >= states ? Tensor.full(paths.shape(), paths.dtype(), IMPOSSIBLE)
                : paths.slice(1, 0, states - by).pad(1, by, 0, IMPOSSIBLE);
    }

    private static Tensor logSum(Tensor a, Tensor b, Tensor c) {
        Tensor greatest = a.maximum(b).maximum(c).detached();
        return a.sub(greatest).exp().add(b.sub(greatest).exp()).add(c.sub(greatest).exp()).log().add(greatest);
    }

    /**
     * The labels of a batch with blanks between, before and after them.
     *
     * @param states the class of each state, {@code [n, 2 labels + 1]}
     * @param maySkip whether a state may follow the one two before it: a label that differs from the last one
     * @param ends the last two states of each sequence, {@code [n, 2]}
     * @param isEmpty whether a sequence has no label, {@code [n]}
     */
    private record Labels(Tensor states, Tensor maySkip, Tensor ends, Tensor isEmpty) {
        static Labels of(Shape input, Tensor targets, int[] inputLengths, int[] targetLengths, int blank) {
            require(input, targets, inputLengths, targetLengths, blank);
            int n = input.dim(1);
            int width = 2 * IntStream.of(targetLengths).max().orElse(0) + 1;
            long[] given = targets.toLongs();
            long[] states = new long[n * width];
            boolean[] maySkip = new boolean[states.length];
            long[] ends = new long[2 * n];
            boolean[] isEmpty = new boolean[n];
            Arrays.fill(states, blank);
            int from = 0;
            for (int i = 0; i < n; i++) {
                int begin = targets.rank() == 2 ? i * targets.dim(1) : from;
                for (int j = 0; j < targetLengths[i]; j++) {
                    long label = given[begin + j];
                    if (label < 0 || label >= input.dim(2)) {
                        throw ShapeException.of("ctc", "label out of range").operand("label", label)
                                .operand("of sequence", i).expected("0 to " + (input.dim(2) - 1));
                    }
                    states[i * width + 2 * j + 1] = label;
                    maySkip[i * width + 2 * j + 1] = label != blank && (j == 0 || label != given[begin + j - 1]);
                }
                from += targetLengths[i];
                ends[2 * i] = 2L * targetLengths[i];
                ends[2 * i + 1] = Math.max(0, 2L * targetLengths[i] - 1);
                isEmpty[i] = targetLengths[i] == 0;
            }
            return new Labels(Tensor.of(states, n, width), Tensor.of(maySkip, n, width), Tensor.of(ends, n, 2),
                    Tensor.of(isEmpty, Shape.of(n)));
        }

        private static void require(Shape input, Tensor targets, int[] inputLengths, int[] targetLengths,
                int blank) {
            LossRules.labels("ctc", targets);
            if (input.rank() != 3 || input.dim(0) == 0 || inputLengths.length != input.dim(1)
                    || targetLengths.length != input.dim(1)) {
                throw ShapeException.of("ctc", "lengths do not fit the input").operand("input", input)
                        .operand("input lengths", inputLengths.length).operand("target lengths", targetLengths.length)
                        .expected("[time, n, classes] with a step or more, and n lengths of both");
            }
            if (blank < 0 || blank >= input.dim(2)) {
                throw ShapeException.of("ctc", "the blank is no class").operand("blank", blank).operand("input", input)
                        .expected("0 to " + (input.dim(2) - 1));
            }
            long most = targets.rank() == 2 ? targets.dim(1) : targets.size();
            long sum = 0;
            for (int i = 0; i < targetLengths.length; i++) {
                if (inputLengths[i] < 0 || inputLengths[i] > input.dim(0) || targetLengths[i] < 0
                        || targetLengths[i] > most) {
                    throw ShapeException.of("ctc", "length out of range").operand("input length", inputLengths[i])
                            .operand("target length", targetLengths[i]).operand("of sequence", i)
                            .expected("at most " + input.dim(0) + " steps and " + most + " labels");
                }
                sum += targetLengths[i];
            }
            boolean fits = targets.rank() == 1 && sum == targets.size()
                    || targets.rank() == 2 && targets.dim(0) == input.dim(1);
            if (!fits) {
                throw ShapeException.of("ctc", "targets do not fit").operand("targets", targets.shape())
                        .operand("input", input).expected("[n, labels], or [sum of target lengths]");
            }
        }
    }
}
