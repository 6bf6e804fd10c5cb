package io.adjoint.serialization.tensorboard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** How a record stands in a file: length, checksum of the length, the record, its checksum; all little-endian. */
final class Frame {
    /** Length of a record, 8 bytes, and the checksum of that. */
    static final int HEAD = Long.BYTES + Integer.BYTES;

    /** Checksum of a record. */
    static final int TAIL = Integer.BYTES;

    /** Neither written nor read above this. */
    static final int MOST = 32 << 20;

    private static final int MASK_TURN = 15;
    private static final int MASK_SUMMAND = 0xa282ead8;

    private Frame() {}

    /** A record in its frame, to be written at once. */
    static byte[] around(byte[] record) {
        ByteBuffer frame = ByteBuffer.allocate(HEAD + record.length + TAIL).order(ByteOrder.LITTLE_ENDIAN);
        frame.putLong(record.length);
        frame.putInt(checksum(frame.array(), 0, Long.BYTES));
        frame.put(record);
        frame.putInt(checksum(record, 0, record.length));
        return frame.array();
    }

    /**
     * The masked CRC-32C: turned right by 15 bits, plus a constant, so that checksums of bytes that contain checksums stay
     * worth something (the reason that LevelDB, 2011, gives for it).
     */
    static int checksum(byte[] bytes, int from, int count) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, count);
        return Integer.rotateRight((int) crc.getValue(), MASK_TURN) + MASK_SUMMAND;
    }
}
