package io.adjoint.autodiff.function;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sums of products in Einstein's notation. */
public final class Einsum {
    private Einsum() {}

    /** A tensor and the label of each of its axes, all different. */
    private record Term(Tensor tensor, List<Integer> labels) {
        int extent(int label) {
            return tensor.dim(labels.indexOf(label));
        }

        /** The tensor with these of its labels, in this order; 1 stands for each that it lacks. */
        Tensor arranged(List<Integer> order) {
            Tensor x = tensor.permute(order.stream().filter(labels::contains).mapToInt(labels::indexOf).toArray());
            return x.reshape(Shape.of(order.stream().mapToInt(l -> labels.contains(l) ? extent(l) : 1).toArray()));
        }

        /** Summed over the labels that are not among these. */
        Term summedTo(List<Integer> wanted) {
            int[] axes = labels.stream().filter(l -> !wanted.contains(l)).mapToInt(labels::indexOf).toArray();
            return axes.length == 0 ? this
                    : new Term(tensor.sum(axes), labels.stream().filter(wanted::contains).toList());
        }
    }

    /**
     * The sum of products that the equation describes, as {@code torch.einsum}: {@code einsum("bij,bjk->bik", a, b)} is {@code
     * out[b][i][k] = sum over j of a[b][i][j] b[b][j][k]}.
     *
     * <p>Before the arrow each axis of each operand has a letter, A to Z or a to z; equal letters run together, and an extent
     * of 1 stretches. A letter twice in one operand takes its diagonal. {@code ...} stands for any axes, aligned at the
     * innermost. After the arrow stand the axes of the result; what does not is summed. Without an arrow the result has the
     * axes of {@code ...} and then, in the order of the alphabet, capitals first, the letters that occur once. Spaces do not count. More
     * than two operands are multiplied in pairs, the pair with the least product first.
     *
     * @throws ShapeException if the equation is malformed or does not fit the operands
     */
    public static Tensor einsum(String equation, Tensor... operands) {
        EinsumEquation parsed = EinsumEquation.parse(equation, operands);
        DType dtype = Arrays.stream(operands).map(Tensor::dtype).reduce(DType.BOOL, DType::promote);
        if (dtype == DType.BOOL && operands.length > 1) {
            throw ShapeException.of("einsum", "BOOL does not multiply").operand("operands", operands.length)
                    .expected("an integer or float among them");
        }
        List<Term> terms = new ArrayList<>();
        for (int i = 0; i < operands.length; i++) {
            terms.add(fitted(operands[i].cast(dtype), parsed.operands().get(i), parsed));
        }
        while (terms.size() > 1) {
            int[] pair = cheapest(terms, parsed.output());
            Term right = terms.remove(pair[1]);
            Term left = terms.remove(pair[0]);
            terms.add(pair[0], product(left, right, needed(terms, parsed.output())));
        }
        return terms.getFirst().summedTo(parsed.output()).arranged(parsed.output());
    }

    /** An operand with diagonals taken, without axes that would only stretch, summed over what nobody else has. */
    private static Term fitted(Tensor x, List<Integer> labels, EinsumEquation parsed) {
        List<Integer> left = new ArrayList<>(labels);
        for (int axis = left.size() - 1; axis >= 0; axis--) {
            int first = left.indexOf(left.get(axis));
            if (first < axis) {
                x = diagonal(x, first, axis);
                left.remove(axis);
                left.add(left.remove(first)); // the diagonal comes last
                axis = left.size();
            }
        }
        for (int axis = left.size() - 1; axis >= 0; axis--) {
            if (x.dim(axis) == 1 && parsed.extent(left.get(axis)) != 1) {
                x = x.squeeze(axis);
                left.remove(axis);
            }
        }
        List<Integer> shared = left.stream().filter(l -> parsed.output().contains(l) || parsed.operandsWith(l) > 1)
                .toList();
        return new Term(x, List.copyOf(left)).summedTo(shared);
    }

    /** The elements with equal indices along two axes, along a new last axis. */
    private static Tensor diagonal(Tensor x, int first, int second) {
        List<Integer> order = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            if (axis != first && axis != second) {
                order.add(axis);
            }
        }
        order.add(first);
        order.add(second);
        int n = x.dim(first);
        Tensor flat = x.permute(order.stream().mapToInt(axis -> axis).toArray()).flatten(x.rank() - 2);
        return flat.slice(-1, 0, flat.dim(-1), n + 1);
    }

    /** The labels that somebody still asks for. */
    private static List<Integer> needed(List<Term> terms, List<Integer> output) {
        List<Integer> labels = new ArrayList<>(output);
        terms.forEach(term -> labels.addAll(term.labels()));
        return labels;
    }

    /** The pair of terms with the least product, the first among equals. */
    private static int[] cheapest(List<Term> terms, List<Integer> output) {
        int[] best = {0, 1};
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < terms.size() && terms.size() > 2; i++) {
            for (int j = i + 1; j < terms.size(); j++) {
                Term left = terms.get(i);
                Term right = terms.get(j);
                List<Term> others = new ArrayList<>(terms);
                others.remove(j);
                others.remove(i);
                List<Integer> needed = needed(others, output);
                double size = 1;
                for (int label : left.labels()) {
                    size *= needed.contains(label) ? left.extent(label) : 1;
                }
                for (int label : right.labels()) {
                    size *= needed.contains(label) && !left.labels().contains(label) ? right.extent(label) : 1;
                }
                if (size < least) {
                    least = size;
                    best = new int[] {i, j};
                }
            }
        }
        return best;
    }

    /** The product of two terms, summed over the labels that nobody needs. */
    private static Term product(Term a, Term b, List<Integer> needed) {
        List<Integer> both = a.labels().stream().filter(l -> b.labels().contains(l)).toList();
        List<Integer> batch = both.stream().filter(needed::contains).toList();
        List<Integer> summed = both.stream().filter(l -> !needed.contains(l)).toList();
        List<Integer> rows = a.labels().stream().filter(l -> !both.contains(l)).toList();
        List<Integer> columns = b.labels().stream().filter(l -> !both.contains(l)).toList();
        List<Integer> result = joined(batch, joined(rows, columns));
        if (summed.isEmpty()) {
            return new Term(a.arranged(result).mul(b.arranged(result)), result);
        }
        Shape whole = Shape.of(result.stream()
                .mapToInt(l -> a.labels().contains(l) ? a.extent(l) : b.extent(l)).toArray());
        int count = size(a, batch);
        Tensor left = a.arranged(joined(batch, joined(rows, summed)))
                .reshape(Shape.of(count, size(a, rows), size(a, summed)));
        Tensor right = b.arranged(joined(batch, joined(summed, columns)))
                .reshape(Shape.of(count, size(b, summed), size(b, columns)));
        return new Term(left.matmul(right).reshape(whole), result);
    }

    private static int size(Term term, List<Integer> labels) {
        return Shape.of(labels.stream().mapToInt(term::extent).toArray()).size();
    }

    private static List<Integer> joined(List<Integer> first, List<Integer> second) {
        List<Integer> all = new ArrayList<>(first);
        all.addAll(second);
        return List.copyOf(all);
    }
}
