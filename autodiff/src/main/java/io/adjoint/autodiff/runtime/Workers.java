package io.adjoint.autodiff.runtime;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Loops over independent chunks of work, shared by the calling thread and a small pool of daemon threads.
 *
 * <p>Chunks are claimed one by one, so a thread that the machine holds back takes fewer of them, and the caller waits
 * only for chunks that somebody has begun; where helpers make it wait for long, they are given a {@linkplain Trust rest}. So
 * busy neighbours hardly ever make a loop slower than one thread. Several callers may loop at once; who finds no idle helper
 * does all of its own work.
 *
 * <p>A result must not depend on who ran a chunk, or in which order.
 */
public final class Workers {
    /** Bound to 1 inside a chunk, which makes nested loops run inline. */
    private static final ScopedValue<Integer> THREADS = ScopedValue.newInstance();

    private static final String PROPERTY = "adjoint.threads";

    /** {@link #UNKNOWN} if the property makes no sense, which whoever asks is told: a failed class would not say it twice. */
    private static final int DEFAULT_THREADS =
            read(System.getProperty(PROPERTY, Integer.toString(Runtime.getRuntime().availableProcessors())));

    private static final int UNKNOWN = 0;

    /** Kernels follow each other within microseconds, and waking a parked thread costs some fifty of them. */
    private static final long SPIN_NANOS = 30_000;

    /** Asked in this order, so that with few in use those are the ones that may still be spinning. */
    private static final CopyOnWriteArrayList<Helper> HELPERS = new CopyOnWriteArrayList<>();

    private static final AtomicInteger STARTED = new AtomicInteger();

    static final Trust TRUST = new Trust();

    private Workers() {}

    /**
     * The number of threads that {@link #forEach} may use here, the caller included: that of the enclosing {@link
     * #withThreads}, else the system property {@code adjoint.threads}, else the number of processors; 1 inside a loop that is shared already.
     *
     * @throws IllegalArgumentException if the property is not a number of 1 or more
     */
    public static int threads() {
        int threads = THREADS.orElse(DEFAULT_THREADS);
        if (threads == UNKNOWN) {
            throw refusal("system property " + PROPERTY, System.getProperty(PROPERTY));
        }
        return threads;
    }

    /** A number of 1 or more, else {@link #UNKNOWN}. */
    static int read(String number) {
        try {
            return Math.max(UNKNOWN, Integer.parseInt(number));
        } catch (NumberFormatException e) {
            return UNKNOWN;
        }
    }

    private static IllegalArgumentException refusal(String what, Object found) {
        return new IllegalArgumentException(what + ": " + found + "; expected a number of 1 or more");
    }

    /**
     * Runs {@code body} with {@link #threads} as given, for this thread and this call only.
     *
     * @throws IllegalArgumentException if {@code threads} is less than 1
     */
    public static <T> T withThreads(int threads, Supplier<T> body) {
        if (threads < 1) {
            throw refusal("threads", threads);
        }
        return ScopedValue.where(THREADS, threads).call(body::get);
    }

    /**
     * Calls {@code chunk} once with each number from 0 to {@code chunks - 1}, in any order and on several threads, and
     * returns when all calls have. After a call has thrown, chunks not yet begun are dropped and the first exception is
     * thrown here. Scoped values of the caller are not bound on the helpers.
     */
    public static void forEach(int chunks, IntConsumer chunk) {
        int threads = Math.min(threads(), chunks);
        if (threads <= 1) {
            for (int i = 0; i < chunks; i++) {
                chunk.accept(i);
            }
            return;
        }
        Loop loop = new Loop(chunks, chunk);
        loop.begin();
        long begin = System.nanoTime();
        callHelpers(loop, threads, begin);
        end(loop, ScopedValue.where(THREADS, 1).call(loop::work), begin);
    }

    /**
     * The loop of {@link #forEach} to be run again and again without allocating. Its chunks must not loop in turn: on the
     * calling thread {@link #threads} is not 1 inside.
     */
    public static Launch prepare(int chunks, IntConsumer chunk) {
        if (chunks == 1) {
            return () -> chunk.accept(0);
        }
        Loop loop = new Loop(chunks, chunk);
        return () -> run(loop);
    }

    private static void run(Loop loop) {
        int threads = Math.min(threads(), loop.chunks);
        if (threads <= 1) {
            for (int i = 0; i < loop.chunks; i++) {
                loop.chunk.accept(i);
            }
            return;
        }
        loop.begin();
        long begin = System.nanoTime();
        callHelpers(loop, threads, begin);
        end(loop, loop.work(), begin);
    }

