package io.adjoint.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.autodiff.tape.Internals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** {@code get}, {@code put} and {@code putAdd} with random lists of indices against loops over coordinates. */
class SubscriptTest {
    /** A random list of indices that a shape accepts. */
    private static List<Index> indices(Random random, int[] shape) {
        List<Index> indices = new ArrayList<>();
        int[] around =
                IntStream.range(0, random.nextInt(3)).map(_ -> random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(2))
                        .toArray();
        // masks are lists, so beside them index tensors must stretch to one number of true elements
        boolean withMask = random.nextInt(3) == 0;
        boolean hasEllipsis = false;
        int axis = 0;
        while (axis < shape.length || random.nextInt(3) == 0) {
            int kind = random.nextInt(withMask ? 12 : 10);
            if (kind == 0) {
                indices.add(Index.newAxis());
            } else if (kind == 1 && !hasEllipsis) {
                hasEllipsis = true;
                indices.add(Index.ellipsis());
                axis = Math.min(shape.length, axis + random.nextInt(3));
                if (random.nextBoolean() || axis == shape.length) {
                    return finished(random, indices, shape, axis);
                }
                // what comes after it speaks about the innermost axes, so none may be left over
                indices.addAll(numbersAndRanges(random, Arrays.copyOfRange(shape, axis, shape.length)));
                return withMask ? oneMask(indices) : indices;
            } else if (kind == 2 && !withMask) {
                boolean isThere = random.nextInt(4) > 0;
                boolean fits = isThere || around.length == 0 || around[around.length - 1] < 2;
                indices.add(random.nextBoolean() ? Index.bool(isThere || !fits)
                        : Index.of(Tensor.of(new boolean[] {isThere || !fits}, Shape.scalar())));
                around = isThere || !fits ? around : emptied(around);
            } else if (axis < shape.length) {
                int extent = shape[axis];
                if (kind >= 10) {
                    int rank = 1 + random.nextInt(shape.length - axis);
                    indices.add(Index.of(mask(random, Arrays.copyOfRange(shape, axis, axis + rank))));
                    axis += rank;
                } else if (kind == 3 && extent > 0) {
                    int place = random.nextInt(2 * extent) - extent;
                    indices.add(random.nextBoolean() ? Index.at(place)
                            : Index.of(Tensor.of(new long[] {place}, Shape.scalar())));
                    axis++;
                } else if (kind >= 6 && (extent > 0 || size(around) == 0) && !withMask) {
                    indices.add(Index.of(places(random, around, extent)));
                    axis++;
                } else if (kind >= 6 && extent > 0 && withMask) {
                    indices.add(Index.of(places(random, new int[] {1}, extent)));
                    axis++;
                } else {
                    indices.add(new Index.Slice(random.nextInt(9) - 4,
                            random.nextInt(3) == 0 ? Integer.MAX_VALUE : random.nextInt(9) - 4, 1 + random.nextInt(3)));
                    axis++;
                }
            }
            if (random.nextInt(8) == 0) {
                break;
            }
        }
        return withMask ? oneMask(indices) : indices;
    }

    private static List<Index> numbersAndRanges(Random random, int[] shape) {
        return IntStream.of(shape)
                .<Index>mapToObj(extent -> extent > 0 && random.nextBoolean()
                        ? Index.at(random.nextInt(2 * extent) - extent) : Index.from(random.nextInt(4) - 2))
                .toList();
    }

    private static List<Index> finished(Random random, List<Index> indices, int[] shape, int axis) {
        if (axis < shape.length && shape[shape.length - 1] > 0) {
            indices.add(Index.at(-1 - random.nextInt(shape[shape.length - 1])));
        }
        return oneMask(indices);
    }

    /** Masks of different counts do not broadcast: all but the first become whole axes. */
    private static List<Index> oneMask(List<Index> indices) {
        List<Index> kept = new ArrayList<>();
        boolean seen = false;
        for (Index index : indices) {
            if (index instanceof Index.Of(Tensor mask) && mask.dtype() == DType.BOOL && mask.rank() > 0) {
                if (seen) {
                    IntStream.range(0, mask.rank()).forEach(_ -> kept.add(Index.all()));
                    continue;
                }
                seen = true;
            }
            kept.add(index);
        }
        return kept;
    }

    private static int[] emptied(int[] around) {
        int[] dims = around.length == 0 ? new int[1] : around.clone();
        dims[dims.length - 1] = 0;
        return dims;
    }

    private static int size(int[] shape) {
        return IntStream.of(shape).reduce(1, (a, b) -> a * b);
    }

    private static Tensor mask(Random random, int[] shape) {
        boolean[] isTrue = new boolean[size(shape)];
        IntStream.range(0, isTrue.length).forEach(i -> isTrue[i] = random.nextBoolean());
        return Tensor.of(isTrue, Shape.of(shape));
    }

