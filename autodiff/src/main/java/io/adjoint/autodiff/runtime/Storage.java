package io.adjoint.autodiff.runtime;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.TraceException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The Java array under some views. Most are left to the garbage collector; one that a {@link Recycler} lent is taken back
 * and lent again, and from then on its old views refuse to be read.
 */
final class Storage {
    private Object data;
    private final DType dtype;

    /** Who lent it, null if the garbage collector looks after it. */
    private final Recycler owner;

    /** Its number among all that the owner lent. */
    private final long number;

    /** In how many cotangents it lies that a walk has not used yet; the owner's thread counts. */
    private int awaited;

    /** How many variables hold it. */
    private int variables;

    /** Whether it was handed out to somebody of whom nobody knows until when. */
    private boolean exposed;

    /** How many runs of programs read it, or -1 while one writes it. */
    private int claims;

    /** How many runs that might write it have ended. */
    private volatile long writings;

    /** What was made of the elements to be kept beside them. */
    private final Map<Object, Object> derived = new HashMap<>();

    /** The thread whose run writes it, null while none does. */
    private Thread writer;

    /** How many threads wait for a claim to end. */
    private int waiting;

    Storage(Object data, DType dtype) {
        this(data, dtype, null, 0);
    }

    Storage(Object data, DType dtype, Recycler owner, long number) {
        this.data = data;
        this.dtype = dtype;
        this.owner = owner;
        this.number = number;
    }

    Object data() {
        Object current = data;
        if (current == null && owner == null) {
            throw TraceException.of("a tensor without a value is read",
                    "tensor operations only, such as where() in place of an if, and the values after the run");
        }
        if (current == null) {
            throw new IllegalStateException(
                    "tensor: it was computed in a run of a workspace that is over, and its memory is"
                            + " used for others; expected the result of the run, the value of a variable or numbers copied in time");
        }
        return current;
    }

    boolean isSymbolic() {
        return data == null && owner == null;
    }

    DType dtype() {
        return dtype;
    }

    Recycler owner() {
        return owner;
    }

    long number() {
        return number;
    }

    void await(int change) {
        awaited += change;
    }

    int awaited() {
        return awaited;
    }

    synchronized void addVariable() {
        data();
        variables++;
    }

    /** Whether this was the last variable that held it. */
    synchronized boolean removeVariable() {
        variables--;
        return variables == 0;
    }

    /**
     * Leaves it to the garbage collector for good; false if it was taken back before. Waits for the run of a program that
     * writes it, so that nobody ever sees half of an update.
     */
    synchronized boolean expose() {
        if (writer == Thread.currentThread()) {
            throw new IllegalStateException("variable: an operation of a program reads a variable that the program"
                    + " updates in the same run; expected the variable's value as an input of the operation");
        }
        boolean interrupted = false;
        waiting++;
        while (claims < 0) {
            try {
                wait();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        waiting--;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        exposed = true;
        return data != null;
    }

    /** Lets a run write it, if nobody reads or writes it and nobody may have kept it; whether that is so. */
    synchronized boolean claimWriting() {
        boolean free = claims == 0 && !exposed;
        if (free) {
            claims = -1;
            writer = Thread.currentThread();
        }
        return free;
    }

    long writings() {
        return writings;
    }

    synchronized Object derived(Object key, Supplier<?> make) {
        return derived.computeIfAbsent(key, _ -> make.get());
    }

    /** Lets a run read it, if nobody writes it; whether that is so. */
    synchronized boolean claimReading() {
        boolean free = claims >= 0;
        claims += free ? 1 : 0;
        return free;
    }

    /** Ends a claim. */
    synchronized void yieldClaim() {
        if (claims < 0) { // what was made of the elements in the run itself may be of those before
            writings++;
        }
        claims = Math.max(0, claims - 1);
        writer = null;
        if (waiting > 0) {
            notifyAll();
        }
    }

    /** Waits until a claim ends, or a moment if none is there. */
    synchronized void awaitYield() {
        if (claims != 0) {
            waiting++;
            try {
                wait(1);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            waiting--;
        }
    }

    synchronized boolean isExposed() {
        return exposed;
    }

    /** The Java array, which no view reaches from now on; null if somebody may still read it or it was taken back before. */
    synchronized Object takeBack() {
        if (variables > 0 || exposed) {
            return null;
        }
        Object taken = data;
        data = null;
        return taken;
    }
}
