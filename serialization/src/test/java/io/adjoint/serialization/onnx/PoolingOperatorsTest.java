package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.ConvolutionOperatorsTest.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolingOperatorsTest {
    private final Rng rng = Rng.seed(11);
    private int drawn;

    private Tensor random(int... dims) {
        return rng.stream(drawn++).normal(Shape.of(dims), DType.F64);
    }

    @Test
    void placesCountThroughTheWholeInput() {
        Tensor x = random(2, 3, 4, 5);
        OneNode pool = OneNode.of("MaxPool", 12).with("kernel_shape", 2, 3).with("pads", 1, 1, 0, 1)
                .with("strides", 1, 2).outputs(2);
        List<Value> found = pool.runAll(Value.of(x));
        assertTrue(found.getFirst().tensor().sameBits(x.flatten(0).take(found.getLast().tensor())));
        Tensor columns = pool.with("storage_order", 1).runAll(Value.of(x)).getLast().tensor();
        Tensor turned = x.transpose(2, 3).reshape(120);
        assertTrue(found.getFirst().tensor().sameBits(turned.take(columns)));
    }

    @Test
    void maximaGoBackToTheirPlaces() {
        Tensor x = random(2, 1, 4, 4).abs().add(1);
        OneNode pool = OneNode.of("MaxPool", 12).with("kernel_shape", 2, 2).with("strides", 2, 2).outputs(2);
        List<Value> found = pool.runAll(Value.of(x));
        OneNode back = OneNode.of("MaxUnpool", 11).with("kernel_shape", 2, 2).with("strides", 2, 2);
        Tensor put = back.run(found.getFirst().tensor(), found.getLast().tensor());
        assertTrue(put.ne(0).where(x, 0).sameBits(put));
        assertEquals(8, put.ne(0).cast(DType.I32).sum().item());
        Tensor larger = back.run(found.getFirst().tensor(), found.getLast().tensor(),
                Tensor.of(new long[] {2, 1, 5, 6}));
        assertTrue(put.pad(2, 0, 1, 0).pad(3, 0, 2, 0).sameBits(larger));
    }

    @Test
    void roundingUpDropsWindowsThatBeginInThePadding() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 1, 1, 4);
        OneNode pool = OneNode.of("MaxPool", 12).with("kernel_shape", new long[] {1}).with("strides", new long[] {2});
        assertArrayEquals(new float[] {1, 3}, pool.with("ceil_mode", 1).with("pads", 0, 1).run(x).toFloats());
        OneNode wide = OneNode.of("MaxPool", 12).with("kernel_shape", new long[] {3}).with("strides", new long[] {2});
        assertArrayEquals(new float[] {3}, wide.run(x).toFloats());
        assertArrayEquals(new float[] {3, 4}, wide.with("ceil_mode", 1).run(x).toFloats());
    }

    @Test
    void paddingCountsWhereItIsSaidButNotWhatIsBehindIt() {
        Tensor ones = Tensor.ones(1, 1, 5);
        OneNode pool = OneNode.of("AveragePool", 19).with("kernel_shape", new long[] {3})
                .with("strides", new long[] {2}).with("pads", 1, 0).with("ceil_mode", 1);
        assertArrayEquals(new float[] {1, 1, 1}, pool.run(ones).toFloats());
        // the last window holds two elements of the input, and a place that is not even padding
        assertArrayEquals(new float[] {2f / 3, 1, 1}, pool.with("count_include_pad", 1).run(ones).toFloats());
        Tensor same = OneNode.of("AveragePool", 19).with("kernel_shape", new long[] {3})
                .with("auto_pad", "SAME_UPPER").with("count_include_pad", 1).run(ones);
        assertArrayEquals(new float[] {2f / 3, 1, 1, 1, 2f / 3}, same.toFloats());
    }

    @Test
    void smallIntegersHaveMaximaToo() {
        Value x = new Value(ElementType.UINT8, Tensor.of(new int[] {200, 3, 255, 7}, 1, 1, 4));
        Value out = OneNode.of("MaxPool", 12).with("kernel_shape", new long[] {2}).run(x);
        assertEquals(ElementType.UINT8, out.type());
        assertArrayEquals(new int[] {200, 255, 255}, out.tensor().toInts());
    }

    @Test
    void normsOfWindowsAndOfPlanes() {
        Tensor x = Tensor.of(new double[] {3, -4, 0, 0, 1}, 1, 1, 5);
        OneNode pool = OneNode.of("LpPool", 18).with("kernel_shape", new long[] {2});
        assertClose(Tensor.of(new double[] {5, 4, 0, 1}, 1, 1, 4), pool.run(x));
        assertClose(Tensor.of(new double[] {7, 4, 0, 1}, 1, 1, 4), pool.with("p", 1).run(x));
        assertClose(Tensor.of(new double[] {Math.cbrt(91), 4, 0, 1}, 1, 1, 4), pool.with("p", 3).run(x));
        Tensor tracked = x.tracked();
        Tensor slope = pool.run(tracked).sum().gradients(tracked).of(tracked);
        assertTrue(slope.abs().max().item() < 2, () -> "not finite: " + slope);
        assertClose(Tensor.of(new double[] {Math.sqrt(26)}, 1, 1, 1), OneNode.of("GlobalLpPool", 2).run(x));
        assertClose(Tensor.of(new double[] {0}, 1, 1, 1), OneNode.of("GlobalAveragePool", 1).run(x));
    }

    @Test
    void gradientsFlowThrough() {
        Tensor x = random(1, 2, 5, 4);
        OneNode window = OneNode.of("AveragePool", 22).with("kernel_shape", 2, 3).with("pads", 1, 0, 0, 1)
                .with("dilations", 2, 1);
        GradientCheck.of("AveragePool").check(in -> window.run(in.getFirst()), x);
        OneNode norm = OneNode.of("LpPool", 22).with("kernel_shape", 2, 2);
        GradientCheck.of("LpPool").check(in -> norm.run(in.getFirst()), x);
        Tensor regions = Tensor.of(new double[] {0.3, 0.4, 2.6, 3.1}, 1, 4);
        OneNode align = align(22).with("sampling_ratio", 2);
        GradientCheck.of("RoiAlign").check(in -> align.run(in.get(0), in.get(1), Tensor.of(new long[] {0})), x,
                regions);
    }

    private static OneNode align(int version) {
        return OneNode.of("RoiAlign", version).with("output_height", 2).with("output_width", 3);
    }

    /** A plane that rises evenly along both axes: a mean of points is its value at their centre. */
    private static Tensor slope() {
        Tensor row = Tensor.range(8).cast(DType.F64);
        return row.reshape(8, 1).mul(10).add(row).reshape(1, 1, 8, 8);
    }

    @Test
    void regionsAreSampledAtTheirCentres() {
        Tensor region = Tensor.of(new double[] {1, 2, 4, 6}, 1, 4);
        Tensor image = Tensor.of(new long[] {0});
        // rows 2 to 6 in two parts: centres 3 and 5; columns 1 to 4 in three: 1.5, 2.5, 3.5
        Tensor plain = Tensor.of(new double[] {31.5, 32.5, 33.5, 51.5, 52.5, 53.5}, 1, 1, 2, 3);
        assertClose(plain, align(10).run(slope(), region, image));
        assertClose(plain.sub(5.5), align(16).run(slope(), region, image));
        assertClose(plain, align(16).with("coordinate_transformation_mode", "output_half_pixel")
                .with("sampling_ratio", 3).run(slope(), region, image));
        assertClose(plain, align(10).with("spatial_scale", 0.5f).run(slope(), region.mul(2), image));
        Tensor outside = align(10).run(slope(), Tensor.of(new double[] {20, 20, 24, 24}, 1, 4), image);
        assertClose(Tensor.zeros(Shape.of(1, 1, 2, 3), DType.F64), outside);
    }

    @Test
    void eachRegionMayHaveItsOwnNumberOfPoints() {
        Tensor x = random(2, 3, 9, 9);
        Tensor regions = Tensor.of(new double[] {1, 1, 7, 5, 2, 0, 8, 8}, 2, 4);
        Tensor both = align(10).run(x, regions, Tensor.of(new long[] {1, 0}));
        Tensor first = align(10).with("sampling_ratio", 2).run(x, regions.slice(0, 0, 1), Tensor.of(new long[] {1}));
        assertTrue(first.sameBits(both.slice(0, 0, 1)));
        Tensor huge = Tensor.of(new double[] {0, 0, 1e30, 1e30}, 1, 4);
        assertThrows(ShapeException.class, () -> align(10).run(x, huge, Tensor.of(new long[] {0})));
        assertThrows(ShapeException.class, () -> align(10).run(x, regions, Tensor.of(new long[] {2, 0})));
    }

    @Test
    void regionsWithRoundedEdgesHaveMaxima() {
        Tensor region = Tensor.of(new double[] {0, 1.2, 1.6, 4.4, 5.4}, 1, 5);
        Tensor pooled = OneNode.of("MaxRoiPool", 1).with("pooled_shape", 2, 2).run(slope(), region);
        // columns 1 to 4 and rows 2 to 5, two each
        assertClose(Tensor.of(new double[] {32, 34, 52, 54}, 1, 1, 2, 2), pooled);
    }

    @Test
    void wrongCallsAreRefused() {
        Tensor x = random(1, 1, 4);
        OneNode pool = OneNode.of("MaxPool", 12);
        assertThrows(ShapeException.class, () -> pool.run(x));
        assertThrows(ShapeException.class, () -> pool.with("kernel_shape", new long[] {9}).run(x));
        assertThrows(ShapeException.class, () -> pool.with("kernel_shape", 2, 2).run(x));
        assertThrows(ShapeException.class, () -> OneNode.of("GlobalMaxPool", 1).run(random(2, 2)));
        Value empty = Value.of(Tensor.zeros(1, 1, 0, 2));
        assertThrows(ShapeException.class, () -> pool.with("kernel_shape", 2, 2).with("storage_order", 1).outputs(2)
                .runAll(empty));
    }
}
