package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.lane.Lane;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * What the emitters need to know of lane expressions that are computed together. Nodes count as the same where they do the same with the same operands:
 * each value is computed once. They are told apart by the numbers of their operands, since comparing deep graphs by value would take exponential time.
 */
final class Expression {
    private final List<Lane> roots;
    private final Map<Lane, Integer> uses = new IdentityHashMap<>();
    private final Map<Lane, Lane> canonical = new IdentityHashMap<>();
    private final Map<Lane, Integer> numbers = new IdentityHashMap<>();
    /** By what they do, as text. */
    private final SequencedMap<String, Lane> nodes = new LinkedHashMap<>();
    private final SequencedMap<Integer, DType> inputs = new TreeMap<>();

    Expression(Lane... roots) {
        this.roots = List.of(roots);
        this.roots.forEach(root -> uses.merge(visit(root), 1, Integer::sum));
    }

    /** The values that are asked for, one or more. */
    List<Lane> roots() {
        return roots;
    }

    /** Every node once, operands before their users. */
    Collection<Lane> nodes() {
        return nodes.sequencedValues();
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
        return canonical.get(node);
    }

    static boolean isLeaf(Lane node) {
        return node instanceof Lane.Input || node instanceof Lane.Constant;
    }

    private Lane visit(Lane node) {
        Lane known = canonical.get(node);
        if (known != null) {
            return known;
        }
        List<Lane> operands = operands(node).stream().map(this::visit).toList();
        Lane first = nodes.putIfAbsent(text(node, operands), node);
        if (first == null) {
            first = node;
            numbers.put(node, numbers.size());
            operands.forEach(operand -> uses.merge(operand, 1, Integer::sum));
            if (node instanceof Lane.Input(int index, DType type)) {
                DType other = inputs.put(index, type);
                assert other == null : "input " + index + " is read as " + other + " and as " + type;
            }
        }
        canonical.put(node, first);
        return first;
    }

    private String text(Lane node, List<Lane> operands) {
        StringBuilder text = new StringBuilder(switch (node) {
            case Lane.Input(int index, DType type) -> "input " + index + type;
            case Lane.Constant(DType type, long bits) -> "constant " + bits + type;
            case Lane.Unary unary -> unary.op().name();
            case Lane.Binary binary -> binary.op().name();
            case Lane.Fma _ -> "fma";
            case Lane.Compare compare -> compare.op().name();
            case Lane.Select _ -> "select";
            case Lane.Convert convert -> "convert " + convert.type();
            case Lane.Bits bits -> "bits " + bits.type();
            case Lane.Strict strict -> strict.function().name();
        });
        operands.forEach(operand -> text.append(' ').append(numbers.get(operand)));
        return text.toString();
    }

    /** Text that is the same for expressions of the same structure, and for no others. */
    String key() {
        StringBuilder key = new StringBuilder(String.join(";", nodes.keySet()));
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
