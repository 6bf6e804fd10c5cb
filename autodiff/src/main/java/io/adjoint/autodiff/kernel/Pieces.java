package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.runtime.Workers;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Shares a range of independent items among the workers, in pieces that are worth handing over. */
final class Pieces {
    /** Element operations in a piece: some ten microseconds of SIMD. */
    static final int GRAIN = 1 << 17;

    /** Enough for a thread that is held back to leave its share to others, few enough for what a piece prepares to pay. */
    private static final int MOST_PIECES_PER_THREAD = 16;

    private Pieces() {}

    /** Work on the items from {@code from} (inclusive) to {@code to} (exclusive). */
    interface Body {
        void run(int from, int to);
    }

    /** Covers the items from 0 to {@code items - 1}; each costs {@code cost} element operations. */
    static void share(int items, long cost, Body body) {
        int perPiece = perPiece(items, cost);
        if (perPiece >= items) {
            body.run(0, items);
        } else {
            Workers.forEach(Math.ceilDiv(items, perPiece), piece -> {
                int from = piece * perPiece;
                body.run(from, Math.min(from + perPiece, items));
            });
        }
    }

    /** The same to be run again and again; each piece has a body of its own, with memory of its own. */
    static Launch prepare(int items, long cost, Supplier<Body> body) {
        int perPiece = perPiece(items, cost);
        if (perPiece >= items) {
            Body all = body.get();
            return () -> all.run(0, items);
        }
        Body[] bodies = Stream.generate(body).limit(Math.ceilDiv(items, perPiece)).toArray(Body[]::new);
        return Workers.prepare(bodies.length, piece -> {
            int from = piece * perPiece;
            bodies[piece].run(from, Math.min(from + perPiece, items));
        });
    }

    /** How many items make a piece; all of them for one thread. */
    static int perPiece(int items, long cost) {
        int threads = Workers.threads();
        if (threads == 1) {
            return Math.max(1, items);
        }
        return Math.max(Math.clamp(GRAIN / Math.max(1, cost), 1, Math.max(1, items)),
                items / (threads * MOST_PIECES_PER_THREAD));
    }
}
