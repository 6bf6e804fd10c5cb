package io.adjoint.serialization;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Damages valid files, by the byte and, where they hold text, by the token. A result depends on the random numbers alone.
 * What a format hides behind checksums or compression is mutated first and packed afterwards, by a function of the test's
 * own.
 */
public final class Mutations {
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final Pattern BRACKETED = Pattern.compile("[\\[({][^\\[({\\])}]*[\\])}]");
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"|'[^']*'");
    private static final Pattern SEPARATOR = Pattern.compile("[,:]");
    private static final List<String> NUMBERS = List.of("0", "1", "-1", "65", "256", "2147483647", "2147483648",
            "4294967296", "9007199254740993", "9223372036854775807", "18446744073709551616", "1e9", "1.5", "1" + "0"
                    .repeat(2000));
    private static final int DEEP = 20_000;

    private Mutations() {}

    /** Damaged files made from any of these, which are valid. */
    public static Function<Random, byte[]> of(byte[]... valid) {
        return random -> mutate(random, valid[random.nextInt(valid.length)]);
    }

    /** Up to three damages, one after the other. */
    public static byte[] mutate(Random random, byte[] original) {
        byte[] bytes = original;
        for (int i = random.nextInt(3); i >= 0; i--) {
            bytes = random.nextInt(3) == 0 ? mutateText(random, bytes) : mutateBytes(random, bytes);
        }
        return bytes;
    }

    /** Bits flipped, bytes overwritten, inserted, deleted, doubled, moved, huge numbers, the end cut off. */
    private static byte[] mutateBytes(Random random, byte[] bytes) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int from = random.nextInt(bytes.length);
        int to = Math.min(bytes.length, from + 1 + random.nextInt(random.nextBoolean() ? 4 : 40));
        byte[] noise = new byte[to - from];
        random.nextBytes(noise);
        return switch (random.nextInt(10)) {
            case 0 -> {
                byte[] flipped = bytes.clone();
                flipped[from] ^= (byte) (1 << random.nextInt(8));
                yield flipped;
            }
            case 1 -> splice(bytes, from, to, noise);
            case 2 -> splice(bytes, from, from, noise);
            case 3 -> splice(bytes, from, from, new byte[to - from]);
            case 4 -> splice(bytes, from, to, new byte[0]);
            case 5 -> splice(bytes, from, from, Arrays.copyOfRange(bytes, from, to));
            case 6 -> splice(splice(bytes, from, to, new byte[0]), 0, 0, Arrays.copyOfRange(bytes, from, to));
            case 7 -> splice(bytes, from, random.nextBoolean() ? from : Math.min(bytes.length, from + 1),
                    Forge.field(out -> out.writeUInt64NoTag(-1L >>> random.nextInt(40))));
            case 8 -> {
                byte[] number = number(random);
                yield splice(bytes, from, Math.min(bytes.length, from + number.length), number);
            }
            default -> Arrays.copyOf(bytes, from);
        };
    }

    /** A number of 2, 4 or 8 bytes: any, or with all its low bits set, or with its highest alone. */
    private static byte[] number(Random random) {
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES)
                .order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long value = switch (random.nextInt(3)) {
            case 0 -> random.nextLong() >>> random.nextInt(64);
            case 1 -> -1L >>> random.nextInt(64);
            default -> 1L << random.nextInt(64);
        };
        return switch (random.nextInt(3)) {
            case 0 -> Arrays.copyOf(number.putShort((short) value).array(), Short.BYTES);
            case 1 -> Arrays.copyOf(number.putInt((int) value).array(), Integer.BYTES);
            default -> number.putLong(value).array();
        };
    }

    /**
     * A number replaced, something in brackets or quotes doubled or nested deeply or replaced by another, a name made long,
     * a separator doubled; bytes where there is no such text.
     */
    private static byte[] mutateText(Random random, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Pattern pattern = List.of(NUMBER, NUMBER, BRACKETED, QUOTED, SEPARATOR).get(random.nextInt(5));
        List<MatchResult> places = pattern.matcher(text).results().limit(1000).toList();
        if (places.isEmpty()) {
            return mutateBytes(random, bytes);
        }
        MatchResult place = places.get(random.nextInt(places.size()));
        String other = places.get(random.nextInt(places.size())).group();
        String replacement = pattern == NUMBER ? NUMBERS.get(random.nextInt(NUMBERS.size())) : switch (random.nextInt(
                6)) {
            case 0 -> place.group() + place.group();
            case 1 -> place.group() + "," + place.group();
            case 2 -> nested(random, place.group());
            case 3 -> place.group().substring(0, 1) + "x".repeat(1 << random.nextInt(20)) + place.group().substring(1);
            case 4 -> "";
            default -> other;
        };
        return (text.substring(0, place.start()) + replacement + text.substring(place.end()))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String nested(Random random, String text) {
        int depth = 1 << random.nextInt(32 - Integer.numberOfLeadingZeros(DEEP));
        return switch (random.nextInt(3)) {
            case 0 -> "[".repeat(depth) + text + "]".repeat(depth);
            case 1 -> "(".repeat(depth) + text + ")".repeat(depth);
            default -> "{\"a\":".repeat(depth) + text + "}".repeat(depth);
        };
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] replacement) {
        byte[] spliced = new byte[bytes.length - (to - from) + replacement.length];
        System.arraycopy(bytes, 0, spliced, 0, from);
        System.arraycopy(replacement, 0, spliced, from, replacement.length);
        System.arraycopy(bytes, to, spliced, from + replacement.length, bytes.length - to);
        return spliced;
    }

    /** What a test needs to put mutated parts together again. */
    public interface Packing {
        byte[] pack() throws IOException;
    }

    /** Packs in memory, where nothing fails. */
    public static byte[] packed(Packing packing) {
        try {
            return packing.pack();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
