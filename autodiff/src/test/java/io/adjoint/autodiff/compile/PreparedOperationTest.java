package io.adjoint.autodiff.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.kernel.Copies;
import io.adjoint.autodiff.op.Catalogue;
import io.adjoint.autodiff.op.Convolution;
import io.adjoint.autodiff.op.ConvolutionInput;
import io.adjoint.autodiff.op.ConvolutionWeight;
import io.adjoint.autodiff.op.CrossEntropy;
import io.adjoint.autodiff.op.Domain;
import io.adjoint.autodiff.op.Gather;
import io.adjoint.autodiff.op.Growing;
import io.adjoint.autodiff.op.MaxPlaces;
import io.adjoint.autodiff.op.Normal;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.op.ResolveIndex;
import io.adjoint.autodiff.op.Sample;
import io.adjoint.autodiff.op.Sampler;
import io.adjoint.autodiff.op.ScatterAdd;
import io.adjoint.autodiff.op.Slide;
import io.adjoint.autodiff.op.Uniform;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.runtime.Workers;
import io.adjoint.autodiff.tape.Internals;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations that are bound to arrays give the bits of those that compute once, whatever was there before. */
class PreparedOperationTest {
    private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Vectors are objects until C2 has compiled the code that uses them, which takes some thousands of runs. */
    private static final int MOST_ATTEMPTS = 2_000;

    /** Elements of others around a result. */
    private static final int MARGIN = 3;

    static Stream<Catalogue.Entry> entries() {
        return Catalogue.entries().stream();
    }

    static Stream<Catalogue.Entry> freeEntries() {
        return entries().filter(entry -> !Work.allocates(entry.sample(new Sampler(0, DType.F32)).op())
                && entry.type() != Normal.class); // the sine of StrictMath allocates
    }

    @ParameterizedTest
    @MethodSource("entries")
    void everyRunGivesTheBitsOfCompute(Catalogue.Entry entry) {
        for (long seed = 0; seed < 30; seed++) {
            Sample sample = entry.sample(new Sampler(seed, seed % 2 == 0 ? DType.F32 : DType.F64));
            Array expected = Internals.array(sample.op().compute(sample.inputs()));
            List<Array> inputs = arrays(sample);
            check(sample, inputs, expected);
            check(sample, inputs.stream().map(PreparedOperationTest::inReverse).toList(), expected);
        }
    }

    private static void check(Sample sample, List<Array> inputs, Array expected) {
        if (expected.size() == 0) {
            return;
        }
        Array memory = Array.resident(expected.dtype(), Shape.of(expected.size() + 2 * MARGIN));
        Array out = memory.view(expected.shape(), expected.shape().rowMajorStrides(), MARGIN);
        Launch launch = sample.op().prepare(inputs, out);
        for (int run = 0; run < 2; run++) {
            fill(memory, -3);
            launch.run();
            for (int i = 0; i < expected.size(); i++) {
                int number = i;
                assertEquals(bits(expected, expected.position(i)), bits(out, out.position(i)),
                        () -> sample + " element " + number);
            }
            for (int i = 0; i < MARGIN; i++) {
                assertEquals(bits(memory, 0), bits(memory, i), sample::toString);
                assertEquals(bits(memory, 0), bits(memory, memory.size() - 1 - i), sample::toString);
            }
        }
    }

    /** The same elements with all axes reversed in memory. */
    private static Array inReverse(Array x) {
        int rank = x.shape().rank();
        int[] reverse = new int[rank];
        Arrays.setAll(reverse, axis -> rank - 1 - axis);
        return Copies.of(x.permute(reverse)).permute(reverse);
    }

    private static List<Array> arrays(Sample sample) {
        return sample.inputs().stream().map(Internals::array).toList();
    }

    private static void fill(Array memory, int value) {
        switch (memory.dtype()) {
            case BOOL -> Arrays.fill(memory.booleans(), true);
            case I32 -> Arrays.fill(memory.ints(), value);
            case I64 -> Arrays.fill(memory.longs(), value);
            case F32 -> Arrays.fill(memory.floats(), value);
            case F64 -> Arrays.fill(memory.doubles(), value);
        }
    }

    private static long bits(Array x, int at) {
        return switch (x.dtype()) {
            case BOOL -> x.booleans()[at] ? 1 : 0;
            case I32 -> x.ints()[at];
            case I64 -> x.longs()[at];
            case F32 -> Float.floatToIntBits(x.floats()[at]);
            case F64 -> Double.doubleToLongBits(x.doubles()[at]);
        };
    }

    // ---- what grows in place

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatGrowsMayBeItsFirstInput(long seed) {
        for (Catalogue.Entry entry : entries().filter(e -> Growing.class.isAssignableFrom(e.type())).toList()) {
            Sample sample = entry.sample(new Sampler(seed, DType.F64));
            Array expected = Internals.array(sample.op().compute(sample.inputs()));
            List<Array> inputs = new ArrayList<>(arrays(sample));
            Array base = Copies.of(inputs.getFirst());
            inputs.set(0, base);
            sample.op().prepare(inputs, base).run();
            for (int i = 0; i < expected.size(); i++) {
                assertEquals(bits(expected, expected.position(i)), bits(base, base.position(i)), sample::toString);
            }
        }
    }

    // ---- what is checked again in every run

