package io.adjoint.optim.data;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Files in the IDX format of the MNIST family (LeCun, "The MNIST database of handwritten digits"), as they are or compressed by
 * gzip. A file must be exactly as long as it says; nothing is allocated on its word alone.
 */
public final class Idx {
    private static final int UNSIGNED_BYTES = 0x08;
    private static final float BRIGHTEST = 255;

    private Idx() {}

    /** What a file says of itself, and the bytes of its elements, big-endian. */
    private record Contents(Path file, int type, int[] dims, ByteBuffer bytes) {
        Contents require(int type, int rank, String expected) {
            if (this.type != type || dims.length != rank) {
                throw DataException.in(file).found(String.format("type 0x%02x and extents %s", this.type,
                        Arrays.toString(dims)), expected);
            }
            return this;
        }
    }

    /**
     * The numbers in a file: integers as I32, others as F32 or F64.
     *
     * @throws DataException if the file is missing or damaged
     */
    public static Tensor read(Path file) {
        Contents contents = contents(file);
        ByteBuffer bytes = contents.bytes();
        int[] dims = contents.dims();
        int count = bytes.remaining() / width(file, contents.type());
        return switch (contents.type()) {
            case 0x0D -> {
                float[] numbers = new float[count];
                bytes.asFloatBuffer().get(numbers);
                yield Tensor.of(numbers, Shape.of(dims));
            }
            case 0x0E -> {
                double[] numbers = new double[count];
                bytes.asDoubleBuffer().get(numbers);
                yield Tensor.of(numbers, Shape.of(dims));
            }
            default -> {
                int[] numbers = new int[count];
                Arrays.setAll(numbers, i -> integer(bytes, contents.type(), i));
                yield Tensor.of(numbers, Shape.of(dims));
            }
        };
    }

    private static int integer(ByteBuffer bytes, int type, int i) {
        return switch (type) {
            case UNSIGNED_BYTES -> Byte.toUnsignedInt(bytes.get(i));
            case 0x09 -> bytes.get(i);
            case 0x0B -> bytes.getShort(2 * i);
            default -> bytes.getInt(4 * i);
        };
    }

    /**
     * Grey images of one file with the labels of another: features F32 {@code [n, 1, height, width]} from 0 to 1.
     *
     * @param images unsigned bytes {@code [n, height, width]}
     * @param labels unsigned bytes {@code [n]}
     * @param classes labels are from 0 to one less
     * @throws DataException if a file is missing, damaged or of other contents, their numbers differ, or a label is out of range
     */
    public static Dataset images(Path images, Path labels, int classes) {
        Contents shown = contents(images).require(UNSIGNED_BYTES, 3, "unsigned bytes [n, height, width]");
        Contents named = contents(labels).require(UNSIGNED_BYTES, 1, "unsigned bytes [n]");
        int n = shown.dims()[0];
        if (n == 0) {
            throw DataException.in(images).found("no images", "one or more");
        }
        if (named.dims()[0] != n) {
            throw DataException.in(labels).found(named.dims()[0] + " labels",
                    "as many as images in " + images + ", " + n);
        }
        long[] classOf = new long[n];
        for (int i = 0; i < n; i++) {
            classOf[i] = Byte.toUnsignedInt(named.bytes().get(i));
            if (classOf[i] >= classes) {
                throw DataException.in(labels).at("item", i).found("label " + classOf[i],
                        "a label from 0 to " + (classes - 1));
            }
        }
        float[] pixels = new float[shown.bytes().remaining()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = Byte.toUnsignedInt(shown.bytes().get(i)) / BRIGHTEST;
        }
        return new Dataset(Tensor.of(pixels, n, 1, shown.dims()[1], shown.dims()[2]), Tensor.of(classOf, n),
                Origin.items(images, labels, n));
    }

    private static Contents contents(Path file) {
        return SourceFile.read(file, in -> contents(file, in));
    }

    private static Contents contents(Path file, InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        int magic = data.readInt();
        if (magic >>> 16 != 0) {
            throw DataException.in(file).found(String.format("0x%08x at its beginning", magic), "an IDX file");
        }
        int type = magic >>> 8;
        int[] dims = new int[magic & 0xff];
        long length = width(file, type);
        for (int axis = 0; axis < dims.length; axis++) {
            dims[axis] = data.readInt();
            length = dims[axis] < 0 || length > Integer.MAX_VALUE ? Long.MAX_VALUE : length * dims[axis];
        }
        long size = SourceFile.size(file);
        if (length > Math.min(Integer.MAX_VALUE - 8L, size * SourceFile.MOST_INFLATED) || tooMany(dims)) {
            throw DataException.in(file).found("extents " + Arrays.toString(dims) + " in a file of " + size + " bytes",
                    "no more elements than its bytes can hold");
        }
        byte[] bytes = in.readNBytes((int) length);
        if (bytes.length < length || in.read() >= 0) {
            throw DataException.in(file)
                    .found(bytes.length < length ? "its end after " + bytes.length + " bytes of elements"
                            : "more bytes than elements", length + " bytes of elements " + Arrays.toString(dims));
        }
        return new Contents(file, type, dims, ByteBuffer.wrap(bytes));
    }

    /** An extent of 0 hides others that no tensor can have. */
    private static boolean tooMany(int[] dims) {
        try {
            Shape.of(dims);
            return false;
        } catch (ShapeException e) {
            return true;
        }
    }

    private static int width(Path file, int type) {
        return switch (type) {
            case UNSIGNED_BYTES, 0x09 -> 1;
            case 0x0B -> 2;
            case 0x0C, 0x0D -> 4;
            case 0x0E -> 8;
            default -> throw DataException.in(file).found(String.format("elements of type 0x%02x", type),
                    "type 08, 09, 0b, 0c, 0d or 0e");
        };
    }
}
