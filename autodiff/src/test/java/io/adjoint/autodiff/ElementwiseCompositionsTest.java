package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.autodiff.op.Domain;
import io.adjoint.autodiff.op.Sampler;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Methods that are written in terms of other operations: gradients of both orders, and conventions of their own. */
class ElementwiseCompositionsTest {
    /** Away from the places where the functions below bend. */
    private static final Domain SMOOTH = new Domain(-4, 4, -3, -2, -1, -0.5, 0, 0.5, 1, 2, 3);

    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    private static Map<String, UnaryOperator<Tensor>> functions() {
        Map<String, UnaryOperator<Tensor>> functions = new TreeMap<>();
        functions.put("square", Tensor::square);
        functions.put("frac", Tensor::frac);
        functions.put("round to a decimal", x -> x.round(-1).add(x));
        functions.put("deg2rad", Tensor::deg2rad);
        functions.put("rad2deg", Tensor::rad2deg);
        functions.put("nanToNum", Tensor::nanToNum);
        functions.put("clamp", x -> x.clamp(-1, 2));
        functions.put("logit of eps", x -> x.div(10).add(0.5).logit(0.15));
        functions.put("softplus", x -> x.softplus(2, 1));
        functions.put("tanhshrink", Tensor::tanhshrink);
        functions.put("relu6", Tensor::relu6);
        functions.put("hardtanh", Tensor::hardtanh);
        functions.put("hardsigmoid", Tensor::hardsigmoid);
        functions.put("hardswish", Tensor::hardswish);
        functions.put("hardshrink", x -> x.hardshrink(0.5));
        functions.put("softshrink", x -> x.softshrink(0.5));
        functions.put("threshold", x -> x.threshold(1, 20));
        functions.put("leakyRelu", x -> x.leakyRelu(0.1));
        functions.put("rrelu", x -> x.rrelu(0.1, 0.3));
        functions.put("rrelu in training", x -> x.rrelu(Rng.seed(5), 0.1, 0.3));
        functions.put("elu", Tensor::elu);
        functions.put("elu of alpha", x -> x.elu(1.5));
        functions.put("celu", x -> x.celu(1.5));
        functions.put("selu", Tensor::selu);
        functions.put("rdiv", x -> x.square().add(1).rdiv(3));
        functions.put("rpow", x -> x.rpow(1.5));
        functions.put("floatPower", x -> x.floatPower(3));
        functions.put("maskedFill", x -> x.maskedFill(x.gt(1), 7));
        functions.put("besselI", x -> x.besselI(2));
        functions.put("polygamma", x -> x.abs().polygamma(0));
        return functions;
    }

    private static Map<String, BinaryOperator<Tensor>> pairs() {
        Map<String, BinaryOperator<Tensor>> pairs = new TreeMap<>();
        pairs.put("add", (a, b) -> a.add(b, 0.5));
        pairs.put("sub", (a, b) -> a.sub(b, 0.5));
        pairs.put("addcmul", (a, b) -> a.addcmul(b, a.sin(), 0.5));
        pairs.put("addcdiv", (a, b) -> a.addcdiv(b, a.square().add(1), 0.5));
        pairs.put("lerp", (a, b) -> a.lerp(b, 0.3));
        pairs.put("lerp near the end", (a, b) -> a.lerp(b, 0.8));
        pairs.put("lerp by a tensor", (a, b) -> a.lerp(b, a.sin()));
        pairs.put("clamp", (a, b) -> a.clamp(b.sub(11), b.add(11)).add(b.clampMin(a.sub(9)).clampMax(a.add(9))));
        pairs.put("heaviside", (a, b) -> a.detached().round().heaviside(b));
        pairs.put("prelu", (a, b) -> a.prelu(b.sum()));
        return pairs;
    }

