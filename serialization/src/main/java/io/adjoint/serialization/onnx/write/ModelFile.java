package io.adjoint.serialization.onnx.write;

import com.google.protobuf.CodedOutputStream;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.AtomicFile;
import io.adjoint.serialization.file.AtomicFile.Watch;
import io.adjoint.serialization.file.Failures;
import io.adjoint.serialization.onnx.proto.GraphProto;
import io.adjoint.serialization.onnx.proto.ModelProto;
import io.adjoint.serialization.onnx.proto.StringStringEntryProto;
import io.adjoint.serialization.onnx.proto.TensorProto;
import io.adjoint.serialization.onnx.proto.TensorProto.DataLocation;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes a model message whose initializers never stand in memory all at once: the lengths that go before them are known, so
 * each is written, tensor by tensor, as if the whole message had been built.
 */
final class ModelFile {
    /** Where tensors begin in a file of their own: whole pages, which can be mapped. */
    private static final int ALIGNMENT = 4096;

    /** Smaller tensors stay in the message. */
    static final int SMALL = 1024;

    /** A message has to be smaller than 2 GiB, with nodes and names. */
    private static final long MOST_INSIDE = 3L << 29;

    private static final byte[] ZEROS = new byte[ALIGNMENT];

    private ModelFile() {}

    /** A weight that lies in the other file, from an offset on. */
    private record Placed(Weight weight, long offset) {}

    /**
     * A model whose large tensors are not in its messages yet.
     *
     * @param rest without the initializers in {@code weights}
     * @param weights further initializers of its graph
     * @param inside what is to be put in elsewhere
     */
    record Parts(ModelProto rest, List<Weight> weights, Placeholders inside) {
        /** All that may lie in another file. */
        List<Weight> movable() {
            return Stream.concat(weights.stream(), inside.in(rest).stream()).toList();
        }
    }

    /**
     * Writes a model. At every moment the file stands for the whole old model or the whole new one, with its data.
     *
     * @param externalAbove from how many bytes of weights on these have a file of their own; so they have where they are more
     *     than a message may hold
     */
    static void write(Path file, Parts parts, long externalAbove) {
        write(file, parts, Math.min(externalAbove, MOST_INSIDE), Watch.NONE);
    }

    static void write(Path file, Parts parts, long externalAbove, Watch watch) {
        DataFiles files = DataFiles.beside(target(file));
        List<Weight> all = parts.movable();
        List<Placed> outside = all.stream().mapToLong(Weight::length).sum() <= externalAbove ? List.of() : placed(all);
        if (outside.isEmpty()) {
            ModelProto whole = parts.inside().filled(parts.rest(), Map.of());
            replace(file, out -> stream(whole, parts.weights(), out), watch);
            files.deleteUnused(whole, watch);
            return;
        }
        Path data = files.free(parts.rest());
        Map<Weight, TensorProto> references = new IdentityHashMap<>();
        outside.forEach(
                placed -> references.put(placed.weight(), reference(placed, data.getFileName().toString())));
        List<Weight> within = new ArrayList<>();
        ModelProto.Builder builder = parts.inside().filled(parts.rest(), references).toBuilder();
        for (Weight weight : parts.weights()) {
            if (references.containsKey(weight)) {
                builder.getGraphBuilder().addInitializer(references.get(weight));
            } else {
                within.add(weight);
            }
        }
        ModelProto referring = builder.build();
        // the data first: a model is never without them
        replace(data, out -> streamData(outside, out), watch);
        try {
            replace(file, out -> stream(referring, within, out), watch);
        } catch (ModelFileException | Error e) {
            files.deleteUnlessUsed(data);
            throw e;
        }
        files.deleteUnused(referring, watch);
    }

    /** Data lie beside the model itself, not beside a link to it. */
    private static Path target(Path file) {
        try {
            return AtomicFile.target(file);
        } catch (IOException e) {
            throw Failures.writing(file, e);
        }
    }

    private static List<Placed> placed(List<Weight> weights) {
        List<Placed> placed = new ArrayList<>();
        long offset = 0;
        for (Weight weight : weights) {
            if (weight.length() >= SMALL) {
                placed.add(new Placed(weight, offset));
                offset = Math.ceilDiv(offset + weight.length(), ALIGNMENT) * ALIGNMENT;
            }
        }
        return placed;
    }

    private static void replace(Path file, AtomicFile.Contents contents, Watch watch) {
        try {
            AtomicFile.write(file, contents, watch);
        } catch (IOException e) {
            throw Failures.writing(file, e);
        }
    }

    private static TensorProto reference(Placed placed, String location) {
        return placed.weight().header().toBuilder().setDataLocation(DataLocation.EXTERNAL)
                .addExternalData(entry("location", location))
                .addExternalData(entry("offset", Long.toString(placed.offset())))
                .addExternalData(entry("length", Long.toString(placed.weight().length()))).build();
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private static void streamData(List<Placed> weights, OutputStream out) throws IOException {
        long at = 0;
        for (Placed placed : weights) {
            out.write(ZEROS, 0, (int) (placed.offset() - at)); // less than a page
            TensorBytes.write(placed.weight().type(), placed.weight().value().get(), out);
            at = placed.offset() + placed.weight().length();
        }
    }

    /** The message as protobuf lays it out: the graph's length, the graph, and in it each initializer behind its length. */
    private static void stream(ModelProto model, List<Weight> weights, OutputStream out) throws IOException {
        GraphProto graph = model.getGraph();
        long length = graph.getSerializedSize();
        for (Weight weight : weights) {
            length += fieldSize(GraphProto.INITIALIZER_FIELD_NUMBER, tensorSize(weight));
        }
        if (length > Integer.MAX_VALUE - model.getSerializedSize()) {
            throw new IOException("it would be larger than 2 GiB, which no protobuf message may be");
        }
        CodedOutputStream coded = CodedOutputStream.newInstance(out);
        model.toBuilder().clearGraph().build().writeTo(coded);
        coded.writeTag(ModelProto.GRAPH_FIELD_NUMBER, 2);
        coded.writeUInt64NoTag(length);
        graph.writeTo(coded);
        for (Weight weight : weights) {
            coded.writeTag(GraphProto.INITIALIZER_FIELD_NUMBER, 2);
            coded.writeUInt64NoTag(tensorSize(weight));
            weight.header().writeTo(coded);
            coded.writeTag(TensorProto.RAW_DATA_FIELD_NUMBER, 2);
            coded.writeUInt64NoTag(weight.length());
            coded.flush();
            TensorBytes.write(weight.type(), weight.value().get(), out);
        }
        coded.flush();
    }

    private static long tensorSize(Weight weight) {
        return weight.header().getSerializedSize() + fieldSize(TensorProto.RAW_DATA_FIELD_NUMBER, weight.length());
    }

    private static long fieldSize(int field, long length) {
        return CodedOutputStream.computeTagSize(field) + CodedOutputStream.computeUInt64SizeNoTag(length) + length;
    }
}
