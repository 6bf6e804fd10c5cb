package io.adjoint.autodiff.op;

import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * The reverse rule of an operation: for each input, the formula that turns the cotangent of the result into a cotangent of
 * that input (a vector-Jacobian product, vjp), written in public tensor operations so that it can be differentiated again.
 *
 * <p>A rule returns the cotangent in the dtype of the input, and in any shape that the input broadcasts to: the engine sums it back, and adds up the
 * contributions of several uses. A rule says which values it reads, so that the engine keeps no others alive.
 */
public final class Gradient {
    private final IntFunction<Partial> partials;
    private final Optional<String> absence;

    private Gradient(IntFunction<Partial> partials, Optional<String> absence) {
        this.partials = partials;
        this.absence = absence;
    }

    /** No gradient flows, for this reason: "piecewise constant", "boolean result", ... */
    public static Gradient none(String reason) {
        return new Gradient(_ -> Partial.none(), Optional.of(reason));
    }

    /** One rule for each input, in order. */
    public static Gradient of(Partial... partials) {
        List<Partial> list = List.of(partials);
        return new Gradient(list::get, Optional.empty());
    }

    /** A rule for input number {@code i} of any number of inputs. */
    public static Gradient each(IntFunction<Partial> partials) {
        return new Gradient(partials, Optional.empty());
    }

    /** The rule for one input. */
    public Partial partial(int input) {
        return partials.apply(input);
    }

    /** Why no gradient flows, empty if one does. */
    public Optional<String> absence() {
        return absence;
    }

    /** What a rule may look at: what it declared it reads, and the specs, which are always there. */
    public interface Context {
        /** The gradient of the differentiated quantity by the operation's result; shape and dtype of the result. */
        Tensor cotangent();

        /** Input number {@code i}; the rule must have declared that it reads it. */
        Tensor input(int i);

        /** The result; the rule must have declared that it reads it. */
        Tensor output();

        /** Dtype and shape of input number {@code i}. */
        TensorSpec inputSpec(int i);
    }

    /** A vector-Jacobian product. */
    @FunctionalInterface
    public interface Vjp {
        /** The cotangent of one input. */
        Tensor apply(Context context);
    }

    /**
     * An operation that adds the contribution to a cotangent that is there already.
     *
     * @param operation its first input is that cotangent
     * @param added its other inputs
     */
    public record Addition(Growing operation, List<Tensor> added) {
        /** With the other inputs one by one. */
        public Addition(Growing operation, Tensor... added) {
            this(operation, List.of(added));
        }
    }

    /** How a contribution is added to what other uses of the input contributed. */
    @FunctionalInterface
    public interface Adding {
        /** The operation for this cotangent, empty if it has to go the long way. */
        Optional<Addition> apply(Context context);
    }

    /** The rule for one input, and what it reads. */
    public static final class Partial {
        private static final Partial NONE = new Partial(0, false, Context::cotangent);

        private final long inputs;
        private final boolean output;
        private final Vjp vjp;
        private final Optional<Adding> adding;

        private Partial(long inputs, boolean output, Vjp vjp) {
            this(inputs, output, vjp, Optional.empty());
        }

        private Partial(long inputs, boolean output, Vjp vjp, Optional<Adding> adding) {
            this.inputs = inputs;
            this.output = output;
            this.vjp = vjp;
            this.adding = adding;
        }

        /** Nothing flows to this input (an index, a condition). */
        public static Partial none() {
            return NONE;
        }

        /** A rule that reads the cotangent only. */
        public static Partial linear(Vjp vjp) {
            return new Partial(0, false, vjp);
        }

        /** A rule that also reads the input of this number, 0 to 63. */
        public static Partial reading(int input, Vjp vjp) {
            return new Partial(bit(input), false, vjp);
        }

        /** A rule that also reads these two inputs. */
        public static Partial reading(int first, int second, Vjp vjp) {
            return new Partial(bit(first) | bit(second), false, vjp);
        }

        private static long bit(int input) {
            return 1L << Objects.checkIndex(input, Long.SIZE);
        }

        /** A rule that also reads the result. */
        public static Partial readingOutput(Vjp vjp) {
            return new Partial(0, true, vjp);
        }

        /** This rule, reading the input of this number too. */
        public Partial and(int input) {
            return new Partial(inputs | bit(input), output, vjp, adding);
        }

        /** This rule, reading the result too. */
        public Partial andOutput() {
            return new Partial(inputs, true, vjp, adding);
        }

        /**
         * This rule, with a shorter way where other uses of the input have contributed already: instead of a tensor that is
         * mostly zeros something is added at some places. The input's cotangent has the input's shape there.
         */
        public Partial adding(Adding shorter) {
            return new Partial(inputs, output, vjp, Optional.of(shorter));
        }

        /** The shorter way, if there is one. */
        public Optional<Adding> adding() {
            return adding;
        }

        /** Whether anything flows. */
        public boolean flows() {
            return this != NONE;
        }

        /** Whether the rule reads the input of this number. */
        public boolean reads(int input) {
            return input < Long.SIZE && (inputs >>> input & 1) != 0;
        }

        /** Whether the rule reads the result. */
        public boolean readsOutput() {
            return output;
        }

        /** The rule itself. */
        public Vjp vjp() {
            return vjp;
        }
    }
}
