package io.adjoint.serialization.weights;

import io.adjoint.serialization.ModelFileException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The arguments of a pickle's instructions, none longer than what is left of it. */
final class PickleInput {
    private static final int LONGEST_NAME = 256;

    private final Path file;
    private final ByteBuffer bytes;

    PickleInput(Path file, ByteBuffer bytes) {
        this.file = file;
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    int position() {
        return bytes.position();
    }

    boolean isAtEnd() {
        return !bytes.hasRemaining();
    }

    int u8() {
        require(1);
        return Byte.toUnsignedInt(bytes.get());
    }

    int u16() {
        require(Short.BYTES);
        return Short.toUnsignedInt(bytes.getShort());
    }

    int i32() {
        require(Integer.BYTES);
        return bytes.getInt();
    }

    /** Doubles alone are big-endian. */
    double f64() {
        require(Double.BYTES);
        return Double.longBitsToDouble(Long.reverseBytes(bytes.getLong()));
    }

    /** A number of any length: a {@code Long}, or a {@code BigInteger} where that is too short. */
    Number number() {
        byte[] digits = take(u8());
        return digits.length == 0 ? Long.valueOf(0) : shortest(digits);
    }

    private static Number shortest(byte[] littleEndian) {
        byte[] digits = new byte[littleEndian.length];
        for (int i = 0; i < digits.length; i++) {
            digits[i] = littleEndian[digits.length - 1 - i];
        }
        BigInteger number = new BigInteger(digits);
        return number.bitLength() < Long.SIZE ? Long.valueOf(number.longValue()) : number;
    }

    String text() {
        long length = Integer.toUnsignedLong(i32());
        require(length);
        ByteBuffer text = bytes.slice(bytes.position(), (int) length);
        bytes.position(bytes.position() + (int) length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
        } catch (CharacterCodingException e) {
            throw damaged("a text in it is not UTF-8");
        }
    }

    /** A name that ends with its line. */
    String line() {
        StringBuilder line = new StringBuilder();
        for (int c = u8(); c != '\n'; c = u8()) {
            if (line.length() == LONGEST_NAME) {
                throw damaged("a name in it is longer than " + LONGEST_NAME + " characters");
            }
            line.append((char) c);
        }
        return line.toString();
    }

    private byte[] take(int count) {
        require(count);
        byte[] taken = new byte[count];
        bytes.get(taken);
        return taken;
    }

    private void require(long count) {
        if (count > bytes.remaining()) {
            throw damaged("it breaks off");
        }
    }

    ModelFileException damaged(String problem) {
        return new ModelFileException(file, "the pickle is damaged at byte " + bytes.position() + ": " + problem,
                "restore the file from a copy or save it again");
    }
}
