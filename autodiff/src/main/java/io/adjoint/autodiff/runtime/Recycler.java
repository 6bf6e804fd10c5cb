package io.adjoint.autodiff.runtime;

import io.adjoint.autodiff.DType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Lends the memory of arrays, takes it back once nobody is to read it any more, and lends it again: memory that is warm in
 * the caches, that nobody has to clear and that the garbage collector never sees. It serves one thread at a time.
 */
public final class Recycler {
    /** Smaller arrays cost the garbage collector less than the books would cost. Tests recycle the smallest too. */
    private static final int LEAST_ELEMENTS = Integer.getInteger("adjoint.recycle.from", 1024);

    private static final ScopedValue<Recycler> OPEN = ScopedValue.newInstance();

    private final Map<Kind, Idle> idle = new HashMap<>();

    /** What was lent in this run and not taken back, in the order of the numbers. */
    private final List<Storage> lent = new ArrayList<>();

    /** What variables held until this run and hold no longer. */
    private final List<Storage> replaced = new ArrayList<>();

    private final AtomicReference<Thread> user = new AtomicReference<>();
    private long nextNumber;
    private boolean resting;

    private record Kind(DType dtype, int length) {}

    /** Arrays of one kind that wait to be lent again, and how few they became in this run. */
    private static final class Idle {
        private final Deque<Object> arrays = new ArrayDeque<>();
        private int fewest;

        Object poll() {
            Object array = arrays.pollLast();
            fewest = Math.min(fewest, arrays.size());
            return array;
        }

        /** Lets go of what the run did not need; whether nothing is left. */
        boolean trim() {
            for (; fewest > 0; fewest--) {
                arrays.removeFirst();
            }
            fewest = arrays.size();
            return arrays.isEmpty();
        }
    }

    /** What memory holds before it is written. */
    enum Content {
        ZEROS,
        ANYTHING
    }

    /** Whether one serves the calling thread. */
    public static boolean isOpen() {
        return open() != null;
    }

    /** The one that serves the calling thread, null if none does. */
    static Recycler open() {
        Recycler open = OPEN.isBound() ? OPEN.get() : null;
        return open != null && open.user.get() == Thread.currentThread() ? open : null;
    }

    /** Runs the body with the one that serves the calling thread, or else with a fresh one. */
    public static <T> T serving(Function<Recycler, T> body) {
        Recycler open = open();
        if (open != null) {
            return body.apply(open);
        }
        Recycler fresh = new Recycler();
        fresh.user.set(Thread.currentThread());
        return ScopedValue.where(OPEN, fresh).call(() -> body.apply(fresh));
    }

    /**
     * Runs the body and then takes back all that was lent in it but for what variables hold and what is exposed.
     *
     * @throws IllegalStateException if another thread runs this
     */
    public <T> T run(Supplier<T> body) {
        if (!user.compareAndSet(null, Thread.currentThread())) {
            throw new IllegalStateException(
                    "this workspace serves " + user.get() + " at the moment; expected a workspace for each thread");
        }
        try {
            return ScopedValue.where(OPEN, this).call(body::get);
        } finally {
            lent.forEach(this::takeBack);
            lent.clear();
            replaced.forEach(this::takeBack);
            replaced.clear();
            idle.values().removeIf(Idle::trim);
            user.set(null);
        }
    }

    /** Runs the body without lending it anything: what it allocates may be used for longer than any run. */
    public static void lendingNothing(Runnable body) {
        ScopedValue.where(OPEN, null).run(body);
    }

    /** Memory for so many elements, for the calling thread. */
    static Storage lend(DType dtype, int length, Content content) {
        Recycler open = length < LEAST_ELEMENTS ? null : open();
        return open == null || open.resting ? new Storage(fresh(dtype, length), dtype)
                : open.lendOne(new Kind(dtype, length), content);
    }

    private Storage lendOne(Kind kind, Content content) {
        Idle waiting = idle.get(kind);
        Object data = waiting == null ? null : waiting.poll();
        if (data == null) {
            data = fresh(kind.dtype, kind.length);
        } else if (content == Content.ZEROS) {
            clear(data);
        }
        Storage storage = new Storage(data, kind.dtype, this, nextNumber++);
        lent.add(storage);
        return storage;
    }

    static Object fresh(DType dtype, int length) {
        return switch (dtype) {
            case BOOL -> new boolean[length];
            case I32 -> new int[length];
            case I64 -> new long[length];
            case F32 -> new float[length];
            case F64 -> new double[length];
        };
    }

    private static void clear(Object data) {
        switch (data) {
            case boolean[] booleans -> Arrays.fill(booleans, false);
            case int[] ints -> Arrays.fill(ints, 0);
            case long[] longs -> Arrays.fill(longs, 0);
            case float[] floats -> Arrays.fill(floats, 0);
            case double[] doubles -> Arrays.fill(doubles, 0);
            default -> throw new AssertionError(data.getClass());
        }
    }

    private void takeBack(Storage storage) {
        Object data = storage.takeBack();
        if (data != null) {
            Kind kind = new Kind(storage.dtype(), java.lang.reflect.Array.getLength(data));
            idle.computeIfAbsent(kind, _ -> new Idle()).arrays.addLast(data);
        }
    }

    /** A variable holds the array from now on. */
    public static void hold(Array array) {
        array.storage().addVariable();
    }

    /** A variable holds it no longer. */
    public static void release(Array array) {
        Storage storage = array.storage();
        Recycler open = open();
        if (storage.removeVariable() && open != null && storage.owner() == open) {
            open.replaced.add(storage);
        }
    }

    // ---- a walk along the tape, which knows when its cotangents have been used

    /** The number of what is lent next. */
    public long nextNumber() {
        return nextNumber;
    }

    /** Runs the body of somebody who may keep what is allocated in it. */
    public <T> T resting(Supplier<T> body) {
        boolean before = resting;
        resting = true;
        try {
            return body.get();
        } finally {
            resting = before;
        }
    }

    /** A cotangent that a walk will use lies in this memory. */
    public void await(Array array) {
        Storage storage = array.storage();
        if (storage.owner() == this) {
            storage.await(1);
        }
    }

    /** Whether only one cotangent lies in this memory, which was lent under that number or a later one. */
    public boolean isAwaitedOnce(Array array, long from) {
        Storage storage = array.storage();
        return isRecent(storage, from) && storage.awaited() == 1 && !storage.isExposed();
    }

    private boolean isRecent(Storage storage, long from) {
        return storage.owner() == this && storage.number() >= from;
    }

    /** A cotangent in this memory was used: takes it back if no other lies there and it was lent under that number or later. */
    public void doneWith(Array array, long from) {
        Storage storage = array.storage();
        if (storage.owner() == this) {
            storage.await(-1);
            if (storage.awaited() == 0 && isRecent(storage, from)) {
                takeBack(storage);
            }
        }
    }

    /** Takes back all that was lent under that number or a later one and is not awaited. */
    public void sweep(long from) {
        int first = lent.size();
        while (first > 0 && lent.get(first - 1).number() >= from) {
            first--;
        }
        List<Storage> recent = lent.subList(first, lent.size());
        recent.removeIf(storage -> {
            if (storage.awaited() > 0) {
                return false;
            }
            takeBack(storage);
            return true;
        });
    }
}
