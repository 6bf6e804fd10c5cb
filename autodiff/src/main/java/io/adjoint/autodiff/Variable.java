package io.adjoint.autodiff;

import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Recycler;
import io.adjoint.autodiff.tape.GraphTrace;
import io.adjoint.autodiff.tape.Internals;
import io.adjoint.autodiff.tape.Node;
import java.util.Locale;

/**
 * A mutable holder of a tensor: a parameter, which training improves, or a buffer, which it only updates (a running mean,
 * a random key). The only mutable thing in the framework; its dtype and shape are fixed. What a variable is called follows
 * from its place in a model, see {@code Module} in {@code io.adjoint.nn}.
 *
 * <p>Inside a {@link Training} scope the {@link #value} of a parameter is tracked, so that gradients can be taken by it;
 * outside it is a plain constant, so that inference records nothing. Reads see the latest completed {@link #set}.
 */
public final class Variable {
    /** What a variable is for. */
    public enum Kind {
        /** Trained by gradients. */
        PARAMETER,
        /** State that goes with the parameters but has no gradient. */
        BUFFER
    }

    static {
        Internals.offer(new Internals.Holders() {
            @Override
            public Array held(Variable variable) {
                return Internals.array(variable.value);
            }

            @Override
            public void hold(Variable variable, Array array) {
                variable.replace(Internals.tensor(array));
            }
        });
    }

    private final Kind kind;
    private final Node leaf;
    private volatile Tensor value;

    private Variable(Kind kind, Tensor value) {
        this.kind = kind;
        this.value = value.detached();
        this.leaf = Node.leaf(value.spec());
        GraphTrace trace = GraphTrace.open();
        if (trace != null) {
            trace.create(this, value);
        } else {
            Recycler.hold(Internals.array(value));
        }
    }

    /**
     * A variable that training improves.
     *
     * @throws ShapeException if the value is not a float tensor
     */
    public static Variable parameter(Tensor value) {
        if (!value.dtype().isFloat()) {
            throw ShapeException.of("parameter", "not a float tensor").operand("value", value.spec())
                    .expected("F32 or F64; a buffer may hold any dtype");
        }
        return new Variable(Kind.PARAMETER, value);
    }

    /** A variable without gradient. */
    public static Variable buffer(Tensor value) {
        return new Variable(Kind.BUFFER, value);
    }

    /** Whether this is a parameter or a buffer. */
    public Kind kind() {
        return kind;
    }

    /** Dtype and shape, the same for life. */
    public TensorSpec spec() {
        return value.spec();
    }

    /** The tensor held: tracked if this is a parameter that an open {@link Training} scope trains, else a constant. */
    public Tensor value() {
        GraphTrace trace = GraphTrace.open();
        if (trace != null) {
            return tracked(trace.read(this));
        }
        Tensor current = value;
        while (!isReadable(Internals.array(current))) { // it was replaced meanwhile and its memory taken back
            current = value;
        }
        return tracked(current);
    }

    private Tensor tracked(Tensor current) {
        return kind == Kind.PARAMETER && Training.tracks(this) ? current.on(leaf) : current;
    }

    /**
     * Replaces the tensor held.
     *
     * @throws ShapeException if dtype or shape differ from {@link #spec}
     * @throws IllegalStateException if the tensor was computed in a run of a {@link Workspace} that is over
     */
    public void set(Tensor replacement) {
        if (!replacement.spec().equals(spec())) {
            throw ShapeException.of("set", "the value does not fit the variable")
                    .operand("variable", spec())
                    .operand("value", replacement.spec())
                    .expected(spec().toString());
        }
        GraphTrace trace = GraphTrace.open();
        if (trace != null) {
            trace.update(this, replacement);
            return;
        }
        replace(replacement.detached());
    }

    private void replace(Tensor replacement) {
        Tensor before = value;
        Recycler.hold(Internals.array(replacement)); // refuses what a workspace took back
        value = replacement;
        Recycler.release(Internals.array(before));
    }

    /** In a run of its workspace memory is there as long as the run; anywhere else it must never be taken back again. */
    private static boolean isReadable(Array array) {
        return array.isLentHere() || array.expose();
    }

    Node leaf() {
        return leaf;
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + spec();
    }
}
