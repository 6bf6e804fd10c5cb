package io.adjoint.autodiff.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.DType;
import io.adjoint.autodiff.Graph;
import io.adjoint.autodiff.Program;
import io.adjoint.autodiff.Rng;
import io.adjoint.autodiff.Shape;
import io.adjoint.autodiff.ShapeException;
import io.adjoint.autodiff.Tensor;
import io.adjoint.autodiff.TensorSpec;
import io.adjoint.autodiff.Transforms;
import io.adjoint.autodiff.function.Embeddings;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Products of rows that are looked up in a table are products of the table, with the same bits. */
class LookupsTest {
    private static final int WIDTH = 16;

    /** What is done to the rows of a table {@code [5, WIDTH]} for an index of this shape, as a graph. */
    private static String rewritten(UnaryOperator<Tensor> function, int... index) {
        Graph graph = Simplify.of(Graph.trace((table, places) -> function.apply(Embeddings.lookup(table, places)),
                new TensorSpec(DType.F32, Shape.of(5, WIDTH)), new TensorSpec(DType.I64, Shape.of(index))));
        return Simplify.of(Lookups.of(graph)).verify().toString();
    }

    private static Tensor weight(int columns) {
        return normal(7, DType.F32, Shape.of(WIDTH, columns));
    }

    private static Tensor normal(long seed, DType type, Shape shape) {
        return Rng.seed(seed).normal(shape, type);
    }

    private static int count(String part, String text) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    @Test
    void theTableIsMultipliedAndItsRowsAreLookedUp() {
        assertEquals("""
                %0 = input 0 F32[5, 16]
                %1 = input 1 I64[2, 5]
                %2 = resolve_index{extent=5, counting=FROM_FRONT, asker="embedding"}(%1) I64[2, 5]
                %3 = reshape{target=[10]}(%2) I64[10]
                %4 = reshape{target=[10, 1]}(%3) I64[10, 1]
                %5 = reshape{target=[2, 5, 1]}(%4) I64[2, 5, 1]
                %6 = reshape{target=[10, 1]}(%5) I64[10, 1]
                %7 = constant F32[16, 3]
                %8 = matmul{left=PLAIN, right=PLAIN}(%0, %7) F32[5, 3]
                %9 = reshape{target=[2, 5, 1]}(%6) I64[2, 5, 1]
                %10 = constant F32[3]
                %11 = add(%8, %10) F32[5, 3]
                %12 = reshape{target=[10, 1]}(%9) I64[10, 1]
                %13 = expand{target=[10, 3]}(%12) I64[10, 3]
                %14 = gather{axis=0}(%11, %13) F32[10, 3]
                %15 = reshape{target=[2, 5, 3]}(%14) F32[2, 5, 3]
                return %15
                """.strip(), rewritten(rows -> rows.matmul(weight(3)).add(weight(3).sum(0)), 2, 5).strip());
    }

    @Test
    void whoReadsSomeRowsLooksUpThese() {
        String text = rewritten(rows -> {
            Tensor product = rows.matmul(weight(3));
            return product.slice(0, 0, 1).exp().mul(product.slice(0, 1, 2).flip(1));
        }, 2, 5);
        assertEquals(2, count("gather", text), text);
        assertEquals(1, count("matmul", text), text);
        assertTrue(Pattern.compile("matmul.* F32\\[5, 3]").matcher(text).find(), text);
    }

    @Test
    void whatIsReadAsAWholeTooIsLookedUpOnce() {
        String text = rewritten(rows -> {
            Tensor product = rows.matmul(weight(3));
            return product.slice(0, 0, 1).mul(product.sum());
        }, 2, 5);
        assertEquals(1, count("gather", text), text);
    }

    @Test
    void slicesThatOverlapLookUpNothingTwice() {
        String text = rewritten(rows -> {
            Tensor product = rows.matmul(weight(3));
            return product.slice(0, 0, 2).mul(product.slice(0, 1, 3));
        }, 3, 4);
        assertEquals(1, count("gather", text), text);
    }

    @Test
    void twoLayersAreBothComputedForTheTable() {
        String text = rewritten(rows -> rows.matmul(weight(WIDTH)).relu().matmul(weight(2)), 10);
        assertTrue(Pattern.compile("matmul.* F32\\[5, 16]").matcher(text).find(), text);
        assertTrue(Pattern.compile("matmul.* F32\\[5, 2]").matcher(text).find(), text);
        assertEquals(2, count("matmul", text), text);
        assertEquals(1, count("gather", text), text);
    }

