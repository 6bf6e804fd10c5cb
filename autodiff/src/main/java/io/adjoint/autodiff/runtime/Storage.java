package io.adjoint.autodiff.runtime;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.TraceException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Supplier;

/**
 * The Java array under some views. Most are left to the garbage collector; one that a {@link Recycler} lent is taken back
 * and lent again, and from then on its old views refuse to be read.
 */
final class Storage {
    /** Claims are changed without the monitor: a step of a small network claims some dozen variables, and a monitor takes twice as long. */
    private static final AtomicIntegerFieldUpdater<Storage> CLAIMS =
            AtomicIntegerFieldUpdater.newUpdater(Storage.class, "claims");

    /** The claims where a run writes. */
    private static final int WRITTEN = -1;

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

    /** Whether it was handed out to somebody of whom nobody knows until when, or will be once nobody writes it. */
    private volatile boolean exposed;

    /** How many runs of programs read it, or {@link #WRITTEN}. */
    private volatile int claims;

    /** How many runs that might write it have ended, as those see who claim it afterwards. */
    private long writings;

    /** What was made of the elements to be kept beside them, null as long as nothing was, as of most. */
    private Map<Object, Object> derived;

    /** The thread whose run writes it, null while none does. */
    private Thread writer;

    /** How many threads wait for a claim to end; changed in the monitor. */
    private volatile int waiting;

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
        exposed = true; // before the claims are looked at: who claims meanwhile sees it, or is seen
        waiting++;
        while (claims == WRITTEN) {
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
        return data != null;
    }

    /** Lets a run write it, if nobody reads or writes it and nobody may have kept it; whether that is so. */
    boolean claimWriting() {
        if (exposed || !CLAIMS.compareAndSet(this, 0, WRITTEN)) {
            return false;
        }
        if (exposed) {
            claims = 0;
            tellWaiting();
            return false;
        }
        writer = Thread.currentThread();
        return true;
    }

    /** Wakes those who wait for the end of a claim; who begins to wait later sees the claims as they are now. */
    private void tellWaiting() {
        if (waiting > 0) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    long writings() {
        return writings;
    }

    synchronized Object derived(Object key, Supplier<?> make) {
        if (derived == null) {
            derived = new HashMap<>();
        }
        return derived.computeIfAbsent(key, _ -> make.get());
    }

    /** Lets a run read it, if nobody writes it; whether that is so. */
    boolean claimReading() {
        return CLAIMS.getAndUpdate(this, count -> count == WRITTEN ? WRITTEN : count + 1) != WRITTEN;
    }

    /** Ends a claim. */
    void yieldClaim() {
        if (claims == WRITTEN) { // what was made of the elements in the run itself may be of those before
            writings++;
            writer = null;
            claims = 0;
        } else {
            CLAIMS.getAndUpdate(this, count -> Math.max(0, count - 1));
        }
        tellWaiting();
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

    boolean isExposed() {
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
