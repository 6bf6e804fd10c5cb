package io.adjoint.optim.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Losses;
import io.adjoint.nn.Flatten;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.embedding.Embedding;
import io.adjoint.optim.Sgd;
import io.adjoint.optim.data.Batch;
import io.adjoint.optim.data.Batches;
import io.adjoint.optim.data.Csv;
import io.adjoint.optim.data.DataException;
import io.adjoint.optim.data.Dataset;
import io.adjoint.optim.data.Examples;
import io.adjoint.optim.data.Idx;
import io.adjoint.optim.data.ImageFolder;
import io.adjoint.optim.data.ImageFormat;
import io.adjoint.optim.data.Labelled;
import io.adjoint.optim.data.Order;
import io.adjoint.optim.data.Origin;
import io.adjoint.optim.data.Remainder;
import io.adjoint.optim.data.Scaler;
import io.adjoint.optim.data.Sequences;
import io.adjoint.optim.data.Split;
import io.adjoint.optim.data.Table;
import io.adjoint.optim.data.Target;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Bad data are refused by the place where they stand, and before a training has begun. */
class BadDataTest {
    private static final int CLASSES = 3;

    @TempDir
    Path folder;

    private static String refusal(Executable body) {
        String message = assertThrows(DataException.class, body).getMessage();
        assertTrue(message.indexOf('\n') < 0, message);
        return message;
    }

    /** A training that must not begin: neither an event nor a change. */
    private static Trainer untouched(Layer model) {
        return Trainer.of(model, Losses::crossEntropy, Sgd.of(0.1).over(model), 1).withListener(event -> {
            throw new AssertionError(event);
        });
    }

    private static Trainer untouched(int features) {
        return untouched(Linear.of(features, CLASSES, Rng.seed(1)));
    }

    private Path csv(String... lines) throws IOException {
        return Files.writeString(folder.resolve("data.csv"), String.join("\n", lines) + "\n");
    }

    private Dataset read(Path file) {
        return Csv.of().read(file).dataset(Target.label("kind", 9));
    }

    @Test
    void aMissingFile() {
        Path file = folder.resolve("gone.csv");
        String expected = file + ": found no such file; expected a file that can be read";
        assertEquals(expected, refusal(() -> read(file)));
        assertEquals(expected, refusal(() -> Idx.read(file)));
        assertEquals(expected, refusal(() -> Idx.images(file, file, 10)));
        assertTrue(
                refusal(() -> ImageFolder.open(file, ImageFormat.colour(4, 4))).startsWith(file + ": found no such"));
    }

    @Test
    void aShortAndALongLine() throws IOException {
        Path shortLine = csv("a,b,kind", "1,2,0", "3", "4,5,1");
        assertEquals(shortLine + ", line 3, column b: found 1 fields; expected 3 fields",
                refusal(() -> read(shortLine)));
        Path longLine = csv("a,b,kind", "1,2,0", "3,4,1,5");
        assertEquals(longLine + ", line 3, column 4: found 4 fields; expected 3 fields", refusal(() -> read(longLine)));
    }

    @Test
    void aFeatureThatIsNoFiniteNumber() throws IOException {
        for (String bad : new String[] {"NaN", "nan", "inf", "-Infinity", "1e999", "1e39", "", "x"}) {
            Path file = csv("a,b,kind", "1,2,0", "3," + bad + ",1");
            String message = refusal(() -> read(file));
            assertTrue(message.startsWith(file + ", line 3, column b: found "), message);
        }
        assertEquals(
                "dataset, row 1, feature 2: found NaN; expected a finite number; fill or drop missing values first",
                refusal(() -> Dataset.of(new float[][] {{1, 2, 3}, {4, 5, Float.NaN}}, new int[] {0, 1}, 2)));
    }

    @Test
    void aFeatureThatWasMadeNanLaterIsKnownByItsLineAndColumn() throws IOException {
        Path file = csv("a,b,kind", "1,2,0", "3,4,1", "5,-6,2", "7,8,0");
        Dataset data = read(file);
        String refused = "found NaN; expected a finite number; fill or drop missing values first";
        assertEquals(file + ", line 4, column b: " + refused,
                refusal(() -> data.withFeatures(data.features().sqrt())));
        Dataset part = data.subset(3, 2);
        assertEquals(file + ", line 4, column b: " + refused,
                refusal(() -> part.withFeatures(part.features().sqrt())));
        // what each of three numbers was made of is not known
        assertEquals(file + ", line 4, feature 2: " + refused, refusal(
                () -> data.withFeatures(Tensor.concat(1, data.features().slice(1, 0, 1), data.features().sqrt()))));
        assertEquals(file + ", line 2, column kind: found -Infinity; expected a finite number; "
                + "fill or drop missing values first",
                refusal(() -> new Dataset(data.features(), data.targets().cast(DType.F32).log(), data.origin())));
    }

