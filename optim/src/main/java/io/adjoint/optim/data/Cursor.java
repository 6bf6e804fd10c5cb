package io.adjoint.optim.data;

import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Walks through batches, epoch after epoch, and remembers where it is in a buffer variable, {@code position}. Saved and loaded
 * with the model and its optimizer, it goes on with the batch that would have come next.
 *
 * {@snippet :
 * Cursor cursor = data.batches(32, Rng.seed(2)).cursor();
 * for (int step = 0; step < 1000; step++) {
 *     Batch batch = cursor.next();
 *     optimizer.minimize(() -> loss(model, batch));
 * }
 * }
 *
 * <p>One thread at a time.
 */
public final class Cursor implements Module {
    private final Batches batches;
    private final Variable position;
    /** What is left of the epoch, and where that begins. */
    private List<Batch> rest;
    private Position begin;

    /** A cursor at the first batch. */
    public Cursor(Batches batches) {
        this.batches = batches;
        this.begin = batches.start();
        this.rest = batches.rest(begin);
        this.position = Variable.buffer(begin.tensor());
    }

    @Override
    public SequencedMap<String, Object> parts() {
        SequencedMap<String, Object> parts = new LinkedHashMap<>();
        parts.put("position", position);
        return Collections.unmodifiableSequencedMap(parts);
    }

    /** The batch that comes next. */
    public Position position() {
        return Position.of(position.value());
    }

    /**
     * The next batch; after the last one of an epoch the first one of the next.
     *
     * @throws ShapeException if the position was loaded, and an epoch has fewer batches
     * @throws DataException if an example cannot be read; the position stays
     */
    public Batch next() {
        Position now = position();
        if (!(now.key().equals(begin.key()) && now.epoch() == begin.epoch() && now.batch() >= begin.batch()
                && now.batch() - begin.batch() < rest.size())) {
            rest = batches.rest(now);
            begin = now;
        }
        Batch batch = rest.get(now.batch() - begin.batch());
        position.set(batches.after(now).tensor());
        return batch;
    }
}
