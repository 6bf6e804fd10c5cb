package io.adjoint.serialization.tensorboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.serialization.ModelFileException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of writers that were killed are read as far as they are whole; damaged and forged ones are refused. */
class EventDamageTest {
    @TempDir
    Path folder;

    private Path damaged;
    private byte[] whole;
    private List<LoggedEvent> events;

    @BeforeEach
    void write() throws IOException {
        Path written = sample(folder.resolve("written"));
        whole = Files.readAllBytes(written);
        events = EventFile.read(written);
        damaged = Files.createDirectory(folder.resolve("damaged")).resolve("events.out.tfevents.1");
    }

    /** A file with all kinds of events. */
    static Path sample(Path folder) {
        try (EventFile file = EventFile.in(folder, EventFileTest.CLOCK)) {
            file.scalar("loss", 1, 0.5);
            file.histogram("weights", 1, Tensor.of(new float[] {1, 2, Float.NaN}, 3));
            file.image("image", 2, Tensor.of(new float[] {0, 1}, 1, 2));
            file.text("text", 2, "**text**");
            file.graph(Graph.trace(x -> x.mul(x).sum(0), new TensorSpec(DType.F32, Shape.of(3))));
            file.restart(2);
            return file.path();
        }
    }

    /** From memory: a disk takes most of the time of ten thousand files. */
    private List<LoggedEvent> read(byte[] bytes) throws IOException {
        List<LoggedEvent> read = new ArrayList<>();
        RecordReader.read(damaged, new ByteArrayInputStream(bytes), bytes.length, read::add);
        return read;
    }

    private String refusal(byte[] bytes) {
        String message = assertThrows(ModelFileException.class, () -> read(bytes)).getMessage();
        assertTrue(message.startsWith(damaged + ": "), message);
        return message.substring((damaged + ": ").length());
    }

    @Test
    void aKilledWriterLeavesAllWholeRecords() throws IOException {
        List<byte[]> records = Wire.records(whole);
        assertEquals(7, events.size(), "a histogram with a NaN is two");
        for (int length = 0; length <= whole.length; length++) {
            int values = 0;
            int end = 0;
            for (int i = 0; i < records.size(); i++) {
                end += 16 + records.get(i).length;
                values += end > length || i == 0 ? 0 : i == 2 ? 2 : 1;
            }
            assertEquals(events.subList(0, values), read(Arrays.copyOf(whole, length)), "length " + length);
        }
    }

    @Test
    void everySingleFlippedBit() {
        for (int i = 0; i < whole.length * 8; i++) {
            byte[] flipped = whole.clone();
            flipped[i / 8] ^= (byte) (1 << i % 8);
            refusal(flipped);
        }
    }

    @Test
    void whatIsNoEventFile() {
        assertEquals("this is no event file; name a file that TensorBoard or EventFile wrote",
                refusal("some text that is long enough".getBytes(StandardCharsets.US_ASCII)));
        assertTrue(refusal(forged(new byte[0])).startsWith("its first record does not tell a version;"));
        assertTrue(refusal(forged(field(3, "brain.Event:3")))
                .startsWith("its version is not brain.Event:2;"));
        assertTrue(assertThrows(ModelFileException.class, () -> EventFile.read(folder)).getMessage()
                .startsWith(folder + ": this is a folder;"));
        Path missing = folder.resolve("missing");
        assertTrue(assertThrows(ModelFileException.class, () -> EventFile.read(missing)).getMessage()
                .startsWith(missing + ": no such file;"));
    }