    @Test
    void everyRunChecksItsIndices() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}).reshape(2, 3);
        Tensor places = Tensor.of(new long[] {0, 2});
        assertChecks(new Gather(1), x, places.reshape(2, 1));
        assertChecks(new ScatterAdd(1), x, places.reshape(2, 1), Tensor.of(new float[] {7, 8}).reshape(2, 1));
        assertChecks(new CrossEntropy(), x, places);
        assertChecks(new ResolveIndex(3, ResolveIndex.Counting.FROM_BOTH_ENDS, "asker"), places);
    }

    private static void assertChecks(Op op, Tensor... inputs) {
        Tensor[] fresh = inputs.clone();
        Array index = null;
        for (int i = 0; i < inputs.length; i++) {
            if (inputs[i].dtype() == DType.I64) {
                index = Copies.of(Internals.array(inputs[i]));
                fresh[i] = Internals.tensor(index);
            }
        }
        List<Tensor> given = List.of(fresh);
        TensorSpec spec = op.infer(given.stream().map(Tensor::spec).toList());
        Array out = Array.resident(spec.dtype(), spec.shape());
        Launch launch = op.prepare(given.stream().map(Internals::array).toList(), out);
        launch.run();
        long good = index.longs()[index.offset() + 1];
        index.longs()[index.offset() + 1] = 3;
        ShapeException expected = assertThrows(ShapeException.class, () -> op.compute(given));
        ShapeException refused = assertThrows(ShapeException.class, launch::run);
        assertEquals(expected.getMessage(), refused.getMessage());
        assertTrue(refused.getMessage().contains("index 3"), refused::getMessage);
        index.longs()[index.offset() + 1] = good;
        launch.run();
        Array after = Internals.array(op.compute(given));
        for (int i = 0; i < after.size(); i++) {
            assertEquals(bits(after, after.position(i)), bits(out, out.position(i)), op::toString);
        }
    }

    // ---- memory

    @ParameterizedTest
    @MethodSource("freeEntries")
    void aWarmRunAllocatesNothing(Catalogue.Entry entry) {
        for (long seed = 0; seed < 6; seed++) {
            Sample sample = entry.sample(new Sampler(seed, seed % 2 == 0 ? DType.F32 : DType.F64));
            TensorSpec spec = sample.op().infer(sample.inputs().stream().map(Tensor::spec).toList());
            if (spec.shape().size() > 0) {
                Array out = Array.resident(spec.dtype(), spec.shape());
                assertAllocatesNothing(sample, sample.op().prepare(arrays(sample), out));
                assertAllocatesNothing(sample,
                        sample.op().prepare(arrays(sample).stream().map(PreparedOperationTest::inReverse).toList(),
                                out));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void neitherDoWorkers(int threads) {
        Sampler sampler = new Sampler(1, DType.F32);
        Tensor images = sampler.tensor(Shape.of(5, 4, 14, 14), Domain.REAL);
        Tensor weight = sampler.tensor(Shape.of(6, 4, 3, 3), Domain.REAL);
        Tensor pointwise = sampler.tensor(Shape.of(6, 4, 1, 1), Domain.REAL);
        Tensor windows = sampler.tensor(Shape.of(5, 6, 14, 14), Domain.REAL);
        Tensor few = sampler.tensor(Shape.of(5, 6, 7, 7), Domain.REAL);
        Slide slide = new Slide(List.of(1, 1), List.of(1, 1), List.of(1, 1), 1);
        Slide steps = new Slide(List.of(2, 2), List.of(0, 0), List.of(1, 1), 1);
        Slide overlap = new Slide(List.of(2, 2), List.of(1, 1), List.of(1, 1), 1);
        Slide single = new Slide(List.of(1, 1), List.of(0, 0), List.of(1, 1), 1);
        List<Sample> samples = List.of(sample(new Convolution(slide, List.of(14, 14)), images, weight),
                sample(new Convolution(single, List.of(14, 14)), images, pointwise),
                sample(new ConvolutionInput(slide, List.of(14, 14)), windows, weight),
                sample(new ConvolutionInput(steps, List.of(14, 14)), few, pointwise),
                sample(new ConvolutionInput(overlap, List.of(14, 14)), few, weight),
                sample(new ConvolutionWeight(slide, List.of(3, 3)), images, windows),
                sample(new ConvolutionWeight(overlap, List.of(3, 3)), images, few),
                sample(new MaxPlaces(List.of(2, 2), steps, List.of(7, 7)), images),
                sample(new Uniform(Shape.of(99_999), DType.F32), Tensor.of(new long[] {1, 2})));
        for (Sample sample : samples) {
            Workers.withThreads(threads, () -> {
                Array expected = Internals.array(sample.op().compute(sample.inputs()));
                check(sample, arrays(sample), expected);
                Array out = Array.resident(expected.dtype(), expected.shape());
                assertAllocatesNothing(sample, sample.op().prepare(arrays(sample), out));
                return sample;
            });
        }
    }

    private static Sample sample(Op op, Tensor... inputs) {
        return new Sample(op, List.of(inputs));
    }

    /** Sooner or later: code that is compiled in the meantime may ask for memory of its own once more. */
    private static void assertAllocatesNothing(Sample sample, Launch launch) {
        for (int run = 0; run < 200; run++) {
            launch.run();
        }
        long allocated = 1;
        for (int attempt = 0; attempt < MOST_ATTEMPTS && allocated > 0; attempt++) {
            long[] threads = threads();
            long before = allocated(threads);
            for (int run = 0; run < 20; run++) {
                launch.run();
            }
            allocated = allocated(threads) - before;
        }
        assertEquals(0, allocated, sample::toString);
    }

    /** The calling thread and the workers. */
    private static long[] threads() {
        return Stream.concat(Stream.of(Thread.currentThread()), Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("adjoint-worker-"))).mapToLong(Thread::threadId)
                .toArray();
    }

    private static long allocated(long[] threads) {
        long sum = 0;
        for (int i = threads.length - 1; i > 0; i--) {
            sum += MEMORY.getThreadAllocatedBytes(threads[i]);
        }
        return sum + MEMORY.getCurrentThreadAllocatedBytes();
    }
}
