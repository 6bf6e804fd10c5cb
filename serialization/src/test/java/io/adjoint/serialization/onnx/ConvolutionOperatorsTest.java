package io.adjoint.serialization.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.autodiff.function.ConvolutionOptions;
import io.adjoint.autodiff.function.Convolutions;
import io.adjoint.autodiff.function.Patches;
import io.adjoint.autodiff.function.Window;
import io.adjoint.serialization.onnx.graph.Value;
import org.junit.jupiter.api.Test;

class ConvolutionOperatorsTest {
    private final Rng rng = Rng.seed(7);
    private int drawn;

    private Tensor random(int... dims) {
        return rng.stream(drawn++).normal(Shape.of(dims), DType.F64);
    }

    static void assertClose(Tensor expected, Tensor actual) {
        assertEquals(expected.spec(), actual.spec());
        double worst = expected.size() == 0 ? 0
                : expected.cast(DType.F64).sub(actual.cast(DType.F64)).abs().max().item();
        assertTrue(worst < 1e-5, () -> "differs by " + worst + ": expected " + expected + " but was " + actual);
    }

    @Test
    void automaticPaddingIsShiftedToTheNamedSide() {
        Tensor x = random(1, 1, 7);
        Tensor weight = random(1, 1, 4);
        OneNode conv = OneNode.of("Conv", 22).with("strides", new long[] {2});
        // 4 windows at stride 2 of span 4 reach over 10 elements: 3 of them are padding
        assertClose(conv.with("pads", 1, 2).run(x, weight), conv.with("auto_pad", "SAME_UPPER").run(x, weight));
        assertClose(conv.with("pads", 2, 1).run(x, weight), conv.with("auto_pad", "SAME_LOWER").run(x, weight));
        assertClose(conv.run(x, weight), conv.with("auto_pad", "VALID").run(x, weight));
        assertThrows(ShapeException.class, () -> conv.with("auto_pad", "SAME").run(x, weight));
    }

    @Test
    void transposedConvolutionIsTheAdjointOfConvolution() {
        Tensor x = random(2, 4, 6, 6);
        Tensor weight = random(6, 2, 3, 2);
        OneNode conv = both("Conv");
        Tensor y = conv.run(x, weight);
        Tensor given = random(y.shape().dims());
        Tensor back = both("ConvTranspose").with("output_padding", 0, 1).run(given, weight);
        assertEquals(x.shape(), back.shape());
        assertEquals(y.mul(given).sum().item(), x.mul(back).sum().item(), 1e-10);
    }

    private static OneNode both(String operator) {
        return OneNode.of(operator, 22).with("strides", 1, 2).with("dilations", 2, 1).with("pads", 1, 0, 2, 1)
                .with("group", 2);
    }

    @Test
    void anOutputShapeIsMetByPadding() {
        Tensor x = random(1, 2, 3);
        Tensor weight = random(2, 1, 4);
        OneNode node = OneNode.of("ConvTranspose", 11).with("strides", new long[] {2});
        Tensor whole = node.run(x, weight);
        assertEquals(8, whole.dim(2));
        OneNode shorter = node.with("output_shape", new long[] {7});
        assertClose(whole.slice(2, 1, 8), shorter.run(x, weight));
        assertClose(whole.slice(2, 0, 7), shorter.with("auto_pad", "SAME_UPPER").run(x, weight));
        assertClose(whole.pad(2, 0, 2, 0), node.with("output_shape", new long[] {10}).run(x, weight));
        assertClose(whole.slice(2, 1, 7), node.with("auto_pad", "SAME_LOWER").run(x, weight));
    }

    @Test
    void withoutOffsetsADeformableConvolutionIsAConvolution() {
        Tensor x = random(2, 4, 6, 5);
        Tensor weight = random(6, 2, 3, 2);
        Tensor plain = both("Conv").run(x, weight);
        Tensor offset = Tensor.zeros(Shape.of(2, 24, plain.dim(2), plain.dim(3)), DType.F64);
        OneNode deformed = both("DeformConv").with("offset_group", 2);
        assertClose(plain, deformed.run(x, weight, offset));
        Tensor bias = random(6);
        Tensor mask = Tensor.full(Shape.of(2, 12, plain.dim(2), plain.dim(3)), DType.F64, 0.5);
        assertClose(plain.div(2).add(bias.reshape(6, 1, 1)), deformed.run(x, weight, offset, bias, mask));
        assertThrows(ShapeException.class, () -> deformed.run(x, weight, offset.slice(1, 0, 12)));
        Tensor volume = random(1, 2, 3, 4, 3);
        Tensor cube = random(2, 2, 2, 2, 2);
        Tensor solid = OneNode.of("Conv", 22).run(volume, cube);
        Tensor none = Tensor.zeros(Shape.of(1, 24, 2, 3, 2), DType.F64);
        assertClose(solid, OneNode.of("DeformConv", 22).run(volume, cube, none));
    }

