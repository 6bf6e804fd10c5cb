package io.adjoint.serialization.weights;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.serialization.file.Elements;
import io.adjoint.serialization.file.StoredType;
import io.adjoint.serialization.weights.NpyHeader.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;

/** Reads one {@code .npy} array from a stream, to its end. */
final class NpyReader {
    /** Says whether an array may be read, before anything is allocated for it, or refuses it. */
    interface Permit {
        /**
         * Asks for one array.
         *
         * @param stored what it takes in the file
         * @param held what it takes in memory
         * @return the elements to allocate at once: all, where the bytes are there, or a beginning
         */
        int ask(Source source, TensorSpec spec, long stored, long held);
    }

    private final InputStream in;
    private final Source source;
    private final Permit permit;

    NpyReader(InputStream in, Source source, Permit permit) {
        this.in = in;
        this.source = source;
        this.permit = permit;
    }

    Tensor read() throws IOException {
        NpyHeader header = NpyHeader.read(in, source);
        Shape shape = header.shape();
        if (header.layout() == Layout.C || shape.rank() < 2) {
            return elements(header, shape);
        }
        // The bytes are those of the transposed array in row-major order.
        int[] reversed = IntStream.rangeClosed(1, shape.rank()).map(i -> shape.rank() - i).toArray();
        Shape transposed = Shape.of(IntStream.of(reversed).map(shape::dim).toArray());
        return elements(header, transposed).permute(reversed);
    }

    private Tensor elements(NpyHeader header, Shape shape) throws IOException {
        StoredType type = header.type().type();
        TensorSpec spec = new TensorSpec(type.dtype(), shape);
        int size = shape.size();
        int room = permit.ask(source, spec, (long) size * type.bytes(), (long) size * type.dtype().bytes());
        Elements elements = Elements.allocate(spec, room);
        int step = Math.min(Elements.STRETCH / type.bytes(), Math.max(room, 1));
        ByteBuffer bytes = ByteBuffer.allocate(step * type.bytes()).order(header.type().order());
        for (int from = 0; from < size; from += Math.min(step, size - from)) {
            int count = Math.min(step, size - from);
            bytes.clear().limit(count * type.bytes());
            if (in.readNBytes(bytes.array(), 0, bytes.limit()) < bytes.limit()) {
                throw source.truncated();
            }
            elements.grow(from + count);
            if (!elements.decode(from, bytes, type)) {
                throw source.damaged("one of its elements, stored as " + type + ", stands for no value of "
                        + type.dtype());
            }
        }
        if (in.read() >= 0) {
            throw source.damaged("it goes on after its " + size + " elements");
        }
        return elements.tensor();
    }
}
