package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.lane.Lane;
import io.adjoint.autodiff.lane.Lane.BinaryOp;
import io.adjoint.autodiff.lane.Lane.CompareOp;
import io.adjoint.autodiff.lane.Lane.StrictFunction;
import io.adjoint.autodiff.lane.Lane.UnaryOp;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Random well-typed lane expressions: nodes are drawn one after the other, each over any of those before it. */
final class RandomLanes {
    private final Samples samples;
    private final DType[] types;
    private final boolean strict;
    private final Map<DType, List<Lane>> pool = new EnumMap<>(DType.class);

    /** Over all dtypes, or only those of one width and BOOL. */
    RandomLanes(Samples samples, List<DType> types, boolean strict) {
        this.samples = samples;
        this.types = types.toArray(DType[]::new);
        this.strict = strict;
        for (DType type : types) {
            pool.put(type, new ArrayList<>());
        }
    }

    /** An expression of some {@code size} nodes over inputs of these dtypes. */
    Lane draw(List<DType> inputs, int size) {
        for (int i = 0; i < inputs.size(); i++) {
            pool.get(inputs.get(i)).add(Lane.input(i, inputs.get(i)));
        }
        for (DType type : types) {
            pool.get(type).add(new Lane.Constant(type, samples.bits(type)));
        }
        Lane last = any(inputs.getFirst());
        for (int i = 0; i < size; i++) {
            last = node(samples.oneOf(types));
            pool.get(last.type()).add(last);
        }
        return last;
    }

    /** One of the latest nodes of the dtype, so that expressions grow deep. */
    private Lane any(DType type) {
        List<Lane> lanes = pool.get(type);
        return lanes.get(samples.between(Math.max(0, lanes.size() - 5), lanes.size() - 1));
    }

    private Lane node(DType type) {
        return switch (samples.between(0, 6)) {
            case 0 -> Stream.of(UnaryOp.values()).filter(op -> allows(op, type)).findAny().isEmpty()
                    ? any(type) : unary(type);
            case 1, 2 -> binary(type);
            case 3 -> type.isFloat() ? new Lane.Fma(any(type), any(type), any(type)) : binary(type);
            case 4 -> type == DType.BOOL ? compare() : new Lane.Select(any(DType.BOOL), any(type), any(type));
            case 5 -> new Lane.Convert(any(samples.oneOf(types)), type);
            default -> special(type);
        };
    }

    private Lane special(DType type) {
        if (type == DType.F64 && strict) {
            StrictFunction function = samples.oneOf(StrictFunction.values());
            return new Lane.Strict(function, Stream.generate(() -> any(type)).limit(function.arity()).toList());
        }
        if (type == DType.BOOL) {
            return compare();
        }
        DType[] same = Stream.of(types).filter(t -> t != DType.BOOL && t.bytes() == type.bytes()).toArray(DType[]::new);
        Lane x = any(samples.oneOf(same));
        // The bits of a NaN are not specified: all NaNs count as one value.
        return x.type().isFloat() ? x.isNaN().select(Lane.constant(x.type(), 0.0), x).bits(type) : x.bits(type);
    }

    private Lane compare() {
        DType type = samples.oneOf(Stream.of(types).filter(t -> t != DType.BOOL).toArray(DType[]::new));
        return new Lane.Compare(samples.oneOf(CompareOp.values()), any(type), any(type));
    }

    private Lane unary(DType type) {
        return new Lane.Unary(
                samples.oneOf(Stream.of(UnaryOp.values()).filter(op -> allows(op, type)).toArray(UnaryOp[]::new)),
                any(type));
    }

    private Lane binary(DType type) {
        BinaryOp op =
                samples.oneOf(Stream.of(BinaryOp.values()).filter(o -> allows(o, type)).toArray(BinaryOp[]::new));
        Lane right = any(type);
        boolean divides = op == BinaryOp.DIV && type.isInteger();
        return new Lane.Binary(op, any(type), divides ? right.or(Lane.constant(type, 1L)) : right);
    }

    static boolean allows(UnaryOp op, DType type) {
        return switch (op) {
            case NEG, ABS -> type != DType.BOOL;
            case SQRT -> type.isFloat();
            case NOT -> !type.isFloat();
        };
    }

    static boolean allows(BinaryOp op, DType type) {
        return switch (op) {
            case ADD, SUB, MUL, DIV, MIN, MAX -> type != DType.BOOL;
            case AND, OR, XOR -> !type.isFloat();
            case SHL, SHR, USHR -> type.isInteger();
        };
    }
}
