package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Launch;
import java.util.Arrays;

/**
 * Products of a batch that differ in where their matrices lie only, as those of the heads of attention, each so small that it is one block: what is worked out for
 * one holds for all. The build derives the float64 twin from this source.
 */
final class FloatAlike implements Launch {
    /** Rows of a left matrix at most, all of which meet a panel of the right one before the next. */
    private static final int ROWS = 2 * FloatMatMul.ROWS;

    /** Elements of a right matrix at most: larger ones are packed panel by panel. */
    private static final int NEAR = 1 << 14;

    private final FloatMatrix[] lefts;
    private final FloatRight[] rights;
    private final FloatMatrix[] outs;
    /** The left matrices as columns, where they are packed. */
    private final FloatMatrix[] across;
    private final boolean packsLeft;
    private final boolean first;

    private FloatAlike(FloatMatrix[] lefts, FloatMatrix[] rights, FloatMatrix[] outs, Begin begin) {
        int columns = outs[0].columns();
        FloatCut cut = FloatCut.of(lefts[0], columns, columns);
        boolean isLying = FloatRight.Lying.serves(lefts[0], rights[0], cut);
        this.lefts = lefts;
        this.rights = Arrays.stream(rights)
                .map(right -> isLying ? new FloatRight.Lying(right) : new FloatRight.Fresh(right, cut))
                .toArray(FloatRight[]::new);
        this.outs = outs;
        this.first = begin == Begin.ZERO;
        packsLeft = this.rights[0].isForPackedRows() && FloatMatMul.packs(lefts[0], columns);
        across = packsLeft ? Arrays.stream(lefts).map(FloatMatrix::transposed).toArray(FloatMatrix[]::new)
                : new FloatMatrix[0];
    }

    /** The products, which have the same sizes and strides, to be computed again and again. */
    static Launch prepare(FloatMatrix[] lefts, FloatMatrix[] rights, FloatMatrix[] outs, Begin begin) {
        if (lefts.length > 1 && serves(lefts[0], rights[0], outs[0])) {
            return new FloatAlike(lefts, rights, outs, begin);
        }
        Launch[] products = new Launch[lefts.length];
        for (int i = 0; i < products.length; i++) {
            products[i] = FloatMatMul.prepare(lefts[i], rights[i], outs[i], begin, Epilogue.NONE);
        }
        return Launch.all(products);
    }

    /** Whether a product is computed in one block as it is, and in no other way. */
    private static boolean serves(FloatMatrix left, FloatMatrix right, FloatMatrix out) {
        return out.rows() <= ROWS && left.columns() <= FloatMatMul.DEPTH && out.columns() <= FloatMatMul.COLUMNS
                && left.columns() * out.columns() <= NEAR && !FloatSmall.serves(left, right)
                && !FloatMatMul.isBetterAcross(left, right, out) && FloatStrips.columns(out.rows(), right) == 0
                && FloatStrips.tail(out.rows(), right) == 0;
    }

    @Override
    public void run() {
        FloatScratch scratch = FloatScratch.get();
        int depth = lefts[0].columns();
        int columns = outs[0].columns();
        float[] leftPanels = packsLeft ? scratch.left(FloatPacking.size(across[0], FloatTile.LEFT)) : scratch.edge();
        for (int i = 0; i < lefts.length; i++) {
            FloatRight right = rights[i];
            float[] elements = right.elements(scratch);
            if (packsLeft) {
                FloatPacking.pack(across[i], FloatCut.LEFT, FloatPacking.Beyond.LAST, leftPanels);
            }
            for (int column = 0; column < columns; column += right.width(column)) {
                FloatTiles.multiplyPanel(lefts[i], depth, leftPanels, elements, right.at(column), right.stride(column),
                        right.width(column), column, outs[i], first, packsLeft, scratch.edge());
            }
        }
    }
}
