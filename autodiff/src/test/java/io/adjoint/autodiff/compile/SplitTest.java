package io.adjoint.autodiff.compile;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.op.Catalogue;
import io.adjoint.autodiff.op.Elementwise;
import io.adjoint.autodiff.op.Op;
import io.adjoint.autodiff.op.Sample;
import io.adjoint.autodiff.op.Sampler;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.tape.Internals;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Operations that say that they can be computed piece by piece give the bits of the whole. */
class SplitTest {
    private static final int SEEDS = 60;

    static Stream<Catalogue.Entry> separable() {
        return Catalogue.entries().stream().filter(entry -> Stream.iterate(0, seed -> seed + 1).limit(SEEDS)
                .anyMatch(seed -> axes(entry.sample(new Sampler(seed, DType.F32))) > 0));
    }

    private static List<TensorSpec> specs(Sample sample) {
        return sample.inputs().stream().map(input -> input.spec()).toList();
    }

    private static int axes(Sample sample) {
        return sample.op().separableAxes(specs(sample));
    }

    /** How a program that only applies the operation would cut it. */
    private static Split split(Sample sample) {
        Graph graph = Graph.traceAll(in -> List.of(sample.op().apply(in.toArray(Tensor[]::new))),
                specs(sample).toArray(TensorSpec[]::new));
        Values values = new Values(graph);
        List<Unit> units = Fusion.of(graph, values);
        return Split.of(units.getFirst(), graph, values, new KeptFactors(graph, values, units));
    }

    @ParameterizedTest
    @MethodSource("separable")
    void piecesHaveTheBitsOfTheWhole(Catalogue.Entry entry) {
        int compared = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            for (DType dtype : List.of(DType.F32, DType.F64)) {
                Sample sample = entry.sample(new Sampler(seed, dtype));
                Op op = sample.op();
                TensorSpec spec = op.infer(specs(sample));
                Split split = split(sample);
                for (int pieces : split.counts()) {
                    Array out = Array.allocate(spec.dtype(), spec.shape());
                    for (int piece = 0; piece < pieces; piece++) {
                        List<Array> in = new ArrayList<>();
                        for (int i = 0; i < sample.inputs().size(); i++) {
                            in.add(split.read(i, Internals.array(sample.inputs().get(i)), pieces, piece));
                        }
                        op.prepare(in, split.written(out, pieces, piece)).run();
                    }
                    int count = pieces;
                    assertTrue(op.compute(sample.inputs()).sameBits(Internals.tensor(out)),
                            () -> sample + " in " + count + " pieces");
                    compared++;
                }
            }
        }
        assertTrue(compared > 0);
    }

    /** Their loops are cut as loops, whatever operations they are made of; nothing that computes a fresh result each time is cut. */
    @Test
    void onlyWhatHasALaunchOfItsOwnIsCut() {
        separable().forEach(entry -> {
            Op op = entry.sample(new Sampler(0, DType.F32)).op();
            assertFalse(op instanceof Elementwise || Work.allocates(op), entry.id());
        });
    }
}
