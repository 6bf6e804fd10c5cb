package io.adjoint.autodiff.op;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.runtime.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Law 3 over the whole catalogue: results and gradients have the same bits at any number of threads, and do not depend on
 * how the inputs lie in memory.
 */
class SameBitsLawTest {
    private static final int LAYOUT_SEEDS = 40;

    static Stream<Catalogue.Entry> entries() {
        return Catalogue.entries().stream();
    }

    @ParameterizedTest
    @MethodSource("entries")
    void threadsDoNotShow(Catalogue.Entry entry) {
        for (DType dtype : List.of(DType.F32, DType.F64)) {
            Sample sample = entry.sample(Sampler.large(1, dtype));
            List<Tensor> alone = Workers.withThreads(1, () -> resultAndGradients(sample, sample.inputs()));
            for (int threads = 2; threads <= 3; threads++) {
                assertSame(alone, Workers.withThreads(threads, () -> resultAndGradients(sample, sample.inputs())),
                        sample + " threads " + threads);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("entries")
    void layoutsDoNotShow(Catalogue.Entry entry) {
        for (DType dtype : List.of(DType.F32, DType.F64)) {
            for (long seed = 0; seed < LAYOUT_SEEDS; seed++) {
                Sample sample = entry.sample(new Sampler(seed, dtype));
                List<Tensor> copies = sample.inputs().stream().map(SameBitsLawTest::copy).toList();
                assertSame(resultAndGradients(sample, copies), resultAndGradients(sample, sample.inputs()),
                        sample + " seed " + seed);
            }
        }
    }

    /** The result, then the gradients of its sum of squares by the float inputs. */
    private static List<Tensor> resultAndGradients(Sample sample, List<Tensor> inputs) {
        List<Tensor> tracked = inputs.stream().map(x -> x.dtype().isFloat() ? x.tracked() : x).toList();
        Tensor result = sample.apply(tracked);
        List<Tensor> all = new ArrayList<>(List.of(result.detached()));
        if (result.isTracked()) {
            Tensor[] points = tracked.stream().filter(Tensor::isTracked).toArray(Tensor[]::new);
            all.addAll(result.square().sum().gradients(points).values());
        }
        return all;
    }

    private static Tensor copy(Tensor x) {
        return switch (x.dtype()) {
            case BOOL -> Tensor.of(x.toBooleans(), x.shape());
            case I32 -> Tensor.of(x.toInts(), x.shape());
            case I64 -> Tensor.of(x.toLongs(), x.shape());
            case F32 -> Tensor.of(x.toFloats(), x.shape());
            case F64 -> Tensor.of(x.toDoubles(), x.shape());
        };
    }

    private static void assertSame(List<Tensor> expected, List<Tensor> actual, String context) {
        for (int i = 0; i < expected.size(); i++) {
            assertTrue(expected.get(i).sameBits(actual.get(i)),
                    context + (i == 0 ? ": the result" : ": gradient " + (i - 1)) + " has other bits");
        }
    }
}
