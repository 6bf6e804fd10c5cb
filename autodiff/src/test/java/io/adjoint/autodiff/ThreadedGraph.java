package io.adjoint.autodiff;

import io.adjoint.autodiff.function.Affine;
import io.adjoint.autodiff.function.ConvolutionOptions;
import io.adjoint.autodiff.function.Convolutions;
import io.adjoint.autodiff.function.Normalisation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A graph of operations on a matrix that is large enough for threads to share it. Each step takes the matrix to another one,
 * {@code 4 rowQuarters} rows by {@code 4 columnQuarters} columns at first.
 */
record ThreadedGraph(List<Step> steps, int rowQuarters, int columnQuarters, DType dtype, long seed) {
    private static final int QUARTERS = 4;

    /** A step. Its choices and other operands come from the run, which gives the same ones each time. */
    enum Step {
        NN((x, run) -> x.matmul(run.leaf(x.dim(1), run.extent()))),
        NT((x, run) -> x.matmul(run.leaf(run.extent(), x.dim(1)).transpose())),
        TN((x, run) -> x.transpose().matmul(run.leaf(x.dim(0), run.extent()))),
        BATCHED((x, run) -> {
            Tensor each = x.reshape(QUARTERS, x.dim(0) / QUARTERS, x.dim(1));
            int columns = run.extent();
            return each.matmul(run.leaf(QUARTERS, x.dim(1), columns)).reshape(x.dim(0), columns);
        }),
        CHAIN((x, run) -> x.tanh().mul(x.sigmoid()).add(x.mul(0.1).gelu()).sub(x.square().add(1).log().sin())),
        ACROSS((x, run) -> x.add(run.leaf(x.dim(1))).mul(run.leaf(x.dim(0), 1))),
        TRANSPOSED((x, run) -> x.transpose().add(run.leaf(x.dim(1), x.dim(0)))),
        SUM((x, run) -> run.reduced(x, (y, axes) -> y.sum(axes).mul(0.01))),
        MEAN((x, run) -> run.reduced(x, (y, axes) -> y.mean(axes))),
        GREATEST((x, run) -> run.reduced(x, (y, axes) -> y.max(axes))),
        ALL((x, run) -> x.div(x.abs().sum().add(1)).add(x)),
        SOFTMAX((x, run) -> x.softmax(run.axis()).add(x)),
        LOG_SOFTMAX((x, run) -> x.logSoftmax(run.axis())),
        LAYER_NORM((x, run) -> Normalisation.layer(x, Shape.of(x.dim(1)),
                Affine.of(run.leaf(x.dim(1)), run.leaf(x.dim(1))), 1e-5)),
        CONVOLUTION((x, run) -> Convolutions.convolve(
                x.reshape(QUARTERS, QUARTERS, x.dim(0) / QUARTERS, x.dim(1) / QUARTERS),
                run.leaf(QUARTERS, QUARTERS, 3, 3), ConvolutionOptions.DEFAULT.padding(1)).reshape(x.shape())),
        GATHER((x, run) -> x.indexSelect(0, run.places(x.dim(0)))),
        RUNNING_SUM((x, run) -> x.cumsum(run.axis()).mul(0.01));

        private final Rule rule;

        Step(Rule rule) {
            this.rule = rule;
        }
    }

    private interface Rule {
        Tensor apply(Tensor x, Run run);
    }

    private interface Reduction {
        Tensor apply(Tensor x, int... axes);
    }

    /** The result, then the gradients of its mean square by all leaves. */
    List<Tensor> resultAndGradients() {
        Run run = new Run(dtype, new Random(seed));
        Tensor x = run.leaf(QUARTERS * rowQuarters, QUARTERS * columnQuarters);
        for (Step step : steps) {
            x = step.rule.apply(x, run);
        }
        List<Tensor> all = new ArrayList<>(List.of(x.detached()));
        all.addAll(x.square().mean().gradients(run.leaves.toArray(Tensor[]::new)).values());
        return all;
    }

    /** Choices of one run through the steps, and the leaves that were made in it. */
    private static final class Run {
        private final DType dtype;
        private final Random random;
        private final List<Tensor> leaves = new ArrayList<>();

        Run(DType dtype, Random random) {
            this.dtype = dtype;
            this.random = random;
        }

        Tensor leaf(int... dims) {
            Tensor leaf = Rng.seed(random.nextLong()).normal(Shape.of(dims), dtype).tracked();
            leaves.add(leaf);
            return leaf;
        }

        int extent() {
            return QUARTERS * (24 + random.nextInt(40));
        }

        int axis() {
            return random.nextInt(2);
        }

        Tensor places(int count) {
            return Tensor.of(random.longs(count, 0, count).toArray(), count);
        }

        /** The matrix with its quarters as axes, less the reduction over some of the four. */
        Tensor reduced(Tensor x, Reduction reduction) {
            int[] dims = {QUARTERS, x.dim(0) / QUARTERS, QUARTERS, x.dim(1) / QUARTERS};
            int chosen = 1 + random.nextInt((1 << dims.length) - 1);
            int[] axes = IntStream.range(0, dims.length).filter(axis -> (chosen >> axis & 1) == 1).toArray();
            int[] kept = dims.clone();
            for (int axis : axes) {
                kept[axis] = 1;
            }
            Tensor parts = x.reshape(dims);
            return parts.sub(reduction.apply(parts, axes).reshape(kept)).reshape(x.shape());
        }
    }
}
