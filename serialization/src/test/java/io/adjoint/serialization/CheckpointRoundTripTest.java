package io.adjoint.serialization;

import static io.adjoint.serialization.Trees.assertSame;
import static io.adjoint.serialization.Trees.assertSameTensors;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Training;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Sequential;
import io.adjoint.serialization.file.LibraryVersion;
import io.adjoint.serialization.file.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is saved comes back, to the bit. */
class CheckpointRoundTripTest {
    @TempDir
    Path folder;

    private Path scratch;

    @BeforeProperty
    void createScratch() throws IOException {
        scratch = Files.createTempDirectory("checkpoint");
    }

    @AfterProperty
    void deleteScratch() throws IOException {
        Files.deleteIfExists(scratch.resolve("tree"));
        Files.delete(scratch); // fails if a save left something behind
    }

    @Provide
    Arbitrary<SequencedMap<String, Variable>> trees() {
        Arbitrary<String> paths = Arbitraries.strings().ofMaxLength(20).filter(Names::isStorable);
        Arbitrary<int[]> dims = Arbitraries.integers().between(0, 5).array(int[].class).ofMaxSize(4);
        Arbitrary<Tensor> tensors = Combinators.combine(Arbitraries.of(DType.class), dims, Arbitraries.randoms(),
                Arbitraries.integers().between(0, 3)).as(CheckpointRoundTripTest::tensor);
        return Combinators.combine(paths, tensors).as(Tuple::of).list().ofMaxSize(8).map(entries -> {
            SequencedMap<String, Variable> tree = new LinkedHashMap<>();
            entries.forEach(entry -> tree.put(entry.get1(), Trees.variable(entry.get2())));
            return tree;
        });
    }

    /** Also views: transposed, flipped, and sliced with an offset and a stride. */
    private static Tensor tensor(DType dtype, int[] dims, Random random, int view) {
        Tensor whole = Trees.random(random, new TensorSpec(dtype, Shape.of(dims)));
        return whole.rank() == 0 ? whole : switch (view) {
            case 0 -> whole;
            case 1 -> whole.transpose(0, -1);
            case 2 -> whole.flip(-1);
            default -> whole.slice(0, whole.dim(0) / 2, whole.dim(0), 2);
        };
    }

    // Few, as each forces two files to the disk.
    @Property(tries = 300)
    void loadingWhatWasSavedIsTheIdentity(@ForAll("trees") SequencedMap<String, Variable> tree,
            @ForAll Map<String, String> text) {
        Path file = scratch.resolve("tree");
        Map<String, String> metadata = new LinkedHashMap<>();
        text.forEach((key, value) -> {
            if (Names.isStorable(key) && Names.isStorable(value)) {
                metadata.put(key, value);
            }
        });
        Checkpoint.save(file, tree, metadata);

        SequencedMap<String, Variable> again = Trees.blank(tree);
        assertEquals(metadata, Checkpoint.load(file, again));
        assertSame(tree, again);

        CheckpointContents contents = Checkpoint.read(file);
        assertEquals(metadata, contents.metadata());
        assertEquals(metadata.keySet().stream().sorted().toList(), List.copyOf(contents.metadata().keySet()));
        assertSameTensors(Trees.tensors(tree), contents.tensors());
    }

    @Test
    void nansKeepTheirPayloads() {
        float[] floats = {Float.intBitsToFloat(0x7FC00001), Float.intBitsToFloat(0xFFFFFFFF),
            Float.intBitsToFloat(0x7F800001), -0f};
        double[] doubles = {Double.longBitsToDouble(0x7FF8_0000_0000_0001L), Double.longBitsToDouble(-1L),
            Double.longBitsToDouble(0x7FF0_0000_0000_0001L), -0.0};
        SequencedMap<String, Variable> tree = Trees.of("f32", Tensor.of(floats), "f64", Tensor.of(doubles));
        Path file = folder.resolve("nan");
        Checkpoint.save(file, tree, Map.of());
        SequencedMap<String, Tensor> read = Checkpoint.read(file).tensors();
        assertArrayEquals(new long[] {0x7FC00001, -1, 0x7F800001, 0x80000000}, Trees.bits(read.get("f32")));
        assertArrayEquals(new long[] {0x7FF8_0000_0000_0001L, -1, 0x7FF0_0000_0000_0001L, Long.MIN_VALUE},
                Trees.bits(read.get("f64")));
    }

    /** Around the length of a chunk, where an element less or more decides. */
    @Test
    void tensorsOfSeveralChunks() {
        Random random = new Random(1);
        SequencedMap<String, Variable> tree = new LinkedHashMap<>();
        for (DType dtype : DType.values()) {
            int perChunk = CheckpointFormat.CHUNK / dtype.bytes();
            for (int n : new int[] {perChunk - 1, perChunk, perChunk + 1, 2 * perChunk, 2 * perChunk + 7}) {
                tree.put(dtype + "." + n, Trees.variable(Trees.random(random, new TensorSpec(dtype, Shape.of(n)))));
            }
        }
        Path file = folder.resolve("large");
        Checkpoint.save(file, tree, Map.of());
        assertSameTensors(Trees.tensors(tree), Checkpoint.read(file).tensors());
    }

    @Test
    void theSameModelGivesTheSameBytes() throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("b", "2");
        metadata.put("a", "1");
        Checkpoint.save(folder.resolve("1"), Trees.small(1), metadata);
        Checkpoint.save(folder.resolve("2"), Trees.small(1), new java.util.TreeMap<>(metadata));
        assertArrayEquals(Files.readAllBytes(folder.resolve("1")), Files.readAllBytes(folder.resolve("2")));
    }

    @Test
    void aModelByItsPaths() {
        Sequential model = Sequential.of(Linear.of(4, 3, Rng.seed(1)), Linear.of(3, 2, Rng.seed(2)));
        Sequential again = Sequential.of(Linear.of(4, 3, Rng.seed(3)), Linear.of(3, 2, Rng.seed(4)));
        Path file = folder.resolve("model");
        Checkpoint.save(file, model);
        Checkpoint.load(file, again);
        assertSame(model.variables(), again.variables());
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 1, 4);
        assertEquals(true, model.forward(x).sameBits(again.forward(x)));
    }

    /** Inside a training scope values are tracked; neither the file nor the loaded variables may know. */
    @Test
    void savingAndLoadingWhileTraining() {
        SequencedMap<String, Variable> tree = Trees.small(1);
        SequencedMap<String, Variable> again = Trees.blank(tree);
        Path file = folder.resolve("training");
        Training.scope(() -> {
            Checkpoint.save(file, tree, Map.of());
            return Checkpoint.load(file, again);
        });
        assertSame(tree, again);
    }

    @Test
    void contentsAreImmutable() {
        Path file = folder.resolve("contents");
        Checkpoint.save(file, Trees.small(1), Map.of("a", "b"));
        CheckpointContents contents = Checkpoint.read(file);
        assertThrows(UnsupportedOperationException.class, () -> contents.tensors().clear());
        assertThrows(UnsupportedOperationException.class, () -> contents.metadata().clear());
        assertEquals(new ArrayList<>(Trees.small(1).keySet()), new ArrayList<>(contents.tensors().keySet()));
        assertEquals(LibraryVersion.get(), contents.libraryVersion());
    }
}
