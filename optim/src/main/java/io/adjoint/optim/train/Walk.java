package io.adjoint.optim.train;

import io.adjoint.autodiff.Rng;
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
    /** Of the order of the current epoch; plain numbers beside it, since a step makes no {@link Position} of them. */
    private Rng key;
    private long epoch;
    private int batch;
    /** What is left of the epoch. */
    private Feed rest;

    /** @param epochs beyond which nothing is made ahead */
    Walk(Batches batches, Loading loading, long epochs) {
        this.batches = batches;
        this.loading = loading;
        this.epochs = epochs;
        count = batches.count();
        Position start = batches.start();
        saved = Variable.buffer(start.tensor());
        rest = begin(start);
    }

    @Override
    public SequencedMap<String, Object> parts() {
        SequencedMap<String, Object> parts = new LinkedHashMap<>();
        parts.put("position", saved);
        return Collections.unmodifiableSequencedMap(parts);
    }

    void write() {
        saved.set(position().tensor());
    }

    void read() {
        Position position = Position.of(saved.value());
        rest.close();
        rest = begin(position);
    }

    private Feed begin(Position position) {
        key = position.key();
        epoch = position.epoch();
        batch = position.batch();
        return look();
    }

    private Feed look() {
        return new Feed(batches.rest(position()), loading);
    }

    /** The batch that comes next. */
    Position position() {
        return new Position(key, epoch, batch);
    }

    /** The epoch of the batch that comes next. */
    long epoch() {
        return epoch;
    }

    /** Number of steps completed. */
    long steps() {
        return epoch * count + batch;
    }

    /** Whether the epoch of the last batch is over. */
    boolean isBetweenEpochs() {
        return batch == 0;
    }

    /** The next batch, which stays the next. */
    Batch upcoming() {
        return batches.rest(position()).getFirst();
    }

    /** The next batch; if it cannot be made the position stays. */
    Batch next() {
        Batch made = rest.next();
        batch++;
        if (batch == count) {
            batch = 0;
            epoch++;
            rest = look();
            if (epoch < epochs) {
                rest.start(); // while the epoch is validated
            }
        }
        return made;
    }

    /** Ends what makes batches ahead. */
    @Override
    public void close() {
        rest.close();
    }
}
