package io.adjoint.serialization.onnx;

import static io.adjoint.serialization.onnx.ConvolutionOperatorsTest.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.autodiff.function.Affine;
import io.adjoint.autodiff.function.Normalisation;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NormalisationOperatorsTest {
    private final Rng rng = Rng.seed(13);
    private int drawn;
    private final Tensor x = random(3, 4, 5);
    private final Tensor scale = random(4);
    private final Tensor bias = random(4);
    private final Tensor mean = random(4);
    private final Tensor variance = random(4).square().add(0.5);

    private Tensor random(int... dims) {
        return rng.stream(drawn++).normal(Shape.of(dims), DType.F64);
    }

    private static List<Tensor> all(OneNode node, Tensor... inputs) {
        return node.runAll(Stream.of(inputs).map(Value::of).toArray(Value[]::new)).stream().map(Value::tensor).toList();
    }

    @Test
    void statisticsOfATrainingAreUsedUnlessTheNodeTrains() {
        Tensor expected = Normalisation.batch(x, mean, variance, Affine.of(scale, bias), 1e-5);
        for (int version : new int[] {6, 7, 9, 14, 15}) {
            OneNode node = OneNode.of("BatchNormalization", version);
            assertClose(expected, node.run(x, scale, bias, mean, variance));
        }
        assertClose(expected, all(OneNode.of("BatchNormalization", 6).with("is_test", 1), x, scale, bias,
                mean, variance).getFirst());
    }

    @Test
    void aNodeThatTrainsMovesTheStatistics() {
        Tensor expected = Normalisation.batch(x, Affine.of(scale, bias), 1e-5).output();
        Axes others = Axes.drop(0, 2);
        Tensor seen = x.mean(others);
        OneNode old = OneNode.of("BatchNormalization", 7).with("momentum", 0.75f).outputs(5);
        OneNode current = OneNode.of("BatchNormalization", 15).with("momentum", 0.75f).with("training_mode", 1)
                .outputs(3);
        List<Tensor> five = all(old, x, scale, bias, mean, variance);
        List<Tensor> three = all(current, x, scale, bias, mean, variance);
        assertClose(expected, five.getFirst());
        assertClose(expected, three.getFirst());
        assertClose(mean.mul(0.75).add(seen.mul(0.25)), three.get(1));
        assertClose(variance.mul(0.75).add(x.var(others, 0).mul(0.25)), three.get(2));
        assertClose(three.get(2), five.get(2));
        assertClose(seen, five.get(3));
        assertClose(x.var(others, 0), five.get(4));
    }

    @Test
    void eachElementHadStatisticsOfItsOwnOnce() {
        Tensor each = random(4, 5);
        Tensor spread = each.square().add(0.1);
        OneNode node = OneNode.of("BatchNormalization", 7).with("spatial", 0);
        assertClose(x.sub(each).div(spread.add(1e-5).sqrt()), node.run(x, Tensor.full(Shape.of(4, 5), DType.F64, 1),
                Tensor.zeros(Shape.of(4, 5), DType.F64), each, spread));
        assertThrows(ShapeException.class, () -> node.run(x, scale, bias, mean, variance));
    }

    @Test
    void scalesBelongToGroupsAndLaterToChannels() {
        Tensor two = random(2);
        Tensor zeros = Tensor.zeros(Shape.of(4), DType.F64);
        Tensor old = OneNode.of("GroupNormalization", 18).with("num_groups", 2).run(x, two, zeros.slice(0, 0, 2));
        Tensor spread = Tensor.concat(0, two.slice(0, 0, 1), two.slice(0, 0, 1), two.slice(0, 1, 2),
                two.slice(0, 1, 2));
        Tensor current = OneNode.of("GroupNormalization", 21).with("num_groups", 2).run(x, spread, zeros);
        assertClose(Normalisation.group(x, 2, Affine.of(spread, zeros), 1e-5), current);
        assertClose(current, old);
        OneNode three = OneNode.of("GroupNormalization", 21).with("num_groups", 3);
        assertThrows(ShapeException.class, () -> three.run(x, spread, zeros));
    }

    @Test
    void layersTellTheirStatistics() {
        Value half = Value.narrowed(ElementType.FLOAT16, x.cast(DType.F32));
        Value ones = Value.narrowed(ElementType.FLOAT16, Tensor.ones(4, 5));
        OneNode node = OneNode.of("LayerNormalization", 17).with("axis", 1).outputs(3);
        List<Value> out = node.runAll(half, ones);
        assertEquals(List.of(ElementType.FLOAT16, ElementType.FLOAT, ElementType.FLOAT),
                out.stream().map(Value::type).toList());
        assertClose(half.tensor().mean(Axes.keep(1, 2)), out.get(1).tensor());
        assertClose(half.tensor().var(Axes.keep(1, 2), 0).add(1e-5).sqrt().rdiv(1), out.get(2).tensor());
        assertEquals(ElementType.BFLOAT16, node.with("stash_type", 16).runAll(half, ones).get(1).type());
    }

    @Test
    void scalesOfOtherShapesStretch() {
        Tensor column = random(4, 1);
        Tensor plain = Normalisation.layer(x, Shape.of(4, 5), Affine.NONE, 1e-5);
        OneNode layer = OneNode.of("LayerNormalization", 17).with("axis", 1);
        assertClose(plain.mul(column).add(2), layer.run(x, column, Tensor.scalar(2, DType.F64)));
        assertThrows(ShapeException.class, () -> layer.run(x, random(2, 3, 4, 5)));
        Tensor squares = x.square().mean(Axes.keep(2)).add(1e-5).sqrt();
        assertClose(x.div(squares).mul(3), OneNode.of("RMSNormalization", 23).run(x, Tensor.scalar(3, DType.F64)));
    }

    @Test
    void anEvenWindowOfChannelsReachesFurtherUp() {
        Tensor ramp = Tensor.of(new double[] {1, 2, 3, 4}, 1, 4, 1);
        // of size 2: this channel and the next
        double[] sums = {1 + 4, 4 + 9, 9 + 16, 16};
        double[] expected = new double[4];
        for (int i = 0; i < 4; i++) {
            expected[i] = (i + 1) / Math.pow(1 + 0.5 * sums[i] / 2, 0.75);
        }
        assertClose(Tensor.of(expected, 1, 4, 1), OneNode.of("LRN", 13).with("size", 2).with("alpha", 0.5f).run(ramp));
    }

    @Test
    void whatHasNoLengthStays() {
        Tensor given = Tensor.of(new double[] {3, 4, 0, 0}, 2, 2).tracked();
        Tensor out = OneNode.of("LpNormalization", 22).run(given);
        assertArrayEquals(new double[] {0.6, 0.8, 0, 0}, out.toDoubles(), 1e-12);
        Tensor slope = out.sum().gradients(given).of(given);
        assertTrue(Double.isFinite(slope.abs().sum().item()), () -> "not finite: " + slope);
        assertThrows(ShapeException.class, () -> OneNode.of("LpNormalization", 22).with("p", 3).run(given));
    }

    @Test
    void onePlaceIsItsOwnMean() {
        Tensor one = random(2, 4, 1);
        assertClose(bias.reshape(4, 1).expand(2, 4, 1), OneNode.of("InstanceNormalization", 6).run(one, scale, bias));
        Tensor centred = OneNode.of("MeanVarianceNormalization", 13).with("axes", 0, 2).run(x);
        assertClose(Normalisation.batch(x, Affine.NONE, 0).output(), centred);
    }

    @Test
    void gradientsFlowThrough() {
        OneNode training = OneNode.of("BatchNormalization", 15).with("training_mode", 1);
        GradientCheck.of("BatchNormalization").check(in -> training.run(in.get(0), in.get(1), in.get(2), mean,
                variance), x, scale, bias);
        OneNode layer = OneNode.of("LayerNormalization", 17);
        GradientCheck.of("LayerNormalization").check(in -> layer.run(in.toArray(Tensor[]::new)), x, random(5),
                random(5));
    }
}
