package io.adjoint.optim.data;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;

/**
 * What images become: F32 {@code [channels, height, width]}, values from 0 to 1.
 *
 * @param channels 1 for grey ({@code 0.299 R + 0.587 G + 0.114 B}, ITU-R BT.601), 3 for red, green and blue; transparency is
 *     left out
 * @param height pixels
 * @param width pixels
 * @param fit what is done to images of another size
 */
public record ImageFormat(int channels, int height, int width, Fit fit) {
    /** Images of another size. */
    public enum Fit {
        /** They are refused. */
        EXACT,
        /** They are stretched: each new pixel is the mean of those that it covers or, where an extent grows, on a line between them. */
        STRETCH
    }

    /**
     * Any format.
     *
     * @throws ShapeException if there are other than 1 or 3 channels, or no pixels
     */
    public ImageFormat {
        if (channels != 1 && channels != 3 || height < 1 || width < 1) {
            throw ShapeException.of("images", "no such format").operand("channels", channels).operand("height", height)
                    .operand("width", width).expected("1 or 3 channels, and extents of 1 or more");
        }
    }

    /** Grey images of this size; others are refused. */
    public static ImageFormat grey(int height, int width) {
        return new ImageFormat(1, height, width, Fit.EXACT);
    }

    /** Coloured images of this size; others are refused. */
    public static ImageFormat colour(int height, int width) {
        return new ImageFormat(3, height, width, Fit.EXACT);
    }

    /** The same with images of other sizes stretched. */
    public ImageFormat stretched() {
        return new ImageFormat(channels, height, width, Fit.STRETCH);
    }

    Shape shape() {
        return Shape.of(channels, height, width);
    }
}