    @Test
    void aFeatureThatAScalerMadeInfinite() throws IOException {
        Path file = csv("a,colour,b,kind", "1,red,1e-30,0", "2,blue,2e-30,1", "3,red,3e38,2");
        Dataset data = Csv.of().withCategorical("colour").read(file).dataset(Target.label("kind", 9));
        Scaler scaler = Scaler.minMax(data.subset(0, 1), Scaler.Per.FEATURE);
        assertEquals(
                file + ", line 4, column b: found Infinity; expected a finite number; fill or drop missing values first",
                refusal(() -> scaler.apply(data)));
        assertTrue(refusal(() -> data.withFeatures(data.features().log()))
                .startsWith(file + ", line 2, column colour=blue: found -Infinity"));
    }

    @Test
    void aTargetThatWasMadeNanLater() throws IOException {
        Path file = csv("a,b,c", "1,2,3", "4,5,-6");
        Dataset data = Csv.of().read(file).dataset(Target.numbers("b", "c"));
        assertTrue(refusal(() -> new Dataset(data.features(), data.targets().sqrt(), data.origin()))
                .startsWith(file + ", line 3, column c: found NaN"));
    }

    /** Lines of other rows would be named, or there would be none. */
    @Test
    void anOriginOfOtherRows() throws IOException {
        Dataset data = read(csv("a,kind", "1,0", "2,1", "3,0"));
        for (int rows : new int[] {1, 2, 4, 9}) {
            for (float value : new float[] {1, Float.NaN}) {
                ShapeException refused = assertThrows(ShapeException.class,
                        () -> new Dataset(Tensor.full(Shape.of(rows, 1), DType.F32, value), Tensor.ones(rows, 1),
                                data.origin()));
                assertEquals("dataset: the origin is of another number of rows: features [" + rows
                        + ", 1], rows of the origin 3; expected the origin of these rows, or Origin.rows(name)",
                        refused.getMessage());
            }
        }
        Origin loaded = Dataset.of(new Lines(3, -1)).origin();
        assertThrows(ShapeException.class, () -> new Dataset(Tensor.ones(4, 1), Tensor.ones(4, 1), loaded));
        assertEquals(4, new Dataset(Tensor.ones(4, 1), Tensor.ones(4, 1), Origin.rows("numbers")).size());
    }

    private static void assertSplitsRefused(Examples<?> data, String place, int size) {
        for (double share : new double[] {0, 0.01, 0.99, 1, -1, Double.NaN}) {
            assertEquals(place + ": found an empty part: " + share + " of " + size
                    + " rows; expected a share that leaves a row or more for each part",
                    refusal(() -> data.split(share, Rng.seed(1))));
        }
        assertEquals(place + ": found an empty part: " + (size + 1) + " folds of " + size
                + " rows; expected as many rows as folds, or more", refusal(() -> data.folds(size + 1, Rng.seed(1))));
        assertEquals(place + ": found no rows; expected one row or more", refusal(data::subset));
        assertEquals(place + ": found " + size + " examples in an epoch; expected 9 or more, for one whole batch",
                refusal(() -> data.batches(9).withRemainder(Remainder.DROP)));
        if (data instanceof Labelled<?> labelled) {
            assertTrue(refusal(() -> labelled.stratified(0.01, Rng.seed(1))).startsWith(place + ": found an empty"));
            assertTrue(refusal(() -> labelled.stratifiedFolds(size + 1, Rng.seed(1)))
                    .startsWith(place + ": found an empty"));
        }
    }

    @Test
    void anEmptySplitOfAFile() throws IOException {
        Path file = csv("a,kind", "1,0", "2,1", "3,0", "4,1");
        assertSplitsRefused(read(file), file + ", lines 2 to 5", 4);
        assertSplitsRefused(read(file).subset(3, 1), file + ", lines 3 to 5", 2);
        assertSplitsRefused(Dataset.of(read(file)).subset(2), file + ", line 4", 1);
        Table table = Csv.of().withCategorical("kind").read(file).subset(1, 2);
        String place = file + ", lines 3 to 4: found ";
        assertTrue(refusal(() -> table.split(0.1, Rng.seed(1))).startsWith(place + "an empty part: 0.1 of 2 rows"));
        assertTrue(refusal(() -> table.stratified("kind", 0.1, Rng.seed(1))).startsWith(place + "an empty part"));
        assertTrue(refusal(table::subset).startsWith(place + "no rows"));
    }

