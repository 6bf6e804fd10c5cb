package io.adjoint.optim.train;

import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import io.adjoint.optim.data.Batch;
import io.adjoint.optim.data.Batches;
import io.adjoint.optim.data.Position;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The way of a run through its batches. As a {@link io.adjoint.optim.data.Cursor}, but its variable is written when it is asked for: a
 * small step takes less time than a few variables do.
 */
final class Walk implements Module, AutoCloseable {
    private final Batches batches;
    private final Loading loading;
    private final long epochs;
    private final Variable saved;
    private final int count;
    private Position next;
    /** What is left of the epoch. */
    private Feed rest;

    /** @param epochs beyond which nothing is made ahead */
    Walk(Batches batches, Loading loading, long epochs) {
        this.batches = batches;
        this.loading = loading;
        this.epochs = epochs;
        count = batches.count();
        next = batches.start();
        saved = Variable.buffer(next.tensor());
        rest = look();
    }

    @Override
    public SequencedMap<String, Object> parts() {
        SequencedMap<String, Object> parts = new LinkedHashMap<>();
        parts.put("position", saved);
        return Collections.unmodifiableSequencedMap(parts);
    }

    void write() {
        saved.set(next.tensor());
    }

    void read() {
        next = Position.of(saved.value());
        rest.close();
        rest = look();
    }

    private Feed look() {
        return new Feed(batches.rest(next), loading);
    }

    /** The batch that comes next. */
    Position position() {
        return next;
    }

    /** Number of steps completed. */
    long steps() {
        return next.epoch() * count + next.batch();
    }

    /** Whether the epoch of the last batch is over. */
    boolean isBetweenEpochs() {
        return next.batch() == 0;
    }

    /** The next batch, which stays the next. */
    Batch upcoming() {
        return batches.rest(next).getFirst();
    }

    /** The next batch; if it cannot be made the position stays. */
    Batch next() {
        Batch batch = rest.next();
        next = batches.after(next);
        if (isBetweenEpochs()) {
            rest = look();
            if (next.epoch() < epochs) {
                rest.start(); // while the epoch is validated
            }
        }
        return batch;
    }

    /** Ends what makes batches ahead. */
    @Override
    public void close() {
        rest.close();
    }
}
