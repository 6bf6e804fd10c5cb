package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The known answers of Philox 4x32-10 that its authors publish with Random123 (kat_vectors). */
class PhiloxTest {
    @ParameterizedTest
    @CsvSource({
        "00000000 00000000 00000000 00000000, 00000000 00000000, 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
        "ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff, 408f276d 41c83b0e a20bc7c6 6d5451fd",
        "243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0, d16cfe09 94fdcceb 5001e420 24126ea1"})
    void knownAnswers(String counter, String key, String answer) {
        int[] c = words(counter);
        int[] k = words(key);
        int[] out = new int[4];
        Philox.block(join(k[0], k[1]), join(c[2], c[3]), join(c[0], c[1]), out);
        HexFormat hex = HexFormat.of();
        assertEquals(answer, String.join(" ", hex.toHexDigits(out[0]), hex.toHexDigits(out[1]),
                hex.toHexDigits(out[2]), hex.toHexDigits(out[3])));
    }

    private static int[] words(String text) {
        return java.util.Arrays.stream(text.split(" ")).mapToInt(word -> Integer.parseUnsignedInt(word, 16)).toArray();
    }

    private static long join(int low, int high) {
        return (long) high << 32 | Integer.toUnsignedLong(low);
    }
}
