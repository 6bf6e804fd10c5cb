package io.adjoint.autodiff.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Gradients;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.autodiff.check.GradientCheck.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Law 2: every operation has a gradient of every order, or says that it has none. */
class GradientLawTest {
    /** Largest number of entries of a Jacobian that is checked one by one. */
    private static final int SMALL = 200;

    static List<Catalogue.Entry> entries() {
        return Catalogue.entries();
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void gradientsOfBothOrdersEqualDifferences(@ForAll long seed) {
        for (Catalogue.Entry entry : entries()) {
            Sample sample = entry.sample(new Sampler(seed, DType.F64));
            if (hasFloats(sample)) {
                check(seed, sample, Mode.DIRECTION);
            }
        }
    }

    @Property(tries = 20, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void smallJacobiansAndHessiansEqualDifferences(@ForAll long seed) {
        for (Catalogue.Entry entry : entries()) {
            Sample sample = entry.sample(new Sampler(seed, DType.F64));
            int elements = sample.inputs().stream().mapToInt(Tensor::size).sum();
            if (hasFloats(sample) && elements * Math.max(elements, sample.apply(sample.inputs()).size()) <= SMALL) {
                check(seed, sample, Mode.JACOBIAN);
            }
        }
    }

    /** A walk of first order fuses rules and uses memory again; the other one does neither. */
    @Property(tries = 40, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void walksOfEitherOrderComeToTheSameBits(@ForAll long seed, @ForAll boolean narrow) {
        for (Catalogue.Entry entry : entries()) {
            Sample sample = entry.sample(new Sampler(seed, narrow ? DType.F32 : DType.F64));
            if (!hasFloats(sample)) {
                continue;
            }
            Tensor[] inputs = sample.inputs().stream().map(x -> x.dtype().isFloat() ? x.tracked() : x)
                    .toArray(Tensor[]::new);
            Tensor[] tracked = Arrays.stream(inputs).filter(Tensor::isTracked).toArray(Tensor[]::new);
            Tensor output = sample.apply(List.of(inputs));
            Tensor sum = output.mul(Rng.seed(seed).normal(output.shape(), output.dtype())).sum();
            if (!sum.isTracked()) {
                continue;
            }
            Gradients found = sum.gradients(tracked);
            Gradients expected = sum.differentiableGradients(tracked);
            for (Tensor x : tracked) {
                assertTrue(found.of(x).sameBits(expected.of(x)), sample.toString());
            }
        }
    }

    /** Operations without a gradient are checked as well: where they are sampled they are flat, so zero is right. */
    private static boolean hasFloats(Sample sample) {
        return sample.apply(sample.inputs()).dtype().isFloat()
                && sample.inputs().stream().anyMatch(input -> input.dtype().isFloat());
    }

    private static void check(long seed, Sample sample, Mode mode) {
        GradientCheck.of(sample.toString()).withSeed(seed).withMode(mode)
                .check(sample::apply, sample.inputs().toArray(Tensor[]::new));
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void oneTensorMayStandInTwoPlaces(@ForAll long seed) {
        for (Catalogue.Entry entry : entries()) {
            Sample sample = entry.sample(new Sampler(seed, DType.F64));
            List<Tensor> inputs = sample.inputs();
            for (int i = 0; i < inputs.size() && hasFloats(sample); i++) {
                for (int j = i + 1; j < inputs.size(); j++) {
                    if (inputs.get(i).dtype().isFloat() && inputs.get(i).spec().equals(inputs.get(j).spec())) {
                        checkTwice(seed, sample, i, j);
                    }
                }
            }
        }
    }

    private static void checkTwice(long seed, Sample sample, int first, int second) {
        Tensor a = sample.inputs().get(first);
        Tensor b = sample.inputs().get(second);
        Tensor shared = a.gt(0).all().item() == 1 ? a : b; // a divisor or a base of powers must be positive
        String label = sample + " with input " + first + " as input " + second + " too";
        GradientCheck.of(label).withSeed(seed).check(in -> {
            List<Tensor> inputs = new ArrayList<>(sample.inputs());
            inputs.set(first, in.getFirst());
            inputs.set(second, in.getFirst());
            return sample.apply(inputs);
        }, shared);
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void aGradientHasTheSpecOfItsInputAndDoesNotDependOnWhatElseIsAskedFor(@ForAll long seed) {
        for (Catalogue.Entry entry : entries()) {
            Sample sample = entry.sample(new Sampler(seed, seed % 2 == 0 ? DType.F32 : DType.F64));
            if (!hasFloats(sample)) {
                continue;
            }
            int[] floats = IntStream.range(0, sample.inputs().size())
                    .filter(i -> sample.inputs().get(i).dtype().isFloat()).toArray();
            List<Tensor> together = gradients(sample, floats);
            for (int i = 0; i < floats.length; i++) {
                Tensor alone = gradients(sample, floats[i]).getFirst();
                String where = sample + " input " + floats[i] + ", seed " + seed;
                assertEquals(sample.inputs().get(floats[i]).spec(), alone.spec(), where);
                assertTrue(alone.sameBits(together.get(i)), where);
            }
        }
    }

    private static List<Tensor> gradients(Sample sample, int... tracked) {
        List<Tensor> inputs = new ArrayList<>(sample.inputs());
        for (int i : tracked) {
            inputs.set(i, inputs.get(i).tracked());
        }
        Tensor[] leaves = IntStream.of(tracked).mapToObj(inputs::get).toArray(Tensor[]::new);
        Tensor loss = sample.apply(inputs).square().sum();
        List<Tensor> gradients = loss.gradients(leaves).values();
        Gradients again = loss.differentiableGradients(leaves);
        for (int i = 0; i < leaves.length; i++) {
            assertFalse(gradients.get(i).isTracked());
            assertTrue(gradients.get(i).sameBits(again.of(leaves[i])), "first order differs from any order: " + sample);
        }
        return gradients;
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void forwardModeIsTheTransposeOfReverseMode(@ForAll long seed) {
        for (Catalogue.Entry entry : entries()) {
            Sample sample = entry.sample(new Sampler(seed, DType.F64));
            List<Tensor> inputs = sample.inputs().stream().map(x -> x.dtype().isFloat() ? x.tracked() : x).toList();
            Tensor[] points = inputs.stream().filter(Tensor::isTracked).toArray(Tensor[]::new);
            Tensor result = sample.apply(inputs);
            if (!result.isTracked()) {
                continue;
            }
            Transposition.check(sample.toString(), result, points, seed);
        }
    }

    @ParameterizedTest
    @MethodSource("entries")
    void anOperationWithoutGradientRecordsNothing(Catalogue.Entry entry) {
        Sample sample = entry.sample(new Sampler(3, DType.F64));
        List<Tensor> tracked = sample.inputs().stream().map(x -> x.dtype().isFloat() ? x.tracked() : x).toList();
        boolean flows = sample.op().gradient().absence().isEmpty() && tracked.stream().anyMatch(Tensor::isTracked);
        assertEquals(flows, sample.apply(tracked).isTracked());
    }

    /** The engine refuses a rule that reads more than it declares; one that declares more keeps tensors alive for nothing. */
    @ParameterizedTest
    @MethodSource("entries")
    void aRuleReadsWhatItDeclaresAndNothingElse(Catalogue.Entry entry) {
        for (int input = 0; input < 3; input++) {
            Reads reads = new Reads();
            BitSet declared = new BitSet();
            for (int seed = 0; seed < 40; seed++) {
                Sample sample = entry.sample(new Sampler(seed, DType.F64));
                if (input >= sample.inputs().size() || sample.op().gradient().absence().isPresent()
                        || !sample.inputs().get(input).dtype().isFloat()) {
                    continue;
                }
                Gradient.Partial partial = sample.op().gradient().partial(input);
                if (partial.flows()) {
                    declared.clear();
                    IntStream.range(0, sample.inputs().size()).filter(partial::reads).forEach(declared::set);
                    declared.set(Reads.OUTPUT, partial.readsOutput());
                    partial.vjp().apply(reads.of(sample));
                }
            }
            assertEquals(declared, reads.seen, "the rule for input " + input + " reads");
        }
    }

    /** Notes what a rule looks at. */
    private static final class Reads {
        static final int OUTPUT = 63;

        final BitSet seen = new BitSet();

        Gradient.Context of(Sample sample) {
            Tensor output = sample.apply(sample.inputs());
            return new Gradient.Context() {
                @Override
                public Tensor cotangent() {
                    return Tensor.full(output.shape(), output.dtype(), 1);
                }

                @Override
                public Tensor input(int i) {
                    seen.set(i);
                    return sample.inputs().get(i);
                }

                @Override
                public Tensor output() {
                    seen.set(OUTPUT);
                    return output;
                }

                @Override
                public TensorSpec inputSpec(int i) {
                    return sample.inputs().get(i).spec();
                }
            };
        }
    }
}
