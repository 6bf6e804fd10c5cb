package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Side;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.function.Searching;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.graph.Attributes;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;

/**
 * Random numbers. They are a function of the node's seed, or of its name where it has none, so each run of a model draws the
 * same ones, and each node others.
 */
final class RandomOperators {
    private RandomOperators() {}

    private interface Distribution {
        Tensor draw(Call call, Shape shape, DType dtype);
    }

    static void addTo(OperatorTable table) {
        table.value("RandomNormal", call -> shaped(call, RandomOperators::normal));
        table.value("RandomNormalLike", call -> like(call, RandomOperators::normal));
        table.value("RandomUniform", call -> shaped(call, RandomOperators::uniform));
        table.value("RandomUniformLike", call -> like(call, RandomOperators::uniform));
        table.value("Bernoulli", RandomOperators::bernoulli);
        table.value("Multinomial", RandomOperators::multinomial);
    }

    private static Value shaped(Call call, Distribution distribution) {
        int[] dims = call.attributes().integers("shape").orElseThrow(() -> call.missing("shape"));
        return drawn(call, Shape.of(dims), Conversions.type(call, "dtype", ElementType.FLOAT), distribution);
    }

    private static Value like(Call call, Distribution distribution) {
        return drawn(call, call.tensor(0).shape(), Conversions.type(call, "dtype", call.type(0)), distribution);
    }

    private static Value drawn(Call call, Shape shape, ElementType type, Distribution distribution) {
        if (!type.isFloat()) {
            throw call.refusal("not a float type").operand("dtype", type).expected("a float type");
        }
        return Value.narrowed(type, distribution.draw(call, shape, type.carrier()));
    }

    private static Tensor normal(Call call, Shape shape, DType dtype) {
        Attributes given = call.attributes();
        return rng(call).normal(shape, dtype).mul(given.real("scale", 1)).add(given.real("mean", 0));
    }

    private static Tensor uniform(Call call, Shape shape, DType dtype) {
        float low = call.attributes().real("low", 0);
        float high = call.attributes().real("high", 1);
        return rng(call).uniform(shape, dtype).mul((double) high - low).add(low);
    }

    private static Rng rng(Call call) {
        return call.attributes().realIfGiven("seed").map(seed -> Rng.seed(Float.floatToIntBits(seed)))
                .orElseGet(() -> Rng.seed(0).stream(Integer.toUnsignedLong(call.name().hashCode())));
    }

    /** The input is the probability of a 1. */
    private static Value bernoulli(Call call) {
        Tensor probability = ElementwiseOperators.floats(call);
        Tensor isOne = rng(call).uniform(probability.shape(), probability.dtype()).lt(probability);
        return Conversions.convert(Value.of(isOne), Conversions.type(call, "dtype", call.type(0)));
    }

    /** Classes for rows of logarithms of probabilities, by the inverse of their distribution function. */
    private static Value multinomial(Call call) {
        Tensor logits = ElementwiseOperators.floats(call);
        int samples = call.attributes().integer("sample_size", 1);
        if (logits.rank() != 2 || logits.dim(1) == 0 || samples < 0) {
            throw call.refusal("no classes to draw from").operand("input", logits.spec())
                    .operand("sample_size", samples).expected("[batch, classes] with a class or more");
        }
        Tensor below = logits.detached().softmax(1).cumsum(1);
        Tensor at = rng(call).uniform(Shape.of(logits.dim(0), samples), logits.dtype()).mul(below.narrow(1, -1, 1));
        Tensor classes = Searching.searchSorted(below, at, Side.RIGHT).minimum(logits.dim(1) - 1);
        return Conversions.convert(Value.of(classes), Conversions.type(call, "dtype", ElementType.INT32));
    }
}
