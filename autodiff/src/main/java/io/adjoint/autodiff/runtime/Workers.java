package io.adjoint.autodiff.runtime;

import java.util.concurrent.ConcurrentLinkedDeque;
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

    /** Last in, first out: the helper that was idle for the shortest time may still be spinning. */
    private static final ConcurrentLinkedDeque<Helper> IDLE = new ConcurrentLinkedDeque<>();

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
        Loop loop = new Loop(chunks, chunk, Thread.currentThread());
        long begin = System.nanoTime();
        if (TRUST.holds(begin)) {
            for (int helper = 1; helper < threads && callHelper(loop, threads() - 1); helper++) {}
        }
        int mine = ScopedValue.where(THREADS, 1).call(loop::work);
        if (!loop.isDone()) {
            await(loop, mine, begin);
        }
        loop.throwFailure();
    }

    private static void await(Loop loop, int mine, long begin) {
        long worked = System.nanoTime();
        awaitBriefly(loop::isDone);
        while (!loop.isDone()) {
            LockSupport.park(loop);
        }
        if (mine > 0) {
            long now = System.nanoTime();
            TRUST.judge(now - worked, (worked - begin) / mine, now);
        }
    }

    private static boolean callHelper(Loop loop, int limit) {
        Helper helper = IDLE.pollFirst();
        if (helper != null) {
            helper.accept(loop);
            return true;
        }
        int started = STARTED.get();
        if (started >= limit || !STARTED.compareAndSet(started, started + 1)) {
            return false;
        }
        new Helper(started + 1, loop).start();
        return true;
    }

    private static void awaitBriefly(BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean() && System.nanoTime() - begin < SPIN_NANOS) {
            Thread.onSpinWait();
        }
    }

    /** One call of {@link #forEach}. */
    private static final class Loop {
        private final int chunks;
        private final IntConsumer chunk;
        private final Thread caller;
        private final AtomicInteger claimed = new AtomicInteger();
        private final AtomicInteger finished = new AtomicInteger();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Loop(int chunks, IntConsumer chunk, Thread caller) {
            this.chunks = chunks;
            this.chunk = chunk;
            this.caller = caller;
        }

        /** Runs chunks until all are begun, and says how many it were. */
        int work() {
            int count = 0;
            for (int mine = claimed.getAndIncrement(); mine < chunks; mine = claimed.getAndIncrement()) {
                run(mine);
                count++;
            }
            return count;
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

    /** A thread of the pool: takes one loop at a time, then lies down among the idle. */
    private static final class Helper extends Thread {
        private final AtomicReference<Loop> next;

        Helper(int number, Loop first) {
            super(null, null, "adjoint-worker-" + number, 0, false);
            setDaemon(true);
            next = new AtomicReference<>(first);
        }

        void accept(Loop loop) {
            next.set(loop);
            LockSupport.unpark(this);
        }

        @Override
        public void run() {
            ScopedValue.where(THREADS, 1).run(this::serve);
        }

        private void serve() {
            while (true) {
                takePart();
                IDLE.addFirst(this);
                awaitBriefly(this::isCalled);
                while (!isCalled()) {
                    LockSupport.park(IDLE);
                }
            }
        }

        private boolean isCalled() {
            return next.get() != null;
        }

        /** Apart from {@link #serve}, so that a parked thread's stack keeps no finished loop, and its arrays, alive. */
        private void takePart() {
            next.getAndSet(null).work();
        }
    }
}