    /** A feature stands in another file than its label. */
    @Test
    void ofIdxFiles() throws IOException {
        Path images = Files.write(folder.resolve("images"),
                new byte[] {0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4, 5, 0});
        Path labels = Files.write(folder.resolve("labels"), new byte[] {0, 0, 8, 1, 0, 0, 0, 3, 0, 1, 2});
        Dataset data = Idx.images(images, labels, 3);
        assertSplitsRefused(data, images.toString(), 3);
        assertSplitsRefused(data.subset(2, 0), images + ", items 0 to 2", 2);
        assertTrue(refusal(() -> data.subset(0, 2).withFeatures(data.subset(0, 2).features().log()))
                .startsWith(images + ", item 2, feature 1: found -Infinity"));
        assertTrue(refusal(() -> new Dataset(data.features(), data.targets().cast(DType.F32).log(), data.origin()))
                .startsWith(labels + ", item 0, target 0: found -Infinity"));
        for (int rows : new int[] {1, 2, 4}) { // other items would be named, or there would be none
            assertThrows(ShapeException.class,
                    () -> new Dataset(Tensor.ones(rows, 1), Tensor.ones(rows, 1), data.origin()));
        }
    }

    /** Also once they are loaded. */
    @Test
    void ofFoldersOfImages() throws IOException {
        for (String name : new String[] {"a", "b"}) {
            Files.createDirectory(folder.resolve(name));
            ImageIO.write(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "png",
                    folder.resolve(name).resolve("1.png").toFile());
        }
        ImageFolder files = ImageFolder.open(folder, ImageFormat.colour(1, 1));
        assertSplitsRefused(files, folder.toString(), 2);
        assertSplitsRefused(files.subset(1), folder.toString(), 1);
        Dataset loaded = Dataset.of(files);
        assertSplitsRefused(loaded, folder.toString(), 2);
        Dataset part = loaded.subset(1);
        assertTrue(refusal(() -> part.withFeatures(part.features().log()))
                .startsWith(folder.resolve("b").resolve("1.png") + ", feature 0: found -Infinity"));
    }

    @Test
    void noImages() throws IOException {
        Path images =
                Files.write(folder.resolve("images"), new byte[] {0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 2});
        Path labels = Files.write(folder.resolve("labels"), new byte[] {0, 0, 8, 1, 0, 0, 0, 0});
        assertEquals(images + ": found no images; expected one or more", refusal(() -> Idx.images(images, labels, 10)));
    }

    @Test
    void aLabelOutOfTheRangeThatIsSaid() throws IOException {
        for (String bad : new String[] {"9", "-1", "0.5", "NaN", ""}) {
            Path file = csv("a,kind", "1,8", "2," + bad);
            String message = refusal(() -> read(file));
            assertTrue(message.startsWith(file + ", line 3, column kind: found "), message);
        }
    }

    /** Binary losses take any number: with a target of 2 they fall for ever. */
    @Test
    void aProbabilityOutOfItsRange() throws IOException {
        Target target = Target.probabilities("spam", "read");
        for (String bad : new String[] {"2", "-0.1", "1.000001", "-1"}) {
            Path file = csv("a,spam,read", "1,0,1", "2,0.3," + bad);
            assertEquals(file + ", line 3, column read: found " + bad + "; expected a probability from 0 to 1",
                    refusal(() -> Csv.of().read(file).dataset(target)));
        }
        for (String bad : new String[] {"NaN", "inf", "", "yes"}) {
            Path file = csv("a,spam,read", "1,0,1", "2,0.3," + bad);
            String message = refusal(() -> Csv.of().read(file).dataset(target));
            assertTrue(message.startsWith(file + ", line 3, column read: found "), message);
        }
        Tensor targets = Csv.of().read(csv("a,spam,read", "1,0,1", "2,0.3,-0.0")).dataset(target).targets();
        assertTrue(targets.sameBits(Tensor.rows(new float[][] {{0, 1}, {0.3f, -0f}})), targets.toString());
        assertThrows(ShapeException.class, Target::probabilities);
    }

