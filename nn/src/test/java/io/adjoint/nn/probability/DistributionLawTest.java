package io.adjoint.nn.probability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every distribution. */
class DistributionLawTest {
    private static final int DRAWS = 4000;

    static List<DistributionSample> samples() {
        return DistributionSamples.all();
    }

    @Test
    void everyDistributionHasASample() throws IOException, URISyntaxException {
        Set<String> sampled = samples().stream().map(sample -> sample.distribution().getClass().getSimpleName())
                .collect(Collectors.toSet());
        Path classes = Path.of(Distribution.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                .resolve("io/adjoint/nn/probability");
        Set<String> missing = new TreeSet<>();
        try (Stream<Path> files = Files.list(classes)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                if (!name.contains("-info") && isDistribution("io.adjoint.nn.probability." + name)
                        && !sampled.contains(name)) {
                    missing.add(name);
                }
            }
        }
        assertEquals(Set.of(), missing, "distributions without a sample");
    }

    private static boolean isDistribution(String name) {
        try {
            Class<?> type = Class.forName(name, false, Distribution.class.getClassLoader());
            return type.isRecord() && Distribution.class.isAssignableFrom(type);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    /** The sum over all values of {@code p f}, for an f of several columns. */
    private static double[] expectation(DistributionSample sample, Tensor f) {
        double[] logs = sample.distribution().logProb(sample.all().values()).toDoubles();
        double[] values = f.cast(DType.F64).toDoubles();
        int columns = values.length / logs.length;
        double[] sums = new double[columns];
        for (int i = 0; i < logs.length; i++) {
            double weight = Math.exp(logs[i]) * sample.all().weights()[i];
            for (int j = 0; j < columns && weight > 0; j++) {
                sums[j] += weight * values[i * columns + j];
            }
        }
        return sums;
    }

    private static void known(DistributionSample sample, String what, Runnable check) {
        if (sample.refused().contains(what)) {
            ShapeException refusal = assertThrows(ShapeException.class, check::run, what);
            assertTrue(refusal.getMessage().startsWith(what + ": not known in closed form"), refusal.getMessage());
        } else {
            check.run();
        }
    }

    /** Where there is none, it must not be made up. */
    private static void same(double[] wanted, Tensor actual, String what) {
        double[] found = actual.toDoubles();
        assertEquals(wanted.length, found.length, what);
        for (int i = 0; i < found.length; i++) {
            if (Double.isFinite(found[i])) {
                assertEquals(wanted[i], found[i], 1e-7 * (1 + Math.abs(wanted[i])), what);
            } else {
                assertTrue(Math.abs(wanted[i]) > 1e3 || !Double.isFinite(wanted[i]), what + " exists: " + wanted[i]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void probabilitiesAddUpToOne(DistributionSample sample) {
        double[] logs = sample.distribution().logProb(sample.all().values()).toDoubles();
        assertEquals(1, expectation(sample, Tensor.ones(logs.length))[0], 1e-8);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void momentsAreIntegrals(DistributionSample sample) {
        Distribution distribution = sample.distribution();
        Tensor values = sample.all().values();
        boolean hasMean = !sample.toString().startsWith("Cauchy") && !sample.toString().startsWith("StudentT[0.8");
        known(sample, "mean", () -> {
            if (hasMean) {
                same(expectation(sample, values), distribution.mean(), "mean");
            } else {
                assertTrue(Double.isNaN(distribution.mean().item()));
            }
        });
        known(sample, "variance", () -> {
            Tensor variance = distribution.variance();
            if (hasMean) {
                same(expectation(sample, values.sub(distribution.mean()).square()), variance,
                        "variance");
            } else {
                assertTrue(Double.isNaN(variance.item()));
            }
        });
        known(sample, "entropy",
                () -> same(expectation(sample, distribution.logProb(values).neg()), distribution.entropy(), "entropy"));
        known(sample, "mode", () -> {
            double top = distribution.logProb(distribution.mode()).item();
            for (double log : distribution.logProb(values).toDoubles()) {
                assertTrue(log <= top + 1e-9 || Double.isInfinite(top),
                        () -> log + " is above that of the mode, " + top);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("samples")
    void theCdfIsTheIntegral(DistributionSample sample) {
        Distribution distribution = sample.distribution();
        known(sample, "cdf", () -> {
            Tensor values = sample.isContinuousNumber() ? spread(distribution) : sample.all().values();
            double[] found = distribution.cdf(values).toDoubles();
            double[] at = values.toDoubles();
            for (int i = 0; i < at.length; i++) {
                double upTo = at[i];
                double wanted = sample.isContinuousNumber() ? integral(sample, upTo)
                        : expectation(sample, sample.all().values().le(upTo))[0];
                assertEquals(wanted, found[i], 1e-8, () -> "cdf of " + upTo);
            }
            for (Tensor outside : sample.outside()) {
                if (sample.isContinuousNumber()) {
                    double share = distribution.cdf(outside).item();
                    assertTrue(share == 0 || share == 1, () -> "cdf of " + outside);
                }
            }
        });
        known(sample, "icdf", () -> {
            Tensor p = Tensor.of(new double[] {0.03, 0.4, 0.5, 0.81, 0.999});
            same(p.toDoubles(), distribution.cdf(distribution.icdf(p)), "icdf");
            assertTrue(Double.isNaN(distribution.icdf(Tensor.scalar(1.5, DType.F64)).item()));
            assertTrue(Double.isNaN(distribution.icdf(Tensor.scalar(-0.5, DType.F64)).item()));
        });
    }

    private static Tensor spread(Distribution distribution) {
        return distribution.sample(Rng.seed(5), Shape.of(6)).detached();
    }

    private static double integral(DistributionSample sample, double upTo) {
        // what is far below would else be seen through too coarse a grid
        double middle = Double.isInfinite(sample.ends()[0]) ? 0 : sample.ends()[0];
        double[] ends = DoubleStream.concat(Arrays.stream(sample.ends()), DoubleStream.of(middle)).distinct().sorted()
                .filter(end -> end < upTo).toArray();
        double[] cut = Arrays.copyOf(ends, ends.length + 1);
        cut[ends.length] = upTo;
        Quadrature part = Quadrature.between(cut);
        double[] logs = sample.distribution().logProb(part.values()).toDoubles();
        double sum = 0;
        for (int i = 0; i < logs.length; i++) {
            sum += part.weights()[i] * Math.exp(logs[i]);
        }
        return sum;
    }

    @ParameterizedTest
    @MethodSource("samples")
    void impossibleValuesHaveNoProbabilityAndNoGradient(DistributionSample sample) {
        for (Tensor outside : sample.outside()) {
            List<Tensor> tracked = sample.parameters().stream().map(Tensor::tracked).toList();
            Tensor log = sample.make().apply(tracked).logProb(outside);
            assertEquals(Double.NEGATIVE_INFINITY, log.item(), () -> "of " + outside);
            Tensor x = sample.all().values().slice(0, 0, 1).squeeze(0);
            Tensor both = sample.make().apply(tracked).logProb(Tensor.stack(0, outside, x.expand(outside.shape())));
            Tensor finite = both.eq(Double.NEGATIVE_INFINITY).where(0, both);
            for (Tensor gradient : finite.sum().gradients(tracked.toArray(Tensor[]::new)).values()) {
                assertTrue(gradient.isFinite().all().item() == 1, () -> "beside " + outside);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void gradientsOfLogProbEqualDifferences(DistributionSample sample) {
        Tensor values = sample.distribution().sample(Rng.seed(8), Shape.of(5)).detached();
        GradientCheck.of(sample + ".logProb").check(in -> sample.make().apply(in).logProb(values),
                sample.parameters().toArray(Tensor[]::new));
    }

    /** Of a fixed key a sample is a smooth function, and also where it is a quantile, whose slope is the implicit one. */
    @ParameterizedTest
    @MethodSource("samples")
    void gradientsOfSamplesEqualDifferences(DistributionSample sample) {
        Tensor[] parameters = sample.parameters().toArray(Tensor[]::new);
        if (sample.distribution().isReparameterised()) {
            GradientCheck.of(sample + ".sample")
                    .check(in -> sample.make().apply(in).sample(Rng.seed(8), Shape.of(5)), parameters);
        } else {
            List<Tensor> tracked = sample.parameters().stream().map(Tensor::tracked).toList();
            assertFalse(sample.make().apply(tracked).sample(Rng.seed(8), Shape.of(5)).isTracked());
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void samplesHaveTheDistribution(DistributionSample sample) {
        for (DType dtype : List.of(DType.F64, DType.F32)) {
            List<Tensor> parameters = sample.parameters().stream().map(x -> x.cast(dtype)).toList();
            Distribution distribution = sample.make().apply(parameters);
            Tensor draws = distribution.sample(Rng.seed(11), Shape.of(DRAWS));
            assertTrue(draws.dtype() == dtype || distribution instanceof Categorical, () -> "drew " + draws.spec());
            Tensor exact = draws.cast(DType.F64);
            if (sample.isContinuousNumber()) {
                Goodness.requireContinuous(exact, sample.distribution()::cdf);
            } else if (sample.marginals().isEmpty()) {
                Goodness.requireDiscrete(exact, sample.all().values(), sample.distribution());
            }
            sample.marginals().forEach((function, marginal) -> Goodness.requireContinuous(
                    function.apply(exact), marginal::cdf));
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void theLogarithmOfNoNumberIsNone(DistributionSample sample) {
        if (sample.distribution().eventShape().rank() == 0) {
            assertTrue(Double.isNaN(sample.distribution().logProb(Tensor.scalar(Double.NaN, DType.F64)).item()));
        }
    }

    /** Nothing looks at values on the way: what was recorded with some parameters is right for others. */
    @ParameterizedTest
    @MethodSource("samples")
    void programsGiveTheBitsOfTheFunction(DistributionSample sample) {
        Tensor values = sample.all().values().slice(0, 0, Math.min(40, sample.all().values().dim(0)));
        Function<List<Tensor>, List<Tensor>> function = in -> {
            Distribution distribution = sample.make().apply(in);
            Tensor draws = distribution.sample(Rng.seed(8), Shape.of(7));
            List<Tensor> results = new ArrayList<>(List.of(distribution.logProb(values), draws));
            if (!sample.refused().contains("entropy")) {
                results.add(distribution.entropy().add(distribution.kl(distribution)));
            }
            return results;
        };
        boolean hasDivergence = isKnown(sample.distribution());
        Function<List<Tensor>, List<Tensor>> tried = hasDivergence ? function
                : in -> List.of(sample.make().apply(in).logProb(values),
                        sample.make().apply(in).sample(Rng.seed(8), Shape.of(7)));
        Program program = Program.compileAll(tried);
        program.applyAll(sample.parameters().stream().map(x -> x.mul(1.3)).toArray(Tensor[]::new));
        List<Tensor> found = program.applyAll(sample.parameters().toArray(Tensor[]::new));
        List<Tensor> wanted = tried.apply(sample.parameters());
        for (int i = 0; i < wanted.size(); i++) {
            assertTrue(wanted.get(i).sameBits(found.get(i)), "result " + i);
        }
    }

    private static boolean isKnown(Distribution distribution) {
        try {
            distribution.kl(distribution);
            return true;
        } catch (ShapeException _) {
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shapesAreThoseOfSamplesThenTheBatchThenTheEvent(DistributionSample sample) {
        Distribution one = sample.distribution();
        Distribution two = sample.make().apply(
                sample.parameters().stream().map(x -> Tensor.stack(0, x, x)).toList());
        assertEquals(Shape.scalar(), one.batchShape());
        assertEquals(Shape.of(2), two.batchShape());
        assertEquals(one.eventShape(), two.eventShape());
        Tensor draws = two.sample(Rng.seed(2), Shape.of(3, 4));
        assertEquals(Parameters.join(Shape.of(3, 4, 2), one.eventShape()), draws.shape());
        assertEquals(Shape.of(3, 4, 2), two.logProb(draws).shape());
        assertTrue(two.logProb(draws).isClose(one.logProb(draws)).all().item() == 1);
        assertTrue(draws.sameBits(two.sample(Rng.seed(2), Shape.of(3, 4))));
        assertEquals(Parameters.join(Shape.of(2), one.eventShape()), two.sample(Rng.seed(2)).shape());
        checkShape(sample, "entropy", two, Distribution::entropy, Shape.of(2));
        Shape each = Parameters.join(Shape.of(2), one.eventShape());
        checkShape(sample, "mean", two, Distribution::mean, each);
        checkShape(sample, "variance", two, Distribution::variance, each);
        checkShape(sample, "mode", two, Distribution::mode, each);
        assertEquals(DType.F64, two.dtype());
        ShapeException refusal = assertThrows(ShapeException.class,
                () -> two.logProb(Tensor.zeros(Parameters.join(Shape.of(7, 3), one.eventShape()), DType.F64)));
        assertTrue(refusal.getMessage().startsWith("log_prob: the value does not fit the distribution"),
                refusal.getMessage());
    }

    private static void checkShape(DistributionSample sample, String what, Distribution distribution,
            Function<Distribution, Tensor> function, Shape wanted) {
        if (!sample.refused().contains(what)) {
            assertEquals(wanted, function.apply(distribution).shape(), what);
        }
    }
}
