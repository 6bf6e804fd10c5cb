package io.adjoint.serialization.onnx.write;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.op.Centre;
import io.adjoint.autodiff.op.CrossEntropy;
import io.adjoint.autodiff.op.LogSoftmaxGradient;
import io.adjoint.autodiff.op.Moments;
import io.adjoint.autodiff.op.Normalise;
import io.adjoint.autodiff.op.NormaliseGradient;
import io.adjoint.autodiff.op.NormaliseScaleGradient;
import io.adjoint.autodiff.op.RowOp;
import io.adjoint.autodiff.op.SoftmaxGradient;
import io.adjoint.autodiff.op.Span;
import io.adjoint.serialization.onnx.write.Lowering.Decomposition;
import java.util.Optional;

/** Row operations as the compositions that they stand for. */
final class RowForms {
    private RowForms() {}

    static Optional<Decomposition> of(RowOp op) {
        return Optional.ofNullable(switch (op) {
            case SoftmaxGradient(int axis) -> in -> {
                Tensor y = in.getLast();
                Tensor product = in.getFirst().mul(y);
                return product.sub(y.mul(product.sum(Axes.keep(axis))));
            };
            case LogSoftmaxGradient(int axis) ->
                in -> in.getFirst().sub(in.getLast().exp().mul(in.getFirst().sum(Axes.keep(axis))));
            case CrossEntropy() ->
                in -> in.getFirst().logSoftmax(1).gather(1, in.getLast().unsqueeze(1)).squeeze(1).neg();
            case Normalise(Span span, Centre centre, double epsilon) -> in -> {
                Tensor centred = centred(span, centre, in.getFirst());
                return centred.div(root(span, centred, epsilon)).mul(in.get(1)).add(in.get(2));
            };
            case NormaliseGradient(Span span, Centre centre, double epsilon) -> in -> {
                Tensor centred = centred(span, centre, in.get(1));
                Tensor root = root(span, centred, epsilon);
                Tensor y = centred.div(root);
                Tensor g = in.getFirst().mul(in.get(2));
                return centred(span, centre, g).sub(y.mul(mean(span, g.mul(y)))).div(root);
            };
            case NormaliseScaleGradient(Span span, Centre centre, double epsilon) -> in -> {
                Tensor centred = centred(span, centre, in.getLast());
                return sum(span, in.getFirst().mul(centred.div(root(span, centred, epsilon))));
            };
            case Moments(Span span) -> in -> {
                Tensor mean = mean(span, in.getFirst());
                Tensor variance = mean(span, in.getFirst().sub(mean).square());
                Tensor both = Tensor.stack(mean.rank(), mean, variance);
                return both.squeeze(mean.rank() - 1);
            };
            default -> null;
        });
    }

    private static Tensor centred(Span span, Centre centre, Tensor x) {
        return centre == Centre.MEAN ? x.sub(mean(span, x)) : x;
    }

    private static Tensor root(Span span, Tensor centred, double epsilon) {
        return mean(span, centred.square()).add(epsilon).sqrt();
    }

    /** Stretching to the input. */
    private static Tensor sum(Span span, Tensor x) {
        return switch (span) {
            case LAST_AXIS -> x.sum(Axes.keep(-1));
            case CHANNEL -> x.sum(Axes.drop(0, 2)).unsqueeze(-1);
        };
    }

    private static Tensor mean(Span span, Tensor x) {
        Shape shape = x.shape();
        return sum(span, x).div(span == Span.LAST_AXIS ? shape.dim(-1) : (double) shape.dim(0) * shape.dim(2));
    }
}
