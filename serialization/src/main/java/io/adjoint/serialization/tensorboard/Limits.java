package io.adjoint.serialization.tensorboard;

/** How much of something may be in a file: a writer refuses what a reader would refuse. */
final class Limits {
    /** Bytes of a value that is not an image, such as a text. */
    static final int VALUE = 1 << 20;

    /** UTF-16 units of a tag. */
    static final int TAG = 4096;

    /** Nodes of a graph. */
    static final int NODES = 100_000;

    /** Edges of a graph. */
    static final int EDGES = 400_000;

    /** Bytes of a node. */
    static final int NODE = 1 << 20;

    /** Events in a list, and buckets, nodes and edges in them: each is an object or three, whatever few bytes it was in the file. */
    static final int LISTED = 500_000;

    /** Seconds from 1970 to the year 10000. */
    static final long SECONDS = 253_402_300_800L;

    private Limits() {}
}
