package io.adjoint.serialization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Module;
import io.adjoint.nn.Selection;
import io.adjoint.nn.Sequential;
import io.adjoint.serialization.Match.Unmatched;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loading a part of a file, or under other names. */
class PartialLoadTest {
    private record Pretrained(Sequential encoder, Linear head) implements Module {
        static Pretrained of(long seed, int classes) {
            return new Pretrained(Sequential.of(Linear.of(4, 3, Rng.seed(seed)), Linear.of(3, 3, Rng.seed(seed + 1))),
                    Linear.of(3, classes, Rng.seed(seed + 2)));
        }
    }

    private record Wrapped(Pretrained model) implements Module {}

    private record Tuned(Sequential body, Linear classifier) implements Module {}

    @TempDir
    Path folder;

    private Path saved(Module model) {
        Path file = folder.resolve("saved");
        Checkpoint.save(file, model, Map.of("epoch", "3"));
        return file;
    }

    private static String refusal(Path file, Module model, Match match) {
        Map<String, Tensor> before = Trees.tensors(model.variables());
        String message =
                assertThrows(ModelFileException.class, () -> Checkpoint.load(file, model, match)).getMessage();
        Trees.assertSameTensors(before, Trees.tensors(model.variables()));
        assertTrue(message.startsWith(file + ": ") && !message.contains("\n"), message);
        return message.substring(file.toString().length() + 2);
    }

    private static void assertSame(Module expected, Module actual) {
        Trees.assertSame(expected.variables(), actual.variables());
    }

    @Test
    void anEncoderOfAnotherModel() {
        Pretrained trained = Pretrained.of(1, 10);
        Pretrained model = Pretrained.of(5, 2);
        LoadReport report = Checkpoint.load(saved(trained), model, Match.only("encoder"));
        assertSame(trained.encoder(), model.encoder());
        assertSame(Pretrained.of(5, 2).head(), model.head());
        assertEquals(List.of("encoder.0.weight", "encoder.0.bias", "encoder.1.weight", "encoder.1.bias"),
                report.loaded());
        assertEquals(List.of("head.weight", "head.bias"), report.kept());
        assertEquals(List.of("head.weight", "head.bias"), report.unused());
        assertEquals(Map.of("epoch", "3"), report.metadata());
        assertTrue(report.differences().isEmpty());
        assertEquals(
                report.file() + ": 4 variables loaded, 2 kept as they were, 2 tensors of the file unused",
                report.toString());
    }

    @Test
    void underOtherNames() {
        Wrapped trained = new Wrapped(Pretrained.of(1, 10));
        Tuned model = new Tuned(Pretrained.of(5, 2).encoder(), Linear.of(3, 2, Rng.seed(9)));
        LoadReport report = Checkpoint.load(saved(trained), model,
                Match.only("body").renaming("model.encoder", "body").renaming("model", "rest"));
        assertSame(trained.model().encoder(), model.body());
        assertEquals(List.of("model.head.weight", "model.head.bias"), report.unused());

        Pretrained whole = Pretrained.of(5, 10);
        assertEquals(6, Checkpoint.load(saved(trained), whole, Match.ALL.renaming("model", "")).loaded().size());
        assertSame(trained.model(), whole);
        Wrapped around = new Wrapped(Pretrained.of(5, 10));
        Checkpoint.load(saved(whole), around, Match.ALL.renaming("", "model"));
        assertSame(whole, around.model());
    }

    @Test
    void namesAreWholeNames() {
        Selection model = new Selection(Trees.of("ab.c", Tensor.zeros(1), "x", Tensor.zeros(1)));
        Path file = saved(new Selection(Trees.of("ab.c", Tensor.ones(1), "a", Tensor.ones(1))));
        assertEquals(List.of("ab.c", "x"), Checkpoint.load(file, model, Match.ALL.renaming("a", "x")).loaded());
    }

    @Test
    void whatIsNamedMustMatch() {
        Path file = saved(Pretrained.of(1, 10));
        assertEquals("what is to be loaded does not match the model: \"head.weight\" is F32[10, 3] in the file and"
                + " F32[2, 3] in the model, \"head.bias\" is F32[10] in the file and F32[2] in the model; name less, rename"
                + " more, or leave what does not match",
                refusal(file, Pretrained.of(5, 2), Match.only("head", "encoder")));
        assertTrue(refusal(file, Pretrained.of(5, 10), Match.ALL.renaming("encoder.0", "encoder.7"))
                .contains("missing \"encoder.0.weight\""));
        assertTrue(refusal(file, Pretrained.of(5, 10), Match.ALL.renaming("encoder.0", "encoder.1"))
                .contains("are both renamed to \"encoder.1.weight\""));
    }

