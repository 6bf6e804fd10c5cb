package io.adjoint.autodiff;

import io.adjoint.autodiff.tape.Joint;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A function made of elementwise operations that eager code computes as one loop, and its gradients of first order as another. That
 * spares what each small operation costs besides its arithmetic, as in a step of a recurrent network.
 *
 * {@snippet :
 * Formula gated = Formula.of(2, x -> x.get(0).sigmoid().mul(x.get(1).tanh()));
 * Tensor y = gated.apply(a, b); // a.sigmoid().mul(b.tanh())
 * }
 *
 * <p>Values, gradients of every order and graphs are those of the operations one by one, bit for bit. They are computed one by one where
 * somebody looks at them, as traces and observers do, and where one loop would not do: for scalars, for inputs that differ in dtype
 * or shape, for further shapes after the first 256, and if the function calls other operations, uses numbers, uses a result more
 * than twice or never, or is long: some sixty operations with their rules.
 */
public final class Formula {
    /** So that nobody's many shapes fill the memory. */
    private static final int MOST_SPECS = 256;

    private final int inputs;
    private final Function<List<Tensor>, Tensor> function;
    private final ConcurrentHashMap<TensorSpec, Optional<Joint>> joints = new ConcurrentHashMap<>();

    private Formula(int inputs, Function<List<Tensor>, Tensor> function) {
        this.inputs = inputs;
        this.function = function;
    }

    /**
     * The formula of a function.
     *
     * @param inputs how many tensors it takes
     * @param function calls the same operations whenever it is given tensors of one shape and dtype, and reads no elements
     * @throws IllegalArgumentException if the number of inputs is less than 1
     */
    public static Formula of(int inputs, Function<List<Tensor>, Tensor> function) {
        if (inputs < 1) {
            throw new IllegalArgumentException("A formula takes 1 input or more, not " + inputs + ".");
        }
        return new Formula(inputs, function);
    }

    /**
     * The function of these tensors.
     *
     * @throws ShapeException if there are more or fewer than it takes, or an operation refuses them
     */
    public Tensor apply(Tensor... tensors) {
        if (tensors.length != inputs) {
            throw ShapeException.of("formula", "not the number of inputs").operand("inputs", tensors.length)
                    .expected(inputs + " inputs");
        }
        List<Tensor> given = List.of(tensors);
        return Joint.mayApply(given) ? joint(given.getFirst().spec()).map(joint -> joint.apply(given))
                .orElseGet(() -> function.apply(given)) : function.apply(given);
    }

    /** Some methods call no operation for some shapes, so the function is run for each. */
    private Optional<Joint> joint(TensorSpec spec) {
        Optional<Joint> known = joints.get(spec);
        if (known != null) {
            return known;
        }
        return joints.size() < MOST_SPECS ? joints.computeIfAbsent(spec, _ -> Joint.of(function, inputs, spec))
                : Optional.empty();
    }
}
