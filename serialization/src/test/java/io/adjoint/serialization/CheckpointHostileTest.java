package io.adjoint.serialization;

import static io.adjoint.serialization.Damage.refusal;
import static io.adjoint.serialization.proto.ElementType.BOOL;
import static io.adjoint.serialization.proto.ElementType.F32;
import static io.adjoint.serialization.proto.ElementType.F64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.WireFormat;
import io.adjoint.serialization.proto.End;
import io.adjoint.serialization.proto.Header;
import io.adjoint.serialization.proto.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Files made to do harm, with right checksums: refused in one sentence, at the cost of little memory. */
class CheckpointHostileTest {
    private static final long ALLOWANCE = 1 << 20;

    private record Case(String name, byte[] file) {}

    /** Files by the beginning of what their refusals say. */
    private static List<Case> files() {
        List<Case> files = new ArrayList<>();
        files.add(new Case("this is not an Adjoint checkpoint; name a file that", "PK\3\4 and so on".getBytes(
                StandardCharsets.US_ASCII)));
        files.add(new Case("the file is empty;", new byte[0]));
        files.add(new Case(
                "it has format version 2, and this version of the library knows versions up to 1; update the library",
                Forge.preamble(2)));
        files.add(new Case("it has format version 4294967295,", Forge.preamble(-1)));
        files.add(new Case("there is no format version 0;", Forge.preamble(0)));
        files.add(new Case("the file is truncated;", Forge.preamble(1)));
        files.add(new Case("a record claims 4294967295 bytes where at most 262144 may stand;",
                concat(Forge.preamble(1), new byte[] {-1, -1, -1, -1, 0, 0, 0, 0})));
        files.add(new Case("a record is not what must stand in its place;",
                new Forge().tensor("a", F32).chunk(4).end(1)));
        files.add(new Case("tensor \"two headers\": a record is not what", Forge.begun().tensor("two headers", F32)
                .raw(false, headerRecord()).end(1)));
        files.add(new Case("tensor \"no chunk\": a record is not what",
                Forge.begun().tensor("no chunk", F32).raw(false, tensorRecord()).end(2)));
        files.add(new Case("a metadata key is there twice;", new Forge().header(Header.newBuilder()
                .addMetadata(Metadata.newBuilder().setKey("k").setValue("1"))
                .addMetadata(Metadata.newBuilder().setKey("k").setValue("2"))).end(0)));
        files.add(new Case("tensor \"twice\": it is there twice;",
                Forge.begun().tensor("twice", F32).chunk(4).tensor("twice", F32).chunk(4).end(2)));
        files.add(new Case("tensor \"a\": there is no dtype number 0;", Forge.begun().tensor("a", 0).chunk(4).end(1)));
        files.add(
                new Case("tensor \"a\": there is no dtype number 99;", Forge.begun().tensor("a", 99).chunk(4).end(1)));
        files.add(new Case("tensor \"a\": there is no tensor with the extents [18446744073709551615];",
                Forge.begun().tensor("a", F32, -1).chunk(4).end(1)));
        files.add(new Case("tensor \"a\": there is no tensor with the extents [0, 4294967296];",
                Forge.begun().tensor("a", F32, 0, 1L << 32).chunk(0).end(1)));
        files.add(new Case("tensor \"a\": there is no tensor with the extents [2147483647, 2147483647, 2147483647];",
                Forge.begun().tensor("a", F32, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE).chunk(4)
                        .end(1)));
        files.add(new Case("tensor \"a\": its rank is 65, more than 64;",
                Forge.begun().tensor("a", F32, ones(65)).chunk(4).end(1)));
        files.add(new Case("tensor \"a\": its rank is 16000, more than 64;",
                Forge.begun().tensor("a", F32, ones(16_000)).chunk(4).end(1)));
        files.add(new Case("tensor \"a\": F64[2147483647] takes 17179869176 bytes, and the file has",
                Forge.begun().tensor("a", F64, Integer.MAX_VALUE).chunk(4).end(1)));
        files.add(new Case("tensor \"a\": a byte stands for no value of BOOL;",
                Forge.begun().tensor("a", BOOL, 1).chunk(new byte[] {2}).end(1)));
        files.add(new Case("tensor \"neg\": a byte stands for no value of BOOL;",
                Forge.begun().tensor("neg", BOOL, 1).chunk(new byte[] {-1}).end(1)));
        files.add(new Case("tensor \"a\": a chunk has 3 bytes where 4 are left;",
                Forge.begun().tensor("a", F32).chunk(3).end(1)));
        files.add(new Case("tensor \"a\": a chunk has 5 bytes where 4 are left;",
                Forge.begun().tensor("a", F32).chunk(5).end(1)));
        files.add(new Case("tensor \"a\": a chunk has 4 bytes where 8 are left;",
                Forge.begun().tensor("a", F32, 2).chunk(4).chunk(4).end(1)));
        files.add(new Case("tensor \"a\": a chunk has 0 bytes where 4 are left;",
                Forge.begun().tensor("a", F32).chunk(0).chunk(4).end(1)));
        files.add(new Case("tensor \"a\": a chunk has 65538 bytes where 131076 are left;",
                Forge.begun().tensor("a", F32, 32_769).chunk(65_538).chunk(65_538).end(1)));
        files.add(new Case("a record is not what must",
                Forge.begun().tensor("more chunks", F32).chunk(4)
                        .raw(true, chunkRecord()).end(1)));
        files.add(new Case("the number of tensors is 1 where it should be 2;",
                Forge.begun().tensor("a", F32).chunk(4).end(2)));
        files.add(
                new Case("the number of tensors is 0 where it should be 18446744073709551615;", Forge.begun().end(-1)));
        files.add(new Case("the checksum over all tensors does not match;",
                Forge.begun().endWith(End.newBuilder().setTensors(0).setChecksum(1))));
        files.add(new Case("the file goes on after its end, by 1 bytes;", concat(Forge.begun().end(0), new byte[1])));
        files.add(new Case("a record is not well-formed;", Forge.begun().raw(true, new byte[] {0x0A, 0x7F}).end(0)));
        files.add(new Case("a record is not well-formed;", Forge.begun().raw(true, endGroup()).end(0)));
        files.add(new Case("a record is not well-formed;", Forge.begun().raw(true, notUtf8()).end(0)));
        files.add(new Case("a record is not well-formed;", Forge.begun().raw(true, nestedGroups(7000)).end(0)));
        return files;
    }

