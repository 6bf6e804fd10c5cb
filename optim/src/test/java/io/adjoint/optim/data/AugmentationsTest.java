package io.adjoint.optim.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Index;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AugmentationsTest {
    private static final Tensor IMAGE = Tensor.range(6).cast(DType.F32).reshape(1, 2, 3);

    private static final List<Augmentation> ALL = List.of(Augmentations.mirror(0.5), Augmentations.flip(0.5),
            Augmentations.crop(2), Augmentations.brightness(0.4), Augmentations.contrast(0.4),
            Augmentations.rotation(30),
            Augmentations.mirror(0.5).then(Augmentations.crop(1)));

    private static Tensor image(long seed, DType dtype, int... dims) {
        return Rng.seed(seed).stream(1).uniform(Shape.of(dims), dtype);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void eachIsAFunctionOfTheKeyThatKeepsShapeAndDType(@ForAll @IntRange(max = 6) int which, @ForAll long seed,
            @ForAll boolean wide) {
        DType dtype = wide ? DType.F64 : DType.F32;
        Tensor image = image(seed, dtype, 3, 4, 5);
        Tensor changed = ALL.get(which).apply(Rng.seed(seed), image);
        assertEquals(image.spec(), changed.spec());
        assertTrue(changed.sameBits(ALL.get(which).apply(Rng.seed(seed), image)));
        boolean differs = IntStream.range(0, 20)
                .anyMatch(i -> !ALL.get(which).apply(Rng.seed(seed).stream(i), image).sameBits(changed));
        assertTrue(differs, "the key makes no difference");
    }

    @Test
    void flipsTurnTheRightAxis() {
        assertArrayEquals(new float[] {2, 1, 0, 5, 4, 3}, Augmentations.mirror(1).apply(Rng.seed(1), IMAGE).toFloats());
        assertArrayEquals(new float[] {3, 4, 5, 0, 1, 2}, Augmentations.flip(1).apply(Rng.seed(1), IMAGE).toFloats());
        assertSame(IMAGE, Augmentations.mirror(0).apply(Rng.seed(1), IMAGE));
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void aCropIsAShiftByUpToThePadding(@ForAll long seed, @ForAll @IntRange(max = 3) int padding) {
        Tensor image = image(seed, DType.F32, 2, 4, 5).add(1);
        Tensor cropped = Augmentations.crop(padding).apply(Rng.seed(seed), image);
        boolean found = false;
        for (int down = -padding; down <= padding; down++) {
            for (int right = -padding; right <= padding; right++) {
                found |= cropped.sameBits(shifted(image, down, right));
            }
        }
        assertTrue(found, cropped.toString());
    }

    private static Tensor shifted(Tensor image, int down, int right) {
        float[] values = image.toFloats();
        float[] moved = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            int y = i / 5 % 4 - down;
            int x = i % 5 - right;
            moved[i] = y < 0 || y >= 4 || x < 0 || x >= 5 ? 0 : values[i / 20 * 20 + y * 5 + x];
        }
        return Tensor.of(moved, 2, 4, 5);
    }

    @Test
    void everyShiftComesEquallyOften() {
        Map<String, Integer> met = new HashMap<>();
        Tensor dot = Tensor.zeros(1, 3, 3).put(1, Index.at(0), Index.at(1),
                Index.at(1));
        for (int i = 0; i < 9000; i++) {
            met.merge(Augmentations.crop(1).apply(Rng.seed(1).stream(i), dot).toString(), 1, Integer::sum);
        }
        assertEquals(9, met.size());
        double chiSquare = met.values().stream().mapToDouble(n -> (n - 1000.0) * (n - 1000.0) / 1000).sum();
        assertTrue(chiSquare < 26.12, "chi-square with 8 degrees of freedom " + chiSquare);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void brightnessAndContrastAreOneFactor(@ForAll long seed, @ForAll @DoubleRange(min = 0.1, max = 1) double amount) {
        Tensor image = image(seed, DType.F64, 1, 3, 4);
        Tensor bright = Augmentations.brightness(amount).apply(Rng.seed(seed), image).div(image);
        double factor = bright.mean().item();
        assertTrue(factor >= 1 - amount && factor <= 1 + amount, "factor " + factor);
        assertTrue(bright.sub(factor).abs().max().item() < 1e-12);
        Tensor contrast = Augmentations.contrast(amount).apply(Rng.seed(seed), image);
        assertEquals(image.mean().item(), contrast.mean().item(), 1e-12);
        Tensor ratio = contrast.sub(contrast.mean()).div(image.sub(image.mean()));
        assertEquals(factor, ratio.get(Index.at(0)).mean().item(), 1e-8);
    }

    @Test
    void aTurnByNothingKeepsTheImageAndAnyTurnItsCentre() {
        Tensor square = image(3, DType.F64, 2, 5, 5);
        assertTrue(Augmentations.rotation(0).apply(Rng.seed(1), square).sub(square).abs().max().item() < 1e-12);
        Tensor wide = image(3, DType.F64, 1, 9, 17);
        Tensor middle = Augmentations.rotation(180).apply(Rng.seed(5), wide).select(1, 4).select(1, 8);
        assertEquals(wide.select(1, 4).select(1, 8).item(), middle.item(), 1e-12, "the centre stays where it is");
    }

    @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
    void aTurnKeepsAPatternThatIsTheSameFromAllSidesAlsoInOblongImages(@ForAll long seed) {
        int height = 21;
        int width = 41;
        double[] values = new double[height * width];
        for (int i = 0; i < values.length; i++) {
            double y = i / width - (height - 1) / 2.0;
            double x = i % width - (width - 1) / 2.0;
            double inside = Math.max(0, 1 - (x * x + y * y) / 100);
            values[i] = inside * inside;
        }
        Tensor round = Tensor.of(values, 1, height, width);
        Tensor turned = Augmentations.rotation(180).apply(Rng.seed(seed), round);
        double difference = turned.sub(round).abs().max().item();
        assertTrue(difference < 0.02, "differs by " + difference);
    }

    @Test
    void exampleIOfEpochEIsChangedInOneWayWhateverItsBatch() {
        Dataset data = new Dataset(image(1, DType.F32, 12, 1, 4, 4), Tensor.range(12));
        Augmentation change = Augmentations.crop(2).then(Augmentations.brightness(0.5));
        Map<Long, Tensor> first = examples(data.batches(5, Rng.seed(3)).withAugmentation(change), 2);
        Map<Long, Tensor> second = examples(data.batches(3, Rng.seed(3)).withOrder(Order.sequential())
                .withAugmentation(change), 2);
        Map<Long, Tensor> later = examples(data.batches(5, Rng.seed(3)).withAugmentation(change), 3);
        first.forEach((row, example) -> {
            assertTrue(example.sameBits(second.get(row)), "example " + row);
            assertFalse(example.sameBits(later.get(row)), "another epoch, another change");
        });
        assertFalse(first.get(0L).sameBits(data.rows(0).features().select(0, 0)));
    }

    private static Map<Long, Tensor> examples(Batches batches, long epoch) {
        Map<Long, Tensor> examples = new HashMap<>();
        for (Batch batch : batches.epoch(epoch)) {
            for (int i = 0; i < batch.size(); i++) {
                examples.put((long) batch.targets().select(0, i).item(), batch.features().select(0, i));
            }
        }
        return examples;
    }

    @Test
    void channelsAreNormalisedByTheirOwnNumbers() {
        Augmentation normalise = Augmentations.normalise(new double[] {1, 2}, new double[] {2, 0.5});
        Tensor image = Tensor.of(new float[] {1, 3, 2, 4}, 2, 1, 2);
        assertTrue(Tensor.of(new float[] {0, 1, 0, 4}, 2, 1, 2).sameBits(normalise.apply(Rng.seed(1), image)));
        assertThrows(ShapeException.class, () -> normalise.apply(Rng.seed(1), IMAGE));
        assertThrows(ShapeException.class, () -> Augmentations.normalise(new double[] {1}, new double[] {1, 2}));
        assertThrows(ShapeException.class, () -> Augmentations.normalise(new double[] {1}, new double[] {0}));
    }

    @Test
    void wrongArgumentsAreRefused() {
        assertThrows(ShapeException.class, () -> Augmentations.mirror(1.5));
        assertThrows(ShapeException.class, () -> Augmentations.flip(Double.NaN));
        assertThrows(ShapeException.class, () -> Augmentations.crop(-1));
        assertThrows(ShapeException.class, () -> Augmentations.brightness(-0.1));
        assertThrows(ShapeException.class, () -> Augmentations.contrast(2));
        assertThrows(ShapeException.class, () -> Augmentations.rotation(181));
        for (Augmentation augmentation : ALL) {
            assertThrows(ShapeException.class, () -> augmentation.apply(Rng.seed(1), Tensor.ones(2, 3)));
            assertThrows(ShapeException.class,
                    () -> augmentation.apply(Rng.seed(1), Tensor.zeros(Shape.of(1, 2, 3), DType.I64)));
        }
    }
}
