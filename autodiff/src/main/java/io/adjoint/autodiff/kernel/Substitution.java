package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.lane.Lane;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** An expression with others in place of its inputs; what was one node before is one afterwards. */
final class Substitution {
    private final List<Lane> inputs;
    private final Map<Lane, Lane> done = new IdentityHashMap<>();

    /**
     * @param inputs what stands for each input, by index
     */
    Substitution(List<Lane> inputs) {
        this.inputs = inputs;
    }

    Lane of(Lane node) {
        Lane known = done.get(node);
        if (known == null) {
            known = replaced(node);
            done.put(node, known);
        }
        return known;
    }

    private Lane replaced(Lane node) {
        return switch (node) {
            case Lane.Input(int index, _) -> inputs.get(index);
            case Lane.Constant constant -> constant;
            case Lane.Unary(Lane.UnaryOp op, Lane x) -> new Lane.Unary(op, of(x));
            case Lane.Binary(Lane.BinaryOp op, Lane left, Lane right) -> new Lane.Binary(op, of(left), of(right));
            case Lane.Fma(Lane a, Lane b, Lane c) -> new Lane.Fma(of(a), of(b), of(c));
            case Lane.Compare(Lane.CompareOp op, Lane left, Lane right) -> new Lane.Compare(op, of(left), of(right));
            case Lane.Select(Lane condition, Lane yes, Lane no) -> new Lane.Select(of(condition), of(yes), of(no));
            case Lane.Convert(Lane x, DType type) -> new Lane.Convert(of(x), type);
            case Lane.Bits(Lane x, DType type) -> new Lane.Bits(of(x), type);
            case Lane.Strict(Lane.StrictFunction function, List<Lane> arguments) ->
                new Lane.Strict(function, arguments.stream().map(this::of).toList());
        };
    }
}