    @Test
    void offsetsOfTheFirstAxisComeFirst() {
        Tensor x = random(1, 1, 5, 5);
        Tensor weight = Tensor.full(Shape.of(1, 1, 1, 1), DType.F64, 1);
        Tensor offset = Tensor.of(new double[] {1, 2}, 1, 2, 1, 1).expand(1, 2, 5, 5);
        Tensor moved = OneNode.of("DeformConv", 19).run(x, weight, offset);
        assertClose(x.slice(2, 1, 5).slice(3, 2, 5).pad(2, 0, 1, 0).pad(3, 0, 2, 0), moved);
    }

    @Test
    void columnsAreAddedUpInsideThePadding() {
        Tensor columns = random(1, 12, 9);
        OneNode node = OneNode.of("Col2Im", 18).with("pads", 1, 1, 1, 1).with("strides", 2, 2);
        Tensor image = node.run(columns, Tensor.of(new long[] {5, 5}), Tensor.of(new long[] {2, 3}));
        assertClose(Patches.fold(columns, Window.of(2, 3).stride(2).padding(1), 5, 5), image);
        Tensor uneven = OneNode.of("Col2Im", 18).with("pads", 1, 0, 0, 0).run(random(1, 6, 4),
                Tensor.of(new long[] {1, 3}), Tensor.of(new long[] {1, 2}));
        assertEquals(Shape.of(1, 3, 1, 3), uneven.shape());
    }

    @Test
    void gradientsFlowThrough() {
        Tensor x = random(1, 2, 4, 3);
        Tensor weight = random(2, 2, 2, 2);
        Tensor bias = random(2);
        OneNode conv = OneNode.of("Conv", 11).with("pads", 1, 0, 0, 2).with("strides", 2, 1);
        GradientCheck.of("Conv").check(in -> conv.run(in.toArray(Tensor[]::new)), x, weight, bias);
        Tensor offset = Tensor.full(Shape.of(1, 8, 3, 2), DType.F64, 0.3).add(random(1, 8, 3, 2).mul(0.05));
        GradientCheck.of("DeformConv").check(in -> OneNode.of("DeformConv", 22).run(in.toArray(Tensor[]::new)), x,
                weight, offset);
    }

    @Test
    void halfPrecisionIsRoundedOnce() {
        Value x = Value.narrowed(ElementType.FLOAT16, random(1, 1, 9).cast(DType.F32));
        Value weight = Value.narrowed(ElementType.FLOAT16, random(1, 1, 3).cast(DType.F32));
        Value out = OneNode.of("Conv", 22).run(x, weight);
        assertEquals(ElementType.FLOAT16, out.type());
        Tensor exact = Convolutions.convolve(x.tensor(), weight.tensor(), ConvolutionOptions.DEFAULT);
        assertTrue(Value.narrowed(ElementType.FLOAT16, exact).tensor().sameBits(out.tensor()));
    }

    @Test
    void wrongCallsAreRefused() {
        Tensor x = random(1, 2, 4);
        Tensor weight = random(3, 2, 2);
        OneNode conv = OneNode.of("Conv", 22);
        assertThrows(ShapeException.class, () -> conv.with("kernel_shape", new long[] {3}).run(x, weight));
        assertThrows(ShapeException.class, () -> conv.with("strides", 1, 1).run(x, weight));
        assertThrows(ShapeException.class, () -> conv.with("pads", -1, 0).run(x, weight));
        assertThrows(ShapeException.class, () -> conv.run(x, weight, random(2)));
        assertThrows(ShapeException.class, () -> conv.with("dilations", new long[] {9}).run(x, weight));
        assertThrows(ShapeException.class, () -> conv.run(random(1, 2, 4, 4), weight));
        assertThrows(ShapeException.class, () -> OneNode.of("CausalConvWithState", 27).with("activation", "relu")
                .run(x, random(2, 1, 3)));
    }
}
