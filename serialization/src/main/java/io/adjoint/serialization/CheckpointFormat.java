package io.adjoint.serialization;

/**
 * The numbers of format version 1: a preamble of magic and version, then frames of a length (32 bits), a record and a
 * checksum (32 bits), all little-endian. docs/decisions/0005-checkpoint-format.md tells why.
 */
final class CheckpointFormat {
    /** A byte above 127, both line ends and a control-Z, so that whatever mistakes the file for text damages this first. */
    static final long MAGIC = 0x0A1A0A0D4A444189L; // "\x89ADJ\r\n\x1A\n" in the order of the file

    static final int VERSION = 1;

    /** Bytes of magic and version. */
    static final int PREAMBLE = Long.BYTES + Integer.BYTES;

    // What a record may be long. This bounds what a reader allocates before it has checked anything: the parsed form of a
    // record, that of a chunk aside, can take many times its bytes.
    static final int MAX_HEADER = 256 << 10;
    static final int MAX_TENSOR_HEADER = 16 << 10;
    static final int MAX_CHUNK = 4 << 20;
    static final int MAX_CHUNK_RECORD = MAX_CHUNK + 64;

    /** A chunk has this many bytes of data or more, unless it is the last of its tensor. */
    static final int MIN_CHUNK = 64 << 10;

    /** What this writer puts in a chunk. */
    static final int CHUNK = 1 << 20;

    static final int MAX_TENSORS = 1 << 16;
    static final int MAX_RANK = 64;

    private CheckpointFormat() {}
}
