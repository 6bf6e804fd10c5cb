package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.ResolveIndex;
import io.adjoint.autodiff.tape.Internals;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Losses of logarithms of probabilities by class: the class axis is axis 1, or the only one. */
record ClassLoss(String name, Tensor logProbabilities, ClassOptions options) {
    ClassLoss {
        LossRules.requireFloat(name, "input", logProbabilities);
        if (logProbabilities.rank() == 0) {
            throw ShapeException.of(name, "no class axis").operand("input", logProbabilities.shape())
                    .expected("[classes], [n, classes] or [n, classes, ...]");
        }
        options.weights().ifPresent(weights -> LossRules.requireClasses(name, weights, classes(logProbabilities)));
    }

    /** The axis of the classes. */
    static int axis(Tensor input) {
        return input.rank() == 1 ? 0 : 1;
    }

    private static int classes(Tensor input) {
        return input.dim(axis(input));
    }

    /** The shape without the class axis. */
    static Shape examples(Tensor input) {
        int axis = axis(input);
        return Shape.of(IntStream.range(0, input.rank()).filter(i -> i != axis).map(input::dim).toArray());
    }

    /** Cross-entropy of rows without weights and smoothing, without a look at the labels. */
    static Tensor plain(Tensor logits, Tensor labels, long ignored, Reduction reduction) {
        Tensor counts = labels.ne(Tensor.scalar(ignored, DType.I64));
        Tensor safe = counts.where(labels, Tensor.scalar(0, DType.I64));
        Tensor counted = counts.where(logits.crossEntropy(safe), 0);
        return reduction == Reduction.MEAN ? counted.sum().div(counts.cast(logits.dtype()).sum())
                : reduction.of(counted);
    }

    /** One label for each example. */
    Tensor ofLabels(Tensor given, Reduction reduction) {
        Tensor labels = LossRules.labels(name, given);
        Shape examples = examples(logProbabilities);
        if (!labels.shape().equals(examples)) {
            throw ShapeException.of(name, "labels do not fit the input").operand("input", logProbabilities.shape())
                    .operand("labels", labels.shape()).expected("labels " + examples);
        }
        Tensor rows = rows(logProbabilities);
        Tensor flat = labels.reshape(Shape.of(examples.size()));
        Tensor counts = flat.ne(Tensor.scalar(options.ignored(), DType.I64));
        Tensor safe = requireLabels(counts.where(flat, Tensor.scalar(0, DType.I64)), rows.dim(1));
        Tensor weight = options.weights().map(w -> w.cast(rows.dtype()).indexSelect(0, safe))
                .orElseGet(() -> Tensor.full(flat.shape(), rows.dtype(), 1));
        Tensor chosen = rows.gather(1, safe.unsqueeze(1)).squeeze(1).mul(weight);
        Tensor losses = options.smoothing() == 0 ? chosen.neg()
                : chosen.mul(options.smoothing() - 1)
                        .sub(weighted(rows).sum(1).mul(options.smoothing() / rows.dim(1)));
        Tensor counted = counts.where(losses, 0);
        if (reduction == Reduction.MEAN) {
            return counted.sum().div(counts.where(weight, 0).sum());
        }
        return reduction.of(counted.reshape(examples));
    }

    /** Before anything is computed from a label. */
    private Tensor requireLabels(Tensor labels, int classes) {
        if (Internals.array(labels).isSymbolic()) {
            return new ResolveIndex(classes, ResolveIndex.Counting.FROM_FRONT, name).apply(labels);
        }
        long[] values = labels.toLongs();
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0 || values[i] >= classes) {
                throw ShapeException.of(name, "label out of range").operand("label", values[i]).operand("at", i)
                        .expected(classes == 0 ? "one class or more" : "0 to " + (classes - 1) + ", or the ignored "
                                + options.ignored());
            }
        }
        return labels;
    }

    /** A probability of each class for each example. */
    Tensor ofProbabilities(Tensor target, Reduction reduction) {
        LossRules.requireFloat(name, "target", target);
        LossRules.requireAlike(name, "input", logProbabilities, target);
        double share = options.smoothing();
        Tensor rows = rows(logProbabilities);
        Tensor smooth = rows(target);
        if (share > 0) {
            smooth = smooth.mul(1 - share).add(share / rows.dim(1));
        }
        Tensor losses = weighted(rows).mul(smooth).sum(1).neg();
        return reduction.of(losses.reshape(examples(logProbabilities)));
    }

    private Tensor weighted(Tensor rows) {
        return options.weights().map(w -> rows.mul(w.cast(rows.dtype()))).orElse(rows);
    }

    /** The classes of an example as a row. */
    private static Tensor rows(Tensor x) {
        int axis = axis(x);
        List<Integer> order = new ArrayList<>(IntStream.range(0, x.rank()).boxed().toList());
        order.add(order.remove(axis));
        Tensor last = x.permute(order.stream().mapToInt(Integer::intValue).toArray());
        return last.reshape(Shape.of(examples(x).size(), classes(x)));
    }
}