    @TestFactory
    List<DynamicTest> refusedInOneSentence() {
        return files().stream().map(made -> DynamicTest.dynamicTest(made.name(), () -> {
            String message = refusal(made.file());
            assertTrue(message.startsWith("damaged.adjoint: " + made.name()), message);
        })).toList();
    }

    /** Mere claims are free: what is allocated, garbage included, is not more than the file has and a fixed sum. */
    @TestFactory
    List<DynamicTest> atTheCostOfLittleMemory() {
        refusal(new byte[0]); // classes are loaded
        return files().stream().map(made -> DynamicTest.dynamicTest(made.name(), () -> {
            long allocated = allocatedBy(() -> refusal(made.file()));
            assertTrue(allocated <= made.file().length + ALLOWANCE, allocated + " for " + made.file().length);
        })).toList();
    }

    /** All that the thread allocated, garbage included. */
    static long allocatedBy(Runnable body) {
        return HostileFiles.allocatedBy(body);
    }

    /** A name decides neither how long a message is nor what a terminal does. */
    @Test
    void namesAreShownShortAndWithoutControls() {
        String name = "\u001B[2J\n\u202E" + "x".repeat(10_000);
        String message = refusal(Forge.begun().tensor(name, 99).chunk(4).end(1));
        assertEquals("damaged.adjoint: tensor \"\uFFFD[2J\uFFFD\uFFFD" + "x".repeat(94)
                + "...\": there is no dtype number 99; restore the file from a copy or save it again", message);
    }

    /** Fields that a later version may add do not trouble this one. */
    @Test
    void unknownFieldsArePassedOver() {
        byte[] header = concat(headerRecord(), Forge.field(out -> {
            out.writeByteArray(1, Forge.field(in -> in.writeString(9, "later")));
            out.writeInt64(77, 5);
        }));
        assertEquals(0, Damage.read(new Forge().raw(true, header).end(0)).size());
    }

    private static byte[] headerRecord() {
        return Forge.begun().body(0);
    }

    private static byte[] tensorRecord() {
        return Forge.begun().tensor("b", F32).body(1);
    }

    private static byte[] chunkRecord() {
        return Forge.begun().chunk(0).body(1);
    }

    private static byte[] endGroup() {
        return Forge.field(out -> out.writeTag(9, WireFormat.WIRETYPE_END_GROUP));
    }

    private static byte[] notUtf8() {
        return Forge.field(out -> out.writeByteArray(1, Forge.field(in -> in.writeByteArray(1, new byte[] {-1}))));
    }

    private static byte[] nestedGroups(int depth) {
        byte[] tags = new byte[2 * depth];
        Arrays.fill(tags, 0, depth, (byte) (9 << 3 | WireFormat.WIRETYPE_START_GROUP));
        Arrays.fill(tags, depth, 2 * depth, (byte) (9 << 3 | WireFormat.WIRETYPE_END_GROUP));
        return tags;
    }

    private static long[] ones(int count) {
        long[] ones = new long[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static byte[] concat(byte[] left, byte[] right) {
        byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }
}