    private static void callHelpers(Loop loop, int threads, long now) {
        if (TRUST.holds(now)) {
            for (int helper = 1; helper < threads && callHelper(loop, threads() - 1); helper++) {}
        }
    }

    private static void end(Loop loop, int mine, long begin) {
        if (!loop.isDone()) {
            await(loop, mine, begin);
        }
        loop.throwFailure();
    }

    private static void await(Loop loop, int mine, long begin) {
        long worked = System.nanoTime();
        awaitBriefly(loop.done);
        while (!loop.isDone()) {
            LockSupport.park(loop);
        }
        if (mine > 0) {
            long now = System.nanoTime();
            TRUST.judge(now - worked, (worked - begin) / mine, now);
        }
    }

    private static boolean callHelper(Loop loop, int limit) {
        for (int i = 0; i < HELPERS.size(); i++) {
            if (HELPERS.get(i).accepts(loop)) {
                return true;
            }
        }
        int started = STARTED.get();
        if (started >= limit || !STARTED.compareAndSet(started, started + 1)) {
            return false;
        }
        Helper helper = new Helper(started + 1, loop);
        helper.start();
        HELPERS.add(helper);
        return true;
    }

    private static void awaitBriefly(BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean() && System.nanoTime() - begin < SPIN_NANOS) {
            Thread.onSpinWait();
        }
    }

    /** A loop whose chunks are claimed; it may begin anew once it is done. */
    private static final class Loop {
        private final int chunks;
        private final IntConsumer chunk;
        private final BooleanSupplier done = this::isDone;
        private Thread caller;
        /** All claimed until the loop begins: a helper that comes late finds nothing to do, or the next run's work. */
        private final AtomicInteger claimed;
        private final AtomicInteger finished = new AtomicInteger();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Loop(int chunks, IntConsumer chunk) {
            this.chunks = chunks;
            this.chunk = chunk;
            this.claimed = new AtomicInteger(chunks);
        }

        /** Opens the chunks, last of all, for whoever claims one sees what is written before. */
        void begin() {
            caller = Thread.currentThread();
            finished.set(0);
            failure.set(null);
            claimed.set(0);
        }

        /** Runs chunks until all are begun, and says how many it were. */
        int work() {
            int count = 0;
            for (int mine = claim(); mine < chunks; mine = claim()) {
                run(mine);
                count++;
            }
            return count;
        }

        private int claim() {
            return claimed.get() < chunks ? claimed.getAndIncrement() : chunks;
        }

        private void run(int number) {
            try {
                if (failure.get() == null) {
                    chunk.accept(number);
                }
            } catch (Throwable thrown) {
                failure.compareAndSet(null, thrown);
            }
            if (finished.incrementAndGet() == chunks && Thread.currentThread() != caller) {
                LockSupport.unpark(caller);
            }
        }

        boolean isDone() {
            return finished.get() == chunks;
        }

        void throwFailure() {
            switch (failure.get()) {
                case null -> {}
                case RuntimeException exception -> throw exception;
                case Error error -> throw error;
                case Throwable other -> throw new IllegalStateException(other);
            }
        }
    }

    /** A thread of the pool: takes one loop at a time, and waits for the next. */
    private static final class Helper extends Thread {
        /** The loop that it works at or is about to, null while it is idle. */
        private final AtomicReference<Loop> next;

        Helper(int number, Loop first) {
            super(null, null, "adjoint-worker-" + number, 0, false);
            setDaemon(true);
            next = new AtomicReference<>(first);
        }

        /** Takes part in the loop if it is idle. */
        boolean accepts(Loop loop) {
            if (next.get() != null || !next.compareAndSet(null, loop)) {
                return false;
            }
            LockSupport.unpark(this);
            return true;
        }

        @Override
        public void run() {
            ScopedValue.where(THREADS, 1).run(this::serve);
        }

        private void serve() {
            BooleanSupplier called = this::isCalled;
            while (true) {
                takePart();
                awaitBriefly(called);
                while (!isCalled()) {
                    LockSupport.park(HELPERS);
                }
            }
        }

        private boolean isCalled() {
            return next.get() != null;
        }

        /** Apart from {@link #serve}, so that a parked thread's stack keeps no finished loop, and its arrays, alive. */
        private void takePart() {
            next.get().work();
            next.set(null);
        }
    }
}
