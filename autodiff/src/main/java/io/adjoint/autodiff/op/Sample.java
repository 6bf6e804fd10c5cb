package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import java.util.List;
import java.util.stream.Collectors;

/** An operation with inputs that it accepts: how the tests of every law meet every operation. */
public record Sample(Op op, List<Tensor> inputs) {
    public Sample {
        inputs = List.copyOf(inputs);
    }

    static Sample of(Op op, Tensor... inputs) {
        return new Sample(op, List.of(inputs));
    }

    /** The operation's result on these inputs, or on others of the same specs. */
    public Tensor apply(List<Tensor> others) {
        return op.apply(others.toArray(Tensor[]::new));
    }

    @Override
    public String toString() {
        return op + inputs.stream().map(x -> x.spec().toString()).collect(Collectors.joining(", ", "(", ")"));
    }
}
