package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.ConvolutionOperatorsTest.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.autodiff.function.Corners;
import io.adjoint.autodiff.function.Grids;
import io.adjoint.autodiff.function.Interpolation;
import io.adjoint.autodiff.function.Resizing;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ImageOperatorsTest {
    private static final List<String> COORDINATES = List.of("half_pixel", "half_pixel_symmetric", "pytorch_half_pixel",
            "align_corners", "asymmetric", "tf_half_pixel_for_nn", "tf_crop_and_resize");

    private final Rng rng = Rng.seed(17);

    private static OneNode resize(String mode, String coordinates) {
        return OneNode.of("Resize", 19).with("mode", mode).with("coordinate_transformation_mode", coordinates);
    }

    private static Tensor scaled(OneNode node, Tensor x, float... scales) {
        return node
                .runAll(List.of(Optional.of(Value.of(x)), Optional.empty(), Optional.of(Value.of(Tensor.of(scales)))))
                .getFirst().tensor();
    }

    private static Tensor sized(OneNode node, Tensor x, long... sizes) {
        return node.runAll(List.of(Optional.of(Value.of(x)), Optional.empty(), Optional.empty(),
                Optional.of(Value.of(Tensor.of(sizes))))).getFirst().tensor();
    }

    private static Tensor line(int count) {
        return Tensor.range(count).cast(DType.F64);
    }

    /** On an even slope linear interpolation shows the places themselves, clamped to the line. */
    @Test
    void newElementsLieWhereTheModeSays() {
        assertPlaces("half_pixel", 0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3);
        assertPlaces("pytorch_half_pixel", 0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3);
        assertPlaces("asymmetric", 0, 0.5, 1, 1.5, 2, 2.5, 3, 3);
        assertPlaces("align_corners", 0, 3 / 7.0, 6 / 7.0, 9 / 7.0, 12 / 7.0, 15 / 7.0, 18 / 7.0, 3);
        assertPlaces("tf_half_pixel_for_nn", 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3, 3);
        OneNode crop = resize("linear", "tf_crop_and_resize").with("extrapolation_value", 9f);
        Tensor cropped = crop.runAll(List.of(Optional.of(Value.of(line(5))),
                Optional.of(Value.of(Tensor.of(new float[] {0.25f, 1.25f}))), Optional.empty(),
                Optional.of(Value.of(Tensor.of(new long[] {5}))))).getFirst().tensor();
        assertClose(Tensor.of(new double[] {1, 2, 3, 4, 9}), cropped);
        // 2.5 new elements: what is left over is shared by both sides
        assertClose(Tensor.of(new double[] {0.9, 2.9}).add(0.1), scaled(resize("linear", "half_pixel_symmetric"),
                line(5), 0.5f));
    }

    private static void assertPlaces(String coordinates, double... expected) {
        assertClose(Tensor.of(expected), sized(resize("linear", coordinates), line(4), 8));
    }

    @Test
    void aConstantImageStaysConstant() {
        Tensor x = Tensor.full(Shape.of(1, 1, 6, 5), DType.F64, 3);
        Tensor region = Tensor.of(new float[] {0, 0, 0.1f, 0.2f, 1, 1, 0.9f, 0.8f});
        for (String coordinates : COORDINATES) {
            for (String mode : List.of("nearest", "linear", "cubic")) {
                for (int options = 0; options < 4; options++) {
                    OneNode node = resize(mode, coordinates).with("antialias", options % 2).with("exclude_outside",
                            options / 2);
                    Tensor out = node.runAll(List.of(Optional.of(Value.of(x)), Optional.of(Value.of(region)),
                            Optional.of(Value.of(Tensor.of(new float[] {1, 1, 0.55f, 1.7f}))))).getFirst().tensor();
                    assertClose(Tensor.full(Shape.of(1, 1, 3, 8), DType.F64, 3), out);
                }
            }
        }
    }

    @Test
    void agreesWithOurOwnInterpolation() {
        Tensor x = rng.normal(Shape.of(2, 3, 5, 4), DType.F64);
        assertClose(Resizing.interpolate(x, Interpolation.CUBIC, 8, 3), sized(resize("cubic", "half_pixel"), x, 2, 3,
                8, 3));
        assertClose(Resizing.interpolate(x, Interpolation.LINEAR, Corners.CENTRES, 8, 3),
                sized(resize("linear", "align_corners").with("axes", -2, 3), x, 8, 3));
        Tensor small = sized(resize("linear", "half_pixel").with("antialias", 1), line(8), 2);
        // triangles of half-width 4 around 1.5 and 5.5, cut off at the edges and divided by what is left
        assertClose(Tensor.of(new double[] {line(8).mul(triangle(1.5)).sum().item(), line(8).mul(triangle(5.5)).sum()
                .item()}), sized(resize("linear", "half_pixel").with("antialias", 1).with("exclude_outside", 1),
                        line(8), 2));
        assertEquals(7, small.sum().item(), 1e-9);
        GradientCheck.of("Resize").check(in -> sized(resize("cubic", "half_pixel").with("antialias", 1), in.getFirst(),
                2, 3, 3, 7), x);
    }

    private static Tensor triangle(double centre) {
        Tensor weights = line(8).sub(centre).abs().div(4).rsub(1).maximum(0);
        return weights.div(weights.sum());
    }

    @Test
    void theNearestElementIsAMatterOfTheMode() {
        Tensor x = Tensor.of(new int[] {0, 1, 2, 3});
        // places 0, 1/2, 1 and so on, the last beyond the end
        assertArrayEquals(new int[] {0, 0, 1, 1, 2, 2, 3, 3}, nearest(x, "round_prefer_floor"));
        assertArrayEquals(new int[] {0, 1, 1, 2, 2, 3, 3, 3}, nearest(x, "round_prefer_ceil"));
        assertArrayEquals(new int[] {0, 0, 1, 1, 2, 2, 3, 3}, nearest(x, "floor"));
        assertArrayEquals(new int[] {0, 1, 1, 2, 2, 3, 3, 3}, nearest(x, "ceil"));
        Tensor truths = Tensor.of(new boolean[] {true, false});
        assertArrayEquals(new boolean[] {true, true, false, false},
                sized(resize("nearest", "half_pixel"), truths, 4).toBooleans());
        assertThrows(ShapeException.class, () -> nearest(x, "up"));
    }

    private static int[] nearest(Tensor x, String mode) {
        return sized(resize("nearest", "asymmetric").with("nearest_mode", mode), x, 8).toInts();
    }

    @Test
    void theShapeMayBeKept() {
        Tensor x = Tensor.zeros(1, 1, 4, 10);
        OneNode node = resize("linear", "half_pixel").with("axes", 2, 3);
        assertEquals(Shape.of(1, 1, 2, 5),
                sized(node.with("keep_aspect_ratio_policy", "not_larger"), x, 3, 5).shape());
        assertEquals(Shape.of(1, 1, 3, 8),
                sized(node.with("keep_aspect_ratio_policy", "not_smaller"), x, 3, 5).shape());
        assertEquals(Shape.of(7), scaled(resize("nearest", "half_pixel"), Tensor.zeros(10), 0.7f).shape());
        assertEquals(Shape.of(0), scaled(resize("linear", "half_pixel").with("antialias", 1), Tensor.zeros(10), 1e-30f)
                .shape());
        assertThrows(ShapeException.class, () -> scaled(resize("nearest", "half_pixel"), x, 1, 1));
        assertThrows(ShapeException.class, () -> scaled(resize("nearest", "half_pixel"), Tensor.zeros(3), -1));
    }

    @Test
    void bytesAreCutOffToWholeNumbers() {
        Value x = new Value(ElementType.UINT8, Tensor.of(new int[] {0, 255}));
        Value out = resize("linear", "half_pixel").runAll(List.of(Optional.of(x), Optional.empty(),
                Optional.of(Value.of(Tensor.of(new float[] {2}))))).getFirst();
        assertEquals(ElementType.UINT8, out.type());
        assertArrayEquals(new int[] {0, 63, 191, 255}, out.tensor().toInts());
    }

    @Test
    void oldFormsRepeatElements() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 1, 1, 2, 2);
        Tensor expected = Tensor.of(new float[] {1, 1, 2, 2, 3, 3, 4, 4}, 1, 1, 2, 4);
        Tensor scales = Tensor.of(new float[] {1, 1, 1, 2});
        assertClose(expected, OneNode.of("Upsample", 6).with("width_scale", 2f).with("height_scale", 1f).run(x));
        assertClose(expected, OneNode.of("Upsample", 7).with("scales", List.of(1f, 1f, 1f, 2f)).run(x));
        assertClose(expected, OneNode.of("Upsample", 9).run(x, scales));
        assertClose(expected, OneNode.of("Resize", 10).run(x, scales));
        assertClose(Tensor.of(new float[] {1, 1.5f, 2, 2, 3, 3.5f, 4, 4}, 1, 1, 2, 4),
                OneNode.of("Upsample", 9).with("mode", "linear").run(x, scales));
        Tensor row = Tensor.of(new float[] {1, 2, 3, 4});
        assertClose(Tensor.of(new float[] {1, 3}), OneNode.of("Resize", 10).run(row, Tensor.of(new float[] {0.6f})));
    }

    @Test
    void gridsGoByTheNamesOfAllVersions() {
        Tensor x = rng.normal(Shape.of(1, 2, 4, 5), DType.F64);
        Tensor grid = rng.uniform(Shape.of(1, 3, 2, 2), DType.F64).mul(2).sub(1);
        assertClose(Grids.sample(x, grid), OneNode.of("GridSample", 16).with("mode", "bilinear").run(x, grid));
        assertClose(Grids.sample(x, grid), OneNode.of("GridSample", 20).with("mode", "linear").run(x, grid));
        Tensor whole = Tensor.of(new int[] {1, 2, 3, 4}, 1, 1, 2, 2);
        Tensor corner = Tensor.of(new float[] {1, 1}, 1, 1, 1, 2);
        assertArrayEquals(new int[] {4}, OneNode.of("GridSample", 22).with("mode", "nearest").with("align_corners", 1)
                .run(whole, corner).toInts());
        assertThrows(ShapeException.class, () -> OneNode.of("GridSample", 22).with("mode", "area").run(x, grid));
        Tensor theta = rng.normal(Shape.of(1, 2, 3), DType.F64);
        assertThrows(ShapeException.class, () -> OneNode.of("AffineGrid", 20).run(theta, Tensor.of(new long[] {2, 1, 3,
            3})));
    }

    @Test
    void boxesThatOverlapTooMuchAreDropped() {
        Tensor boxes = Tensor.of(new float[] {0, 0, 2, 2, 2, 2.5f, 0, 0.5f, 5, 5, 6, 6}, 1, 3, 4);
        Tensor scores = Tensor.of(new float[] {0.5f, 0.9f, 0.1f}, 1, 1, 3);
        Tensor most = Tensor.of(new long[] {Long.MAX_VALUE}, 1);
        Tensor third = Tensor.scalar(0.3f);
        OneNode node = OneNode.of("NonMaxSuppression", 11);
        // the first two share 3 of 5
        assertArrayEquals(new long[] {0, 0, 1, 0, 0, 2}, node.run(boxes, scores, most, third).toLongs());
        assertArrayEquals(new long[] {0, 0, 1, 0, 0, 0, 0, 0, 2},
                node.run(boxes, scores, most, Tensor.scalar(0.7f)).toLongs());
        assertArrayEquals(new long[] {0, 0, 1},
                node.run(boxes, scores, most, third, Tensor.scalar(0.1f)).toLongs());
        assertEquals(Shape.of(0, 3), node.run(boxes, scores).shape());
        Tensor centres = Tensor.of(new float[] {1, 1, 2, 2, 1, 1.5f, 2, 2, 5.5f, 5.5f, 1, 1}, 1, 3, 4);
        assertArrayEquals(new long[] {0, 0, 1, 0, 0, 2},
                node.with("center_point_box", 1).run(centres, scores, most, third).toLongs());
        assertThrows(ShapeException.class, () -> node.run(boxes, scores, Tensor.of(new long[0])));
    }
}
