package io.adjoint.serialization.onnx.write;

import java.util.List;
import java.util.Optional;

/** A number that grows with the batch: {@code factor * batch + rest}. */
public record Affine(long factor, long rest) {
    /** The number that has these values for these batches, if there is one. */
    public static Optional<Affine> through(List<Integer> batches, List<Long> values) {
        long run = batches.get(1) - batches.get(0);
        long rise = values.get(1) - values.get(0);
        if (rise % run != 0) {
            return Optional.empty();
        }
        long factor = rise / run;
        Affine affine = new Affine(factor, values.getFirst() - factor * batches.getFirst());
        for (int i = 0; i < batches.size(); i++) {
            if (affine.factor * batches.get(i) + affine.rest != values.get(i)) {
                return Optional.empty();
            }
        }
        return Optional.of(affine);
    }

    public boolean isFixed() {
        return factor == 0;
    }

    /** As {@code batch}, {@code 4 * batch} or {@code batch + 1}. */
    public String text(String batch) {
        String product = factor == 1 ? batch : factor + " * " + batch;
        return rest == 0 ? product : product + (rest < 0 ? " - " : " + ") + Math.abs(rest);
    }
}
