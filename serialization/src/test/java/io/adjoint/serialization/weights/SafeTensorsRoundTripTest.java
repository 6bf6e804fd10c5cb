package io.adjoint.serialization.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Sequential;
import io.adjoint.serialization.LoadReport;
import io.adjoint.serialization.Match;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.Trees;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written comes back, to the bit. */
class SafeTensorsRoundTripTest {
    @TempDir
    Path folder;

    private Path scratch;

    @BeforeProperty
    void createScratch() throws IOException {
        scratch = Files.createTempFile("safe", ".tensors");
    }

    @AfterProperty
    void deleteScratch() throws IOException {
        Files.delete(scratch);
    }

    @Provide
    Arbitrary<SequencedMap<String, Tensor>> trees() {
        return WeightTrees.named();
    }

    @Provide
    Arbitrary<Map<String, String>> text() {
        return WeightTrees.text();
    }

    static byte[] written(SequencedMap<String, Tensor> tensors, Map<String, String> metadata, FloatStorage storage) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            new SafeTensorsWriter(Path.of("memory"), out, storage).write(tensors, new TreeMap<>(metadata));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** By name: the format decides on the order. */
    static void assertSame(SequencedMap<String, Tensor> expected, SequencedMap<String, Tensor> actual) {
        Trees.assertSameTensors(new TreeMap<>(expected), new TreeMap<>(actual));
    }

    @Property(tries = 500)
    void readingWhatWasWrittenIsTheIdentity(@ForAll("trees") SequencedMap<String, Tensor> tensors,
            @ForAll("text") Map<String, String> metadata) throws IOException {
        byte[] bytes = written(tensors, metadata, FloatStorage.EXACT);
        Files.write(scratch, bytes);
        SafeTensorsContents contents = SafeTensors.read(scratch);
        assertEquals(metadata, contents.metadata());
        assertEquals(metadata.keySet().stream().sorted().toList(), List.copyOf(contents.metadata().keySet()));
        assertSame(tensors, contents.tensors());

        SequencedMap<String, Tensor> reversed = new LinkedHashMap<>();
        tensors.reversed().forEach(reversed::put);
        assertArrayEquals(bytes, written(reversed, metadata, FloatStorage.EXACT));
        assertArrayEquals(bytes, written(contents.tensors(), metadata, FloatStorage.EXACT));
    }

    /** Header and each tensor begin at a multiple of what an element takes. */
    @Property(tries = 200)
    void everythingIsAligned(@ForAll("trees") SequencedMap<String, Tensor> tensors,
            @ForAll("text") Map<String, String> metadata) throws IOException {
        byte[] bytes = written(tensors, metadata, FloatStorage.EXACT);
        long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertEquals(0, header % 8);
        long at = 0;
        Files.write(scratch, bytes);
        try (SafeTensorsFile opened = SafeTensors.open(scratch)) {
            for (TensorSpec spec : opened.specs().values()) {
                assertEquals(0, at % spec.dtype().bytes());
                at += (long) spec.dtype().bytes() * spec.shape().size();
            }
        }
        assertEquals(bytes.length, 8 + header + at);
    }

    /** Around the length of a stretch, where an element less or more decides. */
    @Test
    void tensorsOfSeveralStretches() {
        Random random = new Random(1);
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        for (DType dtype : DType.values()) {
            int stretch = (1 << 20) / dtype.bytes();
            for (int n : new int[] {stretch - 1, stretch, stretch + 1, 2 * stretch + 7}) {
                tensors.put(dtype + "." + n, Trees.random(random, new TensorSpec(dtype, Shape.of(n))));
            }
        }
        Path file = folder.resolve("large");
        SafeTensors.write(file, tensors, Map.of());
        assertSame(tensors, SafeTensors.read(file).tensors());
    }

    private static Sequential model(int seed) {
        return Sequential.of(Linear.of(4, 3, Rng.seed(seed)), Linear.of(3, 2, Rng.seed(seed + 1)));
    }

    @Test
    void aModelByItsPaths() {
        Sequential model = model(1);
        Sequential again = model(3);
        Path file = folder.resolve("model");
        SafeTensors.save(file, model, Map.of("format", "pt"));
        assertEquals(Map.of("format", "pt"), SafeTensors.load(file, again));
        Trees.assertSame(model.variables(), again.variables());
        SafeTensors.save(file, model);
        assertEquals(Map.of(), SafeTensors.load(file, model(5)));
    }

    @Test
    void anotherModelIsRefusedAndStaysAsItWas() {
        Path file = folder.resolve("model");
        SafeTensors.save(file, model(1));
        Sequential larger = Sequential.of(Linear.of(4, 3, Rng.seed(1)), Linear.of(3, 5, Rng.seed(2)));
        SequencedMap<String, Tensor> before = Trees.tensors(larger.variables());
        String message =
                assertThrows(ModelFileException.class, () -> SafeTensors.load(file, larger)).getMessage();
        assertTrue(message.startsWith(file + ": it holds another model: \"1.weight\" is F32["), message);
        Trees.assertSameTensors(before, Trees.tensors(larger.variables()));
    }

    /** One of several tensors is read only; the others may be as large as they like. */
    @Test
    void oneTensorOfMany() {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a", Tensor.ones(2, 3));
        tensors.put("b", Tensor.of(new int[] {7}));
        Path file = folder.resolve("some");
        SafeTensors.write(file, tensors, Map.of());
        SafeTensorsFile closed;
        try (SafeTensorsFile opened = SafeTensors.open(file)) {
            assertEquals(List.of("a", "b"), new ArrayList<>(opened.specs().keySet()));
            assertEquals("F32[2, 3]", opened.specs().get("a").toString());
            assertArrayEquals(new int[] {7}, opened.tensor("b").toInts());
            assertEquals(file + ": it holds no tensor \"c\"; specs() has the names",
                    assertThrows(ModelFileException.class, () -> opened.tensor("c")).getMessage());
            closed = opened;
        }
        assertThrows(IllegalStateException.class, () -> closed.tensor("a"));
    }

    @Test
    void aPartGoesIntoAnotherModelUnderOtherNames(@TempDir Path files) {
        Path file = files.resolve("encoder.safetensors");
        SafeTensors.save(file, Sequential.of(Linear.of(3, 4, Rng.seed(1)), Linear.of(4, 2, Rng.seed(2))), Map.of());
        Sequential other = Sequential.of(Linear.of(4, 2, Rng.seed(3)));
        String from = "1";
        String to = "0";
        LoadReport report =
                SafeTensors.load(file, other,
                        Match.only(to).renaming(to, "unused").renaming(from, to).withUnmatched(Match.Unmatched.LEAVE));
        assertEquals(2, report.loaded().size());
        assertTrue(other.variables().get(to + ".weight").value()
                .sameBits(SafeTensors.read(file).tensors().get(from + ".weight")));
    }
}
