package io.adjoint.examples.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class WorkloadsTest {
    private static final String FAMILIES = "(sgemm|conv|map|row|train|infer|start|memory|threads)-[a-z0-9-]+";

    @Test
    void namesAreUniqueAndBeginWithTheirFamily() {
        List<String> names = Entry.all().stream().map(Entry::name).toList();
        assertEquals(names.stream().distinct().toList(), names);
        names.forEach(name -> assertTrue(name.matches(FAMILIES), name));
    }

    @TestFactory
    Stream<DynamicTest> everyTrainingStepImprovesItsLoss() {
        return TrainingStep.all().stream().map(workload -> DynamicTest.dynamicTest(workload.name(), () -> {
            double[] losses = AdjointSide.job(workload).evidence();
            assertEquals(TrainingStep.COMPARED_STEPS, losses.length);
            for (int step = 1; step < losses.length; step++) {
                assertTrue(losses[step] < losses[step - 1], Arrays.toString(losses));
            }
        }));
    }

    @Test
    void productsTakeOperandsAsTheyLie() {
        for (Product.Layout layout : Product.Layout.values()) {
            Product product = new Product(3, 5, 2, layout);
            float[] left = product.left().data();
            float[] right = product.right().data();
            double[] found = AdjointSide.job(product).evidence();
            assertEquals(6, found.length);
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 2; j++) {
                    double sum = 0;
                    for (int k = 0; k < 5; k++) {
                        double a = layout == Product.Layout.TN ? left[k * 3 + i] : left[i * 5 + k];
                        double b = layout == Product.Layout.NT ? right[j * 5 + k] : right[k * 2 + j];
                        sum += a * b;
                    }
                    assertEquals(sum, found[i * 2 + j], 1e-5, layout + " " + i + ", " + j);
                }
            }
        }
    }

    @Test
    void smallDifferencesOfLossesCountByHowFarTheLossHasMoved() {
        double[] losses = {2.3, 2.29, 2.28};
        assertTrue(SideBySide.agree(losses, new double[] {2.3, 2.29001, 2.28001}));
        assertFalse(SideBySide.agree(losses, new double[] {2.3, 2.2901, 2.28}));
        assertFalse(SideBySide.agree(losses, new double[] {2.3, 2.29}));
        assertFalse(SideBySide.agree(losses, new double[] {2.3, Double.NaN, 2.28}));
    }

    @Test
    void theMedianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
        Times times = new Times();
        times.add(3, 1, 10);
        assertEquals(3, times.median());
        times.add(2);
        assertEquals(2.5, times.median());
        assertEquals(1, times.min());
        assertEquals(4, times.runs());
    }

    @Test
    void optionsAreReadAndWrongOnesRefused() {
        assertEquals(new Choices("lstm", 2, 3, true),
                Choices.of("--filter", "lstm", "--threads", "2", "--rounds", "3", "--peers"));
        for (String[] wrong : new String[][] {{"--threads", "0"}, {"--threads"}, {"fast"}}) {
            assertTrue(refusal(wrong).startsWith("benchmark: "));
        }
    }

    private static String refusal(String... arguments) {
        try {
            Choices.of(arguments);
            return "accepted";
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }
}
