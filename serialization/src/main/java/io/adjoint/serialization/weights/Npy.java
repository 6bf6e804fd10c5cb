package io.adjoint.serialization.weights;

import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.AtomicFile;
import io.adjoint.serialization.file.Elements;
import io.adjoint.serialization.file.Failures;
import io.adjoint.serialization.file.RegularFile;
import io.adjoint.serialization.file.StoredType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * One tensor as a {@code .npy} file, as {@code numpy.save} writes it and {@code numpy.load} reads it.
 *
 * <p>Read are format versions 1.0, 2.0 and 3.0, both byte orders, C and Fortran order, and the dtypes {@code b1}, {@code i4},
 * {@code i8}, {@code f4} and {@code f8}, which become ours to the bit; {@code f2}, which becomes F32; {@code i1}, {@code u1},
 * {@code i2} and {@code u2}, which become I32; {@code u4} and {@code u8}, which become I64, where values from 2<sup>63</sup> on
 * are refused. Python objects, text, complex numbers, times and records are refused: a file is data, never code.
 */
public final class Npy {
    private Npy() {}

    /**
     * Reads the array of a file.
     *
     * @throws ModelFileException if the file cannot be read, is not one array, whole and alone, or holds other elements than
     *     the above
     */
    public static Tensor read(Path file) {
        try (FileChannel channel = RegularFile.open(file)) {
            return new NpyReader(Channels.newInputStream(channel), new Source(file, ""), (source, spec, stored, _) -> {
                long left = left(channel);
                if (stored > left) {
                    throw source.damaged("the file is truncated: " + spec + " takes " + stored + " bytes, and " + left
                            + " are left");
                }
                if (stored < left) {
                    throw source.damaged("it goes on after its " + spec.shape().size() + " elements");
                }
                return spec.shape().size();
            }).read();
        } catch (IOException e) {
            throw Failures.reading(file, e);
        }
    }

    private static long left(FileChannel channel) {
        try {
            return channel.size() - channel.position();
        } catch (IOException e) {
            return 0; // reading on will tell
        }
    }

    /**
     * Writes a tensor in row-major order, little-endian, with a header of version 1.0. The same tensor gives the same bytes.
     *
     * @param file where to; replaced as a whole or not at all, behind a symbolic link what that leads to; the folder must exist
     * @throws ModelFileException if the file cannot be written (its old contents stay), or the tensor has more than 64 axes
     */
    public static void write(Path file, Tensor tensor) {
        requireFewAxes(tensor, new Source(file, ""));
        Tensor detached = tensor.detached();
        try {
            AtomicFile.write(file, out -> write(detached, out), AtomicFile.Watch.NONE);
        } catch (IOException e) {
            throw Failures.writing(file, e);
        }
    }

    static void requireFewAxes(Tensor tensor, Source source) {
        if (tensor.rank() > NpyHeader.MAX_RANK) {
            throw source.refused("its rank is " + tensor.rank(),
                    "reshape it to at most " + NpyHeader.MAX_RANK + " axes");
        }
    }

    static void write(Tensor tensor, OutputStream out) throws IOException {
        out.write(NpyHeader.of(tensor.spec()));
        Elements.of(tensor).writeTo(out, StoredType.of(tensor.dtype()));
    }
}
