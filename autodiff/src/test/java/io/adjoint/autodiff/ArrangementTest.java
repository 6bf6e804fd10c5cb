package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.adjoint.autodiff.function.Joining;
import io.adjoint.autodiff.function.Joining.Indexing;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Functions that move elements, by examples worked out by hand. */
class ArrangementTest {
    private static final Tensor LIST = Tensor.of(new long[] {1, 2, 3});
    private static final Tensor MATRIX = Tensor.of(new long[] {1, 2, 3, 4, 5, 6}, 2, 3);
    private static final Tensor SCALAR = Tensor.scalar(7, DType.I64);
    private static final Tensor NOTHING = Tensor.zeros(Shape.of(0, 3), DType.I64);

    @Test
    void blocksStandOnTheDiagonal() {
        assertElements(Joining.blockDiag(MATRIX, SCALAR, LIST), Shape.of(4, 7),
                1, 2, 3, 0, 0, 0, 0,
                4, 5, 6, 0, 0, 0, 0,
                0, 0, 0, 7, 0, 0, 0,
                0, 0, 0, 0, 1, 2, 3);
        assertEquals(Shape.of(2, 6), Joining.blockDiag(NOTHING, MATRIX).shape());
        assertThrows(ShapeException.class, () -> Joining.blockDiag(Tensor.zeros(1, 1, 1)));
    }

    @Test
    void combinationsRunFastestInTheLastList() {
        assertElements(Joining.cartesianProduct(Tensor.of(new long[] {8, 9}), LIST), Shape.of(6, 2),
                8, 1, 8, 2, 8, 3, 9, 1, 9, 2, 9, 3);
        assertElements(Joining.cartesianProduct(LIST), Shape.of(3), 1, 2, 3);
        assertThrows(ShapeException.class, () -> Joining.cartesianProduct(MATRIX, LIST));
    }

    @Test
    void aGridRunsAlongItsLists() {
        Tensor pair = Tensor.of(new long[] {8, 9});
        List<Tensor> rows = Joining.meshgrid(Indexing.IJ, LIST, pair);
        assertElements(rows.get(0), Shape.of(3, 2), 1, 1, 2, 2, 3, 3);
        assertElements(rows.get(1), Shape.of(3, 2), 8, 9, 8, 9, 8, 9);
        assertElements(Joining.meshgrid(Indexing.XY, LIST, pair).get(0), Shape.of(2, 3), 1, 2, 3, 1, 2, 3);
    }

    @Test
    void joinsLiftWhatHasFewerAxes() {
        assertElements(Joining.hstack(LIST, SCALAR), Shape.of(4), 1, 2, 3, 7);
        assertElements(Joining.vstack(LIST, MATRIX), Shape.of(3, 3), 1, 2, 3, 1, 2, 3, 4, 5, 6);
        assertElements(Joining.dstack(LIST, LIST), Shape.of(1, 3, 2), 1, 1, 2, 2, 3, 3);
    }

    @Test
    void theElementsOfAnythingGoOnADiagonal() {
        assertElements(Tensor.of(new long[] {1, 2}).diagflat(1), Shape.of(3, 3), 0, 1, 0, 0, 0, 2, 0, 0, 0);
        assertElements(SCALAR.diagflat(-1), Shape.of(2, 2), 0, 0, 7, 0);
        assertEquals(Shape.of(36), MATRIX.diagflat(0).reshape(-1).shape());
    }

    @Test
    void anAxisUnfoldsIntoSeveral() {
        Tensor x = Tensor.range(12).reshape(1, 12);
        assertEquals(Shape.of(1, 2, 3, 2), x.unflatten(-1, 2, -1, 2).shape());
        assertArrayEquals(x.toLongs(), x.unflatten(1, 3, 4).toLongs());
        assertThrows(ShapeException.class, () -> x.unflatten(1, 5, 2));
    }

    @Test
    void piecesOfUnequalSize() {
        assertEquals(List.of(Shape.of(2), Shape.of(2), Shape.of(1)), shapes(Tensor.range(5).split(2, 0)));
        assertEquals(List.of(Shape.of(3), Shape.of(2)), shapes(Tensor.range(5).chunk(2, 0)));
        assertEquals(List.of(Shape.of(2), Shape.of(2), Shape.of(1)), shapes(Tensor.range(5).tensorSplit(3, 0)));
        List<Tensor> backwards = Tensor.range(4).tensorSplit(new int[] {3, 1}, 0);
        assertEquals(List.of(Shape.of(3), Shape.of(0), Shape.of(3)), shapes(backwards));
        assertArrayEquals(new long[] {1, 2, 3}, backwards.getLast().toLongs());
    }