    /** Places of a shape that stretches to another one. */
    private static Tensor places(Random random, int[] around, int extent) {
        int[] dims = Arrays.copyOfRange(around, around.length == 0 ? 0 : random.nextInt(around.length), around.length);
        for (int i = 0; i < dims.length; i++) {
            dims[i] = dims[i] > 0 && random.nextInt(3) == 0 ? 1 : dims[i];
        }
        if (extent == 0 && size(dims) > 0) {
            dims = around;
        }
        long[] places = new long[size(dims)];
        Arrays.setAll(places, _ -> random.nextInt(2 * extent) - extent);
        return Tensor.of(places, Shape.of(dims));
    }

    private static int[] shape(Random random) {
        return IntStream.range(0, random.nextInt(5)).map(_ -> random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(3))
                .toArray();
    }

    /** Whole numbers, so that sums are exact. */
    private static double[] numbers(Random random, int count) {
        return random.ints(count, -50, 50).asDoubleStream().toArray();
    }

    /** A view of a layout that is not row-major, with these elements. */
    private static Tensor laidOut(Random random, double[] elements, int[] shape) {
        Tensor x = Tensor.of(elements, Shape.of(shape));
        if (shape.length > 1 && random.nextBoolean()) {
            Tensor turned = x.transpose(0, -1);
            return Tensor.concat(0, turned).transpose(0, -1);
        }
        return x;
    }

