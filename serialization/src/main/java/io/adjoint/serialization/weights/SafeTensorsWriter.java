package io.adjoint.serialization.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Elements;
import io.adjoint.serialization.file.Names;
import io.adjoint.serialization.file.StoredType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;

/** Writes a safetensors file, a stretch of one tensor at a time. The bytes are a function of the arguments. */
final class SafeTensorsWriter {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build();

    /** Wide elements first, so that each tensor is aligned; the format names this order, and that of the bytes of names. */
    private static final List<StoredType> ORDER = List.of(StoredType.I64, StoredType.F64, StoredType.F32,
            StoredType.I32, StoredType.BF16, StoredType.F16, StoredType.BOOL);

    private record Named(String name, Tensor tensor, StoredType type) {}

    private final Path file;
    private final OutputStream out;
    private final FloatStorage storage;

    /** A writer to a stream; {@code file} is what messages name. */
    SafeTensorsWriter(Path file, OutputStream out, FloatStorage storage) {
        this.file = file;
        this.out = out;
        this.storage = storage;
    }

    /** @throws ModelFileException if something does not fit the limits of the format */
    void write(SequencedMap<String, Tensor> tensors, SortedMap<String, String> metadata) throws IOException {
        requireReadable(tensors, metadata);
        List<Named> sorted = tensors.entrySet().stream()
                .map(entry -> new Named(entry.getKey(), entry.getValue(), storage.of(entry.getValue().dtype())))
                .sorted(Comparator.comparing((Named named) -> ORDER.indexOf(named.type()))
                        .thenComparing(named -> named.name().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned))
                .toList();
        byte[] header = header(sorted, metadata);
        require(header.length <= SafeTensorsFormat.MAX_HEADER - SafeTensorsFormat.ALIGNMENT, "the header is too long",
                "names, shapes and metadata take at most " + SafeTensorsFormat.MAX_HEADER + " bytes as JSON");
        writeHeader(header);
        for (Named named : sorted) {
            write(named);
        }
    }

    /** A writer refuses what a reader would refuse. */
    private void requireReadable(Map<String, Tensor> tensors, Map<String, String> metadata) {
        require(tensors.size() <= SafeTensorsFormat.MAX_ENTRIES && metadata.size() <= SafeTensorsFormat.MAX_ENTRIES,
                "there are too many tensors or metadata",
                "a file holds at most " + SafeTensorsFormat.MAX_ENTRIES + " of each");
        long[] text = {0};
        tensors.forEach((name, tensor) -> {
            require(Names.isStorable(name), "the name " + Names.quote(name) + " holds half of a surrogate pair",
                    "use whole characters");
            require(!name.equals(SafeTensorsFormat.METADATA), "a tensor has the name of the metadata",
                    "give it another name than " + SafeTensorsFormat.METADATA);
            require(name.length() <= SafeTensorsFormat.MAX_NAME, "the name " + Names.quote(name) + " is too long",
                    "a name has at most " + SafeTensorsFormat.MAX_NAME + " characters");
            if (tensor.rank() > SafeTensorsFormat.MAX_RANK) {
                throw new ModelFileException(file, name, "its rank is " + tensor.rank(),
                        "reshape it to at most " + SafeTensorsFormat.MAX_RANK + " axes");
            }
            text[0] += name.length();
        });
        metadata.forEach((key, value) -> {
            require(Names.isStorable(key) && Names.isStorable(value),
                    "metadata " + Names.quote(key) + " hold half of a surrogate pair", "use whole characters");
            require(key.length() <= SafeTensorsFormat.MAX_NAME && value.length() <= SafeTensorsFormat.MAX_STRING,
                    "metadata " + Names.quote(key) + " are too long", "keep large data in tensors");
            text[0] += key.length() + value.length();
        });
        require(text[0] <= SafeTensorsFormat.MAX_TEXT, "names and metadata are too long together", "they have at most "
                + SafeTensorsFormat.MAX_TEXT + " characters; keep large data in tensors");
    }

    private void require(boolean holds, String otherwise, String remedy) {
        if (!holds) {
            throw new ModelFileException(file, otherwise, remedy);
        }
    }

    private static byte[] header(List<Named> tensors, SortedMap<String, String> metadata) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(SafeTensorsFormat.METADATA);
                for (Map.Entry<String, String> entry : metadata.entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            long at = 0;
            for (Named named : tensors) {
                StoredTensor tensor = new StoredTensor(named.type(), named.tensor().shape(), at, at);
                at += tensor.bytes();
                json.writeObjectFieldStart(named.name());
                json.writeStringField("dtype", tensor.type().name());
                json.writeFieldName("shape");
                json.writeArray(tensor.shape().dims(), 0, tensor.shape().rank());
                json.writeFieldName("data_offsets");
                json.writeArray(new long[] {tensor.begin(), at}, 0, 2);
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private void writeHeader(byte[] json) throws IOException {
        int padding = -json.length & SafeTensorsFormat.ALIGNMENT - 1;
        out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN)
                .putLong((long) json.length + padding).array());
        out.write(json);
        out.write(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
    }

    private void write(Named named) throws IOException {
        if (!Elements.of(named.tensor()).writeTo(out, named.type())) {
            throw new ModelFileException(file, named.name(),
                    "an element is beyond the range of " + named.type() + ", in which it was to be stored",
                    "store it as " + (named.type() == StoredType.F16 ? "BF16 or " : "") + "EXACT");
        }
    }
}
