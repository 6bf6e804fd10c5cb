package io.adjoint.serialization.weights;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.serialization.file.StoredType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What stands before the elements of a {@code .npy} array: magic, version, length, and a dictionary as Python prints it.
 *
 * @param shape as numpy tells it, whatever the layout
 */
record NpyHeader(NpyType type, Layout layout, Shape shape) {
    /** Which axis is innermost among the bytes: the last, or the first. */
    enum Layout {
        C, FORTRAN
    }

    private static final byte[] MAGIC = "\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1);
    private static final int ALIGNMENT = 64;

    /** So that the first extent may grow in place. */
    private static final int DIGITS = 21;

    /** All that version 1.0 can say. The later ones have more for the names of records, which are not read. */
    static final int MAX_HEADER = 65_535;
    static final int MAX_RANK = 64;

    static NpyHeader read(InputStream in, Source source) throws IOException {
        byte[] magic = in.readNBytes(MAGIC.length);
        if (!Arrays.equals(magic, MAGIC)) {
            throw magic.length == 0 ? source.damaged("the file is empty")
                    : source.refused("this is no array that numpy saved: it does not begin with \\x93NUMPY",
                            "name one, or restore it from a copy if it is damaged");
        }
        ByteBuffer version = bytes(in, 2, source);
        int major = Byte.toUnsignedInt(version.get());
        int minor = Byte.toUnsignedInt(version.get());
        if (major < 1 || major > 3 || minor != 0) {
            throw source.refused("it has format version " + major + "." + minor
                    + ", and this version of the library knows 1.0, 2.0 and 3.0",
                    "save it as one of those, or restore the file from a copy if it is damaged");
        }
        long length = major == 1 ? Short.toUnsignedLong(bytes(in, Short.BYTES, source).getShort())
                : Integer.toUnsignedLong(bytes(in, Integer.BYTES, source).getInt());
        if (length > MAX_HEADER) {
            throw source.damaged("its header would have " + length + " bytes where at most " + MAX_HEADER
                    + " may stand");
        }
        // A letter of more than one byte can only stand in the name of a record.
        String dictionary = StandardCharsets.ISO_8859_1.decode(bytes(in, (int) length, source)).toString();
        return new NpyDictionary(dictionary, source).parse();
    }

    private static ByteBuffer bytes(InputStream in, int count, Source source) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw source.truncated();
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The header of version 1.0 in row-major order, as numpy writes it, padded so that the elements are aligned. */
    static byte[] of(TensorSpec spec) {
        int[] dims = spec.shape().dims();
        String shape = Arrays.stream(dims).mapToObj(Integer::toString)
                .collect(Collectors.joining(", ", "(", dims.length == 1 ? ",)" : ")"));
        String growth = dims.length == 0 ? "" : " ".repeat(DIGITS - Integer.toString(dims[0]).length());
        String dictionary = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }%s"
                .formatted(NpyType.descr(StoredType.of(spec.dtype())), shape, growth);
        int before = MAGIC.length + 2 + Short.BYTES;
        int size = (before + dictionary.length() + 1) / ALIGNMENT * ALIGNMENT + ALIGNMENT;
        byte[] padded = (dictionary + " ".repeat(size - before - dictionary.length() - 1) + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN).put(MAGIC).put((byte) 1).put((byte) 0)
                .putShort((short) padded.length).put(padded).array();
    }
}
