package io.adjoint.serialization.tensorboard;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

/** What an event file tells, as {@link EventFile#read} returns it. Times are to the microsecond. */
public sealed interface LoggedEvent {
    /** When it was written. */
    Instant time();

    /** The step of the training that it belongs to. */
    long step();

    /** A point of a curve. */
    record Scalar(Instant time, long step, String tag, float value) implements LoggedEvent {}

    /**
     * How numbers are spread.
     *
     * @param time when it was written
     * @param step of the training
     * @param tag what it is called
     * @param min least number, 0 if there are none
     * @param max greatest number, 0 if there are none
     * @param count how many numbers
     * @param sum of them
     * @param sumOfSquares of them
     * @param buckets from the lowest to the highest
     */
    record Histogram(Instant time, long step, String tag, double min, double max, double count, double sum,
            double sumOfSquares, List<Bucket> buckets) implements LoggedEvent {
        public Histogram {
            buckets = List.copyOf(buckets);
        }
    }

    /**
     * Part of a histogram; it begins where the one before ends.
     *
     * @param limit where it ends
     * @param count of the numbers that lie in it
     */
    record Bucket(double limit, double count) {}

    /**
     * An image, encoded as it is in the file.
     *
     * @param time when it was written
     * @param step of the training
     * @param tag what it is called
     * @param height pixels, as the file claims
     * @param width pixels, as the file claims
     * @param channels 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA, as the file claims
     * @param encoded PNG if an {@link EventFile} wrote it; read-only
     */
    record Image(Instant time, long step, String tag, int height, int width, int channels, ByteBuffer encoded)
            implements
            LoggedEvent {
        public Image {
            encoded = encoded.asReadOnlyBuffer();
        }

        /** The encoded bytes, from the position of this buffer to its limit. */
        @Override
        public ByteBuffer encoded() {
            return encoded.duplicate();
        }
    }

    /** A text, in Markdown. */
    record Text(Instant time, long step, String tag, String markdown) implements LoggedEvent {}

    /**
     * A graph.
     *
     * @param time when it was written
     * @param step of the training
     * @param nodes in the order of the file
     */
    record Graph(Instant time, long step, List<Node> nodes) implements LoggedEvent {
        public Graph {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * A node of a graph.
     *
     * @param name with a slash between the parts of a path
     * @param op what it does
     * @param inputs names of the nodes whose results it takes
     */
    record Node(String name, String op, List<String> inputs) {
        public Node {
            inputs = List.copyOf(inputs);
        }
    }

    /** A training began or was resumed: what was told before of this step and later ones is not true any more. */
    record Restart(Instant time, long step) implements LoggedEvent {}

    /** Something that is not read here; the tag is empty where it has none. */
    record Other(Instant time, long step, String tag) implements LoggedEvent {}
}
