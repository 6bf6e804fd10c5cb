package io.adjoint.serialization.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.file.Names;
import io.adjoint.serialization.file.StoredType;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/** Parses the JSON of a safetensors header token by token: nothing is built that is not asked for, and nesting is known. */
final class HeaderJson {
    private static final int DIGITS = 18; // so that it fits a long
    private static final JsonFactory JSON = JsonFactory.builder()
            // No names that files made up stay behind in tables of the JVM, nor do their buffers.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(3)
                    .maxStringLength(SafeTensorsFormat.MAX_STRING).maxNameLength(SafeTensorsFormat.MAX_NAME).build())
            .build();

    private final Path file;
    private final JsonParser json;
    private final SequencedMap<String, String> metadata = new LinkedHashMap<>();
    private final SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
    private long text;
    private String tensor = "";

    private HeaderJson(Path file, JsonParser json) {
        this.file = file;
        this.json = json;
    }

    /** The header, but for where the tensors lie: that is for others to check. */
    static SafeTensorsHeader parse(Path file, Reader text) throws IOException {
        try (JsonParser json = JSON.createParser(text)) {
            HeaderJson header = new HeaderJson(file, json);
            try {
                header.readAll();
            } catch (StreamConstraintsException e) {
                throw header.refused("the header nests too deeply, or holds a name or text that is too long");
            } catch (JsonProcessingException e) {
                throw header.refused("the header is not well-formed JSON, near its character "
                        + json.currentLocation().getCharOffset());
            } catch (CharacterCodingException e) {
                throw header.refused("the header is not UTF-8");
            }
            return new SafeTensorsHeader(header.metadata, header.tensors);
        }
    }

    private void readAll() throws IOException {
        boolean described = false;
        require(json.nextToken() == JsonToken.START_OBJECT, "the header is not an object");
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = name();
            if (name.equals(SafeTensorsFormat.METADATA)) {
                require(!described, "the metadata are there twice");
                described = true;
                readMetadata();
            } else {
                tensor = name;
                require(tensors.put(name, readTensor()) == null, "it is there twice");
                tensor = "";
                require(tensors.size() <= SafeTensorsFormat.MAX_ENTRIES,
                        "the file holds more than " + SafeTensorsFormat.MAX_ENTRIES + " tensors");
            }
        }
        require(json.nextToken() == null, "the header goes on after its end");
    }

    private void readMetadata() throws IOException {
        require(json.nextToken() == JsonToken.START_OBJECT, "the metadata are not an object");
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = name();
            if (json.nextToken() != JsonToken.VALUE_STRING) {
                throw refused("the metadata " + Names.quote(key) + " are not text");
            }
            if (metadata.put(key, counted(json.getText())) != null) {
                throw refused("the metadata " + Names.quote(key) + " are there twice");
            }
            require(metadata.size() <= SafeTensorsFormat.MAX_ENTRIES,
                    "there are more than " + SafeTensorsFormat.MAX_ENTRIES + " metadata");
        }
    }

    private StoredTensor readTensor() throws IOException {
        require(json.nextToken() == JsonToken.START_OBJECT, "it is not described by an object");
        Optional<StoredType> type = Optional.empty();
        Optional<Shape> shape = Optional.empty();
        Optional<long[]> offsets = Optional.empty();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            switch (field) {
                case "dtype" -> type = once(field, type, dtype());
                case "shape" -> shape = once(field, shape, shape(numbers(field, SafeTensorsFormat.MAX_RANK)));
                case "data_offsets" -> offsets = once(field, offsets, numbers(field, 2));
                default -> throw refused("it has a field " + Names.quote(field) + " that the format does not know");
            }
        }
        require(type.isPresent() && shape.isPresent() && offsets.isPresent(),
                "it lacks one of dtype, shape and data_offsets");
        long[] range = offsets.get();
        require(range.length == 2 && range[0] <= range[1], "its data_offsets are not a beginning and an end");
        return new StoredTensor(type.get(), shape.get(), range[0], range[1]);
    }

    private <T> Optional<T> once(String field, Optional<T> before, T value) {
        require(before.isEmpty(), "its " + field + " is there twice");
        return Optional.of(value);
    }

    private StoredType dtype() throws IOException {
        require(json.nextToken() == JsonToken.VALUE_STRING, "its dtype is not text");
        String name = json.getText();
        return Arrays.stream(StoredType.values()).filter(type -> type.name().equals(name)).findAny()
                .orElseThrow(() -> new ModelFileException(file, tensor,
                        "its elements are of dtype " + Names.quote(name) + ", which is not read here",
                        "store it as one of " + Arrays.toString(StoredType.values())));
    }

    private Shape shape(long[] extents) {
        try {
            // The same value as an int, or -1, which no shape has.
            return Shape.of(Arrays.stream(extents).mapToInt(n -> n == (int) n ? (int) n : -1).toArray());
        } catch (ShapeException e) {
            throw refused("there is no tensor with the extents " + Arrays.toString(extents));
        }
    }

    private long[] numbers(String field, int most) throws IOException {
        require(json.nextToken() == JsonToken.START_ARRAY, "its " + field + " is not a list");
        long[] numbers = new long[most];
        int count = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.VALUE_NUMBER_INT || json.getTextLength() > DIGITS
                    || json.getTextCharacters()[json.getTextOffset()] == '-') {
                throw refused(
                        "its " + field + " holds something else than whole numbers of at most " + DIGITS + " digits");
            }
            if (count == most) {
                throw refused("its " + field + " has more than " + most + " numbers");
            }
            numbers[count++] = json.getLongValue();
        }
        return Arrays.copyOf(numbers, count);
    }

    private String name() throws IOException {
        return counted(json.currentName());
    }

    /** Names and text take twice the bytes of the file, or more: an object each. */
    private String counted(String string) {
        text += string.length();
        require(text <= SafeTensorsFormat.MAX_TEXT,
                "names and metadata have more than " + SafeTensorsFormat.MAX_TEXT + " characters");
        if (!Names.isStorable(string)) {
            throw refused("the text " + Names.quote(string) + " holds half of a surrogate pair");
        }
        return string;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw refused(otherwise);
        }
    }

    private ModelFileException refused(String problem) {
        return new ModelFileException(file, tensor, problem, SafeTensorsFormat.RESTORE);
    }
}
