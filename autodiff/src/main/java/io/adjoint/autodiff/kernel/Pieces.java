package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Workers;

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
        int threads = Workers.threads();
        if (threads == 1) {
            body.run(0, items);
            return;
        }
        int perPiece = Math.max(
                Math.clamp(GRAIN / Math.max(1, cost), 1, items), items / (threads * MOST_PIECES_PER_THREAD));
        int pieces = (items + perPiece - 1) / perPiece;
        if (pieces == 1) {
            body.run(0, items);
        } else {
            Workers.forEach(pieces, piece -> {
                int from = piece * perPiece;
                body.run(from, Math.min(from + perPiece, items));
            });
        }
    }
}
