package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Launch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The sum of products of which all factors are packed at once. The build derives the float64 twin from this source. */
final class FloatSum implements Launch {
    private final int depth;
    private final boolean first;
    private final FloatCut cut;
    private final FloatMatrix[] rights;
    private final FloatMatrix[] targets;
    /** The left factors of each target. */
    private final FloatMatrix[][] across;

    private FloatSum(FloatMatrix[] lefts, FloatMatrix[] rights, int column, int depth, FloatMatrix out, boolean first) {
        this.depth = depth;
        this.first = first;
        this.cut = FloatCut.ofPacked(out.rows(), out.columns());
        this.rights = new FloatMatrix[rights.length];
        Arrays.setAll(this.rights, k -> rights[k].part(0, column, rights[k].rows(), out.columns()));
        this.targets = new FloatMatrix[Math.ceilDiv(out.rows(), FloatMatMul.ROWS)];
        this.across = new FloatMatrix[targets.length][lefts.length];
        for (int i = 0; i < targets.length; i++) {
            int begin = i * FloatMatMul.ROWS;
            int height = Math.min(FloatMatMul.ROWS, out.rows() - begin);
            targets[i] = out.part(begin, 0, height, out.columns());
            Arrays.setAll(across[i], k -> lefts[k].part(begin, 0, height, lefts[k].columns()).transposed());
        }
    }

    @Override
    public void run() {
        FloatScratch scratch = FloatScratch.get();
        float[] panels = scratch.right(cut.size(rights[0].columns(), depth));
        pack(rights, cut, FloatPacking.Beyond.ANYTHING, panels);
        for (int i = 0; i < targets.length; i++) {
            FloatMatrix[] parts = across[i];
            float[] leftPanels = scratch.left(FloatCut.LEFT.size(parts[0].columns(), depth));
            pack(parts, FloatCut.LEFT, FloatPacking.Beyond.LAST, leftPanels);
            int column = 0;
            while (column < targets[i].columns()) {
                int width = cut.width(column);
                FloatTiles.multiplyPanel(parts[0], depth, leftPanels, panels, column * depth, width, width, column,
                        targets[i],
                        first, true, scratch.edge());
                column += width;
            }
        }
    }

    private void pack(FloatMatrix[] parts, FloatCut cut, FloatPacking.Beyond beyond, float[] to) {
        int begin = 0;
        for (FloatMatrix part : parts) {
            FloatPacking.pack(part, cut, beyond, to, depth, begin);
            begin += part.rows();
        }
    }

    /**
     * The sum of products one after the other, each sum going on where the last product left it: as if the factors stood side
     * by side in one product.
     */
    static Launch prepare(FloatMatrix[] lefts, FloatMatrix[] rights, FloatMatrix out, Begin begin) {
        List<FloatSum> sums = new ArrayList<>();
        for (int column = 0; column < out.columns(); column += FloatMatMul.COLUMNS) {
            int columns = Math.min(FloatMatMul.COLUMNS, out.columns() - column);
            int from = 0;
            while (from < lefts.length) {
                int to = from + 1;
                int depth = lefts[from].columns();
                while (to < lefts.length && depth + lefts[to].columns() <= FloatMatMul.DEPTH) {
                    depth += lefts[to++].columns();
                }
                sums.add(new FloatSum(Arrays.copyOfRange(lefts, from, to), Arrays.copyOfRange(rights, from, to), column,
                        depth, out.part(0, column, out.rows(), columns), from == 0 && begin == Begin.ZERO));
                from = to;
            }
        }
        return Launch.all(sums.toArray(Launch[]::new));
    }
}
