package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.graph.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pretrained models compute what ONNX Runtime does. The profile {@code pretrained} brings them, and one that is missing then is a
 * failure; without the profile all are skipped.
 */
class PretrainedReferenceTest {
    private static final double RELATIVE = 1e-3;
    private static final double ABSOLUTE = 1e-4;
    private static final double COSINE = 0.99;

    @TempDir
    private Path folder;

    private enum Comparison {
        NEAR, COSINE
    }

    @TestFactory
    Stream<DynamicTest> sentenceEncoder() {
        return sets("all-minilm-l6-v2", "all-minilm-l6-v2.onnx", Comparison.NEAR);
    }

    @TestFactory
    Stream<DynamicTest> quantisedSentenceEncoder() {
        return sets("all-minilm-l6-v2-q", "all-minilm-l6-v2-q.onnx", Comparison.COSINE);
    }

    @TestFactory
    Stream<DynamicTest> textDirectionClassifier() {
        return sets("ppocr-cls", "ch_ppocr_mobile_v2.0_cls_infer.onnx", Comparison.NEAR);
    }

    @TestFactory
    Stream<DynamicTest> voiceDetector() {
        return sets("silero-vad-legacy", "silero_vad_legacy.onnx", Comparison.NEAR);
    }

    private Stream<DynamicTest> sets(String reference, String file, Comparison comparison) {
        Path sets = Path.of(System.getProperty("reference.dir", "../../shared/reference"), "models", reference);
        if (!Files.isDirectory(sets)) {
            return abort("skipped: no reference runs " + sets + "; set -Dreference.dir to their folder");
        }
        return IntStream.iterate(0, i -> Files.isDirectory(sets.resolve("test_data_set_" + i)), i -> i + 1)
                .mapToObj(i -> DynamicTest.dynamicTest("set " + i,
                        () -> check(Pretrained.find(file, folder), sets.resolve("test_data_set_" + i), comparison)));
    }

    private static void check(Path file, Path set, Comparison comparison) {
        OnnxModel model = Onnx.load(file);
        List<Value> outputs = model.compute(values(set, "input"));
        List<Value> expected = values(set, "output");
        assertEquals(expected.size(), outputs.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).type(), outputs.get(i).type());
            assertEquals(expected.get(i).tensor().shape(), outputs.get(i).tensor().shape());
            double[] e = expected.get(i).tensor().cast(DType.F64).toDoubles();
            double[] a = outputs.get(i).tensor().cast(DType.F64).toDoubles();
            switch (comparison) {
                case NEAR -> checkNear(e, a);
                case COSINE -> assertTrue(cosine(e, a) > COSINE, () -> "cosine " + cosine(e, a));
            }
        }
    }

    private static void checkNear(double[] expected, double[] actual) {
        for (int j = 0; j < expected.length; j++) {
            int at = j;
            assertTrue(Math.abs(actual[j] - expected[j]) <= ABSOLUTE + RELATIVE * Math.abs(expected[j]),
                    () -> "at " + at + ": expected " + expected[at] + " but was " + actual[at]);
        }
    }

    private static double cosine(double[] a, double[] b) {
        Tensor x = Tensor.of(a);
        Tensor y = Tensor.of(b);
        return x.dot(y).div(x.norm().mul(y.norm())).item();
    }

    private static List<Value> values(Path set, String side) {
        return IntStream.iterate(0, i -> Files.exists(set.resolve(side + "_" + i + ".pb")), i -> i + 1)
                .mapToObj(i -> OnnxCase.read(set.resolve(side + "_" + i + ".pb"))).toList();
    }
}
