package io.adjoint.serialization.tensorboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.ModelFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of event files, looked at by {@link Wire} alone, and how files are named, kept and refused. */
class EventFileTest {
    static final Instant NOW = Instant.ofEpochSecond(1_700_000_000L, 500_000_000);
    static final InstantSource CLOCK = InstantSource.fixed(NOW);

    @TempDir
    Path folder;

    /** RFC 3720, B.4, and the check value of the catalogues of CRCs; masked by hand. */
    @Test
    void checksumsOfKnownStrings() {
        byte[] ascending = new byte[32];
        byte[] ones = new byte[32];
        for (int i = 0; i < ascending.length; i++) {
            ascending[i] = (byte) i;
            ones[i] = -1;
        }
        assertEquals(0xe3069283, Wire.crc("123456789".getBytes(StandardCharsets.US_ASCII)));
        assertEquals(0x8a9136aa, Wire.crc(new byte[32]));
        assertEquals(0x62a8ab43, Wire.crc(ones));
        assertEquals(0x46dd794e, Wire.crc(ascending));
        assertEquals(0xc78ab0e5, checksum("123456789".getBytes(StandardCharsets.US_ASCII)));
        assertEquals(0x0fd7fffa, checksum(new byte[32]));
        assertEquals(0xf909b029, checksum(ones));
        assertEquals(0xa282ead8, checksum(new byte[0]));
        assertEquals(Wire.masked(ascending), checksum(ascending));
    }

    private static int checksum(byte[] bytes) {
        return Frame.checksum(bytes, 0, bytes.length);
    }

    /** Worked out by hand: length, its checksum, wall time, version or step and summary, checksum. */
    @Test
    void exactBytesOfASmallFile() throws IOException {
        Path file;
        try (EventFile events = EventFile.in(folder, CLOCK)) {
            events.scalar("loss", 7, 0.5);
            file = events.path();
        }
        assertEquals(
                "1800000000000000a37f4b22" + "090000" + "2040fc54d941" + "1a0d627261696e2e4576656e743a32" + "2b353110"
                        + "1a00000000000000129bd82d" + "0900002040fc54d941" + "1007" + "2a0d0a0b" + "0a046c6f7373"
                        + "150000003f"
                        + "9583bdba",
                HexFormat.of().formatHex(Files.readAllBytes(file)));
    }

    private List<List<Wire.Field>> events() throws IOException {
        try (var files = Files.list(folder)) {
            return Wire.records(Files.readAllBytes(files.findFirst().orElseThrow())).stream().map(Wire::fields)
                    .toList();
        }
    }

    @Test
    void histogramsAsPublished() throws IOException {
        try (EventFile events = EventFile.in(folder, CLOCK)) {
            events.histogram("h", 3, Tensor.of(new double[] {-1, 0, -0.0, 2, Double.NaN, Double.NEGATIVE_INFINITY}, 6));
        }
        List<Wire.Field> values = Wire.all(Wire.at(events().get(1), 5).fields(), 1);
        assertEquals("h", values.get(0).at(1).asText());
        List<Wire.Field> histogram = values.get(0).at(5).fields();
        double[] numbers = new double[6];
        for (int i = 1; i <= 5; i++) {
            numbers[i] = Wire.at(histogram, i).asDouble();
        }
        assertArrayEquals(new double[] {0, -1, 2, 4, 1, 5}, numbers);
        double[] limits = doubles(Wire.at(histogram, 6));
        // -1 | nothing up to 0 | 0 up to the first limit | nothing | 2
        assertArrayEquals(new double[] {1, 0, 2, 0, 1}, doubles(Wire.at(histogram, 7)));
        assertEquals(0, limits[1]);
        assertEquals(1e-12, limits[2]);
        assertTrue(-1 < limits[0] && -1 * 1.1 <= limits[0] * 1.0 && limits[0] > -1 / 1.0, Arrays.toString(limits));
        assertTrue(limits[3] <= 2 && 2 < limits[4] && Math.abs(limits[4] / limits[3] - 1.1) < 1e-12,
                Arrays.toString(limits));
        assertEquals("h/not finite", values.get(1).at(1).asText());
        assertEquals(2, values.get(1).at(2).asFloat());
    }

    private static double[] doubles(Wire.Field packed) {
        double[] doubles = new double[packed.bytes().length / Double.BYTES];
        Wire.little(packed.bytes()).asDoubleBuffer().get(doubles);
        return doubles;
    }

