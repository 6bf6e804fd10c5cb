package io.adjoint.nn;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.List;

/**
 * One axis as several, {@code [n, a b] -> [n, a, b]}; as {@code torch.nn.Unflatten}.
 *
 * @param axis the axis that is divided, 0 = outermost, -1 = innermost
 * @param extents of the new axes; one may be -1 and follows from the others
 */
public record Unflatten(int axis, List<Integer> extents) implements Layer {
    /**
     * A layer of these extents.
     *
     * @throws ShapeException if there is none, one is below -1, or several are -1
     */
    public Unflatten {
        extents = List.copyOf(extents);
        if (extents.isEmpty() || extents.stream().anyMatch(extent -> extent < -1)
                || extents.stream().filter(extent -> extent == -1).count() > 1) {
            throw ShapeException.of("unflatten", "no such extents").operand("extents", extents)
                    .expected("extents of 0 or more, at most one of them -1");
        }
    }

    /** An axis as axes of these extents. */
    public static Unflatten of(int axis, Integer... extents) {
        return new Unflatten(axis, List.of(extents));
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.unflatten(axis, extents.stream().mapToInt(Integer::intValue).toArray());
    }
}
