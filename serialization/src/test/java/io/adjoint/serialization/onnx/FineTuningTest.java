package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.Closeness.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Module;
import io.adjoint.optim.AdamW;
import io.adjoint.optim.Optimizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pretrained sentence encoder learns to tell sentences about cooking from those about weather, and leaves as ONNX again. */
class FineTuningTest {
    private static final int STEPS = 16;
    private static final double TOLERANCE = 1e-4;
    private static final int WIDTH = 384;
    private static final long CLS = 101;
    private static final long SEP = 102;
    private static final int LENGTH = 10;

    private static final List<String> COOKING = List.of(
            "cut the bread with a sharp knife", "add some salt to the soup", "the cake is in the oven",
            "fry the fish in hot butter", "we had rice and beans for dinner", "she made coffee and fresh bread",
            "mix the flour with milk", "the chef tasted the sauce", "boil the potatoes in water");
    private static final List<String> WEATHER = List.of(
            "a cold wind came from the north", "it will rain again tomorrow", "the sky is grey and dark",
            "snow fell on the hills all night", "the storm reached the coast", "it was a hot and dry summer",
            "fog lay over the river", "the sun is out this morning", "clouds moved across the sky");

    @TempDir
    private Path folder;

    /** The mean over the tokens of a sentence, then two logits. */
    record Classifier(OnnxModel encoder, Linear head) implements Module {
        /** Token ids and mask, both I64 [sentences, tokens], give F32 [sentences, 2]. */
        Tensor forward(Tensor ids, Tensor mask) {
            Tensor tokens = hidden(ids, mask);
            Tensor weights = mask.cast(DType.F32);
            Tensor sum = tokens.mul(weights.unsqueeze(2)).sum(1);
            return head.forward("head", sum.div(weights.sum(1).unsqueeze(1)));
        }

        /** F32 [sentences, tokens, 384]. */
        Tensor hidden(Tensor ids, Tensor mask) {
            Map<String, Tensor> given =
                    Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", ids.sub(ids));
            return encoder.forwardAll(encoder.inputs().stream().map(input -> given.get(input.name())).toList())
                    .getFirst();
        }
    }

    private record Sentences(Tensor ids, Tensor mask) {}

    @Test
    void lossFallsAndTheExportsAgreeInOnnxRuntime() throws IOException, OrtException {
        OnnxModel encoder = Onnx.load(Pretrained.find("all-minilm-l6-v2.onnx", folder));
        Map<String, Integer> vocabulary =
                vocabulary(Pretrained.find("all-minilm-l6-v2-tokenizer.json", folder));
        Classifier classifier = new Classifier(encoder, Linear.of(WIDTH, 2, Rng.seed(1)));
        List<String> texts = new ArrayList<>(COOKING);
        texts.addAll(WEATHER);
        Sentences all = tokens(texts, vocabulary);
        Tensor classes = Tensor.of(texts.stream().mapToInt(text -> WEATHER.contains(text) ? 1 : 0).toArray());
        Tensor before = classifier.hidden(all.ids(), all.mask()).detached();

        train(classifier, all, classes);

        assertFalse(before.sameBits(classifier.hidden(all.ids(), all.mask())), "the encoder has not changed");
        assertSavedEncoderAgrees(classifier, all);
        assertExportAgrees(classifier, all, tokens(List.of("rain and wind", "hot soup", "a fresh cake",
                "the dark clouds over the hills"), vocabulary));
    }

    private static void train(Classifier classifier, Sentences all, Tensor classes) {
        Optimizer optimizer = AdamW.of(1e-4).over(classifier);
        Program step = Program.compileAll(in -> List.of(optimizer.minimize(
                () -> Losses.crossEntropy(classifier.forward(in.get(0), in.get(1)), in.get(2)))));
        List<Double> losses = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
            losses.add(step.applyAll(all.ids(), all.mask(), classes).getFirst().item());
        }
        assertTrue(losses.getLast() <= losses.getFirst() / 2, "losses " + losses);
    }

    private void assertSavedEncoderAgrees(Classifier classifier, Sentences all) throws OrtException {
        Path saved = folder.resolve("encoder.onnx");
        classifier.encoder().save(saved);
        try (OnnxRuntime runtime = new OnnxRuntime(saved)) {
            Map<String, Tensor> given = Map.of("input_ids", all.ids(), "attention_mask", all.mask(),
                    "token_type_ids", all.ids().sub(all.ids()));
            Tensor found = runtime.run(runtime.session().getInputNames().stream().map(given::get).toList())
                    .getFirst();
            assertClose(classifier.hidden(all.ids(), all.mask()), found, TOLERANCE, "saved encoder");
        }
    }

    private void assertExportAgrees(Classifier classifier, Sentences seen, Sentences unseen) throws OrtException {
        Path exported = folder.resolve("classifier.onnx");
        TensorSpec spec = new TensorSpec(DType.I64, Shape.of(2, LENGTH));
        OnnxExport.of(classifier, in -> List.of(classifier.forward(in.get(0), in.get(1)))).input("ids", spec)
                .input("mask", spec).output("logits").dynamicBatch("batch").write(exported);
        try (OnnxRuntime runtime = new OnnxRuntime(exported)) {
            for (Sentences sentences : List.of(seen, unseen)) {
                Tensor expected = classifier.forward(sentences.ids(), sentences.mask());
                Tensor found = runtime.run(List.of(sentences.ids(), sentences.mask())).getFirst();
                assertClose(expected, found, TOLERANCE, "exported classifier");
            }
        }
    }

    /** Whole words only: each must stand in the vocabulary. */
    private static Sentences tokens(List<String> texts, Map<String, Integer> vocabulary) {
        long[] ids = new long[texts.size() * LENGTH];
        long[] mask = new long[ids.length];
        for (int row = 0; row < texts.size(); row++) {
            List<Long> tokens = new ArrayList<>(List.of(CLS));
            for (String word : texts.get(row).split(" ")) {
                assertTrue(vocabulary.containsKey(word), word);
                tokens.add((long) vocabulary.get(word));
            }
            tokens.add(SEP);
            for (int i = 0; i < tokens.size(); i++) {
                ids[row * LENGTH + i] = tokens.get(i);
                mask[row * LENGTH + i] = 1;
            }
        }
        Shape shape = Shape.of(texts.size(), LENGTH);
        return new Sentences(Tensor.of(ids, shape), Tensor.of(mask, shape));
    }

    private static Map<String, Integer> vocabulary(Path tokenizer) throws IOException {
        Map<String, Integer> ids = new HashMap<>();
        try (JsonParser json = new JsonFactory().createParser(tokenizer.toFile())) {
            JsonToken token = json.nextToken();
            while (token != JsonToken.FIELD_NAME || !json.currentName().equals("vocab")) {
                token = json.nextToken();
            }
            assertEquals(JsonToken.START_OBJECT, json.nextToken());
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String word = json.currentName();
                json.nextToken();
                ids.put(word, json.getIntValue());
            }
        }
        return ids;
    }
}
