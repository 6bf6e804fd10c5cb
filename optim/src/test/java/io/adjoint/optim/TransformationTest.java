package io.adjoint.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import io.adjoint.optim.transform.Accumulate;
import io.adjoint.optim.transform.AdaptiveClip;
import io.adjoint.optim.transform.Centralise;
import io.adjoint.optim.transform.ClipByBlockNorm;
import io.adjoint.optim.transform.ClipByGlobalNorm;
import io.adjoint.optim.transform.ClipByValue;
import io.adjoint.optim.transform.MaxNorm;
import io.adjoint.optim.transform.MovingAverage;
import io.adjoint.optim.transform.Noise;
import io.adjoint.optim.transform.NonNegative;
import io.adjoint.optim.transform.Partition;
import io.adjoint.optim.transform.Simplex;
import io.adjoint.optim.transform.SkipNonFinite;
import io.adjoint.optim.transform.WeightAverage;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class TransformationTest {
    private record Model(Variable a, Variable b) implements Module {
        static Model of(double[] a, double[] b) {
            return new Model(Variable.parameter(Tensor.of(a)), Variable.parameter(Tensor.of(b)));
        }
    }

    /** How far a step with these gradients moves two parameters that are zero. */
    private static double[][] moves(Transformation transformation, double[] a, double[] b) {
        Model model = Model.of(new double[a.length], new double[b.length]);
        transformation.over(model).step(List.of(Tensor.of(a), Tensor.of(b)));
        return new double[][] {model.a.value().toDoubles(), model.b.value().toDoubles()};
    }

    private static void assertMoves(double[] a, double[] b, double[][] moves) {
        assertArrayEquals(a, moves[0], 1e-6);
        assertArrayEquals(b, moves[1], 1e-6);
    }

    @Example
    void clipping() {
        assertMoves(new double[] {1, -0.5}, new double[] {1},
                moves(new ClipByValue(1), new double[] {3, -0.5}, new double[] {4}));
        assertMoves(new double[] {1.2, -1.6}, new double[] {1},
                moves(new ClipByBlockNorm(2), new double[] {3, -4}, new double[] {1}));
    }

    @Example
    void clippingByTheGlobalNorm() {
        assertMoves(new double[] {0.6}, new double[] {-0.8},
                moves(new ClipByGlobalNorm(1), new double[] {3}, new double[] {-4}));
        assertMoves(new double[] {0.3}, new double[] {-0.4},
                moves(new ClipByGlobalNorm(1), new double[] {0.3}, new double[] {-0.4}));
    }

    @Example
    void adaptiveClippingIsByUnits() {
        Model model = new Model(Variable.parameter(Tensor.of(new double[] {3, 4, 0, 0}, 2, 2)),
                Variable.parameter(Tensor.of(new double[] {2, 2})));
        AdaptiveClip.of(0.1).over(model).step(List.of(Tensor.of(new double[] {0, 10, 10, 0}, 2, 2),
                Tensor.of(new double[] {0.1, -10})));
        assertArrayEquals(new double[] {3, 4.5, 1e-4, 0}, model.a.value().toDoubles(), 1e-9);
        assertArrayEquals(new double[] {2.1, 1.8}, model.b.value().toDoubles(), 1e-9);
    }

    @Example
    void centralisingTakesOffTheMeanOfARow() {
        Model model = new Model(Variable.parameter(Tensor.zeros(Shape.of(2, 2), DType.F64)),
                Variable.parameter(Tensor.of(new double[2])));
        new Centralise().over(model).step(List.of(Tensor.of(new double[] {1, 3, 5, 5}, 2, 2),
                Tensor.of(new double[] {1, 3})));
        assertArrayEquals(new double[] {-1, 1, 0, 0}, model.a.value().toDoubles());
        assertArrayEquals(new double[] {1, 3}, model.b.value().toDoubles());
    }

    @Example
    void aMovingAverageMakesUpForItsZeros() {
        Model model = Model.of(new double[1], new double[1]);
        Optimizer optimizer = new MovingAverage(0.5).over(model);
        optimizer.step(List.of(Tensor.of(new double[] {2}), Tensor.of(new double[] {0})));
        assertEquals(2, model.a.value().sum().item(), 1e-12);
        optimizer.step(List.of(Tensor.of(new double[] {5}), Tensor.of(new double[] {0})));
        assertEquals(2 + (0.5 * 1 + 2.5) / 0.75, model.a.value().sum().item(), 1e-12);
    }

    @Example
    void noiseIsAFunctionOfKeyParameterAndStep() {
        double[] zeros = new double[2000];
        double[][] moves = moves(Noise.of(0.25, Rng.seed(1)), zeros, zeros);
        assertEquals(0.5, Tensor.of(moves[0]).std().item(), 0.03);
        assertNotEquals(moves[0][0], moves[1][0]);
        assertArrayEquals(moves[0], moves(Noise.of(0.25, Rng.seed(1)), zeros, zeros)[0]);
        assertNotEquals(moves[0][0], moves(Noise.of(0.25, Rng.seed(2)), zeros, zeros)[0][0]);
    }

    @Example
    void theVarianceOfNoiseFallsByThePowerOfTheStep() {
        Model model = Model.of(new double[20_000], new double[1]);
        Optimizer optimizer = new Noise(0.25, 0.5, Rng.seed(1)).over(model);
        Tensor none = Tensor.zeros(Shape.of(20_000), DType.F64);
        for (int t = 0; t < 5; t++) {
            Tensor before = model.a.value();
            optimizer.step(List.of(none, Tensor.of(new double[1])));
            double variance = model.a.value().sub(before).square().mean().item();
            assertEquals(1, variance / (0.25 / Math.pow(1 + t, 0.5)), 0.05, "step " + t);
        }
    }

    /** So many small steps are one step with their mean, for an optimizer with state and a schedule. */
    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void accumulatedStepsAreOneStepWithTheMean(@ForAll @LongRange(min = 0) long seed) {
        Model small = Model.of(new double[] {1, 2}, new double[] {3});
        Model large = Model.of(new double[] {1, 2}, new double[] {3});
        Schedule rate = step -> step.add(1).reciprocal();
        Optimizer accumulating = new Accumulate(3, Adam.of(rate)).over(small);
        Optimizer plain = Adam.of(rate).over(large);
        for (int t = 0; t < 3; t++) {
            Tensor sum = Tensor.zeros(Shape.of(2), DType.F64);
            for (int i = 0; i < 3; i++) {
                Tensor before = small.a.value();
                Tensor gradient = Rng.seed(seed).stream(3 * t + i).normal(Shape.of(2), DType.F64);
                sum = sum.add(gradient);
                accumulating.step(List.of(gradient, Tensor.of(new double[] {i})));
                assertEquals(i < 2, before.sameBits(small.a.value()), "moved in a step between");
            }
            plain.step(List.of(sum.div(3), Tensor.of(new double[] {1})));
            assertArrayEquals(large.a.value().toDoubles(), small.a.value().toDoubles(), 1e-12);
            assertArrayEquals(large.b.value().toDoubles(), small.b.value().toDoubles(), 1e-12);
        }
    }

    @Example
    void aStepThatIsNotFiniteIsAsIfItHadNotBeen() {
        Model skipping = Model.of(new double[] {1, 2}, new double[] {3});
        Model plain = Model.of(new double[] {1, 2}, new double[] {3});
        Optimizer careful = new SkipNonFinite(Adam.of(0.1)).over(skipping);
        Optimizer other = Adam.of(0.1).over(plain);
        for (int t = 0; t < 5; t++) {
            List<Tensor> gradients = List.of(Tensor.of(new double[] {t, 1}), Tensor.of(new double[] {-1}));
            careful.step(gradients);
            other.step(gradients);
            double bad = t % 2 == 0 ? Double.NaN : Double.POSITIVE_INFINITY;
            careful.step(List.of(Tensor.of(new double[] {1, bad}), Tensor.of(new double[] {1})));
        }
        assertTrue(plain.a.value().sameBits(skipping.a.value()));
        assertTrue(plain.b.value().sameBits(skipping.b.value()));
    }

    @Example
    void groupsHaveTheirOwnHyperparameters() {
        Partition groups = Partition.of(new Partition.Group("b", Sgd.of(1).withMomentum(0.5)),
                new Partition.Group(".*", Sgd.of(0.1)));
        assertMoves(new double[] {-0.1}, new double[] {-2}, moves(groups, new double[] {1}, new double[] {2}));
        assertEquals(List.of("step", "state.0.0.b.velocity"), groups.over(Model.of(new double[1], new double[1]))
                .variables().keySet().stream().toList());
        assertMoves(new double[] {-1}, new double[] {0},
                moves(Partition.freezing("b", Sgd.of(1)), new double[] {1}, new double[] {Double.NaN}));
    }

    @Example
    void groupsThatDoNotFitAreRefused() {
        Model model = Model.of(new double[1], new double[1]);
        assertEquals("partition: a parameter is in no group: parameter b, groups [a]; expected a last group of \".*\" "
                + "for all others",
                assertThrows(ShapeException.class,
                        () -> Partition.of(new Partition.Group("a", Sgd.of(1))).over(model)).getMessage());
        assertEquals(
                "partition: a group has no parameter: paths [c], parameters [a, b]; expected one parameter or more "
                        + "for each group",
                assertThrows(ShapeException.class, () -> Partition.freezing("c", Sgd.of(1)).over(model)).getMessage());
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void projectionsHold(@ForAll @LongRange(min = 0) long seed) {
        Tensor p = Rng.seed(seed).normal(Shape.of(4, 3), DType.F64);
        Tensor g = Rng.seed(seed).stream(1).normal(Shape.of(4, 3), DType.F64);
        record One(Variable p) implements Module {}
        One model = new One(Variable.parameter(p));
        Chain.of(Sgd.of(1), new NonNegative()).over(model).step(List.of(g));
        assertArrayEquals(p.sub(g).clampMin(0).toDoubles(), model.p.value().toDoubles(), 1e-12);
        assertTrue(model.p.value().min().item() >= 0);

        model.p.set(p);
        Chain.of(Sgd.of(1), new MaxNorm(1)).over(model).step(List.of(g));
        assertTrue(model.p.value().norm(2, 1).max().item() < 1 + 1e-12);

        model.p.set(p);
        Chain.of(Sgd.of(1), new Simplex()).over(model).step(List.of(g));
        assertTrue(model.p.value().min().item() > -1e-12);
        assertArrayEquals(new double[] {1, 1, 1, 1}, model.p.value().sum(1).toDoubles(), 1e-12);
        // no other point of the simplex is nearer: the way there makes no sharp angle with the way to any corner
        Tensor rest = p.sub(g).sub(model.p.value());
        Tensor atCorners = rest.sub(rest.mul(model.p.value()).sum(1).unsqueeze(1));
        assertTrue(atCorners.max().item() < 1e-9);
    }

    @Example
    void beforeAsgdAveragesThereIsWhatAProjectionLeft() {
        Model model = Model.of(new double[] {0.5}, new double[] {0});
        Optimizer optimizer = Chain.of(new Asgd(1, 0, 0, 2), new NonNegative()).over(model);
        for (double gradient : new double[] {3, -2, 7, 1}) {
            optimizer.step(List.of(Tensor.of(new double[] {gradient}), Tensor.of(new double[] {0})));
            assertTrue(optimizer.averages().getFirst().sameBits(model.a.value()), "gradient " + gradient);
        }
        assertEquals(0, model.a.value().sum().item());
    }

    @Example
    void averagesOfTheParameters() {
        Model model = Model.of(new double[] {0}, new double[] {0});
        Optimizer equal = Chain.of(Sgd.of(1), WeightAverage.equal(1, 2)).over(model);
        double[] places = {1, 3, 6, 10, 15};
        assertEquals(0, equal.averages().getFirst().sum().item(), "before the first step");
        for (int t = 0; t < places.length; t++) {
            equal.step(List.of(Tensor.of(new double[] {-1 - t}), Tensor.of(new double[] {0})));
            assertEquals(places[t], model.a.value().sum().item());
        }
        assertEquals((3 + 10) / 2.0, equal.averages().getFirst().sum().item(), 1e-12);
        assertEquals(6.5, equal.withAverages(() -> model.a.value().sum().item()), 1e-12);
        assertEquals(15, model.a.value().sum().item(), "the parameters came back");

        model.a.set(Tensor.of(new double[] {0}));
        Optimizer exponential = Chain.of(Sgd.of(1), WeightAverage.exponential(0.5)).over(model);
        for (int t = 0; t < 3; t++) {
            exponential.step(List.of(Tensor.of(new double[] {-1 - t}), Tensor.of(new double[] {0})));
        }
        assertEquals(0.5 * (0.5 * 1 + 0.5 * 3) + 0.5 * 6, exponential.averages().getFirst().sum().item(), 1e-12);
    }
}
