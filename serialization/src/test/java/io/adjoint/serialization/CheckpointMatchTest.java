package io.adjoint.serialization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Sequential;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that was saved from another model, and what does not fit into a file: refused, and nothing is changed. */
class CheckpointMatchTest {
    @TempDir
    Path folder;

    private String refusal(SequencedMap<String, Variable> saved, SequencedMap<String, Variable> model) {
        Path file = folder.resolve("model");
        Checkpoint.save(file, saved, Map.of());
        SequencedMap<String, Tensor> before = Trees.tensors(model);
        ModelFileException e = assertThrows(ModelFileException.class, () -> Checkpoint.load(file, model));
        assertEquals(file.toString(), e.file());
        Trees.assertSameTensors(before, Trees.tensors(model));
        return e.getMessage().substring(file.toString().length());
    }

    @Test
    void anotherShape() {
        assertEquals(
                ": it was saved from another model: \"w\" is F32[2, 3] in the file and F32[3, 2] in the model; load it"
                        + " into a model built as the one that was saved",
                refusal(Trees.of("w", Tensor.ones(2, 3), "b", Tensor.ones(3)),
                        Trees.of("w", Tensor.zeros(3, 2), "b", Tensor.zeros(3))));
    }

    @Test
    void anotherDtype() {
        assertTrue(refusal(Trees.of("w", Tensor.ones(2)), Trees.of("w", Tensor.zeros(Shape.of(2), DType.F64)))
                .contains("\"w\" is F32[2] in the file and F64[2] in the model"));
    }

    @Test
    void missingAndUnexpected() {
        assertEquals(
                ": it was saved from another model: missing \"c\" F32[1]; unexpected \"b\" F32[2]; load it into a model"
                        + " built as the one that was saved",
                refusal(Trees.of("a", Tensor.ones(3), "b", Tensor.ones(2)),
                        Trees.of("a", Tensor.zeros(3), "c", Tensor.zeros(1))));
    }

    @Test
    void anotherArchitectureIsListedInPart() {
        SequencedMap<String, Variable> saved = new LinkedHashMap<>();
        SequencedMap<String, Variable> model = new LinkedHashMap<>();
        for (int i = 0; i < 1000; i++) {
            saved.put("decoder." + i, Variable.parameter(Tensor.ones(1)));
            model.put("encoder." + i, Variable.parameter(Tensor.zeros(2)));
        }
        assertEquals(
                ": it was saved from another model: missing \"encoder.0\" F32[2] (the file has \"decoder.0\"), \"encoder.1\""
                        + " F32[2] (the file has \"decoder.1\"), \"encoder.2\" F32[2] (the file has \"decoder.2\"),"
                        + " \"encoder.3\" F32[2] (the file has \"decoder.3\"), \"encoder.4\" F32[2] (the file has"
                        + " \"decoder.4\") and 995 more; unexpected \"decoder.0\" F32[1], \"decoder.1\" F32[1], \"decoder.2\""
                        + " F32[1], \"decoder.3\" F32[1], \"decoder.4\" F32[1] and 995 more; load it into a model built as"
                        + " the one that was saved",
                refusal(saved, model));
    }

    @Test
    void aDeeperModel() {
        String message = refusal(Sequential.of(Linear.of(4, 3, Rng.seed(1))).variables(),
                Sequential.of(Linear.of(4, 3, Rng.seed(2)), Linear.of(3, 2, Rng.seed(3))).variables());
        assertTrue(message.contains("missing \"1.weight\" F32[") && !message.contains("unexpected"), message);
    }

    /** Damage in the last tensor: the first, long read by then, is not set. */
    @Property(tries = 200)
    void allOrNothing(@ForAll Random random) throws java.io.IOException {
        Path file = java.nio.file.Files.createTempFile("damaged", "");
        try {
            byte[] whole = Damage.file(1);
            byte[] damaged = whole.clone();
            damaged[damaged.length - 1 - random.nextInt(40)] ^= (byte) (1 << random.nextInt(8));
            java.nio.file.Files.write(file, damaged);
            SequencedMap<String, Variable> model = Trees.small(2);
            assertThrows(ModelFileException.class, () -> Checkpoint.load(file, model));
            Trees.assertSame(Trees.small(2), model);
            java.nio.file.Files.write(file, whole);
            Checkpoint.load(file, model);
            Trees.assertSame(Trees.small(1), model);
        } finally {
            java.nio.file.Files.delete(file);
        }
    }

    private String saveRefusal(SequencedMap<String, Variable> tree, Map<String, String> metadata) {
        Path file = folder.resolve("refused");
        String message =
                assertThrows(ModelFileException.class, () -> Checkpoint.save(file, tree, metadata)).getMessage();
        assertEquals(0, folder.toFile().list().length, "something was left behind");
        return message.substring(file.toString().length());
    }

    @Test
    void namesThatUtf8CannotHold() {
        assertEquals(": the path \"a\uFFFD\" holds half of a surrogate pair; use whole characters",
                saveRefusal(Trees.of("a\uD800", Tensor.ones(1)), Map.of()));
        assertTrue(saveRefusal(Trees.small(1), Map.of("k", "\uDC00")).contains("metadata \"k\""));
        assertTrue(saveRefusal(Trees.small(1), Map.of("\uDC00", "v")).contains("metadata \"\uFFFD\""));
    }

    @Test
    void whatIsLongerThanAReaderTakes() {
        assertTrue(saveRefusal(Trees.of("x".repeat(17_000), Tensor.ones(1)), Map.of()).contains("is too long; "));
        assertTrue(saveRefusal(Trees.small(1), Map.of("k", "v".repeat(300_000)))
                .contains(" bytes, more than the 262144 that a checkpoint holds; keep large data in tensors"));
        int[] dims = new int[65];
        Arrays.fill(dims, 1);
        assertTrue(saveRefusal(Trees.of("deep", Tensor.ones(dims)), Map.of()).contains("\"deep\": its rank is 65; "));
        SequencedMap<String, Variable> many = new LinkedHashMap<>();
        Variable one = Variable.parameter(Tensor.ones(1));
        for (int i = 0; i <= CheckpointFormat.MAX_TENSORS; i++) {
            many.put("" + i, one);
        }
        assertTrue(
                saveRefusal(many, Map.of()).contains("65537 tensors are too many; a checkpoint holds at most 65536"));
    }

    /** Right at the limits, what is written can be read. */
    @Test
    void whatIsJustShortEnough() {
        int[] dims = new int[64];
        Arrays.fill(dims, 1);
        SequencedMap<String, Variable> tree = Trees.of("x".repeat(16_000), Tensor.ones(dims));
        Map<String, String> metadata = Map.of("k", "v".repeat(262_000));
        Path file = folder.resolve("limit");
        Checkpoint.save(file, tree, metadata);
        SequencedMap<String, Variable> again = Trees.blank(tree);
        assertEquals(metadata, Checkpoint.load(file, again));
        Trees.assertSame(tree, again);
    }
}
