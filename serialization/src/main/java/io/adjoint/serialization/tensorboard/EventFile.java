package io.adjoint.serialization.tensorboard;

import com.google.protobuf.ByteString;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import io.adjoint.serialization.ModelFileException;
import io.adjoint.serialization.tensorboard.proto.Event;
import io.adjoint.serialization.tensorboard.proto.SessionLog;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A file of events that TensorBoard shows: curves, histograms, images, texts and graphs.
 *
 * {@snippet :
 * try (EventFile events = EventFile.in(Path.of("runs", "first"))) {
 *     events.text("settings", 0, "**batch** 32");
 *     events.scalar("training/loss", 1, 2.302);
 *     events.histogram("weights/hidden", 1, model.hidden().weight().value());
 * }
 * }
 *
 * <p>Then {@code tensorboard --logdir runs} shows the folders in {@code runs} beside each other. What comes before the first slash
 * of a tag is the group it is shown in. Each event is handed to the operating system as soon as it is written, so that a
 * TensorBoard that runs sees it, and a process that is killed loses none.
 *
 * <p>Methods can be called by several threads. All but {@link #read} throw {@link ModelFileException} if the file cannot be
 * written, after which it is closed; and {@link ShapeException}, before anything is written, for a step below 0 and for a tag that
 * is empty, longer than 4,096 characters, or no Unicode.
 */
public final class EventFile implements AutoCloseable {
    static final String VERSION = "brain.Event:2";

    private final InstantSource clock;
    private final RecordWriter out;

    private EventFile(InstantSource clock, RecordWriter out) {
        this.clock = clock;
        this.out = out;
    }

    /**
     * A new file in this folder, which is made if it is not there. Files of earlier runs stay; TensorBoard takes all files of a folder
     * for one run.
     *
     * @throws ModelFileException if that fails
     */
    public static EventFile in(Path folder) {
        return in(folder, Clock.systemUTC());
    }

    /**
     * The same with times from elsewhere than the system's clock.
     *
     * @throws ModelFileException if that fails
     * @throws ShapeException if it tells none of the years 1970 to 9999; so do the methods that write
     */
    public static EventFile in(Path folder, InstantSource clock) {
        Instant now = Times.require(clock.instant());
        EventFile file = new EventFile(clock, RecordWriter.create(folder, now));
        file.write(now, 0, event -> event.setFileVersion(VERSION));
        return file;
    }

    /** The file. */
    public Path path() {
        return out.file();
    }

    /**
     * A point of a curve.
     *
     * @param value kept as a {@code float}; NaN and infinities are shown as such
     */
    public void scalar(String tag, long step, double value) {
        write(step, Values.scalar(tag, value));
    }

    /**
     * How the elements of a tensor are spread, over TensorFlow's buckets: each reaches a tenth further from 0 than the one before, from
     * 1e-12 to 1e20. NaNs and infinities are in none of them; where there are some, the scalar {@code TAG/not finite} tells how many.
     *
     * @param tensor of any shape and dtype; truth values count as 0 and 1
     */
    public void histogram(String tag, long step, Tensor tensor) {
        write(step, Values.histogram(tag, tensor));
    }

    /**
     * An image, stored as PNG. Needs the module {@code java.desktop}, which a small run-time image may lack.
     *
     * @param image {@code [height, width]}, or {@code [channels, height, width]} with 1 channel for grey, 3 for red, green and blue, or
     *     4 with opacity. Floats go from 0 to 1, integers from 0 to 255, what is beyond counts as the end, and NaN as 0; truth values are
     *     black and white
     * @throws ShapeException if it has another shape, no pixels, or more than 32 MiB as PNG
     */
    public void image(String tag, long step, Tensor image) {
        write(step, Values.image(tag, image));
    }

    /**
     * A text.
     *
     * @param markdown at most 1 MiB; TensorBoard shows no HTML in it
     * @throws ShapeException if it is longer, or no Unicode
     */
    public void text(String tag, long step, String markdown) {
        write(step, Values.text(tag, markdown));
    }

    /**
     * A graph, with what operations are called, their attributes, shapes, dtypes and lines. Variables are numbered in the order in
     * which they are met. Of a folder one graph is shown, the last.
     *
     * @throws ShapeException if it has more than 100,000 nodes, or 400,000 edges, or 32 MiB
     */
    public void graph(Graph graph) {
        graph(graph, new TreeMap<>());
    }

    /**
     * The same with variables called by their paths in a model, those of a part in a box of its own.
     *
     * @throws ShapeException if it has more than 100,000 nodes, or 400,000 edges, or 32 MiB
     */
    public void graph(Graph graph, Module model) {
        graph(graph, model.variables());
    }

    private void graph(Graph graph, SequencedMap<String, Variable> names) {
        write(clock.instant(), 0, event -> event.setGraphDef(GraphNodes.of(graph, names)));
    }

    /**
     * Tells TensorBoard that a training goes on from before this step, so that what earlier files of the folder tell of this step and
     * later ones is not true any more and no longer shown.
     */
    public void restart(long step) {
        write(clock.instant(), Values.requireStep(step), event -> event
                .setSessionLog(SessionLog.newBuilder().setStatus(SessionLog.Status.START)));
    }

    private void write(long step, ByteString summary) {
        write(clock.instant(), Values.requireStep(step), event -> event.setSummary(summary));
    }

    private void write(Instant time, long step, Consumer<Event.Builder> what) {
        Event.Builder event = Event.newBuilder().setWallTime(Times.seconds(Times.require(time))).setStep(step);
        what.accept(event);
        out.write(event.build());
    }

    /** Closes the file. */
    @Override
    public void close() {
        out.close();
    }

    /**
     * The events of a file, in its order. A record at the end that is not whole, as a process leaves it that is killed while it writes,
     * is left out; a file that was not even begun has none.
     *
     * @throws ModelFileException if this is no event file, or it is damaged or cannot be read, or it has more than 500,000 events,
     *     buckets of histograms, nodes and edges of graphs
     */
    public static List<LoggedEvent> read(Path file) {
        List<LoggedEvent> events = new ArrayList<>();
        long[] weight = {0};
        read(file, event -> {
            weight[0] += weight(event);
            if (weight[0] > Limits.LISTED) {
                throw new ModelFileException(file,
                        "it has more than " + Limits.LISTED + " events, buckets, nodes and edges",
                        "read it with a consumer, which gets them one by one");
            }
            events.add(event);
        });
        return List.copyOf(events);
    }

    private static long weight(LoggedEvent event) {
        return 1 + switch (event) {
            case LoggedEvent.Histogram histogram -> histogram.buckets().size();
            case LoggedEvent.Graph graph -> graph.nodes().stream().mapToLong(node -> 1 + node.inputs().size()).sum();
            case LoggedEvent.Scalar _, LoggedEvent.Image _, LoggedEvent.Text _, LoggedEvent.Restart _,LoggedEvent.Other _ ->
                0;
        };
    }

    /**
     * Reads the events of a file of any length one by one, as {@link #read(Path)} does. Those before a damaged one were told when it is
     * refused.
     *
     * @throws ModelFileException if this is no event file, or it is damaged or cannot be read
     */
    public static void read(Path file, Consumer<LoggedEvent> sink) {
        RecordReader.read(file, sink);
    }
}
