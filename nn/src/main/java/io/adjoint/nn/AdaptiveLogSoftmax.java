package io.adjoint.nn;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Logarithms of the probabilities of very many classes, of which the rare ones stand in clusters with fewer features each (Grave,
 * Joulin, Cisse, Grangier, Jegou, "Efficient softmax approximation for GPUs", 2017), as {@code
 * torch.nn.AdaptiveLogSoftmaxWithLoss} with the names and layout of its variables. Classes are ordered by how frequent they are;
 * the head gives the first ones and the clusters, and the probability of a class in a cluster is that of the cluster times its
 * own there. Here the clusters save parameters and products with features; each is computed for every example.
 *
 * <p>Shapes: x {@code [n, in]} or {@code [in]}, target I64 or I32 {@code [n]} or a scalar.
 *
 * @param head from in to the classes before the first cut, then the clusters
 * @param tail for each cluster a layer from in to fewer features, then one to its classes
 * @param cutoffs the class with which each cluster begins, ascending, then the number of all classes
 */
public record AdaptiveLogSoftmax(Linear head, List<Sequential> tail, List<Integer> cutoffs) implements Module {
    private static final String NAME = "adaptive_log_softmax";

    /**
     * What comes out.
     *
     * @param output the logarithm of the probability of each target, {@code [n]} or a scalar
     * @param loss the mean of {@code -output}, a scalar
     */
    public record Output(Tensor output, Tensor loss) {}

    /**
     * A module of given layers.
     *
     * @throws ShapeException if the cutoffs do not ascend, or the layers do not fit them
     */
    public AdaptiveLogSoftmax {
        tail = List.copyOf(tail);
        cutoffs = List.copyOf(cutoffs);
        requireAscending(cutoffs);
        int rows = cutoffs.getFirst() + tail.size();
        if (tail.size() != cutoffs.size() - 1 || head.weight().spec().shape().dim(0) != rows) {
            throw ShapeException.of(NAME, "the layers do not fit the cutoffs").operand("cutoffs", cutoffs)
                    .operand("head", head.weight().spec().shape()).operand("tail", tail.size())
                    .expected("a head [" + (cutoffs.getFirst() + cutoffs.size() - 1) + ", in] and a tail of "
                            + (cutoffs.size() - 1));
        }
    }

    /** A module with the defaults of {@link Config#of}. */
    public static AdaptiveLogSoftmax of(int in, int classes, List<Integer> cutoffs, Rng rng) {
        return Config.of(in, classes, cutoffs).create(rng);
    }

    /**
     * The logarithms of the probabilities of targets, and the loss.
     *
     * @throws ShapeException if the input does not fit, or a target is no class
     */
    public Output forward(Tensor x, Tensor target) {
        Tensor all = logProbabilities(x);
        if (target.rank() != all.rank() - 1 || !target.dtype().isInteger()
                || target.rank() == 1 && target.dim(0) != all.dim(0)) {
            throw ShapeException.of(NAME, "the target does not fit the input").operand("input", x.shape())
                    .operand("target", target.spec())
                    .expected("I64 or I32 " + (all.rank() == 1 ? "[]" : "[" + all.dim(0) + "]"));
        }
        Tensor output = all.gather(-1, target.cast(DType.I64).unsqueeze(-1)).squeeze(-1);
        return new Output(output, output.mean().neg());
    }

    /**
     * The logarithms of the probabilities of all classes, {@code [n, classes]} or {@code [classes]}; PyTorch's {@code log_prob}.
     *
     * @throws ShapeException if the input does not fit
     */
    public Tensor logProbabilities(Tensor x) {
        if (x.rank() < 1 || x.rank() > 2) {
            throw ShapeException.of(NAME, "not examples").operand("input", x.shape()).expected("[n, in] or [in]");
        }
        int first = cutoffs.getFirst();
        Tensor top = head.forward("head", x).logSoftmax(-1);
        List<Tensor> parts = new ArrayList<>(List.of(top.narrow(-1, 0, first)));
        for (int i = 0; i < tail.size(); i++) {
            Tensor inside = tail.get(i).forward("tail." + i, x).logSoftmax(-1);
            parts.add(inside.add(top.narrow(-1, first + i, 1)));
        }
        return Tensor.concat(-1, parts.toArray(Tensor[]::new));
    }

