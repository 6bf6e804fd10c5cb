package io.adjoint.nn.spatial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.PadMode;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.ConvolutionOptions;
import io.adjoint.autodiff.function.Convolutions;
import io.adjoint.autodiff.function.Padding;
import io.adjoint.nn.Activation;
import io.adjoint.nn.Flatten;
import io.adjoint.nn.Initialiser;
import io.adjoint.nn.Linear;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.samples.Draw;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ConvolutionTest {
    /** The places are computed one by one here, and the convolution is one without padding. */
    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void edgesAreElementsOfTheImage(@ForAll long seed, @ForAll boolean same) {
        Draw draw = new Draw(seed, DType.F64);
        int axes = draw.between(1, 3);
        int[] extents = draw.several(axes, 4, 5);
        int[] kernel = draw.several(axes, 1, 3);
        int[] dilation = draw.several(axes, 1, same ? 2 : 1);
        int[] numbers = draw.several(axes, 0, 2);
        Convolution.Config config = Convolution.Config.of(2, 3, kernel).withDType(DType.F64).withDilation(dilation);
        config = same ? config.withPadding(Padding.Automatic.SAME) : config.withPadding(numbers);
        PadMode edges = draw.oneOf(PadMode.values());
        Convolution layer = config.withEdges(edges).create(draw.rng());
        Tensor x = draw.normal(Draw.joined(new int[] {2, 2}, extents));

        Tensor padded = x;
        for (int axis = 0; axis < axes; axis++) {
            int around = same ? (kernel[axis] - 1) * dilation[axis] : 2 * numbers[axis];
            padded = surrounded(padded, axis + 2, edges, around / 2, around - around / 2);
        }
        Tensor expected = Convolutions.convolve(padded, layer.weight().value(), layer.bias().orElseThrow().value(),
                ConvolutionOptions.DEFAULT.dilation(dilation));
        Tensor y = layer.forward(x);

        assertEquals(expected.shape(), y.shape());
        assertTrue(y.sub(expected).abs().max().item() < 1e-12, layer + " of " + x);
        assertTrue(layer.forward(x.select(0, 1)).sameBits(y.select(0, 1)), "one image is as one of a batch");
        if (same) {
            assertEquals(Shape.of(Draw.joined(new int[] {2, 3}, extents)), y.shape());
        }
    }

    private static Tensor surrounded(Tensor x, int axis, PadMode mode, int before, int after) {
        int n = x.dim(axis);
        long[] places = LongStream.range(-before, n + after).map(i -> switch (mode) {
            case CONSTANT -> i < 0 || i >= n ? 0 : i + 1;
            case REPLICATE -> Math.clamp(i, 0, n - 1);
            case CIRCULAR -> Math.floorMod(i, n);
            case REFLECT -> i < 0 ? -i : i >= n ? 2 * n - 2 - i : i;
        }).toArray();
        Tensor source = mode == PadMode.CONSTANT
                ? Tensor.concat(axis, Tensor.zeros(x.shape().with(axis, 1), x.dtype()), x)
                : x;
        return source.indexSelect(axis, Tensor.of(places));
    }

    /** {@code <convolution of x, y> = <x, transposed convolution of y>} for one weight. */
    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void theTransposedOneIsTheAdjoint(@ForAll long seed) {
        Draw draw = new Draw(seed, DType.F64);
        int axes = draw.between(1, 3);
        int groups = draw.between(1, 2);
        ConvolutionOptions options = ConvolutionOptions.DEFAULT.stride(draw.several(axes, 1, 3))
                .padding(draw.several(axes, 0, 1)).dilation(draw.several(axes, 1, 2)).groups(groups);
        Convolution forth = Convolution.Config.of(2 * groups, 3 * groups, draw.several(axes, 1, 3))
                .withOptions(options).withDType(DType.F64).withoutBias().create(draw.rng());
        TransposedConvolution back = new TransposedConvolution(forth.weight(), Optional.empty(), options);
        int[] extents = draw.several(axes, 5, 7);
        Tensor x = draw.normal(Draw.joined(new int[] {2, 2 * groups}, extents));
        Tensor y = forth.forward(x);
        Tensor z = draw.normal(y.shape().dims());

        Tensor returned = back.forwardTo(z, extents);

        assertEquals(x.shape(), returned.shape());
        assertEquals(y.mul(z).sum().item(), x.mul(returned).sum().item(), 1e-10, "seed " + seed);
    }

    @Test
    void theDefaultsArePyTorchs() {
        // both fans in are 2 * 3 * 3: with groups, the filters of a group see 2 channels, or go to 2
        Convolution forth = Convolution.Config.of(4, 6000, 3, 3).withGroups(2).create(Rng.seed(1));
        TransposedConvolution back = TransposedConvolution.Config.of(4000, 4, 3, 3).withGroups(2).create(Rng.seed(1));
        assertEquals(new TensorSpec(DType.F32, Shape.of(6000, 2, 3, 3)), forth.weight().spec());
        assertEquals(new TensorSpec(DType.F32, Shape.of(4000, 2, 3, 3)), back.weight().spec());
        assertEquals(Shape.of(4), back.bias().orElseThrow().spec().shape());
        for (Variable variable : List.of(forth.weight(), forth.bias().orElseThrow(), back.weight())) {
            double greatest = variable.value().abs().max().item();
            assertTrue(greatest <= 0.2357023 && greatest > 0.235, () -> variable + " reaches to " + greatest);
        }
        assertEquals("[weight, bias]", forth.variables().keySet().toString());
        assertEquals(ConvolutionOptions.DEFAULT.groups(2), forth.options());
        assertEquals(PadMode.CONSTANT, forth.edges());
    }

    @Test
    void theKeyDecidesTheFiltersAndInitialisersCanBeChosen() {
        Convolution.Config config = Convolution.Config.of(1, 2, 2);
        Tensor weight = config.create(Rng.seed(1)).weight().value();
        assertTrue(weight.sameBits(config.create(Rng.seed(1)).weight().value()));
        assertFalse(weight.sameBits(config.create(Rng.seed(2)).weight().value()));
        Tensor x = Tensor.ones(1, 3);
        assertEquals("[[7., 7.],\n [7., 7.]]  F32[2, 2]", config.withWeight(Initialiser.constant(3))
                .withBias(Initialiser.constant(1)).create(Rng.seed(1)).forward(x).toString());
        assertEquals("[[1., 3., 3., 2.]]  F32[1, 4]", TransposedConvolution.Config.of(1, 1, 2)
                .withWeight((shape, dtype, _) -> Tensor.of(new float[] {1, 2}, shape))
                .withBias(Initialiser.zeros()).create(Rng.seed(1)).forward(x).toString());
    }

    @Test
    void severalExtentsLeadToOneSoTheOutputCanBeChosen() {
        TransposedConvolution layer = TransposedConvolution.Config.of(1, 1, 3).withStride(2).withPadding(1)
                .create(Rng.seed(1));
        Tensor x = Tensor.ones(1, 1, 3);
        assertEquals(Shape.of(1, 1, 5), layer.forward(x).shape());
        assertTrue(layer.forward(x).sameBits(layer.forwardTo(x, 5)));
        assertEquals(Shape.of(1, 1, 6), layer.forwardTo(x, 6).shape());
        for (int[] extents : new int[][] {{4}, {7}, {}, {5, 5}, {-1}}) {
            assertThrows(ShapeException.class, () -> layer.forwardTo(x, extents));
        }
        assertEquals("transposed convolution: no output of these extents: extents [7], input [1, 1, 3], stride [2]; "
                + "expected 5 to 6 along spatial axis 0",
                assertThrows(ShapeException.class, () -> layer.forwardTo(x, 7)).getMessage());
    }

    @Test
    void inputThatDoesNotFitIsRefusedWithThePathOfTheLayer() {
        Sequential model = Sequential.of(Activation.RELU,
                Sequential.of(Convolution.Config.of(4, 2, 3, 3).withGroups(2).create(Rng.seed(1))));
        assertEquals("1.0: convolution: the input does not fit the weight: input [1, 3, 5, 5], weight [2, 2, 3, 3]; "
                + "expected input [batch, 4, height, width] or [4, height, width]",
                assertThrows(ShapeException.class, () -> model.forward(Tensor.zeros(1, 3, 5, 5))).getMessage());
        TransposedConvolution back = TransposedConvolution.Config.of(4, 2, 3).create(Rng.seed(1));
        assertEquals("transposed convolution: the input does not fit the weight: input [5], weight [4, 2, 3]; "
                + "expected input [batch, 4, length] or [4, length]",
                assertThrows(ShapeException.class, () -> back.forward(Tensor.zeros(5))).getMessage());
        assertThrows(ShapeException.class, () -> model.forward(Tensor.zeros(1, 4, 2, 5)));
    }

    @Test
    void theExampleOfThePackageHasPyTorchsNames() {
        Rng rng = Rng.seed(1);
        Sequential lenet = Sequential.of(
                Convolution.Config.of(1, 6, 5, 5).withPadding(2).create(rng.stream(0)), Activation.RELU,
                MaxPool.of(2, 2), Convolution.Config.of(6, 16, 5, 5).create(rng.stream(1)), Activation.RELU,
                MaxPool.of(2, 2), Flatten.examples(), Linear.of(400, 10, rng.stream(2)));
        assertEquals("[0.weight, 0.bias, 3.weight, 3.bias, 7.weight, 7.bias]", lenet.variables().keySet().toString());
        assertEquals(Shape.of(3, 10), lenet.forward(Tensor.zeros(3, 1, 28, 28)).shape());
    }

    @Test
    void layersThatCannotBeAreRefused() {
        Convolution.Config config = Convolution.Config.of(4, 6, 3, 3);
        assertEquals("convolution: channels do not fit the groups: in 4, out 6, groups 3; expected 1 or more channels "
                + "that the groups divide",
                assertThrows(ShapeException.class, () -> config.withGroups(3)).getMessage());
        assertThrows(ShapeException.class, () -> config.withGroups(4));
        assertThrows(ShapeException.class, () -> config.withStride(1, 2, 3));
        assertThrows(ShapeException.class, () -> config.withPadding(1, 2, 3));
        assertThrows(ShapeException.class, () -> config.withDilation(1, 2, 3));
        assertThrows(ShapeException.class, () -> config.withPadding(Padding.Automatic.SAME).withStride(2));
        assertThrows(ShapeException.class,
                () -> config.withOptions(ConvolutionOptions.DEFAULT.stride(2).outputPadding(1)));
        assertThrows(ShapeException.class, () -> Convolution.Config.of(1, 1));
        assertThrows(ShapeException.class, () -> Convolution.Config.of(1, 1, 2, 2, 2, 2));
        assertThrows(ShapeException.class, () -> Convolution.Config.of(1, 1, 0));
        assertThrows(ShapeException.class, () -> Convolution.Config.of(0, 1, 1));
        TransposedConvolution.Config back = TransposedConvolution.Config.of(4, 6, 3, 3);
        assertThrows(ShapeException.class, () -> back.withGroups(3));
        assertThrows(ShapeException.class,
                () -> back.withOptions(ConvolutionOptions.DEFAULT.padding(Padding.Automatic.SAME)));

        Variable weight = Variable.parameter(Tensor.zeros(4, 2, 3));
        Variable bias = Variable.parameter(Tensor.zeros(3));
        assertEquals("convolution: the bias does not fit the weight: weight [4, 2, 3], bias [3]; expected bias [4]",
                assertThrows(ShapeException.class, () -> new Convolution(weight, Optional.of(bias),
                        ConvolutionOptions.DEFAULT, PadMode.CONSTANT)).getMessage());
        assertEquals("transposed convolution: the bias does not fit the weight: weight [4, 2, 3], bias [3]; "
                + "expected bias [4]",
                assertThrows(ShapeException.class, () -> new TransposedConvolution(weight, Optional.of(bias),
                        ConvolutionOptions.DEFAULT.groups(2))).getMessage());
        assertEquals("convolution: not a weight: weight [3]; expected rank 3, 4 or 5, for one, two or three spatial "
                + "axes, and extents of 1 or more",
                assertThrows(ShapeException.class, () -> new Convolution(bias, Optional.empty(),
                        ConvolutionOptions.DEFAULT, PadMode.CONSTANT)).getMessage());
        assertThrows(ShapeException.class, () -> new Convolution(weight, Optional.empty(),
                ConvolutionOptions.DEFAULT.groups(3), PadMode.CONSTANT));
    }
}
