package io.adjoint.autodiff.compile;

import io.adjoint.autodiff.Variable;
import io.adjoint.autodiff.kernel.Copies;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.tape.Internals;

/**
 * What a variable holds, as a program uses it. A variable that the program updates holds an array that is written in place,
 * unless somebody has been given it: then the variable gets another one, and what was given away stays as it was.
 */
final class VariableSlot {
    private final Variable variable;
    private final boolean isUpdated;
    /** What launches are bound to. */
    private Array bound;

    /** What the variable held when it was claimed. */
    private Array found;

    /** The array whose claim this holds, null if it holds none. */
    private Array claimed;

    VariableSlot(Variable variable, boolean isUpdated) {
        this.variable = variable;
        this.isUpdated = isUpdated;
    }

    Variable variable() {
        return variable;
    }

    /** Row-major. */
    Array array() {
        return bound;
    }

    /**
     * Claims what the variable holds.
     *
     * @return null, or the array that somebody else claims
     */
    Array claim() {
        Array usual = Internals.held(variable);
        if (isUpdated && usual.isResident() && usual.claimWriting()) { // if it is not held any more, isCurrent() tells
            claimed = usual;
            found = usual;
            return null;
        }
        synchronized (variable) { // two programs must not both give it an array of their own
            Array held = Internals.held(variable);
            if (!held.isResident()) {
                return isUpdated ? move(held) : read(held);
            }
            boolean free = isUpdated ? held.claimWriting() : held.claimReading();
            if (!free && isUpdated && held.claimReading()) { // somebody may have kept it
                Array busy = move(held);
                held.yieldClaim();
                return busy;
            }
            claimed = free ? held : null;
            found = held;
            return free ? null : held;
        }
    }

    /** Lets the variable hold a resident copy. */
    private Array move(Array held) {
        Array own = Array.resident(held.dtype(), held.shape());
        Copies.prepare(held, own).run();
        own.claimWriting();
        claimed = own;
        found = own;
        Internals.hold(variable, own);
        return null;
    }

    private Array read(Array held) {
        claimed = null;
        found = held;
        return held.expose() ? null : held; // nobody takes it back while the program reads it
    }

    /** Whether the variable still holds what {@link #claim} found: it may have been given another array meanwhile. */
    boolean isCurrent() {
        return Internals.held(variable) == found;
    }

    /** Whether launches have to be bound anew, to {@link #array} as it is afterwards. */
    boolean rebind() {
        if (bound != null && bound.isSameView(found)) {
            return false;
        }
        bound = found.isContiguous() ? found : Copies.of(found);
        return true;
    }

    void yieldClaim() {
        if (claimed != null) {
            claimed.yieldClaim();
            claimed = null;
        }
    }
}