    /** Made to do harm, with right checksums: by the beginning of what is said of them. */
    @Test
    void forgedRecords() {
        refused("a record claims 33554433 bytes where at most 33554432 may stand", head((32 << 20) + 1));
        refused("a record claims 18446744073709551615 bytes", head(-1));
        refused("the length of a record is damaged", new byte[16]);
        refusedRecord("the time of an event is not one of the years", time(Double.NaN));
        refusedRecord("the time of an event is not one of the years", time(1e300));
        refusedRecord("the time of an event is not one of the years", time(-1));
        refusedRecord("a record is not well-formed", new byte[] {0x0a, 0x7f});
        refusedRecord("a record is not well-formed", field(5, field(1, new byte[] {0x0a, 1, -1})));
        refusedRecord("a record is not well-formed", groups(7000));
        refusedRecord("a record is not well-formed", field(5, groups(7000)));
        refusedRecord("a value has no tag", field(5, field(1, "")));
        refusedRecord("a histogram has 1 buckets and 0 limits of buckets",
                field(5, field(1, concat(field(1, "h"), field(5, field(7, new byte[8]))))));
        refusedRecord("a value that is no image claims 2097157 bytes where at most 1048576 may stand",
                field(5, field(1, field(1, new byte[2 << 20]))));
        refusedRecord("a node of a graph claims 2097157 bytes where at most 1048576 may stand",
                field(4, field(1, field(1, new byte[2 << 20]))));
        refusedRecord("a graph has more than 100000 nodes", field(4, repeated(100_001, field(1, ""))));
        byte[] edges = field(1, repeated(100_000, field(3, "")));
        refusedRecord("a graph has more than 100000 nodes or 400000 edges", field(4, repeated(5, edges)));
    }

    private void refused(String beginning, byte[] rest) {
        String message = refusal(concat(forged(field(3, "brain.Event:2")), rest));
        assertTrue(message.startsWith(beginning), message);
    }

    private void refusedRecord(String beginning, byte[] record) {
        refused(beginning, Wire.frame(record));
    }

    /** An event takes objects whatever few bytes it has in the file. */
    @Test
    void aListHasAnEnd() throws IOException {
        byte[] values = repeated(500_001, field(1, concat(field(1, "a"), new byte[] {0x15, 0, 0, 0, 0})));
        byte[] file = concat(forged(field(3, "brain.Event:2")), Wire.frame(field(5, values)));
        Files.write(damaged, file);
        String message = assertThrows(ModelFileException.class, () -> EventFile.read(damaged)).getMessage();
        assertTrue(message.startsWith(damaged + ": it has more than 500000 events, buckets, nodes and edges; read it"),
                message);
        int[] count = {0};
        EventFile.read(damaged, _ -> count[0]++);
        assertEquals(500_001, count[0]);
    }

    /** Audio, other tensors, and fields of later versions are there, and not taken for something else. */
    @Test
    void whatIsNotReadIsOther() throws IOException {
        byte[] audio = field(5, field(1, concat(field(1, "a"), field(6, "sound"))));
        byte[] later = field(77, "later");
        List<LoggedEvent> read = read(concat(forged(field(3, "brain.Event:2")),
                concat(Wire.frame(audio), Wire.frame(later))));
        Instant epoch = Instant.EPOCH;
        assertEquals(List.of(new LoggedEvent.Other(epoch, 0, "a"), new LoggedEvent.Other(epoch, 0, "")), read);
    }

    private static byte[] forged(byte[] record) {
        return Wire.frame(record);
    }

    private static byte[] head(long length) {
        byte[] bytes = Wire.little(new byte[8]).putLong(length).array();
        return concat(concat(bytes, Wire.little(new byte[4]).putInt(Wire.masked(bytes)).array()), new byte[16]);
    }

    private static byte[] time(double seconds) {
        return Wire.little(new byte[9]).put((byte) 9).putDouble(seconds).array();
    }

    private static byte[] groups(int depth) {
        byte[] tags = new byte[2 * depth];
        Arrays.fill(tags, 0, depth, (byte) (9 << 3 | 3));
        Arrays.fill(tags, depth, 2 * depth, (byte) (9 << 3 | 4));
        return tags;
    }

    private static byte[] field(int number, String text) {
        return field(number, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A field of bytes. */
    private static byte[] field(int number, byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varint(out, number << 3 | 2);
        varint(out, bytes.length);
        out.writeBytes(bytes);
        return out.toByteArray();
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int rest = value;
        for (; rest >>> 7 != 0; rest >>>= 7) {
            out.write(rest & 0x7f | 0x80);
        }
        out.write(rest);
    }

    private static byte[] repeated(int count, byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] concat(byte[] left, byte[] right) {
        byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }
}