    @Test
    void whatDoesNotMatchMayBeLeft() {
        Pretrained trained = Pretrained.of(1, 10);
        Pretrained model = Pretrained.of(5, 2);
        LoadReport report = Checkpoint.load(saved(trained), model, Match.ALL.withUnmatched(Unmatched.LEAVE));
        assertSame(trained.encoder(), model.encoder());
        assertSame(Pretrained.of(5, 2).head(), model.head());
        assertEquals(2, report.differences().of(Difference.Unequal.class).size());
        assertEquals("""
                %s: 4 variables loaded, 2 kept as they were, 2 tensors of the file unused
                path           in the file  in the model  nearest name
                "head.weight"  F32[10, 3]   F32[2, 3]
                "head.bias"    F32[10]      F32[2]""".formatted(report.file()), report.toString());
        assertTrue(refusal(report.file(), new Selection(Trees.of("other", Tensor.zeros(1))),
                Match.ALL.withUnmatched(Unmatched.LEAVE)).startsWith("none of its tensors matches the model: "));
        // What is left out by name is not a difference.
        assertTrue(
                Checkpoint.load(report.file(), model, Match.ALL.except("head", "**.0.bias")).differences().isEmpty());
    }

    @Test
    void aPatternOfNothingIsRefused() {
        assertEquals("the pattern \"encodr\" names nothing in the file and nothing in the model; use a pattern of such"
                + " paths as \"encoder.0.weight\", \"encoder.0.bias\", \"encoder.1.weight\", \"encoder.1.bias\", \"head.weight\"",
                refusal(saved(Pretrained.of(1, 10)), Pretrained.of(5, 2), Match.only("encodr")));
    }

    @Test
    void tensorsFromElsewhere() {
        Pretrained trained = Pretrained.of(1, 10);
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>(Trees.tensors(trained.variables()));
        Pretrained model = Pretrained.of(5, 10);
        assertEquals(6, Match.ALL.load(Path.of("weights"), tensors, model).loaded().size());
        assertSame(trained, model);
        tensors.remove("head.bias");
        assertThrows(ModelFileException.class, () -> Match.ALL.load(Path.of("weights"), tensors, model));
    }

    @Test
    void theTableSuggestsNearestNames() {
        TensorSpec spec = new TensorSpec(DType.F32, Shape.of(8, 4));
        SequencedMap<String, TensorSpec> file = new LinkedHashMap<>();
        SequencedMap<String, TensorSpec> model = new LinkedHashMap<>();
        file.put("encoder.0.weights", spec);
        file.put("encoder.1.weigth", spec);
        file.put("module.head.bias", spec);
        file.put("same", spec);
        file.put("other\u001B", spec);
        model.put("encoder.0.weight", spec);
        model.put("encoder.1.weight", spec);
        model.put("head.bias", spec);
        model.put("same", spec);
        model.put("decoder", spec);
        Differences differences = Differences.between(file, model);
        assertEquals("""
                path                 in the file  in the model  nearest name
                "encoder.0.weight"   -            F32[8, 4]     "encoder.0.weights"
                "encoder.1.weight"   -            F32[8, 4]     "encoder.1.weigth"
                "head.bias"          -            F32[8, 4]     "module.head.bias"
                "decoder"            -            F32[8, 4]
                "encoder.0.weights"  F32[8, 4]    -             "encoder.0.weight"
                "encoder.1.weigth"   F32[8, 4]    -             "encoder.1.weight"
                "module.head.bias"   F32[8, 4]    -             "head.bias"
                "other\uFFFD"             F32[8, 4]    -""", differences.toString());
    }

    /** The names are a file's: as many and as long as it likes. */
    @Test
    void suggestionsAreLimitedWork() {
        SequencedMap<String, TensorSpec> file = new LinkedHashMap<>();
        SequencedMap<String, TensorSpec> model = new LinkedHashMap<>();
        TensorSpec spec = new TensorSpec(DType.F32, Shape.of(1));
        for (int i = 0; i < 30_000; i++) {
            file.put("x".repeat(200) + i, spec);
            model.put("y".repeat(200) + i, spec);
        }
        Differences differences = Differences.between(file, model);
        assertEquals(60_000, differences.entries().size());
        assertEquals(Optional.empty(), ((Difference.Missing) differences.entries().getFirst()).nearest());
    }

    @Test
    void lookingWithoutLoading() {
        Path file = saved(Pretrained.of(1, 10));
        Pretrained model = Pretrained.of(5, 2);
        assertEquals(Differences.between(Checkpoint.specs(file), Map.of()).entries().size(), 6);
        assertEquals(2, Checkpoint.differences(file, model).entries().size());
        assertSame(Pretrained.of(5, 2), model);
        SequencedMap<String, Variable> variables = Pretrained.of(5, 10).variables();
        assertTrue(Checkpoint.differences(file, new Selection(variables)).isEmpty());
    }
}
