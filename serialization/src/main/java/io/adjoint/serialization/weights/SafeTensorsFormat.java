package io.adjoint.serialization.weights;

/**
 * The numbers of the format: a length of 8 bytes, little-endian; so many bytes of JSON, padded by spaces; the data. Those that
 * the format leaves open bound what a header may cost, which can be many times its bytes.
 */
final class SafeTensorsFormat {
    static final String METADATA = "__metadata__";
    static final int LENGTH = Long.BYTES;
    static final int ALIGNMENT = 8;

    /** A rule of the format itself. */
    static final int MAX_HEADER = 100_000_000;

    static final int MAX_ENTRIES = 1 << 16;
    static final int MAX_RANK = 64;
    static final int MAX_NAME = 16 << 10;
    static final int MAX_STRING = 4 << 20;
    static final int MAX_TEXT = 8 << 20;

    static final String RESTORE = "restore the file from a copy or save it again";

    private SafeTensorsFormat() {}
}
