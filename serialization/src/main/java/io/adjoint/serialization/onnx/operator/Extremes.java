package io.adjoint.serialization.onnx.operator;

import io.adjoint.autodiff.Axes;
import io.adjoint.autodiff.Chosen;
import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Extreme;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.serialization.onnx.ElementType;
import io.adjoint.serialization.onnx.graph.Call;
import io.adjoint.serialization.onnx.graph.Value;
import java.util.List;

/** The greatest and least elements, and where they are. */
final class Extremes {
    private Extremes() {}

    static void addTo(OperatorTable table) {
        table.value("ArgMax", call -> Value.of(place(call, Extreme.LARGEST)));
        table.value("ArgMin", call -> Value.of(place(call, Extreme.SMALLEST)));
        table.values("TopK", Extremes::topK).knows(1);
    }

    /** Of no elements it is the least that the type has. */
    static Tensor greatest(Value value, Axes axes) {
        if (value.type() == ElementType.BOOL) {
            return value.tensor().any(axes);
        }
        if (isEmpty(value, axes)) {
            return bound(value, axes, least(value.type()));
        }
        return Unsigned.ordered(value.type(), Unsigned.ordered(value.type(), value.tensor()).max(axes));
    }

    /** Of no elements it is the greatest that the type has. */
    static Tensor least(Value value, Axes axes) {
        if (value.type() == ElementType.BOOL) {
            return value.tensor().all(axes);
        }
        if (isEmpty(value, axes)) {
            return bound(value, axes, greatest(value.type()));
        }
        return Unsigned.ordered(value.type(), Unsigned.ordered(value.type(), value.tensor()).min(axes));
    }

    private static boolean isEmpty(Value value, Axes axes) {
        return axes.of("reduce", value.tensor().shape()).stream().anyMatch(axis -> value.tensor().dim(axis) == 0);
    }

    private static Tensor bound(Value value, Axes axes, Tensor bound) {
        return bound.expand(value.tensor().sum(axes).shape());
    }

    private static Tensor least(ElementType type) {
        return switch (type) {
            case FLOAT, FLOAT16, BFLOAT16, DOUBLE -> Tensor.scalar(Double.NEGATIVE_INFINITY, type.carrier());
            case INT64 -> whole(Long.MIN_VALUE);
            case INT32 -> Tensor.scalar(Integer.MIN_VALUE, DType.I32);
            case INT16 -> Tensor.scalar(Short.MIN_VALUE, DType.I32);
            case INT8 -> Tensor.scalar(Byte.MIN_VALUE, DType.I32);
            case UINT8, UINT16, UINT32, UINT64, BOOL -> Tensor.scalar(0, type.carrier());
        };
    }

    private static Tensor greatest(ElementType type) {
        return switch (type) {
            case FLOAT, FLOAT16, BFLOAT16, DOUBLE -> Tensor.scalar(Double.POSITIVE_INFINITY, type.carrier());
            case INT64 -> whole(Long.MAX_VALUE);
            case INT32 -> Tensor.scalar(Integer.MAX_VALUE, DType.I32);
            case INT16 -> Tensor.scalar(Short.MAX_VALUE, DType.I32);
            case INT8 -> Tensor.scalar(Byte.MAX_VALUE, DType.I32);
            case UINT8 -> Tensor.scalar(0xFF, DType.I32);
            case UINT16 -> Tensor.scalar(0xFFFF, DType.I32);
            case UINT32 -> whole(0xFFFFFFFFL);
            case UINT64 -> whole(-1);
            case BOOL -> Tensor.scalar(1, DType.BOOL);
        };
    }

    private static Tensor whole(long value) {
        return Tensor.of(new long[] {value}, Shape.scalar());
    }

    private static Tensor place(Call call, Extreme extreme) {
        int axis = call.attributes().integer("axis", 0);
        Tensor x = Unsigned.ordered(call.type(0), call.tensor(0));
        Axes axes = call.attributes().whole("keepdims", 1) != 0 ? Axes.keep(axis) : Axes.drop(axis);
        if (call.attributes().flag("select_last_index") && x.rank() > 0) {
            return first(x.flip(axis), axes, extreme).rsub(x.dim(axis) - 1);
        }
        return first(x, axes, extreme);
    }

    private static Tensor first(Tensor x, Axes axes, Extreme extreme) {
        return switch (extreme) {
            case LARGEST -> x.argmax(axes);
            case SMALLEST -> x.argmin(axes);
        };
    }

    /** The number is an attribute before opset 10. */
    private static List<Value> topK(Call call) {
        int k = call.version() < 10 && call.attributes().has("k") ? call.attributes().integer("k", 0) : call.integer(1);
        Extreme extreme = call.attributes().whole("largest", 1) != 0 ? Extreme.LARGEST : Extreme.SMALLEST;
        ElementType type = call.type(0);
        Chosen chosen = Unsigned.ordered(type, call.tensor(0)).topk(k, call.attributes().integer("axis", -1), extreme);
        return List.of(new Value(type, Unsigned.ordered(type, chosen.values())), Value.of(chosen.places()));
    }
}
