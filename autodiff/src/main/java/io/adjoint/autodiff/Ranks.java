package io.adjoint.autodiff;

/** What products ask of the shapes of their factors. */
final class Ranks {
    private Ranks() {}

    static void requireRanks(String operation, Tensor left, int leftRank, Tensor right, int rightRank) {
        if (left.rank() != leftRank || right.rank() != rightRank) {
            throw ShapeException.of(operation, "another number of axes").operand("left", left.shape())
                    .operand("right", right.shape()).expected("ranks " + leftRank + " and " + rightRank);
        }
    }

    static void requireBatches(String operation, Tensor left, Tensor right) {
        requireRanks(operation, left, 3, right, 3);
        if (left.dim(0) != right.dim(0)) {
            throw ShapeException.of(operation, "batches differ").operand("left", left.shape())
                    .operand("right", right.shape()).expected("as many matrices on both sides");
        }
    }
}
