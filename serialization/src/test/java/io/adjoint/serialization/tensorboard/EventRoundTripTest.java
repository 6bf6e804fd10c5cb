package io.adjoint.serialization.tensorboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.file.Names;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** What is written is what is read. */
class EventRoundTripTest {
    private static final long MICROS = 4_000_000_000_000_000L;

    @Provide
    Arbitrary<String> tags() {
        return Arbitraries.strings().ofMinLength(1).ofMaxLength(30).filter(Names::isStorable);
    }

    private static Instant time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static List<LoggedEvent> written(Instant time, Consumer<EventFile> body) {
        try {
            Path folder = Files.createTempDirectory("events");
            try (EventFile events = EventFile.in(folder, InstantSource.fixed(time))) {
                body.accept(events);
                List<LoggedEvent> read = EventFile.read(events.path());
                Files.delete(events.path());
                return read;
            } finally {
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Property(tries = 300)
    void scalarsTextsAndRestarts(@ForAll("tags") String tag, @ForAll @LongRange(min = 0) long step,
            @ForAll double value,
            @ForAll("tags") String text, @ForAll @LongRange(min = 0, max = MICROS) long micros) {
        Instant time = time(micros);
        assertEquals(List.of(new LoggedEvent.Scalar(time, step, tag, (float) value),
                new LoggedEvent.Text(time, step, tag, text), new LoggedEvent.Restart(time, step)),
                written(time, events -> {
                    events.scalar(tag, step, value);
                    events.text(tag, step, text);
                    events.restart(step);
                }));
    }

    /** Each number is in the one bucket that it belongs to, whatever the numbers are. */
    @Property(tries = 300)
    void histogramsCountEveryNumber(@ForAll @Size(max = 30) List<Double> any, @ForAll Random random) {
        double[] values = any.stream().mapToDouble(v -> random.nextBoolean() ? v : random.nextGaussian()).toArray();
        LoggedEvent.Histogram histogram = (LoggedEvent.Histogram) written(Instant.EPOCH,
                events -> events.histogram("h", 1, Tensor.of(values, values.length))).getFirst();
        assertEquals(values.length, histogram.count());
        double below = Double.NEGATIVE_INFINITY;
        for (LoggedEvent.Bucket bucket : histogram.buckets()) {
            assertTrue(below < bucket.limit(), histogram.toString());
            double count = 0;
            for (double value : values) {
                // above the largest double there is no limit
                double least = value == Double.MAX_VALUE ? Math.nextDown(value) : value;
                count += least >= below && least < bucket.limit() ? 1 : 0;
            }
            assertEquals(count, bucket.count(), histogram.toString());
            below = bucket.limit();
        }
        assertEquals(values.length, histogram.buckets().stream().mapToDouble(LoggedEvent.Bucket::count).sum());
        if (values.length > 0) {
            double sum = 0;
            for (double value : values) {
                sum += value;
            }
            assertEquals(sum, histogram.sum());
            assertEquals(java.util.Arrays.stream(values).min().orElseThrow(), histogram.min());
            assertEquals(java.util.Arrays.stream(values).max().orElseThrow(), histogram.max());
        }
    }

    @Property(tries = 100)
    void imagesKeepTheirSamples(@ForAll Random random) throws IOException {
        int channels = List.of(1, 3, 4).get(random.nextInt(3));
        int height = 1 + random.nextInt(9);
        int width = 1 + random.nextInt(9);
        int[] samples = random.ints((long) channels * height * width, -20, 280).toArray();
        Tensor integers = Tensor.of(samples, channels, height, width);
        Tensor floats = integers.cast(random.nextBoolean() ? DType.F32 : DType.F64).div(255);
        List<LoggedEvent> read = written(Instant.EPOCH, events -> {
            events.image("i", 1, integers);
            events.image("f", 1, floats);
        });
        for (LoggedEvent event : read) {
            LoggedEvent.Image image = (LoggedEvent.Image) event;
            assertEquals(List.of(channels, height, width), List.of(image.channels(), image.height(), image.width()));
            BufferedImage pixels = decoded(image.encoded());
            assertEquals(channels, pixels.getRaster().getNumBands());
            for (int i = 0; i < samples.length; i++) {
                int at = i % (height * width);
                int found = pixels.getRaster().getSample(at % width, at / width, i / (height * width));
                assertEquals(Math.clamp(samples[i], 0, 255), found);
            }
        }
    }

    private static BufferedImage decoded(ByteBuffer png) throws IOException {
        byte[] bytes = new byte[png.remaining()];
        png.get(bytes);
        return ImageIO.read(new ByteArrayInputStream(bytes));
    }

    @Property(tries = 1)
    void oddImages() throws IOException {
        List<LoggedEvent> read = written(Instant.EPOCH, events -> {
            events.image("nan", 1, Tensor.of(new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1, 0.5f}, 2, 2));
            events.image("truth", 1, Tensor.of(new boolean[] {true, false}, 1, 2));
        });
        BufferedImage nan = decoded(((LoggedEvent.Image) read.get(0)).encoded());
        assertEquals(List.of(0, 255, 0, 128), List.of(nan.getRaster().getSample(0, 0, 0),
                nan.getRaster().getSample(1, 0, 0), nan.getRaster().getSample(0, 1, 0),
                nan.getRaster().getSample(1, 1, 0)));
        BufferedImage truth = decoded(((LoggedEvent.Image) read.get(1)).encoded());
        assertEquals(List.of(255, 0),
                List.of(truth.getRaster().getSample(0, 0, 0), truth.getRaster().getSample(1, 0, 0)));
    }
}
