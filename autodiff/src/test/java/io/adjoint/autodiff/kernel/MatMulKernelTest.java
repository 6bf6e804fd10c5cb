package io.adjoint.autodiff.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.runtime.Array;
import io.adjoint.autodiff.runtime.Launch;
import io.adjoint.autodiff.runtime.Workers;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The matrix product against a plain triple loop: every path, view, block edge and number of threads. */
class MatMulKernelTest {
    private static final DType[] NUMBERS = {DType.F32, DType.F64, DType.I32, DType.I64};

    @Property(tries = 600)
    void anyViewsGiveTheBitsOfTheTripleLoop(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int threads) {
        Samples samples = new Samples(seed);
        DType type = samples.oneOf(NUMBERS);
        int batch = samples.between(1, 3);
        int rows = samples.between(0, 40);
        int depth = samples.between(0, 40);
        int columns = samples.between(0, 40);
        Array left = operand(samples, new Random(seed), type, Shape.of(batch, rows, depth));
        Array right = operand(samples, new Random(~seed), type, Shape.of(batch, depth, columns));
        check(left, right, threads);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 400, 70", "3, 800, 67", "4, 384, 16", "5, 385, 1025", "7, 769, 33", "8, 1, 1030", "8, 383, 1024",
        "129, 386, 17", "131, 40, 1050", "257, 390, 1", "300, 100, 410", "128, 384, 48", "130, 770, 47", "2, 1000, 1",
        "300, 3, 300", "5, 255, 515", "9, 257, 512", "135, 513, 530", "64, 64, 64", "11, 512, 10", "9, 20, 256",
        "9, 20, 255",
        "20, 1100, 130", "6, 1030, 9", "1, 1030, 200", "40, 33, 300", "129, 600, 10", "70, 300, 6", "15, 300, 70",
        "64, 20, 96", "8, 30, 49", "16, 30, 64", "61, 1030, 65", "72, 30, 81", "70, 21, 45",
        "65, 1100, 128", "97, 1040, 65", "98, 33, 113", "33, 40, 192",
        "300, 100, 300", "260, 1030, 520", "20, 512, 70", "33, 1024, 100",
        "1001, 300, 512", "290, 512, 129", "96, 1024, 512", "258, 70, 513"
    })
    void sizesAroundTheBlocks(int rows, int depth, int columns) {
        Samples samples = new Samples(7);
        Random random = new Random(7);
        for (DType type : new DType[] {DType.F32, DType.F64}) {
            Array left = samples.dense(type, Shape.of(1, rows, depth));
            Array right = samples.dense(type, Shape.of(1, depth, columns));
            makeFinite(left, random);
            makeFinite(right, random);
            Array leftAcross = Copies.contiguous(left.permute(0, 2, 1)).permute(0, 2, 1);
            Array rightAcross = Copies.contiguous(right.permute(0, 2, 1)).permute(0, 2, 1);
            check(left, right, 1);
            check(leftAcross, right, 2);
            check(left, rightAcross, 3);
            check(leftAcross, rightAcross, 4);
        }
    }

    /** Some are read where they lie. */
    @ParameterizedTest
    @CsvSource({"16, 20, 64, 70", "8, 31, 32, 33", "64, 64, 32, 100", "24, 9, 192, 200", "32, 40, 64, 64"})
    void aRightMatrixMayHaveGapsBetweenItsRows(int rows, int depth, int columns, int stride) {
        Samples samples = new Samples(13);
        Random random = new Random(13);
        for (DType type : new DType[] {DType.F32, DType.F64}) {
            Array left = samples.dense(type, Shape.of(1, rows, depth));
            Array whole = samples.dense(type, Shape.of(1, depth, stride));
            makeFinite(left, random);
            makeFinite(whole, random);
            check(left, whole.view(Shape.of(1, depth, columns), new int[] {0, stride, 1},
                    whole.offset() + stride - columns), 1);
        }
    }

    /** As windows of a signal do. The rows of the left matrix crowd. */
    @ParameterizedTest
    @CsvSource({"16, 512, 64, 1", "16, 256, 64, 1", "8, 1024, 96, 2", "17, 512, 70, 1"})
    void rowsOfARightMatrixMayOverlap(int rows, int depth, int columns, int stride) {
        Samples samples = new Samples(17);
        Random random = new Random(17);
        for (DType type : new DType[] {DType.F32, DType.F64}) {
            Array left = samples.dense(type, Shape.of(1, rows, depth));
            Array signal = samples.dense(type, Shape.of(1, 3, depth * stride + columns));
            makeFinite(left, random);
            makeFinite(signal, random);
            check(left, signal.view(Shape.of(1, depth, columns), new int[] {0, stride, 1}, signal.offset()), 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 30, 40, 50", "2, 90, 80, 100", "64, 64, 32, 64", "3000, 3, 3, 3", "5, 1, 70, 200", "7, 200, 60, 1"})
    void batchesAreSharedAndFoldedWithoutATrace(int batch, int rows, int depth, int columns) {
        Samples samples = new Samples(11);
        Random random = new Random(11);
        for (DType type : new DType[] {DType.F32, DType.F64}) {
            Array left = samples.dense(type, Shape.of(batch, rows, depth));
            Array right = samples.dense(type, Shape.of(batch, depth, columns));
            Array one = samples.dense(type, Shape.of(1, depth, columns));
            makeFinite(left, random);
            makeFinite(right, random);
            makeFinite(one, random);
            for (int threads = 1; threads <= 4; threads++) {
                check(left, right, threads);
                check(left, one.broadcastTo(right.shape()), threads);
            }
        }
    }

    /** As the heads of attention: factors by rows and by columns, panels of every width, and sizes beyond those that are one block. */
    @ParameterizedTest
    @CsvSource({"3, 64, 64, 32", "3, 64, 32, 64", "4, 128, 40, 64", "3, 66, 64, 48", "5, 17, 100, 40", "3, 20, 30, 97",
        "2, 130, 20, 33", "2, 64, 200, 120", "3, 16, 24, 64"})
    void productsOfABatchThatAreAlike(int batch, int rows, int depth, int columns) {
        Samples samples = new Samples(13);
        Random random = new Random(13);
        for (DType type : new DType[] {DType.F32, DType.F64}) {
            Array left = samples.dense(type, Shape.of(batch, rows, depth));
            Array right = samples.dense(type, Shape.of(batch, depth, columns));
            makeFinite(left, random);
            makeFinite(right, random);
            Array leftAcross = Copies.contiguous(left.permute(0, 2, 1)).permute(0, 2, 1);
            Array rightAcross = Copies.contiguous(right.permute(0, 2, 1)).permute(0, 2, 1);
            Array leftBeside = Copies.contiguous(left.permute(1, 0, 2)).permute(1, 0, 2);
            Array rightBeside = Copies.contiguous(right.permute(1, 0, 2)).permute(1, 0, 2);
            for (Array x : new Array[] {left, leftAcross, leftBeside}) {
                for (Array y : new Array[] {right, rightAcross, rightBeside}) {
                    check(x, y, 1);
                    check(x, y, 2);
                    Array expected = tripleLoop(x, y, Shape.of(batch, rows, columns));
                    Array beside = used(type, Shape.of(rows, batch, columns)).permute(1, 0, 2);
                    multiplyAlike(x, y, beside, Begin.ZERO);
                    Elements.assertSameBits(expected, beside, x + " times " + y + " side by side");
                    Array zeros = Array.allocate(type, expected.shape());
                    multiplyAlike(x, y, zeros, Begin.RESULT);
                    Elements.assertSameBits(expected, zeros, x + " times " + y + " added to zeros");
                }
            }
        }
    }

    private static void multiplyAlike(Array left, Array right, Array out, Begin begin) {
        int[] all = IntStream.range(0, out.shape().dim(0)).toArray();
        if (out.dtype() == DType.F32) {
            FloatAlike.prepare(Arrays.stream(all).mapToObj(i -> FloatMatrix.of(left, i)).toArray(FloatMatrix[]::new),
                    Arrays.stream(all).mapToObj(i -> FloatMatrix.of(right, i)).toArray(FloatMatrix[]::new),
                    Arrays.stream(all).mapToObj(i -> FloatMatrix.of(out, i)).toArray(FloatMatrix[]::new), begin).run();
        } else {
            DoubleAlike.prepare(Arrays.stream(all).mapToObj(i -> DoubleMatrix.of(left, i)).toArray(DoubleMatrix[]::new),
                    Arrays.stream(all).mapToObj(i -> DoubleMatrix.of(right, i)).toArray(DoubleMatrix[]::new),
                    Arrays.stream(all).mapToObj(i -> DoubleMatrix.of(out, i)).toArray(DoubleMatrix[]::new), begin)
                    .run();
        }
    }

    @Property(tries = 200)
    void batchesOfSeveralAxesAreReadWhereTheyLie(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int threads) {
        Samples samples = new Samples(seed);
        DType type = samples.oneOf(DType.F32, DType.F64);
        int outer = samples.between(1, 3);
        int heads = samples.between(1, 4);
        int rows = samples.between(1, 20);
        int depth = samples.between(1, 20);
        int columns = samples.between(1, 20);
        Array left = operand(samples, new Random(seed), type, Shape.of(outer, rows, heads, depth)).permute(0, 2, 1, 3);
        Array right =
                operand(samples, new Random(~seed), type, Shape.of(outer, columns, heads, depth)).permute(0, 2, 3, 1);
        Array leftStack = stack(left);
        Array rightStack = stack(right);
        int count = outer * heads;
        Array expected = tripleLoop(leftStack, rightStack, Shape.of(count, rows, columns));
        for (Array x : new Array[] {left, leftStack}) {
            for (Array y : new Array[] {right, rightStack}) {
                Array out = used(type, expected.shape());
                Workers.withThreads(threads, () -> {
                    MatMulKernel.multiply(x, y, out);
                    return out;
                });
                Elements.assertSameBits(expected, out, x + " times " + y + " with " + threads + " threads");
            }
        }
    }

    /** One product of factors that stand side by side has the same bits, and what it is added to is like one more term. */
    @Property(tries = 300)
    void sumsOfProductsAreOneLongProduct(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int threads) {
        Samples samples = new Samples(seed);
        Random random = new Random(seed);
        DType type = samples.oneOf(DType.F32, DType.F64);
        int rows = samples.between(1, 80);
        int columns = samples.between(1, 40);
        Array[] lefts = new Array[samples.between(1, 5)];
        Array[] rights = new Array[lefts.length];
        for (int k = 0; k < lefts.length; k++) {
            int depth = samples.between(1, samples.flip() ? 400 : 9);
            lefts[k] = operand(samples, random, type, Shape.of(rows, depth));
            rights[k] = operand(samples, random, type, Shape.of(depth, columns));
        }
        Array begin = operand(samples, random, type, Shape.of(rows, columns));
        Array product = beside(1, lefts);
        Array zero = used(type, Shape.of(rows, columns));
        Array more = Copies.of(begin);
        Array simd = Copies.of(begin);
        Workers.withThreads(threads, () -> {
            MatMulKernel.prepareSum(lefts, rights, zero, Begin.ZERO).run();
            MatMulKernel.prepareSum(lefts, rights, more, Begin.RESULT).run();
            return zero;
        });
        addSimd(lefts, rights, simd);
        Array right = beside(0, rights);
        Elements.assertSameBits(tripleLoop(product, right, Shape.of(1, rows, columns)), stackOfOne(zero), "from zero");
        Array expected = addTripleLoop(begin, product, right);
        Elements.assertSameBits(expected, more, "from what is there");
        Elements.assertSameBits(expected, simd, "SIMD from what is there");
        Array each = Copies.of(begin);
        for (int k = 0; k < lefts.length; k++) {
            MatMulKernel.prepare(stackOfOne(lefts[k]), stackOfOne(rights[k]), stackOfOne(each), Begin.RESULT,
                    Keeping.NOTHING, Epilogue.NONE).run();
        }
        Elements.assertSameBits(expected, each, "one by one");
    }

    /** A right matrix that is kept packed has the bits of one that is not, and is packed again when a program has written it. */
    @Property(tries = 200)
    void aKeptFactorIsPackedAgainWhenItWasWritten(@ForAll long seed,
            @ForAll @IntRange(min = 1, max = 3) int threads) {
        Samples samples = new Samples(seed);
        Random random = new Random(seed);
        DType type = samples.oneOf(DType.F32, DType.F64);
        int depth = samples.between(1, samples.flip() ? 1100 : 20);
        int columns = samples.between(1, samples.flip() ? 150 : 40);
        Array left = operand(samples, random, type, Shape.of(1, samples.between(1, 150), depth));
        Array whole = Array.resident(type, Shape.of(1, columns, depth));
        Array right = samples.flip() ? whole.permute(0, 2, 1)
                : whole.view(Shape.of(1, depth, columns), new int[] {0, columns, 1}, whole.offset());
        Shape shape = Shape.of(1, left.shape().dim(1), columns);
        Array out = used(type, shape);
        for (int run = 0; run < 3; run++) {
            assertTrue(whole.claimWriting());
            makeFinite(whole, random);
            whole.yieldClaim();
            Array expected = tripleLoop(left, right, shape);
            for (int again = 0; again < 2; again++) {
                Workers.withThreads(threads, () -> {
                    MatMulKernel.prepare(left, right, out, Begin.ZERO, Keeping.RIGHT, Epilogue.NONE).run();
                    return out;
                });
                Elements.assertSameBits(expected, out, "run " + run);
                for (boolean isAcross : new boolean[] {false, true}) {
                    multiplyKept(left, right, out, Begin.ZERO, isAcross, Epilogue.NONE);
                    Elements.assertSameBits(expected, out, (isAcross ? "across" : "plain") + ", run " + run);
                    Array more = addTripleLoop(expected, left, right);
                    multiplyKept(left, right, out, Begin.RESULT, isAcross, Epilogue.NONE);
                    Elements.assertSameBits(more, out, (isAcross ? "across" : "plain") + " again, run " + run);
                }
            }
        }
    }

    /** Threads that share a product by rows pack the right matrix anew in each run, those that share columns the left one, and again after another product. */
    @Property(tries = 60)
    void whatThreadsKeepOfAMatrixEndsWithTheRun(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int threads) {
        Samples samples = new Samples(seed);
        Random random = new Random(seed);
        DType type = samples.oneOf(DType.F32, DType.F64);
        int depth = samples.oneOf(samples.between(1, 40), samples.between(1000, 1100));
        int most = 8 * samples.between(1, 8);
        Sharing sharing = samples.oneOf(Sharing.values());
        int columns = samples.oneOf(samples.between(1, 60), 1030);
        Shape shape = Shape.of(1, samples.between(1, Math.min(depth, columns) > 60 ? 40 : 200), columns);
        Array[] lefts = {operand(samples, random, type, Shape.of(1, shape.dim(1), depth)),
            operand(samples, random, type, Shape.of(1, shape.dim(1), depth))};
        Array[] rights = {operand(samples, random, type, Shape.of(1, depth, shape.dim(2))),
            operand(samples, random, type, Shape.of(1, depth, shape.dim(2)))};
        Begin begin = samples.oneOf(Begin.values());
        Array start = operand(samples, random, type, shape);
        Array[] expected = new Array[2];
        for (int i = 0; i < 2; i++) {
            expected[i] = switch (begin) {
                case ZERO -> tripleLoop(lefts[i], rights[i], shape);
                case RESULT -> addTripleLoop(start, lefts[i], rights[i]);
            };
            finish(expected[i]).on(0, 0, shape.dim(1), shape.dim(2)).run();
        }
        Array left = samples.flip() ? Copies.of(lefts[0]) : columnMajor(lefts[0]);
        Array right = Copies.of(rights[0]);
        Array out = used(type, shape);
        Array other = used(type, shape);
        Workers.withThreads(threads, () -> {
            Launch product = sharing.prepare(left, right, out, begin, most);
            Launch between = sharing.prepare(lefts[0], rights[0], other, begin, most);
            for (int run = 0; run < 4; run++) {
                Moves.copy(lefts[run % 2], left);
                Moves.copy(rights[run % 2], right);
                Moves.copy(start, out);
                if (samples.flip()) {
                    between.run();
                }
                product.run();
                Elements.assertSameBits(expected[run % 2], out, sharing + " from " + begin + ", run " + run);
            }
            return out;
        });
    }

    private static Array columnMajor(Array matrix) {
        return Copies.of(matrix.permute(0, 2, 1)).permute(0, 2, 1);
    }

    /** What threads share of a product. */
    private enum Sharing {
        ROWS,
        COLUMNS;

        /** @param most of a share */
        Launch prepare(Array left, Array right, Array out, Begin begin, int most) {
            if (out.dtype() == DType.F32) {
                FloatMatrix x = FloatMatrix.of(left, 0);
                FloatMatrix y = FloatMatrix.of(right, 0);
                FloatMatrix to = FloatMatrix.of(out, 0);
                return this == ROWS ? FloatMatMul.prepareByRows(x, y, to, begin, finish(out), most)
                        : FloatMatMul.prepareByColumns(x, y, to, begin, finish(out), most);
            }
            DoubleMatrix x = DoubleMatrix.of(left, 0);
            DoubleMatrix y = DoubleMatrix.of(right, 0);
            DoubleMatrix to = DoubleMatrix.of(out, 0);
            return this == ROWS ? DoubleMatMul.prepareByRows(x, y, to, begin, finish(out), most)
                    : DoubleMatMul.prepareByColumns(x, y, to, begin, finish(out), most);
        }
    }

    /** A row or a column more than tiles hold is computed in ways of its own, and tiles that lack one in theirs. */
    @Property(tries = 300)
    void extentsAreNearThoseOfTiles(@ForAll long seed) {
        Samples samples = new Samples(seed);
        Random random = new Random(seed);
        DType type = samples.oneOf(DType.F32, DType.F64);
        int lanes = type == DType.F32 ? FloatTile.LANES : DoubleTile.LANES;
        int rows = 8 * samples.between(1, 13) + samples.between(-1, 2);
        int columns = lanes * samples.between(1, 9) + samples.between(-1, 2);
        int depth = samples.oneOf(samples.between(1, 50), samples.between(1, 50), samples.between(1020, 1060));
        Array left = operand(samples, random, type, Shape.of(1, rows, depth));
        Array right = operand(samples, random, type, Shape.of(1, depth, columns));
        Begin begin = samples.oneOf(Begin.values());
        Array out = Copies.of(operand(samples, random, type, Shape.of(1, rows, columns)));
        Array expected = switch (begin) {
            case ZERO -> tripleLoop(left, right, out.shape());
            case RESULT -> addTripleLoop(out, left, right);
        };
        finish(expected).on(0, 0, rows, columns).run();
        multiplyBlocks(left, right, out, begin, finish(out));
        Elements.assertSameBits(expected, out, left + " times " + right + " from " + begin);
    }

    /** Each part of a product is finished when its epilogue comes, which comes once, however the product is computed. */
    @Property(tries = 300)
    void anEpilogueMeetsEachElementOnceItIsThere(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int threads) {
        Samples samples = new Samples(seed);
        Random random = new Random(seed);
        DType type = samples.oneOf(DType.F32, DType.F64);
        int batch = samples.oneOf(1, 1, 3);
        int depth = samples.oneOf(0, samples.between(1, 40), samples.between(1, 2100));
        int rows = samples.oneOf(samples.between(1, 20), samples.between(1, 300));
        int columns = samples.oneOf(1, samples.between(1, 70), samples.between(1, 300), 1025);
        Array left = operand(samples, random, type, Shape.of(batch, rows, depth));
        Array right = operand(samples, random, type, Shape.of(batch, depth, columns));
        Shape shape = Shape.of(batch, rows, columns);
        Array expected = tripleLoop(left, right, shape);
        finish(expected).on(0, 0, batch * rows, columns).run();
        Array out = used(type, shape);
        for (Keeping keeping : Keeping.values()) {
            Workers.withThreads(threads, () -> {
                MatMulKernel.prepare(left, right, out, Begin.ZERO, keeping, finish(out)).run();
                return out;
            });
            Elements.assertSameBits(expected, out, keeping + " right");
        }
        if (batch == 1 && depth > 0) {
            multiplySimd(left, right, out, finish(out));
            Elements.assertSameBits(expected, out, "SIMD");
            for (boolean isAcross : new boolean[] {false, true}) {
                multiplyKept(left, right, out, Begin.ZERO, isAcross, finish(out));
                Elements.assertSameBits(expected, out, isAcross ? "across" : "plain");
            }
        }
    }

    /** Doubles each element and adds the number of its place, which shows if it was done twice, too early or elsewhere. */
    private static Epilogue finish(Array out) {
        return (row, column, rows, columns) -> () -> {
            for (int r = row; r < row + rows; r++) {
                for (int c = column; c < column + columns; c++) {
                    int number = r * out.shape().dim(-1) + c;
                    if (out.dtype() == DType.F32) {
                        out.floats()[out.offset() + number] = 2 * out.floats()[out.offset() + number] + number;
                    } else {
                        out.doubles()[out.offset() + number] = 2 * out.doubles()[out.offset() + number] + number;
                    }
                }
            }
        };
    }

    private static void multiplySimd(Array left, Array right, Array out, Epilogue epilogue) {
        if (out.dtype() == DType.F32) {
            FloatMatMul.prepare(FloatMatrix.of(left, 0), FloatMatrix.of(right, 0), FloatMatrix.of(out, 0), Begin.ZERO,
                    epilogue).run();
        } else {
            DoubleMatMul.prepare(DoubleMatrix.of(left, 0), DoubleMatrix.of(right, 0), DoubleMatrix.of(out, 0),
                    Begin.ZERO, epilogue).run();
        }
    }

    private static void multiplyKept(Array left, Array right, Array out, Begin begin, boolean isAcross,
            Epilogue epilogue) {
        if (out.dtype() == DType.F32) {
            new FloatKept(right, FloatMatrix.of(right, 0), isAcross ? FloatKept.Way.ACROSS : FloatKept.Way.PLAIN)
                    .prepare(FloatMatrix.of(left, 0), 0, FloatMatrix.of(out, 0), begin, epilogue).run();
        } else {
            new DoubleKept(right, DoubleMatrix.of(right, 0), isAcross ? DoubleKept.Way.ACROSS : DoubleKept.Way.PLAIN)
                    .prepare(DoubleMatrix.of(left, 0), 0, DoubleMatrix.of(out, 0), begin, epilogue).run();
        }
    }

    private static void addSimd(Array[] lefts, Array[] rights, Array out) {
        if (out.dtype() == DType.F32) {
            FloatSum.prepare(Arrays.stream(lefts).map(x -> FloatMatrix.of(x, 0)).toArray(FloatMatrix[]::new),
                    Arrays.stream(rights).map(x -> FloatMatrix.of(x, 0)).toArray(FloatMatrix[]::new),
                    FloatMatrix.of(out, 0), Begin.RESULT).run();
        } else {
            DoubleSum.prepare(Arrays.stream(lefts).map(x -> DoubleMatrix.of(x, 0)).toArray(DoubleMatrix[]::new),
                    Arrays.stream(rights).map(x -> DoubleMatrix.of(x, 0)).toArray(DoubleMatrix[]::new),
                    DoubleMatrix.of(out, 0), Begin.RESULT).run();
        }
    }

    /** The terms added one after the other, beginning at what is there. */
    private static Array addTripleLoop(Array begin, Array left, Array right) {
        Array out = Copies.of(begin);
        int depth = left.shape().dim(2);
        int columns = right.shape().dim(2);
        for (int cell = 0; cell < out.size(); cell++) {
            for (int p = 0; p < depth; p++) {
                int a = left.position(cell / columns * depth + p);
                int b = right.position(p * columns + cell % columns);
                if (out.dtype() == DType.F32) {
                    out.floats()[out.offset() + cell] =
                            Math.fma(left.floats()[a], right.floats()[b], out.floats()[out.offset() + cell]);
                } else {
                    out.doubles()[out.offset() + cell] =
                            Math.fma(left.doubles()[a], right.doubles()[b], out.doubles()[out.offset() + cell]);
                }
            }
        }
        return out;
    }

    /** Matrices joined along an axis, as a stack of one. */
    private static Array beside(int axis, Array[] parts) {
        int extent = Arrays.stream(parts).mapToInt(part -> part.shape().dim(axis)).sum();
        Array all = Array.allocate(parts[0].dtype(), parts[0].shape().with(axis, extent));
        int at = 0;
        for (Array part : parts) {
            Moves.copy(part, all.view(part.shape(), all.strides(), all.offset() + at * all.stride(axis)));
            at += part.shape().dim(axis);
        }
        return stackOfOne(all);
    }

    private static Array stackOfOne(Array x) {
        return x.view(Shape.of(1, x.shape().dim(0), x.shape().dim(1)), new int[] {0, x.stride(0), x.stride(1)},
                x.offset());
    }

    private static Array stack(Array x) {
        Array copy = Copies.copy(x);
        Shape shape = Shape.of(x.shape().dim(0) * x.shape().dim(1), x.shape().dim(2), x.shape().dim(3));
        return copy.view(shape, shape.rowMajorStrides(), copy.offset());
    }

    private static Array operand(Samples samples, Random random, DType type, Shape shape) {
        Array array = samples.flip() || shape.size() == 0 ? samples.dense(type, shape) : samples.view(type, shape);
        if (samples.between(0, 3) > 0) {
            makeFinite(array, random);
        }
        return array;
    }

    /** One infinity among the terms of a sum would hide all others. */
    private static void makeFinite(Array array, Random random) {
        for (int i = 0; i < array.size(); i++) {
            switch (array.dtype()) {
                case F32 -> Elements.set(array, i, Float.floatToRawIntBits((float) random.nextGaussian()));
                case F64 -> Elements.set(array, i, Double.doubleToRawLongBits(random.nextGaussian()));
                case BOOL, I32, I64 -> {}
            }
        }
    }

    private static void check(Array left, Array right, int threads) {
        Shape shape = Shape.of(left.shape().dim(0), left.shape().dim(1), right.shape().dim(2));
        Array expected = tripleLoop(left, right, shape);
        String context = left + " times " + right + " with " + threads + " threads";
        Array shared = used(expected.dtype(), shape);
        Workers.withThreads(threads, () -> {
            MatMulKernel.multiply(left, right, shared);
            return shared;
        });
        Elements.assertSameBits(expected, shared, context);
        if (expected.dtype().isFloat() && shape.size() > 0) {
            Array plain = used(expected.dtype(), shape);
            multiplyPlain(left, right, plain);
            Elements.assertSameBits(expected, plain, "plain: " + context);
        }
        if (expected.dtype().isFloat() && shape.size() > 0 && left.shape().dim(2) > 0) {
            Array simd = used(expected.dtype(), shape);
            multiplySimd(left, right, simd);
            Elements.assertSameBits(expected, simd, "SIMD: " + context);
            Array blocks = used(expected.dtype(), shape);
            multiplyBlocks(left, right, blocks);
            Elements.assertSameBits(expected, blocks, "in blocks: " + context);
        }
    }

    private static void multiplyPlain(Array left, Array right, Array out) {
        for (int b = 0; b < out.shape().dim(0); b++) {
            if (out.dtype() == DType.F32) {
                FloatScalarMatMul.multiply(FloatMatrix.of(left, b), FloatMatrix.of(right, b), FloatMatrix.of(out, b),
                        Begin.ZERO);
            } else {
                DoubleScalarMatMul.multiply(
                        DoubleMatrix.of(left, b), DoubleMatrix.of(right, b), DoubleMatrix.of(out, b), Begin.ZERO);
            }
        }
    }

    private static void multiplySimd(Array left, Array right, Array out) {
        for (int b = 0; b < out.shape().dim(0); b++) {
            if (out.dtype() == DType.F32) {
                FloatMatMul.multiply(FloatMatrix.of(left, b), FloatMatrix.of(right, b), FloatMatrix.of(out, b));
            } else {
                DoubleMatMul.multiply(DoubleMatrix.of(left, b), DoubleMatrix.of(right, b), DoubleMatrix.of(out, b));
            }
        }
    }

    private static void multiplyBlocks(Array left, Array right, Array out, Begin begin, Epilogue epilogue) {
        if (out.dtype() == DType.F32) {
            FloatMatMul.prepareBlocks(FloatMatrix.of(left, 0), FloatMatrix.of(right, 0), FloatMatrix.of(out, 0), begin,
                    epilogue).run();
        } else {
            DoubleMatMul.prepareBlocks(DoubleMatrix.of(left, 0), DoubleMatrix.of(right, 0), DoubleMatrix.of(out, 0),
                    begin, epilogue).run();
        }
    }

    /** Small products too, which are computed without panels else. */
    private static void multiplyBlocks(Array left, Array right, Array out) {
        for (int b = 0; b < out.shape().dim(0); b++) {
            if (out.dtype() == DType.F32) {
                FloatMatMul.prepareBlocks(FloatMatrix.of(left, b), FloatMatrix.of(right, b), FloatMatrix.of(out, b),
                        Begin.ZERO, Epilogue.NONE).run();
            } else {
                DoubleMatMul.prepareBlocks(DoubleMatrix.of(left, b), DoubleMatrix.of(right, b),
                        DoubleMatrix.of(out, b), Begin.ZERO, Epilogue.NONE).run();
            }
        }
    }

    /** Small products write whole vectors where they can, which must not reach beyond the result; and they may begin at what is there. */
    @Property(tries = 600)
    void smallProductsWriteTheirResultOnly(@ForAll long seed) {
        Samples samples = new Samples(seed);
        Random random = new Random(seed);
        DType type = samples.oneOf(DType.F32, DType.F64);
        int rows = samples.between(1, 40);
        int depth = samples.between(1, 20);
        int columns = samples.between(1, 16);
        Array left = operand(samples, random, type, Shape.of(1, rows, depth));
        Array right = operand(samples, random, type, Shape.of(1, depth, columns));
        int gap = samples.oneOf(0, 0, 3);
        boolean isAcross = samples.flip();
        int stride = gap + (isAcross ? rows : columns);
        int begin = samples.between(0, 5);
        Array memory = used(type, Shape.of(begin + 40 * 43 + 20));
        Array out = memory.view(Shape.of(1, rows, columns),
                isAcross ? new int[] {0, 1, stride} : new int[] {0, stride, 1}, begin);
        Array expected = Copies.of(memory);
        put(tripleLoop(left, right, out.shape()), expected.view(out.shape(), out.strides(), begin));
        multiplySmall(left, right, out, Begin.ZERO);
        Elements.assertSameBits(expected, memory, "from zero");
        put(addTripleLoop(Copies.of(out), left, right), expected.view(out.shape(), out.strides(), begin));
        multiplySmall(left, right, out, Begin.RESULT);
        Elements.assertSameBits(expected, memory, "from what is there");
    }

    private static void put(Array from, Array to) {
        for (int i = 0; i < from.size(); i++) {
            if (from.dtype() == DType.F32) {
                to.floats()[to.position(i)] = from.floats()[from.position(i)];
            } else {
                to.doubles()[to.position(i)] = from.doubles()[from.position(i)];
            }
        }
    }

    private static void multiplySmall(Array left, Array right, Array out, Begin begin) {
        if (out.dtype() == DType.F32) {
            FloatSmall.prepare(FloatMatrix.of(left, 0), FloatMatrix.of(right, 0), FloatMatrix.of(out, 0), begin).run();
        } else {
            DoubleSmall.prepare(DoubleMatrix.of(left, 0), DoubleMatrix.of(right, 0), DoubleMatrix.of(out, 0), begin)
                    .run();
        }
    }

    /** An array that held something else before. */
    private static Array used(DType type, Shape shape) {
        Array array = Array.allocate(type, shape);
        for (int i = 0; i < array.size(); i++) {
            Elements.set(array, i, 0x4048_f5c3_4048_f5c3L);
        }
        return array;
    }

    private static Array tripleLoop(Array left, Array right, Shape shape) {
        Array a = Copies.contiguous(left);
        Array b = Copies.contiguous(right);
        Array out = Array.allocate(left.dtype(), shape);
        int depth = left.shape().dim(2);
        int columns = shape.dim(2);
        for (int cell = 0; cell < shape.size(); cell++) {
            int aBegin = a.offset() + cell / columns * depth;
            int bBegin = b.offset() + cell / columns / shape.dim(1) * depth * columns + cell % columns;
            switch (out.dtype()) {
                case F32 -> {
                    for (int p = 0; p < depth; p++) {
                        out.floats()[out.offset() + cell] =
                                Math.fma(a.floats()[aBegin + p], b.floats()[bBegin + p * columns],
                                        out.floats()[out.offset() + cell]);
                    }
                }
                case F64 -> {
                    for (int p = 0; p < depth; p++) {
                        out.doubles()[out.offset() + cell] = Math.fma(
                                a.doubles()[aBegin + p], b.doubles()[bBegin + p * columns],
                                out.doubles()[out.offset() + cell]);
                    }
                }
                case I32 -> {
                    for (int p = 0; p < depth; p++) {
                        out.ints()[out.offset() + cell] += a.ints()[aBegin + p] * b.ints()[bBegin + p * columns];
                    }
                }
                case I64 -> {
                    for (int p = 0; p < depth; p++) {
                        out.longs()[out.offset() + cell] += a.longs()[aBegin + p] * b.longs()[bBegin + p * columns];
                    }
                }
                case BOOL -> throw new AssertionError();
            }
        }
        return out;
    }
}
