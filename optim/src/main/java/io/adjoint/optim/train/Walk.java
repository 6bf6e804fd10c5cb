package io.adjoint.optim.train;

import io.adjoint.autodiff.Variable;
import io.adjoint.nn.Module;
import io.adjoint.optim.data.Batch;
import io.adjoint.optim.data.Batches;
import io.adjoint.optim.data.Position;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * The way of a run through its batches. As a {@link io.adjoint.optim.data.Cursor}, but its variable is written when it is asked for: a
 * small step takes less time than a few variables do.
 */
final class Walk implements Module {
    private final Batches batches;
    private final Variable saved;
    private Position next;
    /** What is left of the epoch from some position on. */
    private List<Batch> rest;
    private int begin;

    Walk(Batches batches) {
        this.batches = batches;
        next = batches.start();
        saved = Variable.buffer(next.tensor());
        look();
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
        look();
    }

    private void look() {
        rest = batches.rest(next);
        begin = next.batch();
    }

    /** The batch that comes next. */
    Position position() {
        return next;
    }

    /** Number of steps completed. */
    long steps() {
        return next.epoch() * batches.count() + next.batch();
    }

    /** Whether the epoch of the last batch is over. */
    boolean isBetweenEpochs() {
        return next.batch() == 0;
    }

    Batch peek() {
        return rest.get(next.batch() - begin);
    }

    /** The next batch; if it cannot be made the position stays. */
    Batch next() {
        Batch batch = peek();
        next = batches.after(next);
        if (isBetweenEpochs()) {
            look();
        }
        return batch;
    }
}