    /** The reader was told of nine classes, and the model has three. */
    @Property(tries = 30, edgeCases = EdgeCasesMode.NONE)
    void aLabelThatTheModelLacksAnywhere(@ForAll @IntRange(min = 2, max = 40) int rows,
            @ForAll @IntRange(max = 39) int at,
            @ForAll @IntRange(min = CLASSES, max = 8) int label, @ForAll @IntRange(min = 1, max = 7) int size)
            throws IOException {
        int bad = at % rows;
        Path file = Files.createTempFile("labels", ".csv");
        try {
            Files.writeString(file, "a,kind\n" + IntStream.range(0, rows)
                    .mapToObj(i -> i + "," + (i == bad ? label : i % CLASSES)).collect(Collectors.joining("\n")));
            Dataset data = read(file);
            Split<Dataset> split = data.split(0.5, Rng.seed(rows));
            String place = file + ", line " + (bad + 2) + ", column kind: found label " + label + "; expected ";
            Trainer trainer = untouched(1);
            assertTrue(refusal(() -> trainer.fit(data.batches(size, Rng.seed(at)))).startsWith(place));
            Dataset good = Dataset.of(Tensor.ones(4, 1), new int[] {0, 1, 2, 0}, CLASSES);
            assertTrue(refusal(() -> trainer.withValidation(Validation.on(data.batches(size)))
                    .fit(good.batches(2))).startsWith(place));
            // the part it fell into still knows the line
            boolean isHeldBack = Arrays.stream(split.heldBack().labels()).anyMatch(x -> x == label);
            Dataset part = isHeldBack ? split.heldBack() : split.training();
            assertTrue(refusal(() -> trainer.fit(part.batches(size, Rng.seed(at)))).startsWith(place));
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void aClassOfImagesThatTheModelLacks() throws IOException {
        for (String name : new String[] {"a", "b", "c", "d"}) {
            Files.createDirectory(folder.resolve(name));
            ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), "png",
                    folder.resolve(name).resolve("1.png").toFile());
        }
        ImageFolder images = ImageFolder.open(folder, ImageFormat.colour(2, 2));
        Sequential model = Sequential.of(new Flatten(1, -1), Linear.of(12, CLASSES, Rng.seed(1)));
        String message = refusal(() -> untouched(model).fit(images.batches(2, Rng.seed(1))));
        assertTrue(message.startsWith(folder.resolve("d").resolve("1.png") + ": found label 3; expected "), message);
    }

    /** The last token is a target alone, the one before a feature as well. */
    @Test
    void aTokenThatTheModelLacks() {
        for (int at = 10; at < 40; at++) {
            long[] tokens = IntStream.range(0, 40).mapToLong(i -> i % CLASSES).toArray();
            tokens[at] = CLASSES;
            Sequential model = Sequential.of(Embedding.of(CLASSES, 4, Rng.seed(1)), Linear.of(4, CLASSES, Rng.seed(2)));
            Layer flat = x -> model.forward(x).reshape(-1, CLASSES);
            Trainer trainer = Trainer.of(new Task(model, flat::forward,
                    (y, labels) -> Losses.crossEntropy(y, labels.reshape(-1))), Sgd.of(0.1).over(model), 1);
            Batches batches = Sequences.of(Tensor.of(tokens), 4, 1).batches(5, Rng.seed(at));
            String message = refusal(() -> trainer.fit(batches));
            assertTrue(message.startsWith("sequences, piece " + (at - 4) + ", from number " + (at - 4)), message);
        }
    }

    /** Rows that are read when they are asked for, one of which is damaged. */
    private record Lines(int size, int bad) implements Examples<Lines> {
        @Override
        public Batch rows(int... rows) {
            float[] features = new float[rows.length];
            for (int i = 0; i < rows.length; i++) {
                features[i] = rows[i] == bad ? Float.NaN : rows[i];
            }
            return new Batch(Tensor.of(features, rows.length, 1),
                    Tensor.zeros(Shape.of(rows.length), DType.I64));
        }

        @Override
        public Lines subset(int... rows) {
            return this;
        }

        @Override
        public DataException.Report at(int row) {
            return DataException.in("lines.txt").at("line", row + 1);
        }
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void aNanAmongExamplesThatAreReadWhenTheyAreAskedFor(@ForAll @IntRange(min = 1, max = 300) int rows,
            @ForAll @IntRange(max = 299) int at) {
        Lines lines = new Lines(rows, at % rows);
        assertEquals("lines.txt, line " + (at % rows + 1)
                + ", feature 0: found NaN; expected a finite number; fill or drop missing values first",
                refusal(() -> untouched(1).fit(Batches.of(lines, 2, Order.shuffled(), Rng.seed(1)))));
    }

    @Test
    void anEmptySplit() throws IOException {
        assertSplitsRefused(Dataset.of(Tensor.ones(3, 1), new int[] {0, 1, 2}, CLASSES), "dataset", 3);
        assertSplitsRefused(Sequences.of(Tensor.of(new long[] {1, 2, 3, 4}), 1, 1), "sequences", 3);
        Path empty = csv("a,kind");
        assertTrue(refusal(() -> read(empty)).startsWith(empty + ": found no rows"));
    }
}
