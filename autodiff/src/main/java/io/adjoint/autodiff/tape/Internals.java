package io.adjoint.autodiff.tape;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.runtime.Array;
import java.lang.invoke.MethodHandles;

/**
 * What the module's own packages may do with a tensor and nobody else: reach the array under it and the node it came from.
 * Tensor hands the keys over when it is loaded, so that its public face stays free of them.
 */
public final class Internals {
    private static volatile Keys offered;

    /** There is no way to ask for it before there is a variable. */
    private static volatile Holders offeredHolders;

    private Internals() {}

    /** The keys, implemented by Tensor. */
    public interface Keys {
        Array array(Tensor tensor);

        /** The node that made this tensor, null for a constant. */
        Node node(Tensor tensor);

        Tensor make(Array array, Node node);
    }

    /** What variables hold, for programs; implemented by Variable. */
    public interface Holders {
        Array held(Variable variable);

        void hold(Variable variable, Array array);
    }

    /** Takes the way to what variables hold, once. */
    public static void offer(Holders holders) {
        if (offeredHolders != null) {
            throw new IllegalStateException("the way was handed over before");
        }
        offeredHolders = holders;
    }

    /** What a variable holds, which nobody is told of: the memory may be taken back or written. */
    public static Array held(Variable variable) {
        return offeredHolders.held(variable);
    }

    /** Lets a variable hold another array. */
    public static void hold(Variable variable, Array array) {
        offeredHolders.hold(variable, array);
    }

    /** Takes the keys, once. */
    public static void offer(Keys keys) {
        if (offered != null) {
            throw new IllegalStateException("the keys were handed over before");
        }
        offered = keys;
    }

    private static final class Holder {
        static final Keys KEYS = load();

        private static Keys load() {
            try {
                MethodHandles.lookup().ensureInitialized(Tensor.class);
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
            return offered;
        }
    }

    public static Array array(Tensor tensor) {
        return Holder.KEYS.array(tensor);
    }

    /** A constant over an array that the caller lets go of. */
    public static Tensor tensor(Array array) {
        return Holder.KEYS.make(array, null);
    }

    public static Node node(Tensor tensor) {
        return Holder.KEYS.node(tensor);
    }

    /** The same with the node that it came from. */
    public static Tensor tensor(Array array, Node node) {
        return Holder.KEYS.make(array, node);
    }
}
