package io.adjoint.serialization;

import com.google.protobuf.ByteString;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.serialization.file.Elements;
import io.adjoint.serialization.file.Failures;
import io.adjoint.serialization.file.RegularFile;
import io.adjoint.serialization.proto.End;
import io.adjoint.serialization.proto.Header;
import io.adjoint.serialization.proto.Metadata;
import io.adjoint.serialization.proto.Record;
import io.adjoint.serialization.proto.TensorHeader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a checkpoint from its first to its last byte, verifying everything, and hands the tensors to a {@link Sink}. */
final class CheckpointReader {
    /** Takes what a file holds. Nothing is final before the reader returns: damage may follow. */
    interface Sink {
        /** Called once, first. */
        void metadata(String libraryVersion, List<Metadata> metadata);

        /** Called for every tensor of the file; only those wanted are put together, the others are verified and left. */
        boolean wants(String path, TensorSpec spec);

        /** Called for each tensor that is wanted, once its checksum is verified. */
        void tensor(String path, Tensor tensor);
    }

    private final Path file;
    private final FrameReader frames;
    private final Sink sink;
    private final Set<String> paths = new HashSet<>();
    private final SectionChecksums sections = new SectionChecksums();

    private CheckpointReader(Path file, FrameReader frames, Sink sink) {
        this.file = file;
        this.frames = frames;
        this.sink = sink;
    }

    /** @throws ModelFileException if the file cannot be read or is not a whole checkpoint */
    static void read(Path file, Sink sink) {
        read(file, sink, CheckpointReader::readAll);
    }

    /**
     * Hands over the metadata and looks no further.
     *
     * @throws ModelFileException if the file cannot be read or does not begin as a checkpoint
     */
    static void readHeader(Path file, Sink sink) {
        read(file, sink, CheckpointReader::readBeginning);
    }

    private interface Part {
        void read(CheckpointReader reader) throws IOException;
    }

    private static void read(Path file, Sink sink, Part part) {
        // One open file from first to last byte: a save that replaces it meanwhile does not mix in.
        try (FileChannel channel = RegularFile.open(file)) {
            FrameReader frames = new FrameReader(file, Channels.newInputStream(channel), channel.size());
            part.read(new CheckpointReader(file, frames, sink));
        } catch (IOException e) {
            throw Failures.reading(file, e);
        }
    }

    /** Reads a stream of {@code size} bytes; {@code file} is what messages name. */
    static void read(Path file, InputStream in, long size, Sink sink) throws IOException {
        new CheckpointReader(file, new FrameReader(file, in, size), sink).readAll();
    }

    private void readBeginning() throws IOException {
        readPreamble();
        readHeader();
    }

    private void readAll() throws IOException {
        readBeginning();
        sections.add(frames.endSection());
        Record record = frames.record(CheckpointFormat.MAX_TENSOR_HEADER);
        while (record.getKindCase() == Record.KindCase.TENSOR) {
            readTensor(record.getTensor());
            sections.add(frames.endSection());
            frames.about("");
            record = frames.record(CheckpointFormat.MAX_TENSOR_HEADER);
        }
        require(record, Record.KindCase.END);
        checkEnd(record.getEnd());
    }

