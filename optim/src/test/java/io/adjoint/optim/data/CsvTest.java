package io.adjoint.optim.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTest {
    @TempDir
    private Path folder;

    private static Table parse(Csv format, String text) {
        return format.read("data.csv", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String refusal(Csv format, String text) {
        return assertThrows(DataException.class, () -> parse(format, text)).getMessage();
    }

    @Property(tries = 200)
    void numbersAndWordsComeBack(@ForAll @Size(min = 1, max = 20) List<Double> numbers,
            @ForAll @Size(20) List<@StringLength(max = 30) String> words,
            @ForAll @IntRange(max = 1) int header, @ForAll @IntRange(max = 1) int semicolon) throws IOException {
        StringWriter text = new StringWriter();
        char separator = semicolon == 1 ? ';' : ',';
        try (CsvWriter writer = CsvWriter.builder().fieldSeparator(separator).build(text)) {
            if (header == 1) {
                writer.writeRecord("number", "word", "single");
            }
            for (int i = 0; i < numbers.size(); i++) {
                writer.writeRecord(numbers.get(i).toString(), words.get(i),
                        Float.toString((float) StrictMath.atan(numbers.get(i))));
            }
        }
        Csv format = Csv.of().withSeparator(separator).withCategorical("word");
        Table table = parse(header == 1 ? format : format.withColumns("number", "word", "single"), text.toString());
        assertEquals(List.of("number", "word", "single"), table.names());
        assertArrayEquals(numbers.stream().mapToDouble(x -> x).toArray(), table.numbers("number"));
        // surrounding blanks are no part of a word, and bytes that are no character become '?' when they are written
        List<String> written = words.stream().limit(numbers.size())
                .map(word -> new String(word.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .map(word -> word.replace("\r\n", "\n").strip()).toList();
        assertEquals(written, table.words("word").stream().map(word -> word.replace("\r\n", "\n")).toList());
        for (int i = 0; i < numbers.size(); i++) {
            assertEquals((float) StrictMath.atan(numbers.get(i)), (float) table.numbers("single")[i]);
        }
    }

    @Test
    void badLinesAreRefusedWithTheirPlace() {
        Csv format = Csv.of().withCategorical("colour");
        assertEquals("data.csv, line 3, column b: found 2 fields; expected 3 fields",
                refusal(format, "a,colour,b\n1,red,2\n3,blue\n"));
        assertEquals("data.csv, line 2, column 4: found 4 fields; expected 3 fields",
                refusal(format, "a,colour,b\n1,red,2,3\n"));
        assertEquals("data.csv, line 3, column b: found \"two\"; expected a number",
                refusal(format, "a,colour,b\n1,red,2\n3,blue,two\n"));
        assertEquals("data.csv, line 5, column b: found \"x\"; expected a number",
                refusal(format, "a,colour,b\n1,\"red\nor\nnot\",2\n3,blue,x\n"), "a field of several lines");
        for (String number : new String[] {"NaN", "Infinity", "-Infinity", "1e999", "0x1p3", "1d", "2F"}) {
            assertEquals("data.csv, line 2, column a: found \"" + number + "\"; expected a finite number",
                    refusal(format, "a,colour\n" + number + ",red\n"));
        }
        assertEquals("data.csv: found no rows; expected a line for each row, after one with the names of the columns",
                refusal(Csv.of(), "a,b\n"));
        assertEquals("data.csv: found no rows; expected a line for each row", refusal(Csv.of().withColumns(2), ""));
        assertEquals("data.csv: found no column \"colour\"; expected columns that were named as categorical",
                refusal(format, "a,b\n1,2\n"));
        assertEquals("data.csv, line 1, column 2: found the name \"a\"; expected a name for each column, all different",
                refusal(Csv.of(), "a,a\n1,2\n"));
        assertEquals("data.csv, line 1, column 2: found the name \"\"; expected a name for each column, all different",
                refusal(Csv.of(), "a,\n1,2\n"));
        String shown = refusal(Csv.of(), "a\n" + "\"" + "y\u0007\n".repeat(50) + "\"\n");
        assertTrue(shown.length() < 120 && shown.chars().noneMatch(Character::isISOControl), shown);
    }

    @Test
    void filesThatCannotBeReadAreRefused() throws IOException {
        Path none = folder.resolve("none.csv");
        assertEquals(none + ": found no such file; expected a file that can be read",
                assertThrows(DataException.class, () -> Csv.of().read(none)).getMessage());
        assertEquals(folder + ": found a folder; expected a file that can be read",
                assertThrows(DataException.class, () -> Csv.of().read(folder)).getMessage());
    }

    @Test
    void bytesThatAreNotUtf8AreRefusedWithTheirPlace() {
        Csv format = Csv.of().withCategorical("w");
        byte[] text = ("x,w\n" + "1,\uD83D\uDC00\n" + "2,b\n".repeat(5000) + "3,\u00e4\n4,c\n")
                .getBytes(StandardCharsets.UTF_8);
        assertEquals(5003, format.read("data.csv", new ByteArrayInputStream(text)).size(), "an emoji that ends so");
        String[][] cases = {{"x,w\n1,a\n2,\u00e4", "line 3, column w"}, {"x,\u00e4\n1,a", "line 1, column 2"},
            {"x,w\n" + "1,a\n".repeat(9000) + "\u00e4,b\n", "line 9002, column x"}};
        for (String[] one : cases) {
            byte[] latin = one[0].getBytes(StandardCharsets.ISO_8859_1);
            assertEquals("data.csv, " + one[1] + ": found bytes that are not UTF-8; expected text in UTF-8",
                    assertThrows(DataException.class,
                            () -> format.read("data.csv", new ByteArrayInputStream(latin))).getMessage());
        }
        byte[] utf16 = "x,w\n1,a\n".getBytes(StandardCharsets.UTF_16);
        assertEquals("data.csv, line 1, column 1: found bytes that are not UTF-8; expected text in UTF-8",
                assertThrows(DataException.class,
                        () -> format.read("data.csv", new ByteArrayInputStream(utf16))).getMessage());
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void aCompressedFileIsReadWhateverItsNameAndRefusedIfCut() throws IOException {
        byte[] whole = gzip("a,b\n" + "1.5,2\n".repeat(50));
        Table table = Csv.of().read(Files.write(folder.resolve("data.csv"), whole));
        assertEquals(50, table.size());
        for (int length = 2; length < whole.length; length++) {
            Path cut = Files.write(folder.resolve("cut.csv"), Arrays.copyOf(whole, length));
            assertThrows(DataException.class, () -> Csv.of().read(cut), "cut after " + length);
        }
        byte[] damaged = whole.clone();
        damaged[whole.length - 6] ^= 1; // its checksum
        Path file = Files.write(folder.resolve("damaged.csv"), damaged);
        assertEquals(file + ": found damaged gzip data; expected a whole file",
                assertThrows(DataException.class, () -> Csv.of().read(file)).getMessage());
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void anyBytesAreReadOrRefused(@ForAll byte[] bytes, @ForAll @IntRange(max = 3) int kind) {
        String prefix = new String[] {"", "a,b\n1,2\n", "\"", "a;b\n"}[kind];
        byte[] start = prefix.getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(start, start.length + bytes.length);
        System.arraycopy(bytes, 0, all, start.length, bytes.length);
        try {
            assertTrue(Csv.of().read("any", new ByteArrayInputStream(all)).size() > 0);
        } catch (DataException e) {
            assertTrue(e.getMessage().startsWith("any"), e.getMessage());
        }
    }

    @Test
    void linesMayBeSkippedAndTheByteOrderMarkIsNoPartOfAName() {
        Table table = parse(Csv.of().withSkippedLines(2), "# made\nby hand\n\uFEFFa,b\n1,2\n");
        assertEquals(List.of("a", "b"), parse(Csv.of(), "\uFEFFa,b\n1,2\n").names());
        assertEquals(4, table.line(0));
        assertThrows(ShapeException.class, () -> table.line(1));
    }

    @Test
    void theByteOrderMarkIsNoPartOfAWordEither() {
        assertEquals(List.of("a,c", "b"), parse(Csv.of(), "\uFEFF\"a,c\",b\n1,2\n").names());
        assertEquals(1, parse(Csv.of().withColumns(2), "\uFEFF1,2\n").numbers("1")[0]);
        assertEquals(List.of("a", "a"),
                parse(Csv.of().withColumns("w").withCategorical("w"), "\uFEFFa\na\n").words("w"));
    }

    /** What is skipped is no CSV: a quote in it begins no field. */
    @Test
    void skippedLinesAreLinesWhateverTheyHold() {
        for (String end : new String[] {"\n", "\r\n", "\r"}) {
            Table table =
                    parse(Csv.of().withSkippedLines(3), String.join(end, "\"by hand", "", "x\"", "a,b", "1,2", "3,4"));
            assertEquals(List.of("a", "b"), table.names());
            assertEquals(List.of(5L, 6L), List.of(table.line(0), table.line(1)));
        }
        assertTrue(
                refusal(Csv.of().withSkippedLines(Integer.MAX_VALUE), "a\n1\n").startsWith("data.csv: found no rows"));
    }

    /** Or the rows up to the next quote, or to the end, would become one word. */
    @Test
    void quotesThatAreNotClosedAreRefusedWithTheLineOfTheFirst() {
        Csv format = Csv.of().withCategorical("w");
        for (String rest : new String[] {"", "\n", "\r\n", "b", "b\n", "b\n3,c\n4,d", "b\n3,c\n4,d\n", "\"\"",
            "\n\n"}) {
            assertEquals("data.csv, line 3: found quotes that are not closed; expected a quote at the end of the field",
                    refusal(format, "x,w\n1,a\n2,\"" + rest));
        }
        assertEquals("data.csv, line 2: found quotes that are not closed; expected a quote at the end of the field",
                refusal(format.withSkippedLines(1), "by hand\n\"x,w\n1,a\n"));
        assertEquals(List.of("b", "", "end", "end\n c"),
                parse(format, "w\n\"b\n\"\n\"\"\nend\n\"end\n c\"").words("w"));
        assertEquals("data.csv, after line 2: found what is not CSV; expected fields between ',', at most 131072, with"
                + " nothing behind a quote that closes one", refusal(format, "x,w\n1,a\n2,\"b\"c\n"));
    }

    @Test
    void aSeparatorThatHasAnotherMeaningIsRefused() {
        for (char separator : new char[] {'"', '\n', '\r'}) {
            assertThrows(ShapeException.class, () -> Csv.of().withSeparator(separator));
        }
        assertEquals(List.of("a", "b"), parse(Csv.of().withSeparator('\t'), "a\tb\n1\t2\n").names());
    }

    /** As tables of genes have. */
    @Test
    void manyColumns() {
        int count = 30_000;
        String names = IntStream.range(0, count).mapToObj(i -> "g" + i).collect(Collectors.joining(","));
        Table table = parse(Csv.of(), names + "\n" + "1,".repeat(count - 1) + "0\n");
        assertEquals(count, table.names().size());
        assertEquals(Shape.of(1, count - 1), table.dataset(Target.label("g" + (count - 1), 2)).features().shape());
        assertEquals("data.csv, line 1, column 30001: found the name \"g7\"; expected a name for each column, all"
                + " different", refusal(Csv.of(), names + ",g7\n"));
    }

    private static final String TREES = """
            height,kind,age
            1.5,oak,10
            ,elm,20
            4.5,NA,?
            3,oak,30
            """;

    private static Table trees() {
        return parse(Csv.of().withCategorical("kind").withMissing("NA", "?"), TREES);
    }

    @Test
    void missingValuesAreRefusedUnlessSaidOtherwise() {
        Target age = Target.numbers("age");
        assertEquals(
                "data.csv, line 3, column height: found no value; expected a value, or another way to treat missing ones",
                assertThrows(DataException.class, () -> trees().dataset(age)).getMessage());
        TableEncoder encoder = TableEncoder.fit(trees(), age, Missing.MEAN);
        assertEquals(
                "data.csv, line 4, column age: found no value; expected a value, or another way to treat missing ones",
                assertThrows(DataException.class, () -> encoder.encode(trees())).getMessage(),
                "a target is never filled");
    }

    @Test
    void missingValuesAreDroppedOrFilled() {
        Target age = Target.numbers("age");
        Dataset dropped = TableEncoder.fit(trees(), age, Missing.DROP).encode(trees());
        assertArrayEquals(new float[] {1.5f, 0, 1, 3, 0, 1}, dropped.features().toFloats());
        assertArrayEquals(new float[] {10, 30}, dropped.targets().toFloats());
        TableEncoder mean = TableEncoder.fit(trees(), age, Missing.MEAN);
        assertEquals(List.of("height", "kind=elm", "kind=oak"), mean.names());
        assertArrayEquals(new float[] {1.5f, 0, 1, 3, 1, 0, 4.5f, 0, 0, 3, 0, 1},
                mean.encodeFeatures(trees()).toFloats());
        assertArrayEquals(new float[] {1.5f, 0, 1, -1, 1, 0, 4.5f, 0, 0, 3, 0, 1},
                TableEncoder.fit(trees(), age, Missing.constant(-1)).encodeFeatures(trees()).toFloats());
        assertEquals("data.csv: found a missing value in every row; expected a complete row or more",
                assertThrows(DataException.class, () -> TableEncoder.fit(trees(), age, Missing.DROP)
                        .encode(trees().subset(1, 2))).getMessage());
    }

    @Test
    void whatIsFilledInComesFromTheTrainingPartAlone() {
        TableEncoder encoder = TableEncoder.fit(trees().subset(0), Target.numbers("age"), Missing.MEAN);
        assertArrayEquals(new float[] {1.5f, 0}, TableEncoder.fit(trees().subset(0, 2), Target.numbers("age"),
                Missing.constant(0)).encodeFeatures(parse(Csv.of().withCategorical("kind"), "height,kind\n1.5,\n"))
                .toFloats());
        assertEquals("data.csv, line 3, column kind: found \"elm\"; expected a category of the training part",
                assertThrows(DataException.class, () -> encoder.encodeFeatures(trees().subset(1))).getMessage());
        assertEquals(1.5f, encoder.encodeFeatures(parse(Csv.of().withCategorical("kind"), "height,kind\n,oak\n"))
                .toFloats()[0]);
    }

    @Test
    void targetsAreCategoriesLabelsOrNumbers() {
        Csv format = Csv.of().withCategorical("kind");
        String text = "x,kind,label\n1,b,2\n2,a,0\n3,b,1\n";
        Table table = parse(format, text);
        TableEncoder encoder = TableEncoder.fit(table.without("label"), Target.category("kind"), Missing.REFUSE);
        assertEquals(List.of("a", "b"), encoder.classes());
        assertArrayEquals(new long[] {1, 0, 1}, encoder.encode(table).labels());
        assertArrayEquals(new long[] {2, 0, 1}, table.without("kind").dataset(Target.label("label", 3)).labels());
        Tensor numbers = table.without("kind").dataset(Target.numbers("label")).targets();
        assertTrue(numbers.sameBits(Tensor.of(new float[] {2, 0, 1}, 3, 1)));
        assertEquals("data.csv, line 2, column label: found label 2; expected a whole number from 0 to 1",
                assertThrows(DataException.class, () -> table.dataset(Target.label("label", 2))).getMessage());
        assertEquals("data.csv, line 2, column x: found label 1.5; expected a whole number from 0 to 1",
                assertThrows(DataException.class,
                        () -> parse(Csv.of(), "x,y\n1.5,1\n").dataset(Target.label("x", 2))).getMessage());
        assertEquals("data.csv, line 2, column x: found 1.0E300; expected a number that F32 holds",
                assertThrows(DataException.class,
                        () -> parse(Csv.of(), "x,y\n1e300,1\n").dataset(Target.label("y", 2))).getMessage());
        assertEquals("data.csv: found no column \"z\"; expected one of [x, kind, label]",
                assertThrows(DataException.class, () -> table.dataset(Target.numbers("z"))).getMessage());
        assertEquals("data.csv, column kind: found words; expected a column of numbers",
                assertThrows(DataException.class, () -> table.dataset(Target.numbers("kind"))).getMessage());
        assertEquals("data.csv: found no column but the target's; expected columns to learn from",
                assertThrows(DataException.class,
                        () -> table.without("kind", "label").dataset(Target.numbers("x"))).getMessage());
    }

    @Test
    void aTableIsSplitBeforeItIsFitted() {
        Table table = parse(Csv.of().withCategorical("kind"), "x,kind\n" + "1,a\n".repeat(30) + "2,b\n".repeat(10));
        Split<Table> split = table.stratified("kind", 0.2, Rng.seed(3));
        assertEquals(8, split.heldBack().size());
        assertEquals(2, split.heldBack().words("kind").stream().filter("b"::equals).count());
        assertEquals(10, table.split(0.25, Rng.seed(3)).heldBack().size());
        assertFalse(split.training().words("kind").isEmpty());
    }
}
