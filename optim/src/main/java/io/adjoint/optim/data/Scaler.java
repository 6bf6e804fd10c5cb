package io.adjoint.optim.data;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Layer;
import java.util.stream.IntStream;

/**
 * Features shifted and scaled by numbers that were fitted on a training set: {@code (x - shift) / scale}. Being a layer with two
 * buffers, it can stand at the front of the model, is saved with it, and so is applied to new data as it was to those learned
 * from.
 *
 * {@snippet :
 * Scaler scaler = Scaler.standard(split.training(), Scaler.Per.FEATURE);
 * Sequential model = Sequential.of(scaler, Linear.of(4, 16, rng.stream(0)), ...);
 * }
 *
 * <p>Shapes: x {@code [n, ...]}, the result the same; both variables stretch to it.
 *
 * @param shift is subtracted
 * @param scale divides; a feature that does not vary has 1
 */
public record Scaler(Variable shift, Variable scale) implements Layer {
    private static final int CHUNK = 256;

    /** What has a shift and scale of its own. */
    public enum Per {
        /** Each element of an example. */
        FEATURE,
        /** Each channel of an example {@code [channels, ...]}, over all its places. */
        CHANNEL
    }

    /**
     * Mean 0 and standard deviation 1 over the training set. The variance is divided by n; its sums are added up in F64.
     *
     * @throws ShapeException if the features are not floats, or channels are asked for and there are none
     */
    public static Scaler standard(Examples<?> training, Per per) {
        Tensor mean = Tensor.zeros(Shape.scalar(), DType.F64);
        Tensor squares = Tensor.zeros(Shape.scalar(), DType.F64);
        Tensor least = Tensor.scalar(Double.POSITIVE_INFINITY, DType.F64);
        Tensor greatest = least.neg();
        DType dtype = DType.F64;
        double count = 0;
        for (int start = 0; start < training.size(); start += CHUNK) {
            Tensor chunk = features(training, start);
            dtype = chunk.dtype();
            Tensor values = byUnit(chunk, per).cast(DType.F64);
            // the parallel form of Chan, Golub, LeVeque 1979
            double more = values.dim(0);
            Tensor mean2 = values.mean(0);
            Tensor apart = mean2.sub(mean);
            squares = squares.add(values.sub(mean2).square().sum(0))
                    .add(apart.square().mul(count * more / (count + more)));
            least = least.minimum(values.min(0));
            greatest = greatest.maximum(values.max(0));
            count += more;
            mean = mean.add(apart.mul(more / count));
        }
        // the mean of equal numbers is rounded, and so they would have a deviation
        Tensor spread = least.eq(greatest).where(0, squares.div(count).sqrt());
        return of(mean, spread, dtype, per, training);
    }

    /**
     * The least value of the training set at 0, the greatest at 1.
     *
     * @throws ShapeException if the features are not floats, or channels are asked for and there are none
     */
    public static Scaler minMax(Examples<?> training, Per per) {
        Tensor first = features(training, 0);
        Tensor least = byUnit(first, per).min(0);
        Tensor greatest = byUnit(first, per).max(0);
        for (int start = CHUNK; start < training.size(); start += CHUNK) {
            Tensor values = byUnit(features(training, start), per);
            least = least.minimum(values.min(0));
            greatest = greatest.maximum(values.max(0));
        }
        return of(least, greatest.sub(least), first.dtype(), per, training);
    }

    private static Tensor features(Examples<?> data, int start) {
        Tensor features = data.rows(IntStream.range(start, Math.min(start + CHUNK, data.size())).toArray()).features();
        if (!features.dtype().isFloat()) {
            throw ShapeException.of("scaler", "not floats").operand("features", features.spec()).expected("F32 or F64");
        }
        return features;
    }

    /** {@code [m, units]}: what each unit is measured by, in a column. */
    private static Tensor byUnit(Tensor features, Per per) {
        return switch (per) {
            case FEATURE -> features.reshape(features.dim(0), features.size() / features.dim(0));
            case CHANNEL -> {
                if (features.rank() < 2) {
                    throw ShapeException.of("scaler", "no channels").operand("features", features.shape())
                            .expected("[n, channels, ...]");
                }
                int channels = features.dim(1);
                yield features.transpose(0, 1).reshape(channels, features.size() / channels).transpose();
            }
        };
    }

    private static Scaler of(Tensor shift, Tensor spread, DType dtype, Per per, Examples<?> training) {
        int[] dims = training.rows(0).features().select(0, 0).shape().dims();
        for (int axis = 1; per == Per.CHANNEL && axis < dims.length; axis++) {
            dims[axis] = 1;
        }
        Tensor held = spread.cast(dtype);
        return new Scaler(Variable.buffer(shift.cast(dtype).reshape(dims)),
                Variable.buffer(held.eq(0).where(1, held).reshape(dims)));
    }

    @Override
    public Tensor forward(Tensor x) {
        requireFitting(x);
        return x.sub(shift.value()).div(scale.value());
    }

    /** What was there before: {@code x * scale + shift}. */
    public Tensor inverse(Tensor x) {
        requireFitting(x);
        return x.mul(scale.value()).add(shift.value());
    }

    /** The features of a dataset scaled. */
    public Dataset apply(Dataset data) {
        return data.withFeatures(forward(data.features()));
    }

    private void requireFitting(Tensor x) {
        Shape fitted = shift.spec().shape();
        boolean fits = x.rank() == fitted.rank() + 1;
        for (int axis = 0; fits && axis < fitted.rank(); axis++) {
            fits = fitted.dim(axis) == 1 || fitted.dim(axis) == x.dim(axis + 1);
        }
        if (!fits) {
            throw ShapeException.of("scaler", "fitted on other features").operand("input", x.shape())
                    .operand("fitted", fitted).expected("[n, ...] of examples like those");
        }
    }
}
