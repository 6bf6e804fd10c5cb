package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.graph.Attributes;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.List;

/** Tensors that are made: constants, sequences of numbers, random numbers. */
final class SourceOperators {
    private SourceOperators() {}

    static void addTo(OperatorTable table) {
        table.value("Constant", SourceOperators::constant);
        table.value("ConstantOfShape", SourceOperators::constantOfShape).knows(0);
        table.value("Range", SourceOperators::range).knows(0, 1, 2);
        table.value("EyeLike", SourceOperators::eyeLike);
        RandomOperators.addTo(table);
    }

    /** What one of many attributes says. */
    private static Value constant(Call call) {
        Attributes attributes = call.attributes();
        return attributes.constant("value").or(() -> attributes.constant("sparse_value"))
                .or(() -> attributes.realIfGiven("value_float").map(value -> Value.of(Tensor.scalar(value))))
                .or(() -> attributes.reals("value_floats").map(values -> Value.of(floats(values))))
                .or(() -> attributes.wholeIfGiven("value_int")
                        .map(value -> Value.of(Tensor.of(new long[] {value}, Shape.scalar()))))
                .or(() -> attributes.wholes("value_ints")
                        .map(values -> Value.of(Tensor.of(values, Shape.of(values.length)))))
                .orElseThrow(() -> call.refusal("no constant that can be computed with")
                        .operand("attributes", attributes.all().keySet())
                        .expected("value, sparse_value, value_float, value_floats, value_int or value_ints"));
    }

    private static Tensor floats(List<Float> values) {
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i);
        }
        return Tensor.of(array, Shape.of(array.length));
    }

    private static Value constantOfShape(Call call) {
        Value value = call.attributes().constant("value").orElseGet(() -> Value.of(Tensor.scalar(0f)));
        if (value.tensor().size() != 1) {
            throw call.refusal("not one value").operand("value", value.tensor().spec()).expected("one element");
        }
        return new Value(value.type(), value.tensor().reshape(Shape.scalar()).expand(Shape.of(call.integers(0))));
    }

    private static Value range(Call call) {
        ElementType type = call.type(0);
        for (int i = 0; i < 3; i++) {
            if (call.type(i) != type || call.tensor(i).size() != 1) {
                throw call.refusal("not a number of the range's type").operand("start", type)
                        .operand("input " + i, call.type(i)).operand("shape", call.tensor(i).shape())
                        .expected("three scalars of one type");
            }
        }
        Tensor start = call.tensor(0).reshape(Shape.scalar());
        Tensor step = call.tensor(2).reshape(Shape.scalar());
        double count = type.isFloat() ? Math.ceil((call.reals(1)[0] - call.reals(0)[0]) / call.reals(2)[0])
                : count(call.wholes(0)[0], call.wholes(1)[0], call.wholes(2)[0]);
        if (!(count <= Integer.MAX_VALUE)) { // NaN is no count either
            throw call.refusal("not a range").operand("start", call.reals(0)[0]).operand("limit", call.reals(1)[0])
                    .operand("delta", call.reals(2)[0]).expected("a delta other than 0 that comes to the limit");
        }
        Tensor numbers = Tensor.range((int) Math.max(0, count)).cast(type.carrier());
        return Value.narrowed(type, numbers.mul(step).add(start));
    }

    private static double count(long start, long limit, long step) {
        boolean isEmpty = step > 0 ? start >= limit : start <= limit;
        if (step == 0) {
            return Double.NaN;
        }
        return isEmpty ? 0 : Math.ceil(((double) limit - start) / step);
    }

    /** Ones on a diagonal. */
    private static Value eyeLike(Call call) {
        Tensor x = call.tensor(0);
        if (x.rank() != 2) {
            throw call.refusal("not a matrix").operand("input", x.spec()).expected("two axes");
        }
        Tensor column = Tensor.range(x.dim(0)).add(call.attributes().integer("k", 0)).unsqueeze(1);
        Value ones = Value.of(column.eq(Tensor.range(x.dim(1))));
        return Conversions.convert(ones, Conversions.type(call, "dtype", call.type(0)));
    }
}
