package io.adjoint.autodiff.kernel;

import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.runtime.Workers;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Shares a batch of matrix products among the threads, and chooses the SIMD or the plain kernel. The build derives the
 * float64 twin from this source.
 */
final class FloatProduct {
    private static final FloatTiers TIERS = new FloatTiers(FloatMatMulTrials::all, 1L << 32);

    private FloatProduct() {}

    /** @param keeping whether the right matrix stays packed beside its elements, where there is one only */
    static Launch prepare(Array left, Array right, Array out, Begin begin, Keeping keeping, Epilogue epilogue) {
        int rows = out.shape().dim(-2);
        int depth = left.shape().dim(-1);
        int columns = out.shape().dim(-1);
        int batch = out.size() / (rows * columns);
        if (out.isContiguous() && isOneProduct(left, right, batch, rows)) {
            FloatMatrix first = FloatMatrix.of(left, 0);
            int rowStride = rows == 1 ? left.stride(0) : first.rowStride();
            FloatMatrix all = new FloatMatrix(
                    first.data(), first.offset(), batch * rows, depth, rowStride, first.columnStride());
            FloatMatrix single = FloatMatrix.of(right, 0);
            FloatMatrix result = new FloatMatrix(out.floats(), out.offset(), batch * rows, columns, columns, 1);
            return keeping == Keeping.RIGHT && MatMulKernel.kept(left.dtype(), batch * rows, depth, columns) > 0
                    ? prepareKept(all, right, single, result, begin, epilogue)
                    : prepare(all, single, result, begin, epilogue);
        }
        int chunks = Tiling.chunksOfBatch(batch, rows, depth, columns);
        if (epilogue == Epilogue.NONE && Tiling.of(rows, depth, columns).blocks() == 1) {
            Launch[] shares = new Launch[chunks];
            for (int chunk = 0; chunk < chunks; chunk++) {
                shares[chunk] = alike(left, right, out, Tiling.begin(chunk, chunks, batch),
                        Tiling.begin(chunk + 1, chunks, batch), begin);
            }
            return Workers.prepare(chunks, chunk -> shares[chunk].run());
        }
        Launch[] products = new Launch[batch];
        for (int i = 0; i < batch; i++) {
            FloatMatrix a = FloatMatrix.of(left, i);
            FloatMatrix b = FloatMatrix.of(right, i);
            FloatMatrix c = FloatMatrix.of(out, i);
            Epilogue after = epilogue.from(i * rows, 0);
            products[i] = chunks == 1 ? prepare(a, b, c, begin, after) : fresh(a, b, c, begin, after);
        }
        return Workers.prepare(chunks, chunk -> {
            int end = Tiling.begin(chunk + 1, chunks, batch);
            for (int i = Tiling.begin(chunk, chunks, batch); i < end; i++) {
                products[i].run();
            }
        });
    }

    /** What one thread computes of a batch, from number {@code from} to {@code to}, whose products it need not share. */
    private static Launch alike(Array left, Array right, Array out, int from, int to, Begin begin) {
        FloatMatrix[] a = matrices(left, from, to);
        FloatMatrix[] b = matrices(right, from, to);
        FloatMatrix[] c = matrices(out, from, to);
        long products = (long) (to - from) * c[0].rows() * c[0].columns() * a[0].columns();
        return new TieredLaunch(() -> products > 0 && TIERS.isSimd(a.length, products), () -> () -> {
            for (int i = 0; i < a.length; i++) {
                FloatScalarMatMul.multiply(a[i], b[i], c[i], begin);
            }
        }, () -> FloatAlike.prepare(a, b, c, begin));
    }

    private static FloatMatrix[] matrices(Array batch, int from, int to) {
        FloatMatrix[] matrices = new FloatMatrix[to - from];
        for (int i = 0; i < matrices.length; i++) {
            matrices[i] = FloatMatrix.of(batch, from + i);
        }
        return matrices;
    }

    /** Whether all rows of the left matrices lie as those of a single one, and all meet the same right matrix. */
    private static boolean isOneProduct(Array left, Array right, int batch, int rows) {
        return batch == 1
                || left.shape().rank() == 3 && right.shape().rank() == 3 && right.stride(0) == 0
                        && (rows == 1 || left.stride(0) == rows * left.stride(1));
    }

    /** What is asked of the SIMD kernel is asked once it serves: where there is none, its classes cannot be loaded. */
    private static Launch prepare(FloatMatrix left, FloatMatrix right, FloatMatrix out, Begin begin,
            Epilogue epilogue) {
        Tiling tiling = Tiling.of(out.rows(), left.columns(), out.columns());
        int byRows = tiling.byRows(out.rows(), out.columns());
        int byColumns = tiling.byColumns(out.columns());
        Supplier<Launch> blocks = () -> share(tiling, left, right, out, epilogue,
                (l, r, o, _, after) -> fresh(l, r, o, begin, after));
        if (byRows == 0 && byColumns == 0) {
            return blocks.get();
        }
        long products = (long) out.rows() * out.columns() * left.columns();
        return new TieredLaunch(() -> TIERS.isSimd(products), blocks, () -> {
            if (FloatMatMul.isBetterAcross(left, right, out)) {
                return blocks.get();
            }
            if (byColumns > 0 && FloatPassing.serves(out.rows(), right)) {
                return FloatMatMul.prepareByColumns(left, right, out, begin, epilogue, byColumns);
            }
            return byRows > 0 ? FloatMatMul.prepareByRows(left, right, out, begin, epilogue, byRows) : blocks.get();
        });
    }

