package io.adjoint.optim.data;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Interpolation;
import io.adjoint.autodiff.function.Resizing;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** One image in a file, in a format that the JDK reads. */
record ImageFile(Path file, ImageFormat format) {
    /** Above this, an image would take more memory than its place in a batch can explain. */
    private static final long MOST_PIXELS = 1L << 26;
    private static final String EXPECTED = "an image that can be read";

    /**
     * The image as a tensor of its format.
     *
     * @throws DataException if it cannot be read, is damaged or of another size
     */
    Tensor read() {
        SourceFile.require(file);
        try (InputStream bytes = Files.newInputStream(file);
                ImageInputStream in = sized(bytes)) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw DataException.in(file).found("what is no image", EXPECTED);
            }
            ImageReader reader = readers.next();
            try {
                return tensor(decode(reader, in));
            } finally {
                reader.dispose();
            }
        } catch (IOException e) {
            throw Files.isReadable(file) ? damaged(e) : SourceFile.refused(file, e);
        }
    }

    /** The JDK's readers compare what a file claims with its length, where they know that. */
    private ImageInputStream sized(InputStream bytes) {
        long size = SourceFile.size(file);
        return new MemoryCacheImageInputStream(bytes) {
            @Override
            public long length() {
                return size;
            }
        };
    }

    private BufferedImage decode(ImageReader reader, ImageInputStream in) throws IOException {
        try {
            reader.setInput(in, true, true);
            reader.addIIOReadWarningListener((_, warning) -> {
                throw DataException.in(file).found("a damaged image: " + warning, EXPECTED);
            });
            requireSize(reader.getWidth(0), reader.getHeight(0));
            reader.getImageTypes(0).forEachRemaining(type -> requireDepth(type.getSampleModel()));
            return reader.read(0);
        } catch (DataException e) {
            throw e;
        } catch (RuntimeException e) {
            // the JDK's readers answer some damaged files with whatever went wrong inside
            throw damaged(e);
        }
    }

    private DataException damaged(Exception failure) {
        return DataException.in(file).found("a damaged image: " + failure.getMessage(), EXPECTED, failure);
    }

    /** Asked before any pixel is decoded: what an image claims must be possible for its bytes. */
    private void requireSize(int width, int height) {
        long pixels = (long) width * height;
        // eight pixels of one bit in a byte that is compressed as far as can be
        if (pixels > Math.min(MOST_PIXELS, 8 * SourceFile.MOST_INFLATED * SourceFile.size(file))) {
            throw DataException.in(file).found(width + "x" + height + " pixels in a file of " + SourceFile.size(file)
                    + " bytes", "no more pixels than its bytes can hold, and at most " + MOST_PIXELS);
        }
        if (format.fit() == ImageFormat.Fit.EXACT && (width != format.width() || height != format.height())) {
            throw DataException.in(file).found(width + "x" + height + " pixels", format.width() + "x" + format.height()
                    + " pixels, or a format that stretches");
        }
    }

    /** The JDK's reader of TIFF makes a table of 2^bits numbers for some images. */
    private void requireDepth(SampleModel samples) {
        if (samples.getDataType() == DataBuffer.TYPE_INT
                && IntStream.of(samples.getSampleSize()).anyMatch(bits -> bits > Short.SIZE)) {
            throw DataException.in(file).found("values of more than 16 bits", "8 or 16 bits");
        }
    }

    private Tensor tensor(BufferedImage image) {
        int height = image.getHeight();
        int width = image.getWidth();
        float[] values = image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY ? grey(image)
                : coloured(image);
        Tensor pixels = Tensor.of(values, values.length / (height * width), height, width);
        if (pixels.dim(0) < format.channels()) {
            pixels = pixels.expand(format.channels(), height, width);
        }
        return pixels.shape().equals(format.shape()) ? pixels : stretched(pixels);
    }

    /** The samples as they are stored: the JDK's conversion to RGB would take them as linear light and brighten them. */
    private float[] grey(BufferedImage image) {
        Raster raster = image.getRaster();
        if (raster.getTransferType() != DataBuffer.TYPE_BYTE && raster.getTransferType() != DataBuffer.TYPE_USHORT) {
            throw DataException.in(file).found("values of more than 16 bits", "8 or 16 bits");
        }
        float brightest = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
        int width = image.getWidth();
        float[] values = new float[width * image.getHeight()];
        for (int i = 0; i < values.length; i++) {
            values[i] = raster.getSample(i % width, i / width, 0) / brightest;
        }
        return values;
    }

    private float[] coloured(BufferedImage image) {
        int width = image.getWidth();
        int area = width * image.getHeight();
        float[] values = new float[format.channels() * area];
        for (int i = 0; i < area; i++) {
            int rgb = image.getRGB(i % width, i / width);
            int red = rgb >> 16 & 0xff;
            int green = rgb >> 8 & 0xff;
            int blue = rgb & 0xff;
            if (format.channels() == 1) {
                values[i] = (299 * red + 587 * green + 114 * blue) / 255_000f;
            } else {
                values[i] = red / 255f;
                values[area + i] = green / 255f;
                values[2 * area + i] = blue / 255f;
            }
        }
        return values;
    }

    private Tensor stretched(Tensor pixels) {
        boolean shrinks = pixels.dim(1) >= format.height() && pixels.dim(2) >= format.width();
        return Resizing.interpolate(pixels.unsqueeze(0), shrinks ? Interpolation.AREA : Interpolation.LINEAR,
                format.height(), format.width()).squeeze(0);
    }
}