    @Test
    void fewRowsOrAShortProductStayAsTheyAre() {
        Graph few = Simplify.of(Graph.trace((table, places) -> Embeddings.lookup(table, places).matmul(weight(3)),
                new TensorSpec(DType.F32, Shape.of(5, WIDTH)), new TensorSpec(DType.I64, Shape.of(9))));
        assertSame(few, Lookups.of(few));
        Graph narrow = Simplify.of(Graph.trace(
                (table, places) -> Embeddings.lookup(table, places).matmul(weight(3).slice(0, 0, WIDTH - 1)),
                new TensorSpec(DType.F32, Shape.of(5, WIDTH - 1)), new TensorSpec(DType.I64, Shape.of(10))));
        assertSame(narrow, Lookups.of(narrow));
    }

    /** A table of a thousand words is not given a bias for each line of thirty-two. */
    @Test
    void whatIsDoneToFewRowsIsNotDoneToTheTable() {
        String text = rewritten(rows -> rows.matmul(weight(3)).slice(0, 0, 1).exp(), 3, 4);
        assertTrue(text.contains("exp(") && !Pattern.compile("exp.* F32\\[5, 3]").matcher(text).find(), text);
        assertTrue(Pattern.compile("matmul.* F32\\[5, 3]").matcher(text).find(), text);
    }

    /** Places that nobody has checked are looked up where they were, and refused with the same words. */
    @Test
    void placesOfARawGatherStayThere() {
        BinaryOperator<Tensor> function = (table, places) -> table
                .gather(0, places.unsqueeze(1).expand(Shape.of(4, WIDTH))).matmul(weight(3)).slice(0, 0, 1);
        Tensor table = Tensor.ones(2, WIDTH);
        Tensor places = Tensor.of(new long[] {0, 2, 1, 0});
        assertEquals(assertThrows(ShapeException.class, () -> function.apply(table, places)).getMessage(),
                assertThrows(ShapeException.class, () -> Program.compile(function).apply(table, places)).getMessage());
    }

    @Test
    void aPlaceOutsideOfTheTableIsRefusedAsInEagerCode() {
        BinaryOperator<Tensor> function = (table, places) -> Embeddings.lookup(table, places).matmul(weight(3));
        Tensor places = Tensor.of(new long[] {0, 1, 2, 0});
        for (int words : new int[] {2, 0}) {
            Tensor table = Tensor.zeros(Shape.of(words, WIDTH), DType.F32);
            assertEquals(assertThrows(ShapeException.class, () -> function.apply(table, places)).getMessage(),
                    assertThrows(ShapeException.class, () -> Program.compile(function).apply(table, places))
                            .getMessage());
        }
    }

    /** Chains of views, sums with numbers of columns, products and what else there is, with the gradient by the table. */
    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void eagerAndCompiledAgree(@ForAll long seed) {
        Random random = new Random(seed);
        DType type = random.nextBoolean() ? DType.F32 : DType.F64;
        int words = 1 + random.nextInt(9);
        Shape shape = Shape.of(1 + random.nextInt(6), 1 + random.nextInt(6));
        Tensor table = normal(seed, type, Shape.of(words, WIDTH));
        long[] numbers = random.longs(shape.size(), 0, words).toArray();
        Tensor places = Tensor.of(numbers, shape);
        List<UnaryOperator<Tensor>> chain = new ArrayList<>();
        for (int i = random.nextInt(7) + 1; i > 0; i--) {
            chain.add(link(random.nextLong(), type));
        }
        BinaryOperator<Tensor> function = (x, index) -> {
            Tensor value = Embeddings.lookup(x, index);
            for (UnaryOperator<Tensor> link : chain) {
                value = link.apply(value);
            }
            return value;
        };
        BinaryOperator<Tensor> gradient =
                (x, index) -> Transforms.grad(t -> function.apply(t, index).square().sum()).apply(x);
        assertAgree(function, table, places);
        assertAgree(gradient, table, places);
    }

    private static void assertAgree(BinaryOperator<Tensor> function, Tensor table, Tensor places) {
        Tensor expected = function.apply(table, places);
        Tensor found = Program.compile(function).apply(table, places);
        assertTrue(expected.sameBits(found), () -> expected + " and " + found);
    }

    private static UnaryOperator<Tensor> link(long seed, DType type) {
        return x -> {
            int width = x.dim(-1);
            Tensor columns = normal(seed, type, Shape.of(width));
            return switch (new Random(seed).nextInt(11)) {
                case 0, 1, 2 -> x.matmul(normal(seed, type, Shape.of(width, WIDTH)));
                case 3 -> x.matmul(normal(seed, type, Shape.of(3, width)).transpose());
                case 4 -> x.add(columns);
                case 5 -> columns.sub(x).relu();
                case 6 -> x.rank() == 3 ? x.transpose(0, 1) : x.flip(0);
                case 7 -> x.slice(0, x.dim(0) / 2, x.dim(0));
                case 8 -> x.rank() == 3 ? x.flatten(0, 1) : x.unsqueeze(0);
                case 9 -> x.mul(x.sum());
                default -> x.slice(-1, 0, width).exp().mul(0.01);
            };
        };
    }
}
