package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.Optional;

/** Losses that ask for a margin between a right and a wrong answer. Targets of pairs are 1 (alike) or -1 (different). */
public final class MarginLosses {
    /** Added to squared norms, so that a zero vector has an angle. */
    private static final double LEAST_SQUARE = 1e-12;

    private MarginLosses() {}

    /** The mean of {@link #hingeEmbedding(Tensor, Tensor, double, Reduction)} with margin 1. */
    public static Tensor hingeEmbedding(Tensor input, Tensor target) {
        return hingeEmbedding(input, target, 1, Reduction.MEAN);
    }

    /**
     * A distance x where the target is 1, {@code max(0, margin - x)} where it is -1, as {@code
     * torch.nn.HingeEmbeddingLoss}; for other targets the sum of both.
     *
     * @throws ShapeException if the shapes differ
     */
    public static Tensor hingeEmbedding(Tensor input, Tensor target, double margin, Reduction reduction) {
        LossRules.requireAlike("hinge_embedding", "input", input, target);
        Tensor different = target.eq(1).where(0, LossRules.positivePart(input.rsub(margin)));
        return reduction.of(target.eq(-1).where(0, input).add(different));
    }

    /** The mean of {@link #ranking(Tensor, Tensor, Tensor, double, Reduction)} with margin 0. */
    public static Tensor ranking(Tensor first, Tensor second, Tensor target) {
        return ranking(first, second, target, 0, Reduction.MEAN);
    }

    /**
     * {@code max(0, margin - t (first - second))}: target 1 wants the first to be greater, -1 the second, as {@code
     * torch.nn.MarginRankingLoss}.
     *
     * @throws ShapeException if the shapes differ
     */
    public static Tensor ranking(Tensor first, Tensor second, Tensor target, double margin, Reduction reduction) {
        LossRules.requireAlike("ranking", "first", first, target);
        LossRules.requireAlike("ranking", "second", second, target);
        return reduction.of(LossRules.positivePart(target.mul(first.sub(second)).rsub(margin)));
    }

    /** The mean of {@link #cosineEmbedding(Tensor, Tensor, Tensor, double, Reduction)} with margin 0. */
    public static Tensor cosineEmbedding(Tensor first, Tensor second, Tensor target) {
        return cosineEmbedding(first, second, target, 0, Reduction.MEAN);
    }

    /**
     * {@code 1 - cos} of two vectors where the target is 1, {@code max(0, cos - margin)} where it is -1, as {@code
     * torch.nn.CosineEmbeddingLoss}.
     *
     * @param first {@code [n, width]} or {@code [width]}
     * @param second of the same shape
     * @param target {@code [n]} or a scalar
     * @throws ShapeException if the shapes do not fit
     */
    public static Tensor cosineEmbedding(Tensor first, Tensor second, Tensor target, double margin,
            Reduction reduction) {
        String name = "cosine_embedding";
        LossRules.requireFloat(name, "first", first);
        if (!first.shape().equals(second.shape()) || first.rank() < 1 || first.rank() > 2
                || !target.shape().equals(first.rank() == 1 ? Shape.scalar() : Shape.of(first.dim(0)))) {
            throw ShapeException.of(name, "shapes do not fit").operand("first", first.shape())
                    .operand("second", second.shape()).operand("target", target.shape())
                    .expected("[n, width] twice and [n], or [width] twice and []");
        }
        Tensor squares = first.square().sum(-1).add(LEAST_SQUARE).mul(second.square().sum(-1).add(LEAST_SQUARE));
        Tensor cosine = first.mul(second).sum(-1).div(squares.sqrt());
        Tensor different = target.eq(-1).where(LossRules.positivePart(cosine.sub(margin)), 0);
        return reduction.of(target.eq(1).where(cosine.rsub(1), different));
    }

    /** The mean of {@link #triplet(Tensor, Tensor, Tensor, Triplet, Reduction)} with the defaults. */
    public static Tensor triplet(Tensor anchor, Tensor positive, Tensor negative) {
        return triplet(anchor, positive, negative, Triplet.DEFAULT, Reduction.MEAN);
    }

    /** Which distance counts as that of the negative. */
    public enum Against {
        /** The one from the anchor. */
        ANCHOR,
        /** The lesser of those from the anchor and from the positive: {@code swap} in PyTorch. */
        NEARER
    }

    /**
     * What a triplet loss asks for.
     *
     * @param margin between the two distances, above 0
     * @param p order of the norm
     * @param epsilon added to each difference
     * @param against from where the negative is measured
     */
    public record Triplet(double margin, double p, double epsilon, Against against) {
        /** Margin 1, Euclidean, epsilon 1e-6, against the anchor: PyTorch's defaults. */
        public static final Triplet DEFAULT = new Triplet(1, 2, 1e-6, Against.ANCHOR);

        /** With another margin. */
        public Triplet withMargin(double other) {
            return new Triplet(other, p, epsilon, against);
        }

        /** With a norm of another order. */
        public Triplet withNorm(double order) {
            return new Triplet(margin, order, epsilon, against);
        }

        /** Measured from elsewhere. */
        public Triplet against(Against other) {
            return new Triplet(margin, p, epsilon, other);
        }
    }

    /**
     * {@code max(0, d(anchor, positive) - d(anchor, negative) + margin)} with {@link Distances#pairwise distances} over the
     * last axis, as {@code torch.nn.TripletMarginLoss}.
     *
     * @throws ShapeException if the shapes do not broadcast
     */
    public static Tensor triplet(Tensor anchor, Tensor positive, Tensor negative, Triplet options,
            Reduction reduction) {
        Tensor near = Distances.pairwise(anchor, positive, options.p, options.epsilon);
        Tensor far = Distances.pairwise(anchor, negative, options.p, options.epsilon);
        Tensor against = switch (options.against) {
            case ANCHOR -> far;
            case NEARER -> far.minimum(Distances.pairwise(positive, negative, options.p, options.epsilon));
        };
        return tripletOfDistances(near, against, options.margin, reduction);
    }