    @Test
    void ofAnEmptyAxisThereIsOnePieceOfNoSize() {
        assertEquals(List.of(Shape.of(0, 3)), shapes(NOTHING.split(0, 0)));
        assertThrows(ShapeException.class, () -> MATRIX.split(0, 0));
    }

    @Test
    void countsRepeatEachElement() {
        Tensor counts = Tensor.of(new int[] {2, 0, 1});
        assertElements(LIST.repeatInterleave(counts, 0), Shape.of(3), 1, 1, 3);
        assertElements(MATRIX.repeatInterleave(counts, 1), Shape.of(2, 3), 1, 1, 3, 4, 4, 6);
    }

    @Test
    void aSingleCountIsForAllElements() {
        for (Tensor two : new Tensor[] {Tensor.of(new long[] {2}), Tensor.scalar(2, DType.I32)}) {
            assertElements(LIST.repeatInterleave(two, 0), Shape.of(6), 1, 1, 2, 2, 3, 3);
            assertElements(Tensor.of(new long[] {9}).repeatInterleave(two, 0), Shape.of(2), 9, 9);
        }
        assertThrows(ShapeException.class, () -> LIST.repeatInterleave(Tensor.of(new long[] {-1}), 0));
        assertThrows(ShapeException.class, () -> LIST.repeatInterleave(Tensor.scalar(2), 0));
    }

    @Test
    void aScalarPassesForOneAxis() {
        Tensor x = Tensor.scalar(3, DType.F64).tracked();
        for (Tensor same : new Tensor[] {x.transpose(0, -1), x.flip(0), x.flip(-1), x.movedim(0, -1), x.squeeze(0)}) {
            assertEquals(3, same.item());
            assertEquals(2, same.mul(2).gradients(x).of(x).item());
        }
        assertThrows(ShapeException.class, () -> x.transpose(0, 1));
        assertThrows(ShapeException.class, () -> x.flip(0, 0));
        assertThrows(ShapeException.class, () -> x.movedim(new int[] {0, 0}, new int[] {0, 0}));
        assertThrows(ShapeException.class, () -> x.movedim(new int[] {0}, new int[0]));
    }

    @Test
    void turnsMovesAndCircles() {
        assertElements(MATRIX.rot90(1, 0, 1), Shape.of(3, 2), 3, 6, 2, 5, 1, 4);
        assertElements(MATRIX.rot90(-1, 0, 1), Shape.of(3, 2), 4, 1, 5, 2, 6, 3);
        assertElements(MATRIX.roll(1), Shape.of(2, 3), 6, 1, 2, 3, 4, 5);
        assertElements(MATRIX.roll(new int[] {1, -1}, new int[] {0, 1}), Shape.of(2, 3), 5, 6, 4, 2, 3, 1);
        assertEquals(Shape.of(4, 2, 3), Tensor.zeros(2, 3, 4).movedim(-1, 0).shape());
    }

    @Test
    void paddingBeyondTheEdges() {
        assertElements(LIST.pad(PadMode.REFLECT, 2, 1), Shape.of(6), 3, 2, 1, 2, 3, 2);
        assertElements(LIST.pad(PadMode.REPLICATE, 1, 2), Shape.of(6), 1, 1, 2, 3, 3, 3);
        assertElements(LIST.pad(PadMode.CIRCULAR, 2, 1), Shape.of(6), 2, 3, 1, 2, 3, 1);
        assertElements(LIST.pad(9, -1, 1), Shape.of(3), 2, 3, 9);
    }

    @Test
    void sumsUndoTheStretching() {
        assertElements(MATRIX.sumToSize(Shape.of(3)), Shape.of(3), 5, 7, 9);
        assertElements(MATRIX.sumToSize(Shape.of(2, 1)), Shape.of(2, 1), 6, 15);
        assertElements(MATRIX.sumToSize(Shape.scalar()), Shape.scalar(), 21);
    }

    private static List<Shape> shapes(List<Tensor> pieces) {
        return pieces.stream().map(Tensor::shape).toList();
    }

    private static void assertElements(Tensor actual, Shape shape, long... elements) {
        assertEquals(shape, actual.shape());
        assertArrayEquals(elements, actual.toLongs());
    }

    /** Without the axis of nothing there would be more elements than a tensor may have. */
    @Test
    void theGradientOfNothingRepeatedOftenIsZero() {
        Tensor x = Tensor.ones(3, 2).tracked();
        Tensor none = x.repeat(Integer.MAX_VALUE, 65536, 0);
        assertEquals(Tensor.zeros(Shape.of(3, 2), DType.F32).toString(), none.sum().gradients(x).of(x).toString());
    }
}
