package io.adjoint.optim.train;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets a training end in good order when the JVM is told to: by SIGINT, SIGTERM, or an exit called elsewhere. */
final class Shutdown implements AutoCloseable {
    private final Thread trainer = Thread.currentThread();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Optional<Thread> hook;
    private volatile boolean isRequested;

    private Shutdown(boolean isWatched) {
        hook = isWatched ? Optional.of(new Thread(this::await, "adjoint-checkpoint")) : Optional.empty();
        hook.ifPresent(Runtime.getRuntime()::addShutdownHook);
    }

    /** Watches for the end of the JVM; not if there is nothing to be saved then. */
    static Shutdown watch(boolean isWatched) {
        return new Shutdown(isWatched);
    }

    boolean isRequested() {
        return isRequested;
    }

    private void await() {
        isRequested = true;
        try {
            while (!isExiting() && !ended.await(1, TimeUnit.SECONDS)) {
                // still saving
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the training itself asked for the exit: it waits for this hook then, and not the other way round. */
    private boolean isExiting() {
        for (StackTraceElement frame : trainer.getStackTrace()) {
            if (frame.getClassName().equals("java.lang.Shutdown")) {
                return true;
            }
        }
        return !trainer.isAlive();
    }

    @Override
    public void close() {
        ended.countDown();
        if (!isRequested) {
            try {
                hook.ifPresent(Runtime.getRuntime()::removeShutdownHook);
            } catch (IllegalStateException e) {
                return; // it is on its way, and will find that the training ended
            }
        }
    }
}
