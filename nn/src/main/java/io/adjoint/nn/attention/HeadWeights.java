package io.adjoint.nn.attention;

import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.function.Products;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * The weights by which queries, keys and values are made. There may be fewer rows for keys and values than for queries, whose
 * heads share them then.
 *
 * @param weights one, {@code [width + 2 * keys, width]}, with the rows of queries, keys and values one below another, as queries,
 *     keys and values of one width allow; or three, {@code [width, width]}, {@code [keys, width of keys]} and {@code [keys, width
 *     of values]}. PyTorch's names are {@code in_proj_weight}, or {@code q_proj_weight} and so on
 * @param bias {@code [width + 2 * keys]} in the same order, if there is one; PyTorch's name is {@code in_proj_bias}
 */
public record HeadWeights(List<Variable> weights, Optional<Variable> bias) {
    /**
     * Given variables.
     *
     * @throws ShapeException if they do not fit each other
     */
    public HeadWeights {
        weights = List.copyOf(weights);
        List<Shape> shapes = weights.stream().map(w -> w.spec().shape()).toList();
        boolean fit = (shapes.size() == 1 || shapes.size() == 3) && shapes.stream().allMatch(s -> s.rank() == 2)
                && (shapes.size() == 1 ? isJoint(shapes.getFirst()) : areSeparate(shapes));
        if (!fit) {
            throw ShapeException.of("attention", "not weights of queries, keys and values").operand("weights", shapes)
                    .expected("[width + 2 * keys, width], or [width, width], [keys, width of keys] and "
                            + "[keys, width of values]");
        }
        Shape rows = Shape.of(shapes.stream().mapToInt(s -> s.dim(0)).sum());
        bias.filter(b -> !b.spec().shape().equals(rows)).ifPresent(b -> {
            throw ShapeException.of("attention", "the bias does not fit the weights")
                    .operand("in_proj_bias", b.spec().shape()).expected(rows.toString());
        });
    }

    private static boolean isJoint(Shape shape) {
        int rest = shape.dim(0) - shape.dim(1);
        return rest > 0 && rest % 2 == 0;
    }

    private static boolean areSeparate(List<Shape> shapes) {
        return shapes.getFirst().dim(0) == shapes.getFirst().dim(1) && shapes.get(1).dim(0) == shapes.get(2).dim(0);
    }

    SequencedMap<String, Object> parts() {
        SequencedMap<String, Object> parts = new LinkedHashMap<>();
        if (weights.size() == 1) {
            parts.put("in_proj_weight", weights.getFirst());
        } else {
            parts.put("q_proj_weight", weights.getFirst());
            parts.put("k_proj_weight", weights.get(1));
            parts.put("v_proj_weight", weights.getLast());
        }
        parts.put("in_proj_bias", bias);
        return parts;
    }

    /** How wide queries are, before and after. */
    int width() {
        return weights.getFirst().spec().shape().dim(1);
    }

    /** How wide keys and values of all heads are together. */
    int keyRows() {
        Shape last = weights.getLast().spec().shape();
        return weights.size() == 1 ? (last.dim(0) - last.dim(1)) / 2 : last.dim(0);
    }

    int keyWidth() {
        return weights.get(weights.size() == 1 ? 0 : 1).spec().shape().dim(1);
    }

    int valueWidth() {
        return weights.getLast().spec().shape().dim(1);
    }

    /** Queries, keys and values of all heads, {@code [..., width]} and {@code [..., keys]} twice. */
    List<Tensor> project(Tensor query, Tensor key, Tensor value) {
        int[] sizes = {width(), keyRows(), keyRows()};
        Optional<Tensor> shift = bias.map(Variable::value);
        if (weights.size() == 1 && query == key && key == value) { // one product instead of three
            return linear(query, weights.getFirst().value(), shift).split(sizes, -1);
        }
        List<Tensor> each = weights.size() == 1 ? weights.getFirst().value().split(sizes, 0)
                : weights.stream().map(Variable::value).toList();
        List<Optional<Tensor>> shifts = shift.map(b -> b.split(sizes, 0).stream().map(Optional::of).toList())
                .orElseGet(() -> Stream.generate(Optional::<Tensor>empty).limit(3).toList());
        return List.of(linear(query, each.getFirst(), shifts.getFirst()), linear(key, each.get(1), shifts.get(1)),
                linear(value, each.getLast(), shifts.getLast()));
    }

    private static Tensor linear(Tensor x, Tensor weight, Optional<Tensor> bias) {
        return bias.map(b -> Products.linear(x, weight, b)).orElseGet(() -> Products.linear(x, weight));
    }
}