    @Property(tries = 12, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void gradientsOfBothOrdersEqualDifferences(@ForAll long seed) {
        Sampler sampler = new Sampler(seed, DType.F64);
        functions().forEach((name, function) -> GradientCheck.of(name).withSeed(seed)
                .check(in -> function.apply(in.getFirst()), sampler.tensor(SMOOTH)));
        pairs().forEach((name, pair) -> {
            List<Shape> shapes = sampler.broadcastable(2);
            GradientCheck.of(name).withSeed(seed).check(in -> pair.apply(in.getFirst(), in.get(1)),
                    sampler.tensor(shapes.getFirst(), SMOOTH), sampler.tensor(shapes.getLast(), SMOOTH));
        });
    }

    @Property(tries = 30, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void halvesOfAnAxisGateEachOther(@ForAll long seed) {
        Sampler sampler = new Sampler(seed, DType.F64);
        Shape shape = sampler.filled(1, 3);
        int axis = sampler.between(0, shape.rank() - 1);
        Tensor x = sampler.tensor(shape.with(axis, 2 * shape.dim(axis)), SMOOTH);
        int half = shape.dim(axis);
        Tensor expected = x.slice(axis, 0, half).div(x.slice(axis, half, 2 * half).neg().exp().add(1));
        assertTrue(x.glu(axis).sub(expected).abs().le(1e-14).all().item() == 1);
        GradientCheck.of("glu").withSeed(seed).check(in -> in.getFirst().glu(axis), x);
    }

    @Test
    void channelsHaveTheirOwnSlopes() {
        Tensor x = Tensor.of(new double[] {-1, 2, -3, 4, -5, 6}, 1, 3, 2);
        Tensor slopes = Tensor.of(new double[] {0.1, 0.2, 0.3});
        assertArrayEquals(new double[] {-0.1, 2, -3 * 0.2, 4, -5 * 0.3, 6}, x.prelu(slopes).toDoubles());
        assertArrayEquals(new double[] {-0.5, 2, -1.5, 4, -2.5, 6}, x.prelu(Tensor.of(new double[] {0.5})).toDoubles());
        GradientCheck.of("prelu").check(in -> in.getFirst().prelu(in.get(1)), x, slopes);
        assertMessage("prelu: the number of weights differs from that of the channels",
                () -> x.prelu(Tensor.of(new double[] {1, 2})));
        assertMessage("prelu", () -> Tensor.ones(3).prelu(Tensor.ones(3)));
    }

    @Test
    void randomSlopesLieBetweenTheBoundsAndComeFromTheKey() {
        Tensor x = Tensor.full(Shape.of(1000), DType.F32, -1);
        Tensor y = x.rrelu(Rng.seed(1), 0.125, 0.25);
        assertTrue(y.le(-0.125).and(y.gt(-0.2501)).all().item() == 1);
        assertEquals(-0.1875, y.cast(DType.F64).mean().item(), 0.005);
        assertTrue(y.sameBits(x.rrelu(Rng.seed(1), 0.125, 0.25)));
        assertArrayEquals(new float[] {3, -0.75f}, Tensor.of(new float[] {3, -4}).rrelu(0.125, 0.25).toFloats());
    }

    @Test
    void closenessIsRelativeToTheRightSide() {
        Tensor a = Tensor.of(new double[] {1, 1, 100, INFINITY, INFINITY, NAN, 0});
        Tensor b = Tensor.of(new double[] {1.05, 0.85, 110, INFINITY, -INFINITY, NAN, 1e-3});
        assertArrayEquals(new boolean[] {true, false, true, true, false, false, true},
                a.isClose(b, 0.1, 0.01).toBooleans());
        assertArrayEquals(new boolean[] {true, false, true, true, false, true, true},
                a.isCloseOrBothNaN(b, 0.1, 0.01).toBooleans());
        assertArrayEquals(new boolean[] {false, true}, Tensor.of(new int[] {5, 6}).isClose(Tensor.of(new long[] {6, 6}))
                .toBooleans());
        assertArrayEquals(new boolean[] {true},
                Tensor.ones(1).isClose(Tensor.of(new float[] {1.000001f})).toBooleans());
        assertMessage("not a tolerance", () -> a.isClose(b, -1, 0));
        assertMessage("not a tolerance", () -> a.isClose(b, 0, NAN));
    }

    @Test
    void whatIsNoNumberIsTold() {
        Tensor x = Tensor.of(new double[] {1, NAN, INFINITY, -INFINITY});
        assertArrayEquals(new boolean[] {false, true, false, false}, x.isNaN().toBooleans());
        assertArrayEquals(new boolean[] {false, false, true, true}, x.isInf().toBooleans());
        assertArrayEquals(new boolean[] {true, false, false, false}, x.isFinite().toBooleans());
        assertArrayEquals(new double[] {1, 0, Double.MAX_VALUE, -Double.MAX_VALUE}, x.nanToNum().toDoubles());
        assertArrayEquals(new float[] {1, 0, Float.MAX_VALUE, -Float.MAX_VALUE},
                x.cast(DType.F32).nanToNum().toFloats());
        assertArrayEquals(new double[] {1, 5, 6, 7}, x.nanToNum(5, 6, 7).toDoubles());
        assertArrayEquals(new double[] {1, 0, 1, -1}, x.sign().toDoubles());
        assertArrayEquals(new double[] {1, NAN, 1, -1}, x.clamp(-1, 1).toDoubles());
        assertArrayEquals(new double[] {NAN, NAN, NAN, NAN}, x.clampMax(NAN).toDoubles());
        assertArrayEquals(new double[] {1, NAN, NAN, -INFINITY},
                x.clampMax(Tensor.of(new double[] {2, 2, NAN, 2})).toDoubles());
        assertArrayEquals(new double[] {1, 0, 1, 0}, x.heaviside(Tensor.scalar(9, DType.F64)).toDoubles());
        assertArrayEquals(new double[] {1, 0, INFINITY, -INFINITY}, x.hardshrink(0.5).toDoubles());
        assertArrayEquals(new double[] {0.5, 0, INFINITY, -INFINITY}, x.softshrink(0.5).toDoubles());
    }

    /** The product of minus infinity and a closed gate, as PyTorch has it. */
    @Test
    void gatesAtInfinity() {
        for (DType dtype : List.of(DType.F32, DType.F64)) {
            Tensor x = Tensor.of(new double[] {-INFINITY, INFINITY, NAN, -1e8, 1e8, -0.0}).cast(dtype);
            Tensor expected = Tensor.of(new double[] {NAN, INFINITY, NAN, -0.0, 1e8, -0.0}).cast(dtype);
            for (UnaryOperator<Tensor> gate : List.<UnaryOperator<Tensor>>of(Tensor::silu, Tensor::gelu,
                    Tensor::geluTanh, Tensor::mish, Tensor::hardswish)) {
                assertTrue(gate.apply(x).sameBits(expected), () -> gate.apply(x) + " in " + dtype);
            }
        }
    }

    /** Numbers whose squares overflow are as flat as others far out. */
    @Test
    void geluIsStraightFarOut() {
        for (DType dtype : List.of(DType.F32, DType.F64)) {
            double far = dtype == DType.F32 ? 1e20 : 1e200;
            Tensor x = Tensor.of(new double[] {-far, far}).cast(dtype);
            UnaryOperator<Tensor> slope = Transforms.grad(each -> each.gelu().sum());
            assertTrue(slope.apply(x).abs().sameBits(Tensor.of(new double[] {0, 1}).cast(dtype)));
            Tensor bend = Transforms.grad(each -> slope.apply(each).sum()).apply(x);
            assertTrue(bend.abs().sameBits(Tensor.of(new double[] {0, 0}).cast(dtype)), () -> bend.toString());
        }
    }

    @Test
    void roundingToDecimals() {
        Tensor x = Tensor.of(new double[] {1.25, -1.35, 1234.5678, 2.5});
        assertArrayEquals(new double[] {1.2, -1.4, 1234.6, 2.5}, x.round(1).toDoubles(), 1e-12);
        assertArrayEquals(new double[] {0, 0, 1200, 0}, x.round(-2).abs().toDoubles());
        assertArrayEquals(new double[] {1, -1, 1235, 2}, x.round(0).toDoubles());
        assertArrayEquals(new double[] {0.25, -0.35, 0.5678, 0.5}, x.frac().toDoubles(), 1e-12);
    }

    @Test
    void numbersOnTheLeft() {
        Tensor x = Tensor.of(new double[] {1, 2, 4});
        assertArrayEquals(new double[] {8, 4, 2}, x.rdiv(8).toDoubles());
        assertArrayEquals(new double[] {7, 6, 4}, x.rsub(8).toDoubles());
        assertArrayEquals(new double[] {3, 9, 81}, x.rpow(3).toDoubles());
        assertArrayEquals(new double[] {1, 8, 64}, x.cast(DType.F32).floatPower(3).toDoubles());
        assertArrayEquals(new double[] {2.5, 5, 10}, x.add(x, 1.5).toDoubles());
        assertArrayEquals(new double[] {-0.5, -1, -2}, x.sub(x, 1.5).toDoubles());
        assertArrayEquals(new double[] {3, 7, 21}, x.addcmul(x, x.add(0), 1).add(1).toDoubles());
        assertArrayEquals(new double[] {1.5, 2.5, 4.5}, x.addcdiv(x, x, 0.5).toDoubles());
        assertArrayEquals(new double[] {10, 10, 10}, x.lerp(Tensor.scalar(10, DType.F64), 1).toDoubles());
    }

    @Test
    void anglesAndSpecialValues() {
        assertArrayEquals(new double[] {Math.PI, 0}, Tensor.of(new double[] {180, 0}).deg2rad().toDoubles());
        assertArrayEquals(new double[] {180, -90},
                Tensor.of(new double[] {Math.PI, -Math.PI / 2}).rad2deg().toDoubles());
        // psi'(1) = pi^2 / 6, psi''(1) = -2 zeta(3)
        Tensor one = Tensor.of(new double[] {1});
        assertArrayEquals(new double[] {Math.PI * Math.PI / 6}, one.polygamma(1).toDoubles(), 1e-15);
        assertArrayEquals(new double[] {-2.4041138063191886}, one.polygamma(2).toDoubles(), 1e-15);
        assertArrayEquals(new double[] {0.5651591039924851}, one.besselI(1).toDoubles(), 1e-15);
    }

    @Test
    void copiesHaveStorageOfTheirOwn() {
        Tensor x = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2).permute(1, 0);
        assertArrayEquals(new double[] {1, 3, 2, 4}, x.copy().toDoubles());
        assertTrue(Tensor.of(new boolean[] {true, false}).copy().sameBits(Tensor.of(new boolean[] {true, false})));
    }

    @Test
    void refusals() {
        Tensor x = Tensor.ones(3);
        assertMessage("softplus: nothing to divide by", () -> x.softplus(0, 20));
        assertMessage("celu: nothing to divide by", () -> x.celu(0));
        assertMessage("softshrink: not a width", () -> x.softshrink(-1));
        assertMessage("hardtanh: the bounds are crossed", () -> x.hardtanh(1, -1));
        assertMessage("rrelu: the bounds are crossed", () -> x.rrelu(1, 0));
        assertMessage("glu: the axis cannot be halved: input F32[3], axis 0", () -> x.glu(0));
        assertMessage("masked_fill: the value is not a scalar", () -> x.maskedFill(x.gt(0), x));
        assertMessage("polygamma: no such order", () -> x.polygamma(-1));
        assertMessage("bessel_i: no such order", () -> x.besselI(101));
    }

    private static void assertMessage(String part, Executable call) {
        String message = assertThrows(ShapeException.class, call).getMessage();
        assertTrue(message.contains(part), message);
    }
}