    /** What one thread computes with factors that are packed each time. */
    private static Launch fresh(FloatMatrix left, FloatMatrix right, FloatMatrix out, Begin begin, Epilogue epilogue) {
        return block(left, right, out, begin, epilogue,
                () -> FloatMatMul.prepare(left, right, out, begin, epilogue));
    }

    private static Launch prepareKept(FloatMatrix left, Array right, FloatMatrix single, FloatMatrix out, Begin begin,
            Epilogue epilogue) {
        FloatKept kept = FloatKept.of(right, single, out.rows());
        Tiling tiling = Tiling.of(out.rows(), left.columns(), out.columns());
        return share(tiling, left, single, out, epilogue, (l, r, o, column, after) -> block(l, r, o, begin, after,
                () -> kept.prepare(l, column, o, begin, after)));
    }

    /** What one thread computes of a product. */
    private interface Part {
        Launch of(FloatMatrix left, FloatMatrix right, FloatMatrix out, int column, Epilogue epilogue);
    }

    private static Launch share(Tiling tiling, FloatMatrix left, FloatMatrix right, FloatMatrix out, Epilogue epilogue,
            Part part) {
        if (tiling.blocks() == 1) {
            return part.of(left, right, out, 0, epilogue);
        }
        Launch[] blocks = new Launch[tiling.blocks()];
        for (int block = 0; block < blocks.length; block++) {
            int row = tiling.row(block);
            int column = tiling.column(block);
            int rows = Math.min(tiling.rowsPerBlock(), out.rows() - row);
            int columns = Math.min(tiling.columnsPerBlock(), out.columns() - column);
            blocks[block] = part.of(left.part(row, 0, rows, left.columns()),
                    right.part(0, column, right.rows(), columns), out.part(row, column, rows, columns), column,
                    epilogue.from(row, column));
        }
        return Workers.prepare(blocks.length, block -> blocks[block].run());
    }

    /** Products of matrices, one added after the other. */
    static Launch prepareSum(Array[] lefts, Array[] rights, Array out, Begin begin) {
        FloatMatrix[] a = Arrays.stream(lefts).map(FloatProduct::matrix).toArray(FloatMatrix[]::new);
        FloatMatrix[] b = Arrays.stream(rights).map(FloatProduct::matrix).toArray(FloatMatrix[]::new);
        FloatMatrix c = matrix(out);
        int depth = Arrays.stream(a).mapToInt(FloatMatrix::columns).sum();
        Tiling tiling = Tiling.of(c.rows(), depth, c.columns());
        Launch[] sums = new Launch[tiling.blocks()];
        for (int block = 0; block < sums.length; block++) {
            int row = tiling.row(block);
            int column = tiling.column(block);
            int rows = Math.min(tiling.rowsPerBlock(), c.rows() - row);
            int columns = Math.min(tiling.columnsPerBlock(), c.columns() - column);
            sums[block] = sum(
                    Arrays.stream(a).map(left -> left.part(row, 0, rows, left.columns())).toArray(FloatMatrix[]::new),
                    Arrays.stream(b).map(right -> right.part(0, column, right.rows(), columns))
                            .toArray(FloatMatrix[]::new),
                    c.part(row, column, rows, columns), begin, (long) rows * columns * depth);
        }
        return Workers.prepare(sums.length, block -> sums[block].run());
    }

    private static FloatMatrix matrix(Array array) {
        return new FloatMatrix(array.floats(), array.offset(), array.shape().dim(0), array.shape().dim(1),
                array.stride(0), array.stride(1));
    }

    /** What one thread computes of a sum. */
    private static Launch sum(FloatMatrix[] lefts, FloatMatrix[] rights, FloatMatrix out, Begin begin, long products) {
        return new TieredLaunch(() -> TIERS.isSimd(products), () -> () -> {
            for (int k = 0; k < lefts.length; k++) {
                FloatScalarMatMul.multiply(lefts[k], rights[k], out, k == 0 ? begin : Begin.RESULT);
            }
        }, () -> FloatSum.prepare(lefts, rights, out, begin));
    }

    /** What one thread computes. */
    private static Launch block(FloatMatrix left, FloatMatrix right, FloatMatrix out, Begin begin, Epilogue epilogue,
            Supplier<Launch> simd) {
        long products = (long) out.rows() * out.columns() * left.columns();
        return new TieredLaunch(() -> products > 0 && TIERS.isSimd(products),
                () -> Launch.all(() -> FloatScalarMatMul.multiply(left, right, out, begin),
                        epilogue.on(0, 0, out.rows(), out.columns())),
                simd);
    }
}
