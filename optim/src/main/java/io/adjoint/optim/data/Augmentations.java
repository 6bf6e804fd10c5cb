package io.adjoint.optim.data;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Corners;
import io.adjoint.autodiff.function.Grids;
import java.util.Arrays;

/**
 * Random changes of images {@code [channels, height, width]}, F32 or F64, that keep their shape. Those of {@code
 * torchvision.transforms}, but values are never cut to [0, 1]: so the order of changes and of a normalisation is free.
 *
 * {@snippet :
 * Augmentation augmentation = Augmentations.crop(4).then(Augmentations.mirror(0.5));
 * Batches batches = training.batches(64, Rng.seed(1)).withAugmentation(augmentation);
 * }
 */
public final class Augmentations {
    private Augmentations() {}

    /**
     * Left and right exchanged with this probability.
     *
     * @throws ShapeException if it is no probability
     */
    public static Augmentation mirror(double probability) {
        return flip("mirror", probability, 2);
    }

    /**
     * Top and bottom exchanged with this probability.
     *
     * @throws ShapeException if it is no probability
     */
    public static Augmentation flip(double probability) {
        return flip("flip", probability, 1);
    }

    private static Augmentation flip(String name, double probability, int axis) {
        if (!(probability >= 0 && probability <= 1)) {
            throw ShapeException.of(name, "not a probability").operand("probability", probability).expected("0 to 1");
        }
        return (rng, image) -> {
            requireImage(name, image);
            return draw(rng) < probability ? image.flip(axis) : image;
        };
    }

    /**
     * The image padded with zeros on all sides, and a piece of its own size cut out at a random place: a shift by up to the
     * padding.
     *
     * @param padding pixels, 0 or more
     * @throws ShapeException if it is negative
     */
    public static Augmentation crop(int padding) {
        if (padding < 0) {
            throw ShapeException.of("crop", "a negative padding").operand("padding", padding).expected("0 or more");
        }
        return (rng, image) -> {
            requireImage("crop", image);
            double[] place = rng.uniform(Shape.of(2), DType.F64).toDoubles();
            int top = (int) (place[0] * (2.0 * padding + 1));
            int left = (int) (place[1] * (2.0 * padding + 1));
            return image.pad(0.0, padding, padding, padding, padding)
                    .slice(1, top, top + image.dim(1)).slice(2, left, left + image.dim(2));
        };
    }

    /**
     * Values multiplied by one number from {@code [1 - amount, 1 + amount]}.
     *
     * @param amount 0 to 1
     * @throws ShapeException if it is not
     */
    public static Augmentation brightness(double amount) {
        requireAmount("brightness", amount);
        return (rng, image) -> {
            requireImage("brightness", image);
            return image.mul(factor(rng, amount));
        };
    }

    /**
     * The distance of values from their mean over the image multiplied by one number from {@code [1 - amount, 1 + amount]}.
     *
     * @param amount 0 to 1
     * @throws ShapeException if it is not
     */
    public static Augmentation contrast(double amount) {
        requireAmount("contrast", amount);
        return (rng, image) -> {
            requireImage("contrast", image);
            Tensor mean = image.mean();
            return image.sub(mean).mul(factor(rng, amount)).add(mean);
        };
    }

    /**
     * A turn about the centre by an angle from {@code [-degrees, degrees]}, interpolated between pixels, zeros where nothing was.
     *
     * @param degrees 0 to 180
     * @throws ShapeException if it is not
     */
    public static Augmentation rotation(double degrees) {
        if (!(degrees >= 0 && degrees <= 180)) {
            throw ShapeException.of("rotation", "not an angle").operand("degrees", degrees).expected("0 to 180");
        }
        return (rng, image) -> {
            requireImage("rotation", image);
            return rotated(image, StrictMath.toRadians(degrees * (2 * draw(rng) - 1)));
        };
    }

    /**
     * Each channel shifted and scaled by known numbers, {@code (x - mean) / deviation}; nothing random. Numbers of the training part
     * are a {@link Scaler}'s.
     *
     * @param mean one for each channel
     * @param deviation one for each channel, above 0
     * @throws ShapeException if there are not as many of both, or a deviation is not above 0
     */
    public static Augmentation normalise(double[] mean, double[] deviation) {
        if (mean.length != deviation.length || !Arrays.stream(deviation).allMatch(x -> x > 0)) {
            throw ShapeException.of("normalise", "no mean and deviation for each channel")
                    .operand("means", Arrays.toString(mean)).operand("deviations", Arrays.toString(deviation))
                    .expected("as many of both, deviations above 0");
        }
        Tensor shift = Tensor.of(mean, mean.length, 1, 1);
        Tensor scale = Tensor.of(deviation, mean.length, 1, 1);
        return (_, image) -> {
            requireImage("normalise", image);
            if (image.dim(0) != mean.length) {
                throw ShapeException.of("normalise", "another number of channels").operand("example", image.shape())
                        .expected("[" + mean.length + ", height, width]");
            }
            return image.sub(shift.cast(image.dtype())).div(scale.cast(image.dtype()));
        };
    }

    /** Counterclockwise; the grid counts in half extents, so a turn of pixels has their ratio in it. */
    private static Tensor rotated(Tensor image, double angle) {
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        double ratio = (double) image.dim(1) / image.dim(2);
        Tensor turn = Tensor.of(new double[] {cos, -sin * ratio, 0, sin / ratio, cos, 0}, 1, 2, 3);
        Tensor grid = Grids.affine(turn, Corners.EDGES, image.dim(1), image.dim(2)).cast(image.dtype());
        return Grids.sample(image.unsqueeze(0), grid).squeeze(0);
    }

    private static double draw(Rng rng) {
        return rng.uniform(Shape.of(1), DType.F64).item();
    }

    private static double factor(Rng rng, double amount) {
        return 1 + amount * (2 * draw(rng) - 1);
    }

    private static void requireAmount(String name, double amount) {
        if (!(amount >= 0 && amount <= 1)) {
            throw ShapeException.of(name, "not an amount").operand("amount", amount).expected("0 to 1");
        }
    }

    private static void requireImage(String name, Tensor image) {
        if (image.rank() != 3 || image.size() == 0 || !image.dtype().isFloat()) {
            throw ShapeException.of(name, "not an image").operand("example", image.spec())
                    .expected("F32 or F64 [channels, height, width]");
        }
    }
}
