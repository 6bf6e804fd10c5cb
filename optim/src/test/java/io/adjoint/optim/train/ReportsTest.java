package io.adjoint.optim.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.adjoint.autodiff.ShapeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.LongStream;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class ReportsTest {
    private static final String NASTY = "a\"<b>&\\\u0001\t'";

    private static EpochResult result(long epoch, double loss, String metric, double figure) {
        SequencedMap<String, Double> metrics = new LinkedHashMap<>();
        metrics.put(metric, figure);
        return new EpochResult(epoch, 4 * (epoch + 1), loss, Optional.of(new Evaluation(loss / 2, metrics)));
    }

    private static final List<EpochResult> HISTORY =
            List.of(result(0, 2, NASTY, 0.5), result(1, Double.NaN, NASTY, 0.75), result(2, 1, NASTY, 1));

    @Property(tries = 100)
    void notesKeepTheHistoryToTheBit(@ForAll double loss, @ForAll double figure, @ForAll String name) {
        List<EpochResult> history = List.of(new EpochResult(0, 4, loss, Optional.empty()),
                result(1, loss, name.replace('\t', ' '), figure));
        assertEquals(history, HistoryNotes.read(HistoryNotes.write(history)));
    }

    @Test
    void notesOfALongTrainingFitIntoACheckpoint() {
        List<EpochResult> many = LongStream.range(0, 20_000)
                .mapToObj(epoch -> result(epoch, 1.0 / 3, "accuracy", 1.0 / 7)).toList();
        Map<String, String> notes = HistoryNotes.write(many);
        int bytes = notes.entrySet().stream().mapToInt(note -> note.getKey().length() + note.getValue().length()).sum();
        assertTrue(bytes < 256 << 10, "bytes " + bytes);
        assertEquals(many.subList(many.size() - notes.size(), many.size()), HistoryNotes.read(notes));
        assertTrue(notes.size() > 1000, "epochs " + notes.size());
    }

    @Test
    void aLogHasEachEpochOnce(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("history.jsonl");
        RunLog log = RunLog.in(file);
        Event.Plan plan = new Event.Plan(3, 4);
        log.on(new Event.Started(plan, 0, List.of()));
        HISTORY.subList(0, 2).forEach(result -> log.on(new Event.EpochDone(plan, result, true)));
        log.on(new Event.Started(plan, 4, HISTORY.subList(0, 1))); // the second epoch was not saved
        HISTORY.subList(1, 3).forEach(result -> log.on(new Event.EpochDone(plan, result, true)));
        List<JsonObject> lines = Files.readAllLines(file).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
        assertEquals(3, lines.size());
        assertEquals(2, lines.get(0).get("loss").getAsDouble());
        assertTrue(lines.get(1).get("loss").isJsonNull());
        assertEquals(12, lines.get(2).get("step").getAsLong());
        assertEquals(1, lines.get(2).getAsJsonObject("validation").get(NASTY).getAsDouble());
        RunLog nowhere = RunLog.in(folder.resolve("none").resolve("history.jsonl"));
        assertTrue(assertThrows(UncheckedIOException.class, () -> nowhere.on(new Event.Started(plan, 0, List.of())))
                .getMessage().contains("cannot be written"));
    }

    /** A checkpoint has room for the last epochs of a long training only. */
    @Test
    void aLogKeepsTheEpochsBeforeThoseOfTheCheckpoint(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("history.jsonl");
        RunLog log = RunLog.in(file);
        Event.Plan plan = new Event.Plan(12, 4);
        List<EpochResult> all = LongStream.range(0, 12)
                .mapToObj(epoch -> result(epoch, 1.0 / 3, NASTY, 1.0 / 7)).toList();
        log.on(new Event.Started(plan, 0, List.of()));
        all.forEach(result -> log.on(new Event.EpochDone(plan, result, true)));
        log.on(new Event.Started(plan, 40, all.subList(7, 10)));
        assertEquals(all.subList(0, 10).stream().map(Json::of).toList(), Files.readAllLines(file));

        Files.writeString(file, Json.of(all.get(0)) + "\n" + Json.of(all.get(1)).substring(0, 20)); // the power went
        log.on(new Event.Started(plan, 40, all.subList(7, 10)));
        assertEquals(List.of(0L, 7L, 8L, 9L), Files.readAllLines(file).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject().get("epoch").getAsLong()).toList());
        log.on(new Event.Started(plan, 0, List.of()));
        assertEquals(0, Files.size(file), "a fresh start");
    }

    @Test
    void curvesAreAWellFormedImage() throws Exception {
        for (List<EpochResult> history : List.of(HISTORY, HISTORY.subList(1, 2), List.<EpochResult>of())) {
            String svg = Curves.svg(history);
            var document = DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder()
                    .parse(new InputSource(new StringReader(svg)));
            assertEquals(history.isEmpty() ? 3 : 7, document.getElementsByTagName("text").getLength(), svg);
            assertFalse(svg.contains("NaN") || svg.contains("<b>"), svg);
        }
        assertEquals("a&quot;&lt;b&gt;&amp;\\??'", Curves.escape(NASTY));
    }

    @Test
    void chartsWithoutRoomAreRefused() {
        assertThrows(ShapeException.class, () -> Curves.text(HISTORY, 0, 3));
        assertThrows(ShapeException.class, () -> Curves.text(HISTORY, 3, 1));
    }

    @Test
    void curvesInTheTerminal() {
        List<EpochResult> falling = List.of(new EpochResult(0, 1, 3, Optional.empty()),
                new EpochResult(1, 2, 2, Optional.empty()), new EpochResult(2, 3, 1, Optional.empty()));
        assertEquals("""
                loss
                     3.000 |*
                           | *
                     1.000 |  *
                """, Curves.text(falling, 40, 3));
    }

    private static String shown(ProgressLines.Kind kind) {
        StringWriter text = new StringWriter();
        long[] clock = {0};
        ProgressLines lines = new ProgressLines(new PrintWriter(text), kind, () -> clock[0]);
        Event.Plan plan = new Event.Plan(2, 4);
        lines.on(new Event.Started(plan, 0, List.of()));
        for (int step = 2; step <= 8; step += 2) {
            clock[0] += 30_000_000_000L;
            lines.on(new Event.StepDone(plan, (step - 1) / 4, step, 0.5, 60));
            if (step % 4 == 0) {
                lines.on(new Event.EpochDone(plan, result(step / 4 - 1, 0.25, "accuracy", 0.5), true));
            }
        }
        lines.on(new Event.Ended(new Outcome(Outcome.End.EARLY, List.of())));
        return text.toString();
    }

    @Test
    void progressInALog() {
        assertEquals("""
                epoch 1/2  loss 0.2500  validation loss 0.1250  accuracy 0.5000  2 examples/s  1:00 left  best
                epoch 2/2  loss 0.2500  validation loss 0.1250  accuracy 0.5000  2 examples/s  0:00 left  best
                ended early: no better epoch came
                """, shown(ProgressLines.Kind.LOG).replace(System.lineSeparator(), "\n"));
    }

    /** An epoch may take hours. */
    @Test
    void aLogSaysSomethingWithinALongEpochToo() {
        StringWriter text = new StringWriter();
        long[] clock = {0};
        ProgressLines lines =
                new ProgressLines(new PrintWriter(text), ProgressLines.Kind.LOG, () -> clock[0] * 1_000_000_000L);
        Event.Plan plan = new Event.Plan(1, 100);
        lines.on(new Event.Started(plan, 0, List.of()));
        for (int step = 1; step <= 100; step++) {
            clock[0] += 10;
            lines.on(new Event.StepDone(plan, 0, step, 0.5, 60));
        }
        assertEquals("""
                epoch 1/1, step 30 of 100  loss 0.5000  6 examples/s  11:40 left
                epoch 1/1, step 60 of 100  loss 0.5000  6 examples/s  6:40 left
                epoch 1/1, step 90 of 100  loss 0.5000  6 examples/s  1:40 left
                """, text.toString().replace(System.lineSeparator(), "\n"));
    }

    @Test
    void progressOnATerminalIsOneLine() {
        String[] drawn = shown(ProgressLines.Kind.TERMINAL).split("\r");
        assertEquals("█████░░░░░░░░░░░░░░░ epoch 1/2  loss 0.5000  2 examples/s  1:30 left", drawn[1]);
        assertTrue(drawn[4].startsWith("███████████████░░░░░ epoch 2/2  loss 0.5000  validation loss 0.1250"),
                drawn[4]);
        assertEquals(7, drawn.length);
        assertNotNull(drawn[6]);
        assertEquals(2, drawn[6].lines().count(), drawn[6]);
    }
}