    @Test
    void textsAsTheTextPluginWantsThem() throws IOException {
        try (EventFile events = EventFile.in(folder, CLOCK)) {
            events.text("notes", 0, "**ä** 😀");
        }
        Wire.Field value = Wire.at(events().get(1), 5, 1);
        assertEquals("notes", value.at(1).asText());
        assertEquals("text", value.at(9, 1, 1).asText());
        assertEquals(2, value.at(9, 4).bits(), "class tensor");
        assertEquals(7, value.at(8, 1).bits(), "strings");
        assertEquals(0, value.at(8, 2).bytes().length, "a scalar");
        assertEquals("**ä** 😀", value.at(8, 8).asText());
    }

    @Test
    void restartsAreSessionLogs() throws IOException {
        try (EventFile events = EventFile.in(folder, CLOCK)) {
            events.restart(41);
        }
        assertEquals(41, Wire.at(events().get(1), 2).bits());
        assertEquals(1, Wire.at(events().get(1), 7, 1).bits());
        assertEquals(1_700_000_000.5, Wire.at(events().get(1), 1).asDouble());
    }

    @Test
    void eachEventIsInTheFileAtOnce() throws IOException {
        try (EventFile events = EventFile.in(folder, CLOCK)) {
            assertEquals(1, events().size());
            for (int i = 1; i < 5; i++) {
                events.scalar("a", i, i);
                assertEquals(1 + i, events().size());
            }
        }
    }

    @Test
    void filesAreNamedByTheirTimesAndNeverReplaced() throws IOException {
        Path inner = folder.resolve("runs").resolve("first");
        try (EventFile first = EventFile.in(inner, CLOCK); EventFile second = EventFile.in(inner, CLOCK)) {
            String name = first.path().getFileName().toString();
            assertTrue(name.matches("events\\.out\\.tfevents\\.1700000000\\.[A-Za-z0-9_.-]+\\.[0-9]+\\.0"), name);
            assertEquals(name.substring(0, name.length() - 1) + "1", second.path().getFileName().toString());
            second.scalar("a", 1, 1);
            assertEquals(List.of(), EventFile.read(first.path()));
        }
        assertEquals("box-1.lan", RecordWriter.host(Map.of("HOSTNAME", "box-1.lan")));
        assertEquals("localhost", RecordWriter.host(Map.of("HOSTNAME", "../../a")));
        assertEquals("localhost", RecordWriter.host(Map.of()));
    }

    @Test
    void anInterruptedThreadWritesAllTheSame() {
        try (EventFile events = EventFile.in(folder, CLOCK)) {
            Thread.currentThread().interrupt();
            events.scalar("a", 1, 1);
            assertTrue(Thread.interrupted(), "the interrupt is kept");
            events.scalar("a", 2, 2);
            assertEquals(2, EventFile.read(events.path()).size());
        }
    }

    @Test
    void wrongCallsAreRefusedBeforeAnythingIsWritten() throws IOException {
        try (EventFile events = EventFile.in(folder, CLOCK)) {
            assertEquals("event file: no such step: step -1; expected 0 or more",
                    refused(() -> events.scalar("a", -1, 0)));
            refused(() -> events.restart(-1));
            refused(() -> events.scalar("", 0, 0));
            refused(() -> events.scalar("a".repeat(5000), 0, 0));
            refused(() -> events.scalar("\ud800", 0, 0));
            refused(() -> events.text("a", 0, "\ud800"));
            refused(() -> events.text("a", 0, "a".repeat(1 << 20)));
            refused(() -> events.image("a", 0, Tensor.zeros(Shape.of(2, 4, 4), DType.F32)));
            refused(() -> events.image("a", 0, Tensor.zeros(Shape.of(3, 0, 4), DType.F32)));
            refused(() -> events.image("a", 0, Tensor.zeros(Shape.of(4), DType.F32)));
            refused(() -> EventFile.in(folder, InstantSource.fixed(Instant.ofEpochSecond(-1))));
            refused(() -> EventFile.in(folder, InstantSource.fixed(Instant.MAX)));
            try (var files = Files.list(folder)) {
                assertEquals(1, files.count());
            }
            assertEquals(1, events().size());
        }
    }

    private static String refused(Runnable call) {
        return assertThrows(ShapeException.class, call::run).getMessage();
    }

    @Test
    void aClosedFileIsRefused() {
        EventFile events = EventFile.in(folder, CLOCK);
        events.close();
        events.close();
        String message = assertThrows(ModelFileException.class, () -> events.scalar("a", 1, 1)).getMessage();
        assertEquals(events.path() + ": it is closed; open another", message);
    }

    @Test
    void aFolderThatCannotBeIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        String message = assertThrows(ModelFileException.class, () -> EventFile.in(file, CLOCK)).getMessage();
        assertTrue(message.startsWith(file + ": cannot be written"), message);
    }
}
