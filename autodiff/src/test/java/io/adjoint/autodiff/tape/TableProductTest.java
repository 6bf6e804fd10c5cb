package io.adjoint.autodiff.tape;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Gradients;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.check.GradientCheck;
import io.adjoint.autodiff.function.Embeddings;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What flows through a product to a table whose rows it multiplied is summed for each row of the table first. */
class TableProductTest {
    private static final int WIDTH = 16;
    private static final Tensor INDEX = Tensor.of(new long[] {2, 0, 2, 2, 0, 4, 4, 2, 0, 2}, 2, 5);

    private final Tensor table = normal(1, DType.F32, 5, WIDTH).tracked();
    private final Tensor weight = normal(2, DType.F32, WIDTH, 3).tracked();

    private static Tensor normal(long seed, DType type, int... dims) {
        return Rng.seed(seed).normal(Shape.of(dims), type);
    }

    /** The cotangents of all places of a word, in their order, by the loop that they stand for. */
    private static Tensor sums(Tensor cotangent, Tensor index, int rows) {
        long[] places = index.reshape(index.size()).toLongs();
        Tensor lines = cotangent.reshape(places.length, cotangent.dim(-1));
        List<Tensor> sums = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            Tensor sum = Tensor.zeros(1, cotangent.dim(-1));
            for (int place = 0; place < places.length; place++) {
                sum = places[place] == row ? sum.add(lines.slice(0, place, place + 1)) : sum;
            }
            sums.add(sum);
        }
        return Tensor.concat(0, sums.toArray(Tensor[]::new));
    }

    private static void assertSameBits(Tensor expected, Tensor found) {
        assertTrue(expected.sameBits(found), () -> expected + " and " + found);
    }

    private static void assertClose(Tensor expected, Tensor found) {
        assertTrue(expected.isClose(found, 1e-4, 1e-2).all().toBooleans()[0], () -> expected + " and " + found);
    }

    @Test
    void bothFactorsGetProductsOfTheSums() {
        Tensor cotangent = normal(3, DType.F32, 2, 5, 3);
        Gradients found = Embeddings.lookup(table, INDEX).matmul(weight).mul(cotangent).sum().gradients(table, weight);
        Tensor sums = sums(cotangent, INDEX, 5);
        Tensor used = Tensor.of(new float[] {1, 0, 1, 0, 1}, 5, 1);
        assertSameBits(used.gt(0).where(sums.matmul(weight.detached().transpose()), 0), found.of(table));
        assertSameBits(table.detached().mul(used).transpose().matmul(sums), found.of(weight));
    }

    @Test
    void rowsThatSomebodyAsksForHaveTheirCotangent() {
        Tensor cotangent = normal(3, DType.F32, 2, 5, 3);
        Tensor rows = Embeddings.lookup(table, INDEX);
        Gradients found = rows.matmul(weight).mul(cotangent).sum().gradients(rows, table, weight);
        Tensor expected = cotangent.matmul(weight.detached().transpose());
        assertSameBits(expected, found.of(rows));
        assertSameBits(sums(expected, INDEX, 5), found.of(table));
        assertClose(rows.detached().flatten(0, 1).transpose().matmul(cotangent.flatten(0, 1)), found.of(weight));
    }

    @Test
    void whatElseReadsTheRowsFlowsAsEver() {
        Tensor rows = Embeddings.lookup(table, INDEX);
        Tensor cotangent = normal(3, DType.F32, 2, 5, 3);
        Tensor other = normal(4, DType.F32, 2, 5, WIDTH);
        Tensor loss = rows.matmul(weight).mul(cotangent).sum().add(rows.mul(other).sum());
        assertClose(sums(cotangent.matmul(weight.detached().transpose()).add(other), INDEX, 5),
                loss.gradients(table).of(table));
    }

    /** Its products with sums of zero are zero. */
    @Test
    void aRowThatNobodyLookedUpSpoilsNothing() {
        Tensor spoilt = table.detached().mul(Tensor.of(new float[] {1, Float.NaN, 1, Float.POSITIVE_INFINITY, 1}, 5, 1))
                .tracked();
        Tensor expected = Embeddings.lookup(table, INDEX).matmul(weight).square().sum().gradients(weight).of(weight);
        Gradients found = Embeddings.lookup(spoilt, INDEX).matmul(weight).square().sum().gradients(spoilt, weight);
        assertSameBits(expected, found.of(weight));
        assertTrue(found.of(spoilt).isFinite().all().toBooleans()[0]);
    }

    @Test
    void aSpoiltWeightSpoilsNoRowThatNobodyLookedUp() {
        Tensor spoilt = weight.detached().mul(Tensor.of(new float[] {1, Float.NaN, Float.POSITIVE_INFINITY}, 1, 3))
                .tracked();
        Tensor found = Embeddings.lookup(table, INDEX).matmul(spoilt).sum().gradients(table).of(table);
        assertSameBits(Tensor.zeros(2, WIDTH), found.indexSelect(0, Tensor.of(new long[] {1, 3}, 2)));
    }

    /** A walk cannot know what a later one is made for. */
    @Test
    void rowsAreFoundBehindTheGradientOfTheWeight() {
        Tensor factor = normal(7, DType.F32, WIDTH, 3);
        Tensor rows = Embeddings.lookup(table, INDEX);
        Tensor other = rows.detached().tracked();
        assertClose(bySecond(other, factor), bySecond(rows, factor));
    }

    private Tensor bySecond(Tensor rows, Tensor factor) {
        Tensor slope = rows.matmul(weight).square().sum().differentiableGradients(weight).of(weight);
        return slope.mul(factor).sum().gradients(rows).of(rows);
    }

    @Test
    void rowsMayBeSeenThroughManyViews() {
        Tensor rows = Embeddings.lookup(table, INDEX).flatten(0, 1);
        for (int i = 0; i < 20_000; i++) {
            rows = rows.flip(0);
        }
        Tensor expected = Embeddings.lookup(table, INDEX).matmul(weight).sum().gradients(weight).of(weight);
        assertSameBits(expected, rows.matmul(weight).sum().gradients(weight).of(weight));
    }

    @Test
    void derivativesOfSecondOrderAreRight() {
        Tensor x = normal(5, DType.F64, 5, WIDTH);
        Tensor y = normal(6, DType.F64, WIDTH, 2).mul(0.3);
        GradientCheck.of("product of rows looked up").withOrder(2).check(
                in -> Embeddings.lookup(in.getFirst(), INDEX).matmul(in.getLast()).tanh().sum(), x, y);
    }

    /** However the rows are seen before they are multiplied: eager and compiled code; in both orders close to what each place gives by itself. */
    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void programsHaveTheSameBits(@ForAll long seed) {
        Random random = new Random(seed);
        DType type = random.nextBoolean() ? DType.F32 : DType.F64;
        int words = 1 + random.nextInt(6);
        Shape shape = Shape.of(1 + random.nextInt(6), 1 + random.nextInt(6));
        Tensor places = Tensor.of(random.longs(shape.size(), 0, words).toArray(), shape);
        Tensor table = normal(seed, type, words, WIDTH);
        Tensor weight = random.nextBoolean() ? normal(seed + 1, type, WIDTH, 3)
                : normal(seed + 1, type, 3, WIDTH).transpose();
        List<UnaryOperator<Tensor>> views = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            views.add(view(random.nextInt(5)));
        }
        BiFunction<Tensor, Tensor, Tensor> ofRows = (rows, factor) -> {
            Tensor seen = rows;
            for (UnaryOperator<Tensor> view : views) {
                seen = view.apply(seen);
            }
            return seen.matmul(factor).square().sum();
        };
        Function<List<Tensor>, Tensor> loss =
                in -> ofRows.apply(Embeddings.lookup(in.getFirst(), places), in.getLast());
        Function<List<Tensor>, Tensor> place = // by place, as of any rows
                in -> ofRows.apply(in.getFirst().indexSelect(0, places.reshape(places.size()))
                        .reshape(places.dim(0), places.dim(1), WIDTH), in.getLast());
        Tensor first = table.tracked();
        Tensor second = weight.tracked();
        Gradients any = loss.apply(List.of(first, second)).differentiableGradients(first, second);
        List<Tensor> eager = gradients(loss, table, weight);
        List<Tensor> compiled = Program.compileAll(in -> gradients(loss, in.getFirst(), in.getLast()))
                .applyAll(table, weight);
        List<Tensor> plain = gradients(place, table, weight);
        for (int i = 0; i < 2; i++) {
            assertClose(plain.get(i), eager.get(i));
            assertClose(plain.get(i), any.values().get(i).detached());
            assertSameBits(eager.get(i), compiled.get(i));
        }
    }

    private static List<Tensor> gradients(Function<List<Tensor>, Tensor> loss, Tensor... inputs) {
        Tensor first = inputs[0].tracked();
        Tensor second = inputs[1].tracked();
        return loss.apply(List.of(first, second)).gradients(first, second).values();
    }

    private static UnaryOperator<Tensor> view(int number) {
        return switch (number) {
            case 0 -> x -> x.rank() == 3 ? x.transpose(0, 1) : x.flip(0);
            case 1 -> x -> x.slice(0, x.dim(0) / 2, x.dim(0));
            case 2 -> x -> x.rank() == 3 ? x.flatten(0, 1) : x.unsqueeze(0);
            case 3 -> x -> x.slice(-1, 0, WIDTH).neg();
            default -> x -> x.flip(-1);
        };
    }
}
