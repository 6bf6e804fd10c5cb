package io.adjoint.serialization.tensorboard;

import com.google.protobuf.ByteString;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.tensorboard.proto.Summary;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Tensors as images. */
final class Png {
    private static final int GREY = 1;
    private static final int RGB = 3;
    private static final int RGBA = 4;
    private static final int BYTE = 255;

    private final int[] samples;
    private final int channels;
    private final int height;
    private final int width;

    private Png(Tensor tensor) {
        channels = tensor.dim(0);
        height = tensor.dim(1);
        width = tensor.dim(2);
        samples = samples(tensor);
    }

    static Summary.Image of(Tensor image) {
        Tensor planes = image.rank() == 2 ? image.unsqueeze(0) : image;
        boolean fits = planes.rank() == 3 && planes.shape().size() > 0
                && (planes.dim(0) == GREY || planes.dim(0) == RGB || planes.dim(0) == RGBA);
        if (!fits) {
            throw ShapeException.of("image", "no image has this shape").operand("image", image.spec())
                    .expected(
                            "[height, width], or [channels, height, width] with 1, 3 or 4 channels, and a pixel or more");
        }
        return new Png(planes.detached()).encoded();
    }

    /** Each from 0 to 255. */
    private static int[] samples(Tensor tensor) {
        if (tensor.dtype() == DType.I32 || tensor.dtype() == DType.I64) {
            return tensor.clamp(0, BYTE).cast(DType.I32).toInts();
        }
        double[] values = tensor.cast(DType.F64).toDoubles();
        int[] samples = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            samples[i] = (int) Math.round(BYTE * Math.clamp(values[i], 0.0, 1.0)); // 0 for NaN
        }
        return samples;
    }

    private Summary.Image encoded() {
        ByteString.Output bytes = ByteString.newOutput();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(pixels(), "png", out)) {
                throw new IllegalStateException("image: this Java runtime has no writer of PNG");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return Summary.Image.newBuilder().setHeight(height).setWidth(width).setColorspace(channels)
                .setEncodedImageString(bytes.toByteString()).build();
    }

    private BufferedImage pixels() {
        BufferedImage image = new BufferedImage(width, height, switch (channels) {
            case GREY -> BufferedImage.TYPE_BYTE_GRAY;
            case RGB -> BufferedImage.TYPE_3BYTE_BGR;
            default -> BufferedImage.TYPE_4BYTE_ABGR;
        });
        // samples as they are: setRGB would take grey values for linear light
        for (int channel = 0; channel < channels; channel++) {
            for (int i = 0; i < height * width; i++) {
                image.getRaster().setSample(i % width, i / width, channel, samples[channel * height * width + i]);
            }
        }
        return image;
    }
}
