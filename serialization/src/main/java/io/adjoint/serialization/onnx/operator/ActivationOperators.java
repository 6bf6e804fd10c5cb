package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.graph.Attributes;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/** Activations: what bends between linear layers, and softmax. */
final class ActivationOperators {
    private static final float SELU_ALPHA = 1.6732632f;
    private static final float SELU_GAMMA = 1.0507010f;

    private ActivationOperators() {}

    static void addTo(OperatorTable table) {
        table.tensor("Relu", call -> call.tensor(0).relu());
        floats(table, "LeakyRelu", (x, given) -> x.leakyRelu(given.real("alpha", 0.01f)));
        floats(table, "ThresholdedRelu", (x, given) -> x.threshold(given.real("alpha", 1), 0));
        table.tensor("PRelu", ActivationOperators::prelu);
        floats(table, "Elu", (x, given) -> x.elu(given.real("alpha", 1)));
        floats(table, "Selu", (x, given) -> x.elu(given.real("alpha", SELU_ALPHA))
                .mul(given.real("gamma", SELU_GAMMA)));
        floats(table, "Celu", (x, given) -> x.celu(given.real("alpha", 1)));
        floats(table, "Sigmoid", (x, _) -> x.sigmoid());
        floats(table, "HardSigmoid", (x, given) -> x.mul(given.real("alpha", 0.2f)).add(given.real("beta", 0.5f))
                .clamp(0, 1));
        floats(table, "HardSwish", (x, _) -> x.hardswish());
        floats(table, "Softplus", (x, _) -> x.softplus());
        floats(table, "Softsign", (x, _) -> x.softsign());
        floats(table, "Mish", (x, _) -> x.mish());
        table.tensor("Gelu", ActivationOperators::gelu);
        floats(table, "Swish", ActivationOperators::swish);
        table.tensor("SwiGLU", ActivationOperators::swiglu);
        table.value("Shrink", ActivationOperators::shrink);
        table.tensor("Softmax", call -> alongAxis(call, Tensor::softmax));
        table.tensor("LogSoftmax", call -> alongAxis(call, Tensor::logSoftmax));
        table.tensor("Hardmax", call -> alongAxis(call, ActivationOperators::hardmax));
        table.values("Dropout", ActivationOperators::dropout);
    }

    private static void floats(OperatorTable table, String name, BiFunction<Tensor, Attributes, Tensor> rule) {
        table.tensor(name, call -> rule.apply(ElementwiseOperators.floats(call), call.attributes()));
    }

    /** Before opset 7 there is a slope for each channel, later any that broadcasts to the input. */
    private static Tensor prelu(Call call) {
        Tensor x = call.tensor(0);
        Tensor slope = call.tensor(1);
        if (call.version() < 7) {
            return x.prelu(slope);
        }
        if (!Shape.broadcast(call.operator(), x.shape(), slope.shape()).equals(x.shape())) {
            throw call.refusal("the slope is larger than the input").operand("X", x.shape())
                    .operand("slope", slope.shape()).expected("a slope that broadcasts to the input");
        }
        Tensor isAbove =
                Unsigned.ordered(call.type(0), x).gt(Unsigned.ordered(call.type(0), Tensor.scalar(0, x.dtype())));
        return isAbove.where(x, isAbove.where(0, x).mul(slope)); // infinity must not meet a slope of 0
    }

    private static Tensor gelu(Call call) {
        Tensor x = ElementwiseOperators.floats(call);
        return switch (call.attributes().text("approximate", "none")) {
            case "none" -> x.gelu();
            case "tanh" -> x.geluTanh();
            case String other -> throw call.refusal("no such approximation").operand("approximate", other)
                    .expected("none or tanh");
        };
    }

    private static Tensor swish(Tensor x, Attributes given) {
        float alpha = given.real("alpha", 1);
        return alpha == 1 ? x.silu() : x.mul(x.mul(alpha).sigmoid());
    }

    private static Tensor swiglu(Call call) {
        Tensor gate = ElementwiseOperators.floats(call);
        if (call.type(1) != call.type(0) || !call.tensor(1).shape().equals(gate.shape())) {
            throw call.refusal("the inputs differ").operand("A", gate.spec()).operand("B", call.tensor(1).spec())
                    .expected("one type and one shape");
        }
        return swish(gate, call.attributes()).mul(call.tensor(1));
    }

    /** Integers are shrunk as floats and lose the fraction. */
    private static Value shrink(Call call) {
        float lambda = call.attributes().real("lambd", 0.5f);
        float bias = call.attributes().real("bias", 0);
        Value given = call.value(0);
        Tensor x = Conversions.floats(given);
        Tensor y = x.lt(-lambda).where(x.add(bias), x.gt(lambda).where(x.sub(bias), 0));
        return given.type().isFloat() ? call.like(0, y) : Conversions.convert(Value.of(y), given.type());
    }

    /** Before opset 13 the axis and all behind it are one; later it is one axis, the last if it is not given. */
    private static Tensor alongAxis(Call call, BiFunction<Tensor, Integer, Tensor> rule) {
        Tensor x = ElementwiseOperators.floats(call);
        if (call.version() >= 13) {
            return rule.apply(x, call.attributes().integer("axis", -1));
        }
        int given = call.attributes().integer("axis", 1);
        int axis = given < 0 ? given + x.rank() : given;
        if (axis < 0 || axis > x.rank()) {
            throw call.refusal("no such axis").operand("axis", given).operand("input", x.shape())
                    .expected("-" + x.rank() + " to " + x.rank());
        }
        int rows = 1;
        int columns = 1;
        for (int i = 0; i < x.rank(); i++) {
            rows *= i < axis ? x.dim(i) : 1;
            columns *= i < axis ? 1 : x.dim(i);
        }
        return rule.apply(x.reshape(rows, columns), 1).reshape(x.shape());
    }

    /** 1 at the greatest element, the first among equals, and 0 elsewhere. */
    private static Tensor hardmax(Tensor x, int axis) {
        if (x.size() == 0 || x.rank() == 0) {
            return Tensor.full(x.shape(), x.dtype(), 1);
        }
        int at = x.shape().axis("Hardmax", axis);
        int[] line = new int[x.rank()];
        Arrays.fill(line, 1);
        line[at] = x.dim(at);
        return Tensor.range(x.dim(at)).reshape(line).eq(x.argmax(Axes.keep(at))).cast(x.dtype());
    }

    /** As at inference: everything passes. The mask is boolean from opset 10 on, ones of the input's type before. */
    private static List<Value> dropout(Call call) {
        Tensor all = Tensor.full(call.tensor(0).shape(), DType.BOOL, 1);
        ElementType type = call.version() < 10 ? call.type(0) : ElementType.BOOL;
        return List.of(call.value(0), Conversions.convert(Value.of(all), type));
    }
}