    /**
     * {@code max(0, near - far + margin)} of distances, however they were measured.
     *
     * @param near of each anchor from its positive
     * @param far of each anchor from its negative, of the same shape
     * @throws ShapeException if the shapes differ
     */
    public static Tensor tripletOfDistances(Tensor near, Tensor far, double margin, Reduction reduction) {
        LossRules.requireFloat("triplet", "near", near);
        if (!near.shape().equals(far.shape())) {
            throw ShapeException.of("triplet", "shapes differ").operand("near", near.shape())
                    .operand("far", far.shape()).expected("far " + near.shape());
        }
        return reduction.of(LossRules.positivePart(near.sub(far).add(margin)));
    }

    /** The mean of {@link #multiClass(Tensor, Tensor, int, double, Optional, Reduction)} with p = 1 and margin 1. */
    public static Tensor multiClass(Tensor input, Tensor labels) {
        return multiClass(input, labels, 1, 1, Optional.empty(), Reduction.MEAN);
    }

    /**
     * {@code sum over i != y of w[y] max(0, margin - x[y] + x[i])^p / classes}, as {@code torch.nn.MultiMarginLoss}.
     *
     * @param input {@code [n, classes]} or {@code [classes]}
     * @param labels I64 or I32 {@code [n]} or a scalar
     * @param p 1 or 2
     * @param weights for each class, {@code [classes]}
     * @throws ShapeException if shapes do not fit or a label is out of range
     */
    public static Tensor multiClass(Tensor input, Tensor labels, int p, double margin, Optional<Tensor> weights,
            Reduction reduction) {
        String name = "multi_class_margin";
        Tensor rows = rows(name, input, labels, LossRules.labels(name, labels).rank() + 1);
        if (p != 1 && p != 2) {
            throw ShapeException.of(name, "no such power").operand("p", p).expected("1 or 2");
        }
        int classes = rows.dim(1);
        weights.ifPresent(w -> LossRules.requireClasses(name, w, classes));
        Tensor flat = labels.cast(DType.I64).reshape(Shape.of(rows.dim(0)));
        Tensor chosen = rows.gather(1, flat.unsqueeze(1));
        Tensor lack = rows.sub(chosen).add(margin).relu();
        Tensor cost = p == 1 ? lack : lack.square();
        Tensor others = flat.unsqueeze(1).eq(Tensor.range(classes)).where(0, cost);
        Tensor weighted = weights
                .map(w -> others.mul(w.cast(rows.dtype()).indexSelect(0, flat).unsqueeze(1))).orElse(others);
        return reduction.of(weighted.sum(1).div(classes).reshape(labels.shape()));
    }

    /** The mean of {@link #multiLabel(Tensor, Tensor, Reduction)}. */
    public static Tensor multiLabel(Tensor input, Tensor labels) {
        return multiLabel(input, labels, Reduction.MEAN);
    }

    /**
     * {@code sum of max(0, 1 - (x[y] - x[i])) / classes} over the labels y and the classes i that are none, as {@code
     * torch.nn.MultiLabelMarginLoss}.
     *
     * @param input {@code [n, classes]} or {@code [classes]}
     * @param labels I64 or I32 of the same shape: the labels of an example, then -1; what follows does not count
     * @throws ShapeException if the shapes differ or a label is out of range
     */
    public static Tensor multiLabel(Tensor input, Tensor labels, Reduction reduction) {
        String name = "multi_label_margin";
        LossRules.requireAlike(name, "input", input, LossRules.labels(name, labels));
        Tensor rows = rows(name, input, labels, labels.rank());
        int classes = rows.dim(1);
        DType dtype = rows.dtype();
        Tensor flat = labels.cast(DType.I64).reshape(rows.shape());
        // a label counts while nothing negative stands before it or in its place
        Tensor places = Tensor.range(classes);
        Tensor upTo = places.unsqueeze(1).le(places).cast(dtype);
        Tensor counts = flat.lt(0).cast(dtype).matmul(upTo).eq(0);
        Tensor safe = counts.where(flat, Tensor.scalar(0, DType.I64));
        Tensor isLabel = Tensor.zeros(rows.shape(), dtype).scatterAdd(1, safe, counts.cast(dtype)).gt(0);
        Tensor lack = rows.unsqueeze(1).sub(rows.gather(1, safe).unsqueeze(2)).add(1).relu();
        Tensor counted = counts.unsqueeze(2).and(isLabel.not().unsqueeze(1)).where(lack, 0);
        Shape examples = input.rank() == 1 ? Shape.scalar() : Shape.of(input.dim(0));
        return reduction.of(counted.sum(1, 2).div(classes).reshape(examples));
    }

    private static Tensor rows(String name, Tensor input, Tensor labels, int rank) {
        LossRules.requireFloat(name, "input", input);
        if (input.rank() < 1 || input.rank() > 2 || rank != input.rank()
                || input.rank() == 2 && labels.dim(0) != input.dim(0)) {
            throw ShapeException.of(name, "labels do not fit the input").operand("input", input.shape())
                    .operand("labels", labels.shape()).expected("[n, classes] or [classes], and labels to match");
        }
        return input.rank() == 2 ? input : input.unsqueeze(0);
    }
}
