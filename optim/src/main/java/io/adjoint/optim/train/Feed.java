package io.adjoint.optim.train;

import io.adjoint.optim.data.Batch;
import io.adjoint.optim.data.Prefetch;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Batches one after the other, made as {@link Loading} says. An interrupt of the thread neither loses nor spoils a batch: it stays
 * for whoever looks at it next.
 */
final class Feed implements Iterator<Batch>, AutoCloseable {
    private final List<Batch> batches;
    private final Loading loading;
    private Optional<Prefetch<Batch>> ahead = Optional.empty();
    private boolean isOnDemand;
    private int given;

    Feed(List<Batch> batches, Loading loading) {
        this.batches = batches;
        this.loading = loading;
        isOnDemand = loading.threads() == 0;
    }

    /** Begins to make batches, where others do; the first {@link #next} does so otherwise. */
    void start() {
        if (!isOnDemand && ahead.isEmpty()) {
            ahead = Optional.of(Prefetch.of(batches.subList(given, batches.size()), loading.ahead(),
                    loading.threads()));
        }
    }

    @Override
    public boolean hasNext() {
        return given < batches.size();
    }

    /** The next batch; if it cannot be made it is still the next. */
    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Batch batch = evenIfInterrupted();
        given++;
        return batch;
    }

    private Batch evenIfInterrupted() {
        try {
            start();
            return ahead.isPresent() ? ahead.get().next() : batches.get(given);
        } catch (RuntimeException e) {
            close();
            if (!Thread.interrupted()) {
                throw e;
            }
            // it gave up waiting, or a file was closed while it was read
            isOnDemand = true;
            try {
                return batches.get(given);
            } finally {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        ahead.ifPresent(Prefetch::close);
        ahead = Optional.empty();
    }
}
