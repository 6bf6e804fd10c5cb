package io.adjoint.optim.data;

import io.adjoint.autodiff.ShapeException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Makes the next elements of a list on background threads while the last one is used: the same elements in the same order, to the
 * bit, since each is a function of its index.
 *
 * {@snippet :
 * try (Prefetch<Batch> epoch = Prefetch.of(batches.epoch(3), 2)) {
 *     while (epoch.hasNext()) {
 *         Batch batch = epoch.next();
 *     }
 * }
 * }
 *
 * <p>At most so many elements as it was told are in the making or waiting at a time. It closes itself after the last element
 * and after a failure; close it where it is left before. One thread at a time.
 *
 * @param <T> the elements
 */
public final class Prefetch<T> implements Iterator<T>, AutoCloseable {
    private final List<T> elements;
    private final Queue<Future<T>> ahead = new ArrayDeque<>();
    private final ExecutorService threads;
    private int asked;
    private int given;

    private Prefetch(List<T> elements, int depth, int threads) {
        this.elements = elements;
        // Elements are computed, not waited for, so virtual threads would give nothing; daemons never keep a JVM alive.
        this.threads = Executors.newFixedThreadPool(threads,
                body -> Thread.ofPlatform().daemon().name("adjoint-prefetch").unstarted(body));
        while (asked < Math.min(depth, elements.size())) {
            ask();
        }
        closeAfterTheLast();
    }

    /** {@link #of(List, int, int)} with one background thread. */
    public static <T> Prefetch<T> of(List<T> elements, int depth) {
        return of(elements, depth, 1);
    }

    /**
     * Begins to make elements.
     *
     * @param elements which are made by {@code get}, from several threads if there are several
     * @param depth most elements that are made ahead, 1 or more
     * @param threads how many make them, 1 or more
     * @throws ShapeException if a number is below 1
     */
    public static <T> Prefetch<T> of(List<T> elements, int depth, int threads) {
        if (depth < 1 || threads < 1) {
            throw ShapeException.of("prefetch", "nothing to work with").operand("depth", depth)
                    .operand("threads", threads).expected("1 or more of both");
        }
        return new Prefetch<>(elements, depth, threads);
    }

    @Override
    public boolean hasNext() {
        return given < elements.size();
    }

    /**
     * The next element, when it is made. If it could not be made, this throws what {@code get} threw on the background thread.
     *
     * @throws IllegalStateException if this was closed before its last element, or the thread is interrupted, which closes it
     */
    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (threads.isShutdown() && ahead.isEmpty()) {
            throw new IllegalStateException("prefetch: it was closed before its last element");
        }
        T element = take(ahead.remove());
        given++;
        if (asked < elements.size()) {
            ask();
        }
        closeAfterTheLast();
        return element;
    }

    private void ask() {
        int index = asked++;
        ahead.add(threads.submit(() -> elements.get(index)));
    }

    private T take(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            close();
            throw Prefetch.<RuntimeException>unchanged(e.getCause());
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("prefetch: the thread was interrupted while it waited for an element", e);
        }
    }

    /** Of whatever type: {@code get} declares none, so callers expect no other than it throws. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E unchanged(Throwable failure) throws E {
        throw (E) failure;
    }

    /** What was asked for last is still made, then the threads end. */
    private void closeAfterTheLast() {
        if (asked == elements.size()) {
            threads.shutdown();
        }
    }

    /** Ends the background threads, and waits until they have; what they are making is interrupted and given up. */
    @Override
    public void close() {
        ahead.clear();
        threads.shutdownNow();
        try {
            threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
