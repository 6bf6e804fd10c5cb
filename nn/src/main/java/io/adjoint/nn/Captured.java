package io.adjoint.nn;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import java.util.List;
import java.util.SequencedMap;

/**
 * What {@link Captures} saw.
 *
 * @param result of the body
 * @param outputs of parts by path, in the order in which they first returned; for each call what it returned, mostly a tensor
 */
public record Captured<T>(T result, SequencedMap<String, List<Object>> outputs) {
    /**
     * The tensor that a part returned, at its last call if there were several.
     *
     * @throws ShapeException if no part of this path was captured, or it returned something else
     */
    public Tensor tensor(String path) {
        List<Object> calls = outputs.get(path);
        if (calls == null) {
            throw ShapeException.of("captured", "no part of this path was called and captured").operand("path", path)
                    .expected("one of " + outputs.keySet());
        }
        if (calls.getLast() instanceof Tensor tensor) {
            return tensor;
        }
        throw ShapeException.of("captured", "the part returned no tensor").operand("path", path)
                .operand("type", calls.getLast().getClass().getName()).expected("a tensor, or use outputs()");
    }
}