    private void readPreamble() throws IOException {
        long size = frames.remaining();
        ByteBuffer magic = frames.bytes((int) Math.min(size, Long.BYTES));
        ByteBuffer expected = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0, CheckpointFormat.MAGIC).limit(magic.limit());
        if (size == 0) {
            throw new ModelFileException(file, "the file is empty", "restore it from a copy or save it again");
        }
        if (!magic.equals(expected)) {
            throw new ModelFileException(file, "this is not an Adjoint checkpoint",
                    "name a file that Checkpoint.save wrote");
        }
        int version = frames.bytes(Integer.BYTES).getInt();
        if (Integer.compareUnsigned(version, CheckpointFormat.VERSION) > 0) {
            throw new ModelFileException(file, "it has format version " + Integer.toUnsignedString(version)
                    + ", and this version of the library knows versions up to " + CheckpointFormat.VERSION,
                    "update the library, or restore the file from a copy if it is damaged");
        }
        if (version == 0) {
            throw frames.damaged("there is no format version 0");
        }
    }

    private void readHeader() throws IOException {
        Record record = frames.record(CheckpointFormat.MAX_HEADER);
        require(record, Record.KindCase.HEADER);
        Header header = record.getHeader();
        long keys = header.getMetadataList().stream().map(Metadata::getKey).distinct().count();
        if (keys < header.getMetadataCount()) {
            throw frames.damaged("a metadata key is there twice");
        }
        sink.metadata(header.getLibraryVersion(), header.getMetadataList());
    }

    private void readTensor(TensorHeader header) throws IOException {
        String path = header.getPath();
        frames.about(path);
        if (!paths.add(path)) {
            throw frames.damaged("it is there twice");
        }
        if (paths.size() > CheckpointFormat.MAX_TENSORS) {
            throw frames.damaged("the file holds more than " + CheckpointFormat.MAX_TENSORS + " tensors");
        }
        TensorSpec spec = new TensorSpec(dtype(header), shape(header));
        long bytes = (long) spec.shape().size() * spec.dtype().bytes();
        if (bytes > frames.remaining()) {
            throw frames.damaged(spec + " takes " + bytes + " bytes, and the file has " + frames.remaining() + " left");
        }
        Optional<Elements> elements = sink.wants(path, spec) ? Optional.of(Elements.allocate(spec)) : Optional.empty();
        readChunks(spec.dtype(), bytes, elements);
        elements.ifPresent(wanted -> sink.tensor(path, wanted.tensor()));
    }

    private DType dtype(TensorHeader header) {
        return switch (header.getDtype()) {
            case BOOL -> DType.BOOL;
            case I32 -> DType.I32;
            case I64 -> DType.I64;
            case F32 -> DType.F32;
            case F64 -> DType.F64;
            case UNSPECIFIED, UNRECOGNIZED ->
                throw frames.damaged("there is no dtype number " + header.getDtypeValue());
        };
    }

    private Shape shape(TensorHeader header) {
        List<Long> dims = header.getDimsList();
        if (dims.size() > CheckpointFormat.MAX_RANK) {
            throw frames.damaged("its rank is " + dims.size() + ", more than " + CheckpointFormat.MAX_RANK);
        }
        try {
            // The same value as an int, or -1, which no shape has.
            return Shape.of(dims.stream().mapToInt(dim -> dim == dim.intValue() ? dim.intValue() : -1).toArray());
        } catch (ShapeException e) {
            throw frames.damaged("there is no tensor with the extents "
                    + dims.stream().map(Long::toUnsignedString).collect(Collectors.joining(", ", "[", "]")));
        }
    }

    private void readChunks(DType dtype, long bytes, Optional<Elements> elements) throws IOException {
        long left = bytes;
        do {
            Record record = frames.record(CheckpointFormat.MAX_CHUNK_RECORD);
            require(record, Record.KindCase.CHUNK);
            ByteString data = record.getChunk().getData();
            boolean fits = data.size() % dtype.bytes() == 0
                    && (data.size() == left || data.size() < left && data.size() >= CheckpointFormat.MIN_CHUNK);
            if (!fits) {
                throw frames.damaged("a chunk has " + data.size() + " bytes where " + left + " are left");
            }
            int from = (int) ((bytes - left) / dtype.bytes());
            ByteBuffer values = data.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            if (!elements.map(wanted -> wanted.decode(from, values)).orElse(true)) {
                throw frames.damaged("a byte stands for no value of " + dtype);
            }
            left -= data.size();
        } while (left > 0);
    }

    private void checkEnd(End end) {
        if (end.getTensors() != paths.size()) {
            throw frames.damaged("the number of tensors is " + paths.size() + " where it should be "
                    + Long.toUnsignedString(end.getTensors()));
        }
        if (end.getChecksum() != sections.checksum()) {
            throw frames.damaged("the checksum over all tensors does not match");
        }
        if (frames.remaining() > 0) {
            throw frames.damaged("the file goes on after its end, by %d bytes".formatted(frames.remaining()));
        }
    }

    private void require(Record record, Record.KindCase expected) {
        if (record.getKindCase() != expected) {
            throw frames.damaged("a record is not what must stand in its place");
        }
    }
}
