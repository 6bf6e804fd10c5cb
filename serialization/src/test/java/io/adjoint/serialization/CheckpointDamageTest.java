package io.adjoint.serialization;

import static io.adjoint.serialization.Damage.refusal;
import static io.adjoint.serialization.Mutations.mutate;
import static io.adjoint.serialization.proto.ElementType.F32;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeMap;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A file that is not, to the last bit, what was saved is refused; nothing is ever read differently. */
class CheckpointDamageTest {
    private static final byte[] SMALL = Damage.file(1);

    @Test
    void theFileItselfIsWhole() {
        Trees.assertSameTensors(Trees.tensors(Trees.small(1)), Damage.read(SMALL));
    }

    @Test
    void everySingleFlippedBit() {
        for (int i = 0; i < SMALL.length * 8; i++) {
            byte[] flipped = SMALL.clone();
            flipped[i / 8] ^= (byte) (1 << i % 8);
            refusal(flipped);
        }
    }

    @Test
    void everyTruncation() {
        for (int length = 0; length < SMALL.length; length++) {
            String message = refusal(Arrays.copyOf(SMALL, length));
            assertTrue(
                    message.contains(length == 0 ? "empty" : "truncated")
                            || message.contains("bytes, and the file has"),
                    message);
        }
    }

    @Test
    void everyBytePutInOrTakenOut() {
        for (int i = 0; i < SMALL.length; i++) {
            byte[] out = new byte[SMALL.length - 1];
            System.arraycopy(SMALL, 0, out, 0, i);
            System.arraycopy(SMALL, i + 1, out, i, out.length - i);
            refusal(out);
            byte[] in = new byte[SMALL.length + 1];
            System.arraycopy(SMALL, 0, in, 0, i);
            System.arraycopy(SMALL, i, in, i + 1, SMALL.length - i);
            in[i] = (byte) i;
            refusal(in);
        }
        refusal(Arrays.copyOf(SMALL, SMALL.length + 1));
    }

    @Property(tries = 5000)
    void anyMutation(@ForAll Random random) {
        byte[] mutated = mutate(random, SMALL);
        Assume.that(!Arrays.equals(SMALL, mutated));
        refusal(mutated);
    }

    /** The same where nearly all bytes are elements, in several chunks. */
    @Property(tries = 200)
    void anyMutationOfALargeFile(@ForAll Random random) throws IOException {
        byte[] mutated = mutate(random, Large.FILE);
        Assume.that(!Arrays.equals(Large.FILE, mutated));
        refusal(mutated);
    }

    private static final class Large {
        static final byte[] FILE = file();

        static byte[] file() {
            SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("large", Trees.random(new Random(1), new TensorSpec(DType.F32, Shape.of(600_000))));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try {
                new CheckpointWriter(Damage.FILE, out).write("1", new TreeMap<>(), tensors);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return out.toByteArray();
        }
    }

    /** Whole tensors, each with right checksums, lost, doubled or in another order. */
    @Test
    void tensorsLostDoubledOrMoved() {
        Forge two = Forge.begun().tensor("a", F32).chunk(4).tensor("b", F32).chunk(new byte[] {1, 2, 3, 4});
        byte[] end = Forge.parse(two.end(2)).body(5);
        assertEquals(2, Damage.read(Forge.begun().tensor("a", F32).chunk(4).tensor("b", F32)
                .chunk(new byte[] {1, 2, 3, 4}).raw(true, end).bytes()).size());
        assertTrue(refusal(Forge.begun().tensor("a", F32).chunk(4).raw(true, end).bytes())
                .contains("number of tensors is 1 where it should be 2"));
        assertTrue(refusal(Forge.begun().tensor("b", F32).chunk(new byte[] {1, 2, 3, 4}).tensor("a", F32).chunk(4)
                .raw(true, end).bytes()).contains("checksum over all tensors"));
    }
}
