package io.adjoint.serialization;

import com.google.protobuf.UnsafeByteOperations;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.file.Elements;
import io.adjoint.serialization.file.Names;
import io.adjoint.serialization.proto.Chunk;
import io.adjoint.serialization.proto.ElementType;
import io.adjoint.serialization.proto.End;
import io.adjoint.serialization.proto.Header;
import io.adjoint.serialization.proto.Metadata;
import io.adjoint.serialization.proto.Record;
import io.adjoint.serialization.proto.TensorHeader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;

/** Writes the records of a checkpoint, a stretch of one tensor at a time. The bytes are a function of the arguments. */
final class CheckpointWriter {
    private final Path file;
    private final FrameWriter frames;
    private final SectionChecksums sections = new SectionChecksums();
    private ByteBuffer chunk = ByteBuffer.allocate(0);

    /** A writer to a stream; {@code file} is what messages name. */
    CheckpointWriter(Path file, OutputStream out) {
        this.file = file;
        this.frames = new FrameWriter(out);
    }

    /** @throws ModelFileException if something does not fit the limits of the format */
    void write(String libraryVersion, SortedMap<String, String> metadata, SequencedMap<String, Tensor> tensors)
            throws IOException {
        frames.preamble(CheckpointFormat.MAGIC, CheckpointFormat.VERSION);
        frames.write(header(libraryVersion, metadata));
        sections.add(frames.endSection());
        if (tensors.size() > CheckpointFormat.MAX_TENSORS) {
            throw refused(tensors.size() + " tensors are too many",
                    "a checkpoint holds at most " + CheckpointFormat.MAX_TENSORS);
        }
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            write(entry.getKey(), entry.getValue());
            sections.add(frames.endSection());
        }
        frames.write(Record.newBuilder()
                .setEnd(End.newBuilder().setTensors(tensors.size()).setChecksum(sections.checksum())).build());
    }

    private Record header(String libraryVersion, SortedMap<String, String> metadata) {
        Header.Builder header = Header.newBuilder().setLibraryVersion(libraryVersion);
        metadata.forEach((key, value) -> {
            if (!Names.isStorable(key) || !Names.isStorable(value)) {
                throw refused("metadata " + Names.quote(key) + " hold half of a surrogate pair",
                        "use whole characters");
            }
            header.addMetadata(Metadata.newBuilder().setKey(key).setValue(value));
        });
        Record record = Record.newBuilder().setHeader(header).build();
        if (record.getSerializedSize() > CheckpointFormat.MAX_HEADER) {
            throw refused("the metadata take " + record.getSerializedSize() + " bytes, more than the "
                    + CheckpointFormat.MAX_HEADER + " that a checkpoint holds", "keep large data in tensors");
        }
        return record;
    }

    private void write(String path, Tensor tensor) throws IOException {
        frames.write(tensorHeader(path, tensor));
        Elements elements = Elements.of(tensor);
        int elementBytes = tensor.dtype().bytes();
        int step = CheckpointFormat.CHUNK / elementBytes;
        int from = 0;
        do { // once for a tensor without elements: its chunk carries the checksum
            int count = Math.min(step, tensor.size() - from);
            writeChunk(elements, from, count * elementBytes);
            from += count;
        } while (from < tensor.size());
    }

    private Record tensorHeader(String path, Tensor tensor) {
        if (!Names.isStorable(path)) {
            throw refused("the path " + Names.quote(path) + " holds half of a surrogate pair", "use whole characters");
        }
        TensorHeader.Builder header = TensorHeader.newBuilder().setPath(path).setDtype(elementType(tensor.dtype()));
        for (int dim : tensor.shape().dims()) {
            header.addDims(dim);
        }
        Record record = Record.newBuilder().setTensor(header).build();
        if (record.getSerializedSize() > CheckpointFormat.MAX_TENSOR_HEADER) {
            throw refused("the path " + Names.quote(path) + " is too long",
                    "path and extents take at most " + CheckpointFormat.MAX_TENSOR_HEADER + " bytes");
        }
        if (tensor.rank() > CheckpointFormat.MAX_RANK) {
            throw new ModelFileException(file, path, "its rank is " + tensor.rank(),
                    "reshape it to at most " + CheckpointFormat.MAX_RANK + " axes");
        }
        return record;
    }

    private void writeChunk(Elements elements, int from, int bytes) throws IOException {
        if (chunk.capacity() < bytes) {
            chunk = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
        elements.encode(from, chunk.clear().limit(bytes));
        frames.write(Record.newBuilder()
                .setChunk(Chunk.newBuilder().setData(UnsafeByteOperations.unsafeWrap(chunk.array(), 0, bytes)))
                .build());
    }

    private ModelFileException refused(String problem, String remedy) {
        return new ModelFileException(file, problem, remedy);
    }

    private static ElementType elementType(DType dtype) {
        return switch (dtype) {
            case BOOL -> ElementType.BOOL;
            case I32 -> ElementType.I32;
            case I64 -> ElementType.I64;
            case F32 -> ElementType.F32;
            case F64 -> ElementType.F64;
        };
    }
}