    @Property(tries = 1500, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void getTakesWhatTheLoopsTake(@ForAll long seed) {
        Random random = new Random(seed);
        int[] shape = shape(random);
        List<Index> indices = indices(random, shape);
        double[] elements = numbers(random, size(shape));
        Tensor x = laidOut(random, elements, shape).tracked();
        NaiveSubscript naive = NaiveSubscript.of(shape, indices);
        String label = "seed " + seed + ", " + Arrays.toString(shape) + " " + indices;
        Tensor taken = x.get(indices.toArray(Index[]::new));
        assertEquals(Shape.of(naive.shape()), taken.shape(), label);
        assertArrayEquals(IntStream.of(naive.numbers()).mapToDouble(n -> elements[n]).toArray(), taken.toDoubles(),
                label);
        double[] cotangent = numbers(random, taken.size());
        double[] expected = new double[elements.length];
        IntStream.range(0, cotangent.length).forEach(i -> expected[naive.numbers()[i]] += cotangent[i]);
        assertArrayEquals(expected, gradient(taken, cotangent, x), label);
    }

    private static double[] gradient(Tensor result, double[] cotangent, Tensor x) {
        return result.vjp(Tensor.of(cotangent, result.shape()), x).of(x).add(0).toDoubles();
    }

    /** The last value put to a place stays; gradients follow what stays. */
    @Property(tries = 1500, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void putAndPutAddWriteWhereGetTakes(@ForAll long seed) {
        Random random = new Random(seed);
        int[] shape = shape(random);
        Index[] indices = indices(random, shape).toArray(Index[]::new);
        NaiveSubscript naive = NaiveSubscript.of(shape, List.of(indices));
        int[] valueShape = stretching(random, naive.shape());
        double[] base = numbers(random, size(shape));
        double[] values = numbers(random, size(valueShape));
        Tensor x = laidOut(random, base, shape).tracked();
        Tensor value = laidOut(random, values, valueShape).tracked();
        String label = "seed " + seed + ", " + Arrays.toString(shape) + " " + Arrays.toString(indices) + " = "
                + Arrays.toString(valueShape);
        int count = naive.numbers().length;
        int[] from = new int[count];
        for (int i = 0; i < count; i++) {
            int[] at = NaiveSubscript.coordinates(i, naive.shape());
            int[] inner = valueShape.length > at.length
                    ? Arrays.copyOfRange(valueShape, valueShape.length - at.length, valueShape.length) : valueShape;
            from[i] = NaiveSubscript.stretched(at, inner);
        }
        double[] put = base.clone();
        double[] added = base.clone();
        int[] writer = new int[base.length];
        Arrays.fill(writer, -1);
        for (int i = 0; i < count; i++) {
            put[naive.numbers()[i]] = values[from[i]];
            added[naive.numbers()[i]] += values[from[i]];
            writer[naive.numbers()[i]] = from[i];
        }
        double[] cotangent = numbers(random, base.length);
        double[] byBase = cotangent.clone();
        double[] byPut = new double[values.length];
        double[] byAdded = new double[values.length];
        for (int n = 0; n < base.length; n++) {
            if (writer[n] >= 0) {
                byBase[n] = 0;
                byPut[writer[n]] += cotangent[n];
            }
        }
        IntStream.range(0, count).forEach(i -> byAdded[from[i]] += cotangent[naive.numbers()[i]]);

        Tensor written = x.put(value, indices);
        assertEquals(x.spec(), written.spec(), label);
        assertArrayEquals(put, written.toDoubles(), label);
        assertArrayEquals(byBase, gradient(written, cotangent, x), label);
        assertArrayEquals(byPut, gradient(written, cotangent, value), label);
        Tensor sum = x.putAdd(value, indices);
        assertArrayEquals(added, sum.toDoubles(), label);
        assertArrayEquals(cotangent, gradient(sum, cotangent, x), label);
        assertArrayEquals(byAdded, gradient(sum, cotangent, value), label);
        Tensor filled = x.put(7, indices);
        double[] sevens = base.clone();
        IntStream.of(naive.numbers()).forEach(n -> sevens[n] = 7);
        assertArrayEquals(sevens, filled.toDoubles(), label);
    }

    /** A shape that stretches to another one: missing outer axes, or more of extent 1. */
    private static int[] stretching(Random random, int[] shape) {
        if (random.nextInt(5) == 0) {
            return IntStream.concat(IntStream.of(1, 1), IntStream.of(shape)).toArray();
        }
        int[] dims = Arrays.copyOfRange(shape, random.nextInt(shape.length + 1), shape.length);
        for (int i = 0; i < dims.length; i++) {
            dims[i] = random.nextInt(3) == 0 ? 1 : dims[i];
        }
        return dims;
    }

    /** The generator reaches what the rules are about. */
    @Test
    void randomListsAreOfAllKinds() {
        int apart = 0;
        int masked = 0;
        int empty = 0;
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            int[] shape = shape(random);
            List<Index> indices = indices(random, shape);
            int[] tensors = IntStream.range(0, indices.size())
                    .filter(i -> indices.get(i) instanceof Index.Of(Tensor t) && t.rank() > 0).toArray();
            apart += tensors.length > 1 && tensors[tensors.length - 1] - tensors[0] >= tensors.length ? 1 : 0;
            masked += indices.stream().anyMatch(i -> i instanceof Index.Of(Tensor t) && t.dtype() == DType.BOOL
                    && t.rank() > 1) ? 1 : 0;
            empty += NaiveSubscript.of(shape, indices).numbers().length == 0 ? 1 : 0;
        }
        assertTrue(apart > 10 && masked > 10 && empty > 10, apart + ", " + masked + ", " + empty);
    }

    @Test
    void indexTensorsThatAreApartGoToTheFrontButNumbersDoNotCount() {
        Tensor x = Tensor.zeros(2, 3, 4, 5);
        Index pair = Index.of(Tensor.of(new long[] {0, 1}));
        assertEquals(Shape.of(3, 2, 5), x.get(Index.at(0), Index.all(), pair).shape());
        assertEquals(Shape.of(2, 3, 5), x.get(pair, Index.all(), pair).shape());
        assertEquals(Shape.of(3, 2), x.get(Index.at(1), Index.ellipsis(), pair, pair).shape());
        assertEquals(Shape.of(2, 1, 5), x.get(pair, Index.newAxis(), pair, pair).shape());
        assertEquals(Shape.of(2, 5), x.get(pair, pair, pair).shape());
    }

    @Test
    void withoutTensorsTheResultIsAView() {
        Tensor x = Tensor.ones(3, 4).add(1);
        Tensor view = x.get(Index.newAxis(), Index.from(-2), Index.all().every(3));
        assertEquals(Shape.of(1, 2, 2), view.shape());
        assertSame(Internals.array(x).data(), Internals.array(view).data());
    }

    @Test
    void otherDtypesArePutAndTaken() {
        Tensor flags = Tensor.of(new boolean[] {true, false, true});
        assertArrayEquals(new boolean[] {true, true, true}, flags.put(1, Index.at(1)).toBooleans());
        Tensor numbers = Tensor.of(new int[] {1, 2, 3});
        assertArrayEquals(new int[] {1, 2, 2}, numbers.put(2.9, Index.from(1)).toInts());
        assertArrayEquals(new int[] {3, 1}, numbers.get(Index.of(flags)).flip(0).toInts());
    }

    @Test
    void refusalsNameTheIndex() {
        Tensor x = Tensor.zeros(3, 4);
        Tensor wide = Tensor.of(new long[] {0, 3, -4});
        assertMessage("get: index out of range: index 3, at [1], in an axis of 3; expected -3 to 2",
                () -> x.get(Index.of(wide)));
        assertMessage("put: index out of range: index 4, input [3, 4]; expected -4 to 3",
                () -> x.put(1, Index.all(), Index.at(4)));
        assertMessage("get: more axes than there are: indices for 3 axes, input [3, 4]; expected indices for at most 2",
                () -> x.get(Index.at(0), Index.at(0), Index.all()));
        assertMessage("get: a mask of another shape: mask [4], from axis 0, of [3, 4]; expected a mask [3]",
                () -> x.get(Index.of(x.select(0, 0).eq(0))));
        assertMessage("get: shapes do not broadcast: left [2], right [3]; expected equal extents, or 1, at axis -1",
                () -> x.get(Index.of(Tensor.range(2)), Index.of(Tensor.range(3))));
        assertMessage(
                "put: the value does not stretch to the places: value [2, 4], places [4]; expected extents of 1 or "
                        + "the places'",
                () -> x.put(Tensor.zeros(2, 4), Index.at(0)));
        assertMessage("index: not a step forwards: step 0; expected 1 or more; flip() turns an axis around",
                () -> Index.slice(0, 1, 0));
        assertMessage("get: more than one ellipsis: indices 2; expected one at most, since it stands for all axes left",
                () -> x.get(Index.ellipsis(), Index.ellipsis()));
    }

    private static void assertMessage(String message, Executable call) {
        assertEquals(message, assertThrows(ShapeException.class, call).getMessage());
    }
}