    /**
     * The most probable class of each example, I64 {@code [n]} or a scalar; PyTorch's {@code predict}.
     *
     * @throws ShapeException if the input does not fit
     */
    public Tensor mostProbable(Tensor x) {
        return logProbabilities(x).argmax(-1);
    }

    private static void requireAscending(List<Integer> cutoffs) {
        boolean ascends = cutoffs.size() > 1 && cutoffs.getFirst() > 0;
        for (int i = 1; i < cutoffs.size(); i++) {
            ascends &= cutoffs.get(i) > cutoffs.get(i - 1);
        }
        if (!ascends) {
            throw ShapeException.of(NAME, "the cutoffs do not ascend").operand("cutoffs", cutoffs)
                    .expected("one or more above 0, each above the one before, below the number of classes");
        }
    }

    /**
     * What a module is made from.
     *
     * @param in features of the input
     * @param cutoffs the class with which each cluster begins, ascending, then the number of all classes
     * @param divisor by how much a cluster has fewer features than the one before, the first one fewer than the input
     * @param bias whether the head has one
     * @param dtype of the variables
     */
    public record Config(int in, List<Integer> cutoffs, double divisor, HeadBias bias, DType dtype) {
        /** Refuses numbers that do not fit each other. */
        public Config {
            Objects.requireNonNull(bias, "bias");
            Objects.requireNonNull(dtype, "dtype");
            cutoffs = List.copyOf(cutoffs);
            requireAscending(cutoffs);
            if (in < 1 || !(divisor > 0)) {
                throw ShapeException.of(NAME, "no features to divide").operand("in", in).operand("divisor", divisor)
                        .expected("1 feature or more, and a divisor above 0");
            }
        }

        /** The defaults, those of PyTorch: divisor 4, no bias, F32, the layers as {@link Linear.Config#of} has them. */
        public static Config of(int in, int classes, List<Integer> cutoffs) {
            List<Integer> all = new ArrayList<>(cutoffs);
            all.add(classes);
            return new Config(in, all, 4, HeadBias.NONE, DType.F32);
        }

        /** The same with another divisor. */
        public Config withDivisor(double divisor) {
            return new Config(in, cutoffs, divisor, bias, dtype);
        }

        /** The same with a bias of the head. */
        public Config withHeadBias() {
            return new Config(in, cutoffs, divisor, HeadBias.LEARNED, dtype);
        }

        /** The same with variables of another dtype. */
        public Config withDType(DType dtype) {
            return new Config(in, cutoffs, divisor, bias, dtype);
        }

        /**
         * Draws the variables.
         *
         * @throws ShapeException if a cluster is left without features
         */
        public AdaptiveLogSoftmax create(Rng rng) {
            List<Sequential> tail = new ArrayList<>();
            for (int i = 1; i < cutoffs.size(); i++) {
                int features = (int) Math.floor(in / StrictMath.pow(divisor, i));
                if (features < 1) {
                    throw ShapeException.of(NAME, "a cluster without features").operand("in", in)
                            .operand("divisor", divisor).operand("clusters", cutoffs.size() - 1)
                            .expected("a feature or more after dividing for each cluster");
                }
                tail.add(Sequential.of(linear(in, features).create(rng.stream(2L * i)),
                        linear(features, cutoffs.get(i) - cutoffs.get(i - 1)).create(rng.stream(2L * i + 1))));
            }
            Linear.Config head = Linear.Config.of(in, cutoffs.getFirst() + tail.size()).withDType(dtype);
            return new AdaptiveLogSoftmax(
                    (bias == HeadBias.LEARNED ? head : head.withoutBias()).create(rng.stream(0)), tail, cutoffs);
        }

        private Linear.Config linear(int from, int to) {
            return Linear.Config.of(from, to).withoutBias().withDType(dtype);
        }
    }

    /** Whether the head has a bias. */
    public enum HeadBias {
        /** It has none, PyTorch's default. */
        NONE,
        /** It has. */
        LEARNED
    }
}
