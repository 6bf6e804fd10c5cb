package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.lane.Lane;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * What the emitters need to know of lane expressions that are computed together. Inputs and constants count as the same node where they are equal,
 * all others where they are identical: comparing deep graphs by value would take exponential time.
 */
final class Expression {
    private final List<Lane> roots;
    private final Map<Lane, Integer> uses = new IdentityHashMap<>();
    private final Map<Lane, Lane> leaves = new HashMap<>();
    private final List<Lane> nodes = new ArrayList<>();
    private final SequencedMap<Integer, DType> inputs = new TreeMap<>();

    Expression(Lane... roots) {
        this.roots = List.of(roots);
        this.roots.forEach(this::visit);
    }

    /** The values that are asked for, one or more. */
    List<Lane> roots() {
        return roots;
    }

    /** Every node once, operands before their users. */
    List<Lane> nodes() {
        return nodes;
    }

    /** The dtypes of the inputs that are read, by index. */
    SequencedMap<Integer, DType> inputs() {
        return inputs;
    }

    /** One more than the greatest index of an input. */
    int arity() {
        return inputs.isEmpty() ? 0 : inputs.lastEntry().getKey() + 1;
    }

    /** How many nodes read the value of {@code node}, which is its {@link #canonical}, and how often it is asked for. */
    int uses(Lane node) {
        return uses.get(node);
    }

    /** The node that stands for all nodes that are the same as this one. */
    Lane canonical(Lane node) {
        return isLeaf(node) ? leaves.get(node) : node;
    }

    static boolean isLeaf(Lane node) {
        return node instanceof Lane.Input || node instanceof Lane.Constant;
    }

    private void visit(Lane node) {
        Lane first = isLeaf(node) ? leaves.computeIfAbsent(node, leaf -> leaf) : node;
        if (uses.merge(first, 1, Integer::sum) > 1) {
            return;
        }
        operands(first).forEach(this::visit);
        nodes.add(first);
        if (first instanceof Lane.Input(int index, DType type)) {
            DType known = inputs.put(index, type);
            assert known == null : "input " + index + " is read as " + known + " and as " + type;
        }
    }

    /** Text that is the same for expressions of the same structure, and for no others. */
    String key() {
        Map<Lane, Integer> numbers = new IdentityHashMap<>();
        StringBuilder key = new StringBuilder();
        for (Lane node : nodes) {
            numbers.put(node, numbers.size());
            key.append(switch (node) {
                case Lane.Input(int index, DType type) -> "input " + index + type;
                case Lane.Constant(DType type, long bits) -> "constant " + bits + type;
                case Lane.Unary unary -> unary.op();
                case Lane.Binary binary -> binary.op();
                case Lane.Fma _ -> "fma";
                case Lane.Compare compare -> compare.op();
                case Lane.Select _ -> "select";
                case Lane.Convert convert -> "convert " + convert.type();
                case Lane.Bits bits -> "bits " + bits.type();
                case Lane.Strict strict -> strict.function();
            });
            operands(node).forEach(operand -> key.append(' ').append(numbers.get(canonical(operand))));
            key.append(';');
        }
        roots.forEach(root -> key.append(' ').append(numbers.get(canonical(root))));
        return key.toString();
    }

    private static List<Lane> operands(Lane node) {
        return switch (node) {
            case Lane.Input _, Lane.Constant _ -> List.of();
            case Lane.Unary(_, Lane x) -> List.of(x);
            case Lane.Binary(_, Lane left, Lane right) -> List.of(left, right);
            case Lane.Fma(Lane a, Lane b, Lane c) -> List.of(a, b, c);
            case Lane.Compare(_, Lane left, Lane right) -> List.of(left, right);
            case Lane.Select(Lane condition, Lane yes, Lane no) -> List.of(condition, yes, no);
            case Lane.Convert(Lane x, _) -> List.of(x);
            case Lane.Bits(Lane x, _) -> List.of(x);
            case Lane.Strict(_, List<Lane> arguments) -> arguments;
        };
    }
}
