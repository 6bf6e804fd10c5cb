package io.adjoint.examples.benchmarks;

import java.util.concurrent.SynchronousQueue;
import java.util.function.Consumer;

/** A training in a thread of its own that waits before each epoch until it is wanted. */
final class Paced implements Job {
    private final SynchronousQueue<Boolean> wanted = new SynchronousQueue<>();
    private final SynchronousQueue<Double> losses = new SynchronousQueue<>();

    private Paced() {}

    /** @param training calls {@link #await} before each epoch and {@link #done} after it */
    static Job start(Consumer<Paced> training) {
        Paced paced = new Paced();
        Thread.ofPlatform().daemon().start(() -> training.accept(paced));
        return paced;
    }

    void await() {
        take(wanted);
    }

    void done(double loss) {
        put(losses, loss);
    }

    @Override
    public void run() {
        epoch();
    }

    @Override
    public double[] evidence() {
        return new double[] {epoch()};
    }

    private double epoch() {
        put(wanted, true);
        return take(losses);
    }

    private static <T> T take(SynchronousQueue<T> queue) {
        try {
            return queue.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> void put(SynchronousQueue<T> queue, T element) {
        try {
            queue.put(element);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
