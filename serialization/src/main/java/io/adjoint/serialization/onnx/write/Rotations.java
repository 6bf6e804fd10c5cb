package io.adjoint.serialization.onnx.write;

import static io.adjoint.serialization.onnx.write.MatrixParts.down;

import io.adjoint.autodiff.Tensor;

/**
 * Rotations of pairs of rows in one round of Jacobi's method. Our loop takes pairs one after the other, {@code (0, 1), (0, 2),
 * ..., (1, 2), ...}. Pairs with the same sum of numbers have no row in common, and whichever of ours before them they share a
 * row with has a lesser sum: so all of one sum are turned at once, and a sweep is one round for each sum.
 *
 * @param partner the number of each row's partner, its own if it has none: {@code [k, 1]}
 */
record Rotations(Tensor partner) {
    /** What turns each row towards its partner: {@code cosine x + sine x[partner]}, and the tangent of the angle. */
    record Turn(Tensor cosine, Tensor sine, Tensor tangent) {}

    /** How many rounds a sweep has. */
    static int sweep(int k) {
        return 2 * k - 3;
    }

    /** Of a round, counted from 0 through all sweeps. */
    static Rotations of(int k, Tensor round) {
        Tensor sum = round.remainder(Tensor.scalar(sweep(k), round.dtype())).add(1);
        Tensor other = sum.sub(down(k));
        return new Rotations(other.ge(0).and(other.lt(k)).where(other, down(k)));
    }

    Tensor isPair() {
        return partner.ne(down(partner.dim(0)));
    }

    private Tensor isFirst() {
        return down(partner.dim(0)).lt(partner);
    }

    /** The rows of the partners. */
    Tensor ofPartner(Tensor x) {
        return MatrixParts.rows(x, partner);
    }

    /** A number of the first row of each pair, given those of all rows. */
    Tensor first(Tensor x) {
        return isFirst().where(x, ofPartner(x));
    }

    /** A number of the second row of each pair, given those of all rows. */
    Tensor second(Tensor x) {
        return isFirst().where(ofPartner(x), x);
    }

    /**
     * The rotations that make products of pairs zero.
     *
     * @param isTurned which rows: {@code [..., k, 1]}
     * @param squares of each row with itself: {@code [..., k, 1]}
     * @param products of each row with its partner: {@code [..., k, 1]}
     */
    Turn turn(Tensor isTurned, Tensor squares, Tensor products) {
        Tensor divisor = isTurned.where(products.mul(2), 1); // a quotient by zero would have no gradient where it is not used either
        Tensor cotangent = second(squares).sub(first(squares)).div(divisor);
        Tensor half = cotangent.abs().add(cotangent.square().add(1).sqrt()).reciprocal().copySign(cotangent);
        Tensor tangent = isFirst().where(half.neg(), half);
        Tensor cosine = half.square().add(1).sqrt().reciprocal();
        return new Turn(isTurned.where(cosine, 1), isTurned.where(tangent.mul(cosine), 0),
                isTurned.where(tangent, 0));
    }

    /** The rows, turned. */
    Tensor apply(Turn turn, Tensor x) {
        return turn.cosine().mul(x).add(turn.sine().mul(ofPartner(x)));
    }
}
